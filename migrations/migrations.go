// Package migrations holds the SQL that builds the database, in order.
//
// Each file is one thought: tables stand together with their row-level policies,
// their grants and the functions that write them. Files that have landed are
// never edited; add one. Every file ends with SELECT meta.settle().
package migrations

import "embed"

// FS is read by golang-migrate's iofs source.
//
//go:embed *.sql
var FS embed.FS
