package overview

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Notice tells the reader that something concerns them. It names a kind and a case or a report of concern, never a person.
type Notice struct {
	ID     uuid.UUID
	Kind   string
	At     time.Time
	ReadAt *time.Time
	Ref    string // of the case or report; empty where the reader may not open it any more
	Number string
	Report bool   // Ref is a report's
	Step   string // of a reminder about a step: its title, for who may open the case
	StepID *uuid.UUID
	Cover  bool // told to the reader for a colleague who is away
}

// ofStep finds the step that a reminder is about, in a case that the reader may open.
const ofStep = `
		  LEFT JOIN app.plan_step s ON s.case_id = l.case_id AND s.id = n.step_id
`

// Notices asks for the reader's notices, the unread first.
func Notices(b *db.Batch, limit int) *[]Notice {
	return db.All[Notice](b, `
		SELECT n.id, n.kind, n.at, n.read_at, coalesce(f.ref, x.ref, '') AS ref, coalesce(f.number, x.number, '') AS number, x.id IS NOT NULL AS report, coalesce(s.title, '') AS step, s.id AS step_id, n.for_user IS NOT NULL AS cover
		  FROM app.notice n
		  LEFT JOIN app.citizen_label l ON l.case_id = n.case_id -- only readers of the content see it
		  LEFT JOIN app.case_file f ON f.id = l.case_id
		  LEFT JOIN app.report x ON x.id = n.report_id
`+ofStep+`		 WHERE n.to_user = @me ORDER BY n.read_at IS NOT NULL, n.at DESC, n.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}

// Unread asks for the unread notices alone.
func Unread(b *db.Batch, limit int) *[]Notice {
	return db.All[Notice](b, `
		SELECT n.id, n.kind, n.at, n.read_at, coalesce(f.ref, x.ref, '') AS ref, coalesce(f.number, x.number, '') AS number, x.id IS NOT NULL AS report, coalesce(s.title, '') AS step, s.id AS step_id, n.for_user IS NOT NULL AS cover
		  FROM app.notice n
		  LEFT JOIN app.citizen_label l ON l.case_id = n.case_id
		  LEFT JOIN app.case_file f ON f.id = l.case_id
		  LEFT JOIN app.report x ON x.id = n.report_id
`+ofStep+`		 WHERE n.to_user = @me AND n.read_at IS NULL ORDER BY n.at DESC, n.id LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}

// ReadAll marks every notice of the actor as read.
func ReadAll(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `SELECT app.read_notices()`, db.Args{})
	return err
}
