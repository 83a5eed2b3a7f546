package pglocal

import "syscall"

// endWithParent lets the system stop the server, in good order, when we are killed.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
