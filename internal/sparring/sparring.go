// Package sparring is a question to colleagues and partners about a case, anonymous until consent or a basis is recorded (R9;
// domain.md 1.7, 1.27, 1.29). Who is asked reads the question and opens no case; nothing that they read says which one it is
// (migration 210). Every text that leaves the case is compared with its names, numbers, places and protected facts first; of an
// anonymous one nobody can let a hit pass.
//
// Nothing that was sent is changed: the same question with names is a text of its own beside the anonymous one (R13).
package sparring

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// The kinds of what is said in a thread.
const (
	Answer   = "answer"
	Question = "question" // back
	Reply    = "reply"    // of the case
)

// Helps are the answers to whether it helped.
var Helps = []string{"yes", "no"}

// How long the texts may be, in characters.
const (
	MaxLine = 200
	MaxText = 4000
)

// Thread is a question, with where it stands.
type Thread struct {
	ID          uuid.UUID
	Question    string
	Body        string // anonymous
	PutByID     uuid.UUID
	PutBy       string
	PutTitle    string
	PutPhoto    *uuid.UUID
	PutAt       time.Time
	DueOn       *time.Time
	EndedAt     *time.Time
	EndedBy     string
	Helped      string // one of [Helps]; empty: not ended
	HelpedWords string
	Named       string // the question with names; empty: it is anonymous
	LegalBasis  string // code of [reference.LegalBases]
	Purpose     string
	Consent     string
	NamedBy     string
	NamedAt     *time.Time
	Ref, Number string // of the case, for those who may open it
	Asked       int    // how many are asked, as far as the reader may see
	Answered    int
	Mine        bool // the reader is asked
	Waits       bool // the reader is asked, and has not answered
	Last        time.Time
}

// Open reports whether the question has not ended.
func (t Thread) Open() bool { return t.EndedAt == nil }

// Late reports whether the day has gone and somebody has not answered.
func (t Thread) Late(today time.Time) bool {
	return t.Open() && t.DueOn != nil && t.DueOn.Before(today) && t.Answered < t.Asked
}

const selectThread = `
	SELECT s.id, s.question, s.body, s.put_by AS put_by_id, u.display_name AS put_by, u.title AS put_title, u.photo_id AS put_photo, s.put_at, s.due_on, s.ended_at, coalesce(e.display_name, '') AS ended_by,
	       coalesce(s.helped, '') AS helped, s.helped_words, coalesce(n.body, '') AS named, coalesce(n.legal_basis, '') AS legal_basis, coalesce(n.purpose, '') AS purpose, coalesce(n.consent, '') AS consent,
	       coalesce(w.display_name, '') AS named_by, n.named_at, coalesce(f.ref, '') AS ref, coalesce(f.number, '') AS number,
	       z.asked, z.answered, z.mine, z.waits, coalesce((SELECT max(m.said_at) FROM app.sparring_message m WHERE m.sparring_id = s.id), s.put_at) AS last
	  FROM app.sparring s JOIN auth.user_account u ON u.id = s.put_by LEFT JOIN auth.user_account e ON e.id = s.ended_by
	  LEFT JOIN app.sparring_named n ON n.sparring_id = s.id LEFT JOIN auth.user_account w ON w.id = n.named_by
	  LEFT JOIN app.sparring_case k ON k.id = s.id LEFT JOIN app.case_file f ON f.id = k.case_id
	 CROSS JOIN LATERAL (SELECT count(*)::int AS asked, count(*) FILTER (WHERE EXISTS (SELECT FROM app.sparring_message m WHERE m.ask_id = a.id AND m.kind = 'answer'))::int AS answered,
	         coalesce(bool_or(a.user_id = @me), false) AS mine, coalesce(bool_or(a.user_id = @me AND a.settled_at IS NULL), false) AS waits FROM app.sparring_ask a WHERE a.sparring_id = s.id) z`

// most is how many questions a list shows.
const most = 100

// Inbox asks for the questions that the reader is asked or has asked: what waits for them first, then the newest.
func Inbox(b *db.Batch) *[]Thread {
	return db.All[Thread](b, selectThread+` WHERE z.mine OR s.put_by = @me ORDER BY NOT z.waits, s.ended_at IS NOT NULL, CASE WHEN z.waits THEN s.due_on END, last DESC, s.id LIMIT @most`,
		db.Args{"me": b.Actor.UserID, "most": most})
}

// Get asks for a question that the reader is asked or has asked. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Thread {
	return db.Get[Thread](b, selectThread+` WHERE s.id = @id AND (z.mine OR s.put_by = @me)`, db.Args{"me": b.Actor.UserID, "id": id})
}

// OfCase asks for the questions about the opened case: the open ones first, then the newest.
func OfCase(b *db.Batch) *[]Thread {
	return db.All[Thread](b, selectThread+` WHERE k.case_id = @case ORDER BY s.ended_at IS NOT NULL, last DESC, s.id LIMIT @most`, db.Args{"me": b.Actor.UserID, "case": b.CaseID, "most": most})
}

// GetOfCase asks for one question about the opened case. None is [fault.NotFound] for the whole batch.
func GetOfCase(b *db.Batch, id uuid.UUID) *Thread {
	return db.Get[Thread](b, selectThread+` WHERE k.case_id = @case AND s.id = @id`, db.Args{"me": b.Actor.UserID, "case": b.CaseID, "id": id})
}

// Numbers are how many questions a case has, and how many are open.
type Numbers struct{ All, Open int }

// Count asks how many questions the opened case has.
func Count(b *db.Batch) *Numbers {
	return db.Get[Numbers](b, `SELECT count(*)::int AS "all", count(*) FILTER (WHERE s.ended_at IS NULL)::int AS open FROM app.sparring_case k JOIN app.sparring s ON s.id = k.id WHERE k.case_id = @case`, db.Args{"case": b.CaseID})
}

// Ask is one who is asked. Of the partners only the readers of the case know.
type Ask struct {
	ID             uuid.UUID
	UserID         *uuid.UUID
	ContactID      *uuid.UUID
	Name           string // as it may be shown
	Title          string
	Organisation   string
	OrganisationID *uuid.UUID
	PartnerType    string // code of reference.PartnerTypes; empty: a colleague
	External       bool
	PhotoID        *uuid.UUID
	Phone          string
	AskedAt        time.Time
	Answered       bool
}

// Asks asks for those who are asked in a thread, as far as the reader may see them.
func Asks(b *db.Batch, id uuid.UUID) *[]Ask {
	return db.All[Ask](b, `
		SELECT a.id, a.user_id, a.contact_id, coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END) AS name, coalesce(u.title, c.title) AS title,
		       coalesce(o.name, '') AS organisation, o.id AS organisation_id, coalesce(o.partner_type, '') AS partner_type, coalesce(o.kind = 'external', false) AS external, coalesce(u.photo_id, c.photo_id) AS photo_id, coalesce(nullif(c.phone, ''), nullif(c.mobile, ''), o.phone, '') AS phone,
		       a.asked_at, EXISTS (SELECT FROM app.sparring_message m WHERE m.ask_id = a.id AND m.kind = 'answer') AS answered
		  FROM app.sparring_ask a LEFT JOIN auth.user_account u ON u.id = a.user_id LEFT JOIN app.contact_person c ON c.id = a.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE a.sparring_id = @id ORDER BY a.asked_at, a.user_id IS NULL, name, a.id`, db.Args{"id": id})
}

// Message is what somebody said. Of a partner's answer the author is who wrote it down; Who is empty for those who may not know
// which partner it was.
type Message struct {
	ID       uuid.UUID
	Kind     string
	Body     string
	Who      string // who said it
	Title    string
	PhotoID  *uuid.UUID
	Heard    bool // a contact person said it, Author wrote it down
	External bool
	Author   string
	SaidAt   time.Time
}

// Messages asks for what was said in a thread, the oldest first.
func Messages(b *db.Batch, id uuid.UUID) *[]Message {
	return db.All[Message](b, `
		SELECT m.id, m.kind, m.body, y.display_name AS author, m.said_at, m.ask_id IS NOT NULL AND a.user_id IS NULL AS heard, coalesce(o.kind = 'external', false) AS external,
		       CASE WHEN m.ask_id IS NULL OR a.user_id IS NOT NULL THEN y.display_name WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE coalesce(c.name, '') END AS who,
		       CASE WHEN m.ask_id IS NULL OR a.user_id IS NOT NULL THEN y.title ELSE coalesce(o.name, '') END AS title,
		       CASE WHEN m.ask_id IS NULL OR a.user_id IS NOT NULL THEN y.photo_id ELSE c.photo_id END AS photo_id
		  FROM app.sparring_message m JOIN auth.user_account y ON y.id = m.author LEFT JOIN app.sparring_ask a ON a.sparring_id = m.sparring_id AND a.id = m.ask_id
		  LEFT JOIN app.contact_person c ON c.id = a.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE m.sparring_id = @id ORDER BY m.said_at, m.id`, db.Args{"id": id})
}

// Colleague is somebody who may be asked about the opened case.
type Colleague struct {
	ID          uuid.UUID
	Name        string
	Title       string
	Competences []string // as the account has them
	PhotoID     *uuid.UUID
	Waiting     int        // how many questions wait for their answer
	AwayUntil   *time.Time // the last day of their absence; nil: they are here
}

// Colleagues asks who may be asked about the opened case: nobody who is kept out of it is among them.
func Colleagues(b *db.Batch) *[]Colleague {
	return db.All[Colleague](b, `SELECT id, name, title, competences, photo_id, waiting, away_until FROM app.sparring_colleagues(@case)`, db.Args{"case": b.CaseID})
}

// Rows are what the case says by itself, for the beginning of a question.
type Rows struct {
	Citizen   string
	Level     string
	Situation string
	Signs     []string // codes
}

// Suggestion asks for them.
func Suggestion(b *db.Batch) *Rows {
	return db.Get[Rows](b, `
		SELECT coalesce((SELECT p.name FROM app.person p WHERE p.case_id = f.id AND p.is_citizen), '') AS citizen, coalesce(f.severity, '') AS level, coalesce(r.situation, '') AS situation,
		       (SELECT coalesce(array_agg(DISTINCT x.code), '{}') FROM app.sign_seen x WHERE x.case_id = f.id AND x.code <> '' AND x.retired_at IS NULL) AS signs
		  FROM app.case_file f LEFT JOIN app.case_profile r ON r.case_id = f.id WHERE f.id = @case`, db.Args{"case": b.CaseID})
}

// MayAsk reports whether who has these rights may ask about the case: who writes in it, and its lead.
func MayAsk(r actor.Rights) bool {
	return r.May(actor.Write|actor.Addresses) || r.May(actor.Manage|actor.Note|actor.Addresses)
}
