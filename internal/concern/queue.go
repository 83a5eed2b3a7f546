package concern

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Views of the queue. The zero view is everything that waits: what is open, what misses its case, and what owes a receipt.
const (
	ViewMine      = "mine"
	ViewFree      = "ledige" // nobody has taken it
	ViewAcute     = "akutte"
	ViewConcluded = "afsluttede"
)

// Views are the views in the order of the page.
var Views = []string{"", ViewMine, ViewFree, ViewAcute, ViewConcluded}

// PageSize is how many reports one page of the queue shows.
const PageSize = 40

// QueueFilter chooses among the reports that the reader may see.
type QueueFilter struct {
	View string // one of [Views]
	Area string // empty: both
	Page int    // from 1
}

// QueuePage is one page of the queue, and how many there are in all.
type QueuePage struct {
	rows  *[]Report
	total *int
}

// Rows are the reports: those whose clock runs first, the least time first; then those without their case; then those that owe a
// receipt; then the newest. Of the concluded ones the newest come first.
func (q QueuePage) Rows() []Report { return *q.rows }

// Total is how many the filter chooses.
func (q QueuePage) Total() int { return *q.total }

// waits is the condition for a report x of which something is still to be done. A receipt that could not be given safely is not
// asked for longer than a month after the conclusion, as the desk has the report no longer.
const waits = `(x.concluded_at IS NULL OR x.case_missing OR x.receipt_by IS NOT NULL AND x.receipt_at IS NULL AND x.concluded_at > now() - interval '30 days')`

const queueWhere = `
	WHERE (@area = '' OR x.area = @area)
	  AND CASE @view WHEN 'mine' THEN x.assigned_to = @me AND ` + waits + ` WHEN 'ledige' THEN x.assigned_to IS NULL AND ` + waits + `
	      WHEN 'akutte' THEN x.acute AND ` + waits + ` WHEN 'afsluttede' THEN x.concluded_at IS NOT NULL ELSE ` + waits + ` END`

// byUrgency is the order of what waits: what nobody has assessed, the least of its time left first; then the children without a
// case; then what owes a receipt, the first to be given first; then the newest.
const byUrgency = `x.assessed_at IS NOT NULL OR x.concluded_at IS NOT NULL, CASE WHEN x.assessed_at IS NULL AND x.concluded_at IS NULL THEN x.assess_by END NULLS LAST,
		x.case_missing DESC, CASE WHEN x.receipt_at IS NULL THEN x.receipt_by END NULLS LAST, x.received_at DESC, x.id`

// Queue asks for one page of the reports that the reader may see. It opens none of them: there is nothing personal in it.
func Queue(b *db.Batch, f QueueFilter) QueuePage {
	args := db.Args{"area": f.Area, "view": f.View, "me": b.Actor.UserID}
	total := db.Get[int](b, `SELECT count(*)::int FROM app.report x`+queueWhere, args)
	return QueuePage{db.All[Report](b, `SELECT `+reportColumns+queueWhere+`
		ORDER BY CASE WHEN @view = 'afsluttede' THEN x.received_at END DESC, `+byUrgency+`
		LIMIT @size::int OFFSET @offset::int`, db.Args{"area": f.Area, "view": f.View, "me": b.Actor.UserID, "size": PageSize, "offset": max(f.Page-1, 0) * PageSize}), total}
}

// Desks asks for the areas whose intake desk the reader works at.
func Desks(b *db.Batch) *[]string {
	return db.All[string](b, `SELECT DISTINCT t.area FROM app.team_member m JOIN app.team t ON t.id = m.team_id AND t.intake WHERE m.user_id = @me AND (m.valid_to IS NULL OR m.valid_to > now()) ORDER BY t.area`,
		db.Args{"me": b.Actor.UserID})
}

// Waiting asks for the reports that wait for the reader: assigned to them, and those of their desk that nobody has taken. They are
// open, miss their case, or owe a receipt.
func Waiting(b *db.Batch, limit int) *[]Report {
	return db.All[Report](b, `SELECT `+reportColumns+`
		WHERE `+waits+` AND (x.assigned_to = @me OR x.assigned_to IS NULL AND EXISTS (
		  SELECT 1 FROM app.team_member m JOIN app.team t ON t.id = m.team_id AND t.intake AND t.area = x.area WHERE m.user_id = @me AND (m.valid_to IS NULL OR m.valid_to > now())))
		ORDER BY `+byUrgency+` LIMIT @limit`, db.Args{"me": b.Actor.UserID, "limit": limit})
}

// Colleague is somebody whom a report may be handed over to, or who may look at it anew.
type Colleague struct {
	ID      uuid.UUID
	Name    string
	Title   string
	Team    string
	PhotoID *uuid.UUID
}

// Desk asks for the people of the opened report's desk. Only who writes in the report may ask, so may is given.
func Desk(b *db.Batch, may bool) *[]Colleague {
	return db.All[Colleague](b, `SELECT u.id, u.display_name AS name, u.title, '' AS team, u.photo_id FROM auth.user_account u
		WHERE @may AND u.id IN (SELECT app.desk_of(@report) WHERE @may) ORDER BY u.display_name, u.id`, db.Args{"report": b.CaseID, "may": may})
}

// Event is one thing that happened to a report.
type Event struct {
	ID      uuid.UUID
	At      time.Time
	Actor   string
	PhotoID *uuid.UUID
	Kind    string
	Data    Data
}

// Events asks for what happened to the opened report, newest first.
func Events(b *db.Batch) *[]Event {
	return db.All[Event](b, `SELECT e.id, e.at, u.display_name AS actor, u.photo_id, e.kind, e.data FROM app.report_event e JOIN auth.user_account u ON u.id = e.actor
		WHERE e.report_id = @report ORDER BY e.at DESC, e.id LIMIT 100`, db.Args{"report": b.CaseID})
}

// nameOf is a colleague's name, for an event.
func nameOf(ctx context.Context, tx *db.Tx, user uuid.UUID) (string, error) {
	return db.One[string](ctx, tx, `SELECT display_name FROM auth.user_account WHERE id = @id`, db.Args{"id": user})
}
