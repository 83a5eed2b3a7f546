//go:build !linux

package pglocal

import "syscall"

// endWithParent has no means on this system: a server whose owner was killed
// stays, and the next start adopts it.
func endWithParent(*syscall.SysProcAttr) {}
