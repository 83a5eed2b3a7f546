// Package actor says who acts: the person of a session.
package actor

import (
	"context"

	"github.com/google/uuid"
)

// Role is what an account is for. Exactly one per account: duties are separated
// (a person who is both admin and caseworker has two accounts).
type Role string

// The roles of security.md section 2.1. The database decides what they may see;
// the pages only ask in order to leave out what would be refused.
const (
	Caseworker Role = "caseworker" // rådgiver: works on cases they are named on
	Specialist Role = "specialist" // ressourceperson, jurist: only where given access
	TeamLead   Role = "team_lead"  // teamleder: reads the team's cases, manages access
	Admin      Role = "admin"      // users, teams, partner directory; never a case
	Auditor    Role = "auditor"    // the access trail; never case content
)

// Actor is the person behind a request. The zero Actor is nobody and sees nothing.
//
// Token is what the database believes; every other field is only for showing
// and for choosing what to offer.
type Actor struct {
	Token   string // raw session token; never logged
	UserID  uuid.UUID
	Role    Role
	Name    string      // display name
	TeamID  uuid.UUID   // the first of Teams
	Teams   []uuid.UUID // a lead's led teams, anybody else's own
	Area    string      // "child" or "adult": the area of the team
	Lang    string      // "da" or "en"
	Theme   string      // "", "light" or "dark"
	Density string      // "" (compact) or "airy"
	// Shortcuts turns single-letter shortcuts on; they are off by default (WCAG 2.1.4).
	Shortcuts bool
	HasPhoto  bool
	// Opened is the case that this request has already opened, with its audit row committed.
	Opened Opened
}

// Opened is the outcome of opening a case (R11): which one, and what the actor may do in it. A Ref without
// a CaseID was refused.
type Opened struct {
	CaseID uuid.UUID
	Ref    string
	Rights Rights
}

// Rights are the letters of the permission matrix as bits, as the database counts them.
type Rights int

// The seven letters of security.md section 2.3.
const (
	Header    Rights = 1  // L: the header in lists
	Read      Rights = 2  // R: content
	Addresses Rights = 4  // A: protected facts
	Write     Rights = 8  // W: change the case
	Note      Rights = 16 // N: add a note
	Manage    Rights = 32 // M: who may see the case
	Export    Rights = 64 // X: print and export
)

// May reports whether r holds every letter of want.
func (r Rights) May(want Rights) bool { return r&want == want }

// WorksCases reports whether the role ever reads a case.
func (a Actor) WorksCases() bool {
	return a.Role == Caseworker || a.Role == Specialist || a.Role == TeamLead
}

// RegistersCases reports whether the role may register a new case.
func (a Actor) RegistersCases() bool { return a.Role == Caseworker || a.Role == TeamLead }

type key struct{}

// With returns a context in which who acts.
func With(ctx context.Context, who Actor) context.Context {
	return context.WithValue(ctx, key{}, who)
}

// From returns who acts in ctx, or nobody.
func From(ctx context.Context) Actor {
	who, _ := ctx.Value(key{}).(Actor)
	return who
}
