package link

import "github.com/google/uuid"

// The rules behind the suggestions, for admins.
const (
	Rules   = Admin + "/opsporing"
	NewRule = Rules + "/ny"
)

// Rule is the form of a rule.
func Rule(code string) string { return Rules + "/" + code }

// Signs are the signs of a case or a report of concern, whose address is base.
func Signs(base string) string { return base + "/tegn" }

// NoteSign is the page of signs with the form of one sign open; "egen" is an own observation.
func NoteSign(base, code string) string { return Signs(base) + "?tegn=" + code + "#tegn-" + code }

// RetireSign is the page of signs with the form open that takes one back.
func RetireSign(base string, id uuid.UUID) string {
	return Signs(base) + "?udgaar=" + id.String() + "#set-" + id.String()
}

// Screening is the screening of a case or a report of concern, whose address is base.
func Screening(base string) string { return base + "/screening" }
