// Package guest is what a case has to do with partners who have no account: the link that is sent to one of them, with a text
// that the leak guard has let through; and what they say to it (docs/adr/0019-guests.md).
//
// Who is behind the link reads and writes through functions of the database that give what hangs on it, and nothing else:
// [ReadPart], [Reply], [Report] and [LeaveFile] run in the transaction of a [db.Guest].
package guest

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Days is how long a link can be opened.
const Days = 14

// How long answers may be, in characters.
const (
	MaxRequest = 2000
	MaxText    = 10000
	MaxTitle   = 200
	MaxWords   = 2000
)

// What a guest says.
const (
	Accepted    = "accepted"
	Declined    = "declined"
	AskedBack   = "asked_back"
	Done        = "done"
	NotPossible = "not_possible"
	LeftFile    = "file"
)

// box stands before each step at the end of a text.
const box = "☐ "

// Compose is the text that the partner reads, as it stands in the register: the request, what is told, and the steps.
func Compose(request, text string, steps []string) string {
	parts := []string{plain(request)}
	if text != "" {
		parts = append(parts, plain(text))
	}
	var lines []string
	for _, s := range steps {
		lines = append(lines, box+strings.Join(strings.Fields(s), " "))
	}
	if len(lines) > 0 {
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// plain keeps what somebody typed from looking like a step.
func plain(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, strings.TrimSpace(box), "-"))
}

// Parse takes apart what Compose made: what is said, and the steps in their order.
func Parse(text string) (body string, steps []string) {
	var said []string
	for line := range strings.SplitSeq(text, "\n") {
		if title, ok := strings.CutPrefix(line, box); ok {
			steps = append(steps, title)
		} else {
			said = append(said, line)
		}
	}
	return strings.TrimSpace(strings.Join(said, "\n")), steps
}

// Link is a link to somebody at a partner, as the people of the case see it.
type Link struct {
	ID         uuid.UUID
	CreatedAt  time.Time
	CreatedBy  string
	ExpiresAt  time.Time
	RevokedAt  *time.Time
	CodeUntil  *time.Time // a code has been given, and not been used
	Openings   int
	OpenedAt   *time.Time
	AnsweredAt *time.Time
	SentAt     *time.Time // when its letter left; nil: it waits for a mail server
	Holds      bool       // it can be opened
	SharingID  uuid.UUID

	CallAskedAt *time.Time // somebody who has the letter and no code asks to be called; until the next code
}

// State is one word for where a link stands: "revoked", "expired", "over", "waits", "sent", "opened" or "answered".
func (l Link) State(now time.Time) string {
	switch {
	case l.RevokedAt != nil:
		return "revoked"
	case !l.ExpiresAt.After(now):
		return "expired"
	case !l.Holds:
		return "over" // the part has ended or gone to another, or what was told is protected now
	case l.AnsweredAt != nil:
		return "answered"
	case l.OpenedAt != nil:
		return "opened"
	case l.SentAt != nil:
		return "sent"
	}
	return "waits"
}

// ClosedAt is when a link was closed or ran out; nil where it still opens, or has closed with what it is about.
func (l Link) ClosedAt(now time.Time) *time.Time {
	switch l.State(now) {
	case "revoked":
		return l.RevokedAt
	case "expired":
		return &l.ExpiresAt
	}
	return nil
}

// Links asks for the links of a part of the opened case, the newest first.
func Links(b *db.Batch, part uuid.UUID) *[]Link {
	return db.All[Link](b, `SELECT id, created_at, created_by, expires_at, revoked_at, code_until, openings, opened_at, answered_at, sent_at, holds, sharing_id, call_asked_at
		FROM app.guest_links(@case, @part)`, db.Args{"case": b.CaseID, "part": part})
}

// Answer is something that was said behind a link.
type Answer struct {
	Kind  string
	Title string // of the step, as the plan has it
	Words string
	At    time.Time
}

// Answers asks for what a partner has said to a part of the opened case, the newest first.
func Answers(b *db.Batch, part uuid.UUID) *[]Answer {
	return db.All[Answer](b, `SELECT a.kind, coalesce(s.title, '') AS title, a.words, a.at FROM app.guest_answer a JOIN app.guest_link l ON l.case_id = a.case_id AND l.id = a.link_id
		LEFT JOIN app.plan_step s ON s.case_id = a.case_id AND s.id = a.step_id WHERE a.case_id = @case AND l.about_id = @part ORDER BY a.at DESC, a.id LIMIT 60`,
		db.Args{"case": b.CaseID, "part": part})
}

// Step is an open step that the partner answers for.
type Step struct {
	ID    uuid.UUID
	Title string
}

// Steps asks for the open steps of who has a part of the opened case.
func Steps(b *db.Batch, part uuid.UUID) *[]Step {
	return db.All[Step](b, `SELECT s.id, s.title FROM app.plan_step s JOIN app.involvement v ON v.case_id = s.case_id AND v.contact_id = s.responsible_contact
		WHERE s.case_id = @case AND v.id = @part AND s.status IN ('open','in_progress','waiting') ORDER BY s.due_at NULLS LAST, s.position, s.id LIMIT 30`,
		db.Args{"case": b.CaseID, "part": part})
}

// Reach is where the contact person of a part is reached.
type Reach struct {
	Mail, Phone, Mobile string
	OrganisationID      uuid.UUID
	PartnerType         string // code of reference.PartnerTypes
}

// ReachOf asks for it; none where nobody is asked by name.
func ReachOf(b *db.Batch, part uuid.UUID) *db.Found[Reach] {
	return db.Maybe[Reach](b, `SELECT c.secure_mail AS mail, coalesce(nullif(c.phone, ''), o.phone) AS phone, c.mobile, o.id AS organisation_id, o.partner_type FROM app.involvement v JOIN app.contact_person c ON c.id = v.contact_id AND c.active
		JOIN app.organisation o ON o.id = c.organisation_id WHERE v.case_id = @case AND v.id = @part`, db.Args{"case": b.CaseID, "part": part})
}
