package plan

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// Events asks for the newest changes of the opened case's plan.
func Events(b *db.Batch, limit int) *[]timeline.Event {
	return db.All[timeline.Event](b, `
		SELECT`+timeline.Columns+`
		  FROM app.case_event e`+timeline.People+`
		 WHERE e.case_id = @case AND num_nonnulls(e.actor, e.contact_id) > 0 AND (e.kind LIKE 'step.%' OR e.kind LIKE 'plan.%' OR e.kind LIKE 'suggestion.%')
		 ORDER BY e.at DESC, e.id LIMIT @limit`, db.Args{"case": b.CaseID, "limit": limit})
}

// StepEvents asks for everything that happened to one step of the opened case, newest first.
func StepEvents(b *db.Batch, id uuid.UUID) *[]timeline.Event {
	return db.All[timeline.Event](b, `
		SELECT`+timeline.Columns+`
		  FROM app.case_event e`+timeline.People+`
		 WHERE e.case_id = @case AND e.object_id = @id ORDER BY e.at DESC, e.id LIMIT 50`, db.Args{"case": b.CaseID, "id": id})
}

// Change says who changed something last, and when.
type Change struct {
	Actor string // display name
	At    time.Time
}

// LastChange asks who changed a step, or the plan, of the opened case last.
func LastChange(b *db.Batch, id uuid.UUID) *db.Found[Change] {
	return db.Maybe[Change](b, `
		SELECT coalesce(u.display_name, g.name) AS actor, e.at FROM app.case_event e`+timeline.People+`
		 WHERE e.case_id = @case AND num_nonnulls(e.actor, e.contact_id) > 0 AND e.object_id = @id ORDER BY e.at DESC, e.id LIMIT 1`, db.Args{"case": b.CaseID, "id": id})
}
