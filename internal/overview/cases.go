package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// Level counts open cases of one level; "" is not assessed.
type Level struct {
	Severity    string
	Cases       int
	WithoutPlan int
}

// Levels are the levels in the order of consequence, the unassessed last.
var Levels = []string{"red", "orange", "yellow", "green", ""}

// MyCases asks for the reader's own open cases by level.
func MyCases(b *db.Batch) *[]Level {
	return db.All[Level](b, `
		SELECT coalesce(f.severity, '') AS severity, count(*)::int AS cases, count(*) FILTER (WHERE NOT f.has_plan)::int AS without_plan
		  FROM app.case_file f WHERE f.responsible_id = @me AND f.status = 'open' GROUP BY 1`, db.Args{"me": b.Actor.UserID})
}

// News is something that somebody else has done in a case of the reader's.
type News struct {
	timeline.Event
	Ref, Number string
}

// InMyCases asks for what others have done during the last seven days in the cases that the reader has a part in.
func InMyCases(b *db.Batch, limit int) *[]News {
	return db.All[News](b, `
		SELECT`+timeline.Columns+`, f.ref, f.number
		  FROM app.case_grant a
		  JOIN app.case_file f ON f.id = a.case_id AND f.active_at > now() - interval '7 days'
		  CROSS JOIN LATERAL (SELECT * FROM app.case_event x WHERE x.case_id = a.case_id AND x.at > now() - interval '7 days' AND (x.actor <> @me OR x.contact_id IS NOT NULL)
		                       ORDER BY x.at DESC, x.id LIMIT @limit) e
		 `+timeline.People+`
		 WHERE a.user_id = @me AND a.revoked_at IS NULL AND (a.valid_to IS NULL OR a.valid_to > now())
		 ORDER BY e.at DESC, e.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}

// Request is a question to a partner that has not been answered.
type Request struct {
	ID, CaseID     uuid.UUID
	Ref, Number    string
	ResponsibleFor string
	Organisation   string
	OrganisationID uuid.UUID
	ContactID      *uuid.UUID
	Contact        string
	External       bool
	Phone          string
	PhotoID        *uuid.UUID
	AskedAt        time.Time
}

// Unanswered asks for the partners that owe an answer in the reader's own cases, the longest silent first.
func Unanswered(b *db.Batch, limit int) *[]Request {
	return db.All[Request](b, `
		SELECT i.id, i.case_id, f.ref, f.number, i.responsible_for, o.name AS organisation, o.id AS organisation_id, o.kind = 'external' AS external,
		       c.id AS contact_id, coalesce(`+shownName+`, '') AS contact, coalesce(nullif(c.phone, ''), nullif(c.mobile, ''), o.phone) AS phone, c.photo_id, i.asked_at
		  FROM app.case_file f
		  JOIN app.involvement i ON i.case_id = f.id AND i.status = 'requested'
		  JOIN app.organisation o ON o.id = i.organisation_id
		  LEFT JOIN app.contact_person c ON c.id = i.contact_id
		 WHERE f.responsible_id = @me AND f.status = 'open'
		 ORDER BY i.asked_at, i.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}
