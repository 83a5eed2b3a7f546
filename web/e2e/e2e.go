// Package e2e tries the whole site the way people use it: in a real browser, over the demo municipality.
// It holds tests only.
package e2e
