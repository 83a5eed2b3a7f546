package caseframe

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// Ref is the reference of the case in the path.
func Ref(r *http.Request) string { return chi.URLParam(r, "ref") }

// Read asks the questions of a page about the case of the path, and puts the frame around the answers.
func Read(d *db.DB, w http.ResponseWriter, r *http.Request, active string, queue func(*db.Batch)) (View, error) {
	ctx := r.Context()
	var f *Frame
	now, err := d.ReadCase(ctx, actor.From(ctx), At(r), func(b *db.Batch) {
		f = Ask(b)
		queue(b)
	})
	if err != nil {
		return View{}, err
	}
	return f.View(w, r, active, now), nil
}

// Write changes the case of the path, all of it or nothing.
func Write(d *db.DB, r *http.Request, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := r.Context()
	return d.InCase(ctx, actor.From(ctx), At(r), func(tx *db.Tx) error { return fn(ctx, tx) })
}
