package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
)

// Where a waiting step is.
const (
	WithMe      = "me"
	WithPartner = "partner"
	WithNobody  = "nobody" // in one's own case: a gap that one has to fill (R5)
)

// Step is a step of a plan that waits for the reader, or for somebody in a case that the reader answers for.
type Step struct {
	ID              uuid.UUID
	CaseID          uuid.UUID
	Ref, Number     string
	Confidentiality int16
	CallingName     string
	Born            *time.Time
	Title           string
	Status          string
	Mandatory       bool
	PostponedTimes  int
	PartnerType     string // the partner type that the step calls for
	DueAt           *time.Time
	DueHasTime      bool
	Version         int
	With            string // [WithMe], [WithPartner] or [WithNobody]
	MayWrite        bool   // whoever is only consulted does not tick; a lead ticks what is theirs
	Contact         *Contact
}

// Contact is the contact person with whom a step is.
type Contact struct {
	ID           uuid.UUID  `json:"id"`
	Name         string     `json:"name"`
	Organisation string     `json:"organisation"`
	External     bool       `json:"external"`
	Phone        string     `json:"phone"` // the direct number, else the mobile, else the organisation's
	PhotoID      *uuid.UUID `json:"photo_id"`
}

// Group is a part of the list of waiting steps.
type Group string

// The groups, in the order of consequence.
const (
	Late     Group = "late"
	Today    Group = "today"
	Week     Group = "week" // the next seven days
	Later    Group = "later"
	Dateless Group = "dateless"
)

// Groups are all groups in their order.
var Groups = []Group{Late, Today, Week, Later, Dateless}

// Group is the part of the list in which the step stands.
func (s Step) Group(now time.Time) Group {
	switch {
	case s.DueAt == nil:
		return Dateless
	case s.DueAt.Before(now):
		return Late
	case i18n.Days(*s.DueAt, now) == 0:
		return Today
	case i18n.Days(*s.DueAt, now) <= 7:
		return Week
	default:
		return Later
	}
}

// MostSteps is how many waiting steps one page shows.
const MostSteps = 200

// Steps asks for the steps that wait: those of the reader, and in the reader's own cases those with a
// partner or with nobody. all adds those that are due later, and those without a date.
func Steps(b *db.Batch, all bool) *[]Step {
	return db.All[Step](b, `
		WITH waiting AS (
		  SELECT s.*, f.ref, f.number, f.responsible_id FROM app.plan_step s JOIN app.case_file f ON f.id = s.case_id AND f.status = 'open'
		   WHERE s.responsible_user = @me AND `+open+` AND (@all OR s.due_at < `+week+`)
		  UNION ALL
		  SELECT s.*, f.ref, f.number, f.responsible_id FROM app.case_file f JOIN app.plan_step s ON s.case_id = f.id
		   WHERE f.responsible_id = @me AND f.status = 'open' AND s.responsible_user IS NULL AND `+open+` AND (@all OR s.due_at < `+week+`))
		SELECT s.id, s.case_id, s.ref, s.number, s.confidentiality, coalesce(l.calling_name, '') AS calling_name, l.born, s.title, s.status, s.mandatory,
		       s.postponed_times, s.partner_type, s.due_at, s.due_has_time, s.version,
		       CASE WHEN s.responsible_user IS NOT NULL THEN 'me' WHEN s.responsible_contact IS NOT NULL THEN 'partner' ELSE 'nobody' END AS with,
		       s.responsible_id = @me OR s.responsible_user = @me AND @lead OR EXISTS (SELECT FROM app.case_grant g WHERE g.case_id = s.case_id AND g.user_id = @me AND g.kind = 'coworker'
		                AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())) AS may_write,
		       CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'name', `+shownName+`, 'organisation', o.name, 'external', o.kind = 'external',
		         'phone', coalesce(nullif(c.phone, ''), nullif(c.mobile, ''), o.phone), 'photo_id', c.photo_id) END AS contact
		  FROM waiting s
		  LEFT JOIN app.citizen_label l ON l.case_id = s.case_id
		  LEFT JOIN app.contact_person c ON c.id = s.responsible_contact
		  LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE NOT (s.requires_gate AND s.due_at IS NULL) -- waits for the risk assessment, and not for somebody (R1)
		 ORDER BY s.due_at NULLS LAST, s.number, s.position, s.id LIMIT @most`,
		db.Args{"me": b.Actor.UserID, "lead": b.Actor.Role == actor.TeamLead, "all": all, "most": MostSteps})
}

// week is the end of the seventh day from now.
const week = `date_trunc('day', now(), 'Europe/Copenhagen') + interval '8 days'`

// Next is the reader's first deadline after the coming week: what to look forward to when nothing waits.
type Next struct{ DueAt *time.Time }

// NextDue asks for it.
func NextDue(b *db.Batch) *Next {
	return db.Get[Next](b, `
		SELECT (SELECT s.due_at FROM app.plan_step s
		         WHERE s.responsible_user = @me AND `+open+` AND s.due_at >= `+week+` ORDER BY s.due_at LIMIT 1) AS due_at`, db.Args{"me": b.Actor.UserID})
}
