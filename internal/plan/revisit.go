package plan

import (
	"context"

	"samspil/internal/db"
)

// OnItsPage does an edit that a person makes on the plan's own page, with the whole plan before them, and reports whether the plan so
// counts as gone through (R6): it was to be, and something in it was changed. A step that comes from elsewhere (a meeting with partners,
// a note, a prompt), a tick, or putting a step off says nothing about the rest of the plan; the database asks who calls, not what changed.
func OnItsPage(ctx context.Context, tx *db.Tx, edit func() error) (seen bool, err error) {
	before, err := toRevisit(ctx, tx)
	if err != nil {
		return false, err
	}
	if before {
		if _, err := db.Exec(ctx, tx, `SELECT set_config('app.plan_page', @case::text, true)`, db.Args{"case": tx.CaseID.String()}); err != nil {
			return false, err
		}
	}
	if err := edit(); err != nil || !before {
		return false, err
	}
	after, err := toRevisit(ctx, tx)
	return !after, err
}

// toRevisit reports whether the plan of the opened case is to be gone through.
func toRevisit(ctx context.Context, tx *db.Tx) (bool, error) {
	return db.One[bool](ctx, tx, `SELECT has_plan AND plan_revisit_at IS NOT NULL FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
}
