// Package access holds no code, only proof: that nobody reads, writes or finds a case but those who may
// (R10), that every look leaves a line first (R11), and that no statement of the application's own
// database login gets around it.
//
// The tests ask the real policies of a real Postgres, mostly without the Go code in between, because a
// mistake in that code is what the policies are for. matrix.csv says who may do what; a change of the rules
// begins there. The tests are themselves tested by "make mutate-access".
package access
