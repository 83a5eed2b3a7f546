// Package link spells every URL of the application, once. Paths are Danish and ASCII in both
// languages; no path holds a name, a CPR number or a search word (R12).
package link

import (
	"net/url"

	"github.com/google/uuid"
)

// The fixed addresses.
const (
	Home     = "/"
	SignIn   = "/log-ind"
	SignOut  = "/log-ud"
	Lock     = "/laas"
	Locked   = "/laast"
	Day      = "/min-dag"
	Overview = "/overblik"
	Cases    = "/sager"
	NewCase  = "/sager/ny"
	Search   = "/soeg"
	Partners = "/partnere"
	Admin    = "/admin"
	Log      = "/log"
	Profile  = "/profil"
	Help     = "/hjaelp"
	Notices  = "/beskeder"
)

// LockedAt is the lock screen that leads back to a path of this site.
func LockedAt(path string) string { return Locked + "?efter=" + url.QueryEscape(path) }

// StartPage is where a role opens the day.
func StartPage(role string) string {
	switch role {
	case "team_lead":
		return Overview
	case "admin":
		return Admin
	case "auditor":
		return Log
	}
	return Day
}

// Case is the overview of a case.
func Case(ref string) string { return "/sager/" + ref }

// Plan is the action plan of a case.
func Plan(ref string) string { return Case(ref) + "/handlingsplan" }

// Network is who is around the citizen, family and partners.
func Network(ref string) string { return Case(ref) + "/netvaerk" }

// Journal is the journal and timeline of a case.
func Journal(ref string) string { return Case(ref) + "/journal" }

// Access is who may see a case, and who did.
func Access(ref string) string { return Case(ref) + "/adgang" }

// CloseCase is the form that closes a case, or opens it again.
func CloseCase(ref string) string { return Case(ref) + "/luk" }

// Step is one step of a case's plan; its actions hang below it.
func Step(ref string, id uuid.UUID) string { return Plan(ref) + "/trin/" + id.String() }

// NewNote is the form of the one write: note, steps and whom one spoke to.
func NewNote(ref string) string { return Journal(ref) + "/ny" }

// Note is one note.
func Note(ref string, id uuid.UUID) string { return Journal(ref) + "/" + id.String() }

// AddPartner draws a partner into a case.
func AddPartner(ref string) string { return Network(ref) + "/ny" }

// Involvement is one partner's part in a case.
func Involvement(ref string, id uuid.UUID) string { return Network(ref) + "/" + id.String() }

// Organisation is the page of a partner organisation.
func Organisation(id uuid.UUID) string { return Partners + "/organisationer/" + id.String() }

// Contact is the page of a contact person.
func Contact(id uuid.UUID) string { return Partners + "/personer/" + id.String() }

// Photo is a face, "s" for 96 and "l" for 192 pixels. It is served to signed-in people only.
func Photo(id *uuid.UUID, size string) string {
	if id == nil {
		return ""
	}
	return "/billeder/" + id.String() + "-" + size
}

// Tel is a telephone number as a link: what a telephone understands of it.
func Tel(number string) string {
	out := []rune{}
	for _, c := range number {
		if c >= '0' && c <= '9' || c == '+' && len(out) == 0 {
			out = append(out, c)
		}
	}
	return "tel:" + string(out)
}
