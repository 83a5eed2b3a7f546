package planpages

import (
	"context"
	"net/http"

	"samspil/internal/db"
	"samspil/internal/plan"
	"samspil/web/caseframe"
)

// edit does what a person edits in the plan, here where the whole plan is before them.
func (h Handler) edit(r *http.Request, do func(ctx context.Context, tx *db.Tx) error) (seen bool, err error) {
	err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		seen, err = plan.OnItsPage(ctx, tx, func() error { return do(ctx, tx) })
		return err
	})
	return seen && err == nil, err
}

// write does what is no look at the plan.
func (h Handler) write(r *http.Request, do func(ctx context.Context, tx *db.Tx) error) (seen bool, err error) {
	return false, caseframe.Write(h.DB, r, do)
}

// said is the message of an edit: one after which the plan counts as gone through says that too, for the warning has gone with it.
func said(key string, seen bool) string {
	if seen {
		return key + ".seen"
	}
	return key
}
