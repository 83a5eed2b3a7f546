// Package risk owns the assessment of how dangerous a case is, and the gate that stands on it: nothing reaches parents or
// network before the risk has been assessed (barnets lov § 18, stk. 3; R1).
//
// The assessment is structured professional judgement: thirty factors, each with what shows it; a scenario; and a level that a
// person chooses and gives the reason for. Nothing is summed, and unknown is not no (R8). What is signed stays as it is.
package risk

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// The two kinds of assessments. An external one was made elsewhere, with whatever instrument: level, conclusion and validity
// are all that is kept of it, never the items of somebody's form (domain.md 5.4).
const (
	Own      = "own"
	External = "external"
)

// Assessment is a signed risk assessment.
type Assessment struct {
	ID            uuid.UUID
	Kind          string
	Level         string // code of [reference.Severities]
	Reason        string // of an external one its conclusion
	Scenario      string
	WouldChange   string
	MadeBy        string     // who made an external one
	MadeOn        *time.Time // the day on which they did
	ValidUntil    time.Time
	SignedAt      time.Time
	SignedByID    uuid.UUID
	SignedBy      string // display name
	PhotoID       *uuid.UUID
	Answers       []Answer
	Persons       []Concern
	Confirmations []Confirmation
}

// Answer is how one factor stands.
type Answer struct {
	Factor   string `json:"factor"`
	Answer   string `json:"answer"` // code of [reference.RiskAnswers]
	Evidence string `json:"evidence"`
	Source   string `json:"source"`
	SeenOn   string `json:"seen_on"` // "2026-11-03", or empty
}

// Day is when it was seen, zero where nobody knows.
func (a Answer) Day() time.Time {
	t, _ := time.Parse(time.DateOnly, a.SeenOn)
	return t
}

// Concern is what is feared of one person around the citizen. There are several, and never one "perpetrator" (domain.md 1.8).
type Concern struct {
	PersonID uuid.UUID `json:"person_id"`
	Name     string    `json:"name"`
	Relation string    `json:"relation"`
	Concern  string    `json:"concern"`
	Reach    string    `json:"reach"` // how they can get at the citizen
}

// Confirmation is what a second person says of an assessment.
type Confirmation struct {
	Outcome string    `json:"outcome"` // code of [reference.Confirmations]
	Remarks string    `json:"remarks"`
	By      string    `json:"by"`
	ByID    uuid.UUID `json:"by_id"`
	Title   string    `json:"title"`
	At      time.Time `json:"at"`
}

// Agrees reports whether the second person confirms the assessment, with or without remarks.
func (c Confirmation) Agrees() bool { return c.Outcome == "confirm" || c.Outcome == "confirm_remarks" }

// Valid reports whether the assessment still holds.
func (a Assessment) Valid(now time.Time) bool { return a.ValidUntil.After(now) }

// Unconfirmed reports whether a level that asks for a second person still waits for one who agrees (R8).
func (a Assessment) Unconfirmed() bool {
	return AsksSecond(a.Level) && !slices.ContainsFunc(a.Confirmations, Confirmation.Agrees)
}

// Answered is how a factor stands in the assessment; unknown is not the same as not asked.
func (a Assessment) Answered(factor string) (Answer, bool) {
	i := slices.IndexFunc(a.Answers, func(x Answer) bool { return x.Factor == factor })
	if i < 0 {
		return Answer{}, false
	}
	return a.Answers[i], true
}

// AsksSecond reports whether a level asks for a second person's confirmation (R8).
func AsksSecond(level string) bool { return level == "orange" || level == "red" }

// HoldsUntil is until when an assessment made at a moment holds: to the end of the 7th day at red, of the 30th at orange, else of
// the 90th, as the deadlines RISK_VALID_* say. A proposal, not law.
func HoldsUntil(level string, made time.Time) time.Time {
	return i18n.Today(made).AddDate(0, 0, reference.ValidDays(level)+1).Add(-time.Second)
}

const columns = `
	SELECT a.id, a.kind, a.level, a.reason, a.scenario, a.would_change, a.made_by, a.made_on, a.valid_until, a.signed_at, a.signed_by AS signed_by_id,
	       u.display_name AS signed_by, u.photo_id,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('factor', x.factor, 'answer', x.answer, 'evidence', x.evidence, 'source', x.source, 'seen_on', coalesce(x.seen_on::text, '')) ORDER BY x.factor)
	           FROM app.risk_answer x WHERE x.case_id = a.case_id AND x.assessment_id = a.id AND @whole), '[]') AS answers,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('person_id', x.person_id, 'name', p.name, 'relation', p.relation, 'concern', x.concern, 'reach', x.reach) ORDER BY p.name, p.id)
	           FROM app.risk_person x JOIN app.person p ON p.case_id = x.case_id AND p.id = x.person_id WHERE x.case_id = a.case_id AND x.assessment_id = a.id AND @whole), '[]') AS persons,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('outcome', k.outcome, 'remarks', k.remarks, 'by', w.display_name, 'by_id', w.id, 'title', w.title, 'at', k.confirmed_at) ORDER BY k.confirmed_at, k.id)
	           FROM app.risk_confirmation k JOIN auth.user_account w ON w.id = k.confirmed_by WHERE k.case_id = a.case_id AND k.assessment_id = a.id), '[]') AS confirmations
	  FROM app.risk_assessment a JOIN auth.user_account u ON u.id = a.signed_by
	 WHERE a.case_id = @case`

// maxHistory is how many assessments the history shows.
const maxHistory = 50

// History asks for the assessments of the opened case, newest first, without their answers.
func History(b *db.Batch) *[]Assessment {
	return db.All[Assessment](b, columns+` ORDER BY a.signed_at DESC, a.id DESC LIMIT @most`, db.Args{"case": b.CaseID, "whole": false, "most": maxHistory})
}

// Get asks for one assessment with everything in it. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Assessment {
	return db.Get[Assessment](b, columns+` AND a.id = @id`, db.Args{"case": b.CaseID, "whole": true, "id": id})
}

// Before asks for the municipality's own assessment that came before another, to see what has changed.
func Before(b *db.Batch, id uuid.UUID) *db.Found[Assessment] {
	return db.Maybe[Assessment](b, columns+` AND a.kind = 'own' AND a.signed_at < (SELECT x.signed_at FROM app.risk_assessment x WHERE x.case_id = @case AND x.id = @id)
		 ORDER BY a.signed_at DESC, a.id DESC LIMIT 1`, db.Args{"case": b.CaseID, "whole": true, "id": id})
}

// Latest asks for the newest assessment with everything in it, if there is one.
func Latest(b *db.Batch) *db.Found[Assessment] {
	return db.Maybe[Assessment](b, columns+` ORDER BY a.signed_at DESC, a.id DESC LIMIT 1`, db.Args{"case": b.CaseID, "whole": true})
}

// LatestOwn asks for the newest assessment of the municipality's own, to write the next one beside.
func LatestOwn(b *db.Batch) *db.Found[Assessment] {
	return db.Maybe[Assessment](b, columns+` AND a.kind = 'own' ORDER BY a.signed_at DESC, a.id DESC LIMIT 1`, db.Args{"case": b.CaseID, "whole": true})
}
