package link

import "github.com/google/uuid"

// Deadlines are the deadlines of a case.
func Deadlines(ref string) string { return Case(ref) + "/frister" }

// NewDeadline is the form that starts one; code may be empty.
func NewDeadline(ref, code string) string {
	if code == "" {
		return Deadlines(ref) + "/ny"
	}
	return Deadlines(ref) + "/ny?frist=" + code
}

// Deadline is one deadline of a case; its actions hang below it.
func Deadline(ref string, id uuid.UUID) string { return Deadlines(ref) + "/" + id.String() }

// The municipality's own deadlines and holidays, and the list behind a lead's numbers.
const (
	AdminDeadlines    = Admin + "/frister"
	NewDeadlineRule   = AdminDeadlines + "/ny"
	OfficeHolidays    = AdminDeadlines + "/helligdage"
	OverviewDeadlines = Overview + "/frister"
)

// DeadlineRule is the form of one rule.
func DeadlineRule(code string) string { return AdminDeadlines + "/regel/" + code }

// TeamDeadlines is the list behind one of a lead's numbers: "over", "loeber", "brudt" or "holdt".
func TeamDeadlines(which string) string { return OverviewDeadlines + "?vis=" + which }
