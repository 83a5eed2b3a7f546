package guestpages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/guest"
	"samspil/internal/mandate"
	"samspil/web/guestframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// GuestRoutes are the forms behind the door, below the address of a link. What they are shown on is [Handler.Show].
func (h Handler) GuestRoutes(r chi.Router, d guestframe.Door) {
	r.Post("/svar", d.In(h.reply))
	r.Post("/trin/{step}", d.In(h.report))
	r.Post("/fil", d.In(h.leave))
	r.Post("/oplysninger", d.In(h.confirm))
	r.Post("/ansvar/{mandate}", d.In(h.acknowledge))
}

// partView is what a guest sees of a case.
type partView struct {
	Page   ui.Page
	Token  string
	Now    time.Time
	Part   guest.Part
	Body   string
	Titles []string
	Steps  []guest.OwnStep
	Said   []guest.Said
	Areas  []mandate.Own
	Stale  bool
	Bad    fault.Invalid
	Kind   string // what was chosen in a form that comes back, and what was typed in it
	Words  string
	Form   string // which form that was: the suffix of its fields
}

// Show is the page of a link about a part in a case.
func (h Handler) Show(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	return h.show(w, r, g, http.StatusOK, partView{})
}

func (h Handler) show(w http.ResponseWriter, r *http.Request, g db.Guest, status int, v partView) error {
	var part *guest.Part
	var steps *[]guest.OwnStep
	var said *[]guest.Said
	var areas *[]mandate.Own
	now, err := h.DB.ReadGuest(r.Context(), g, func(b *db.Batch) {
		part, steps, said, areas = guest.ReadPart(b), guest.OwnSteps(b), guest.WhatWasSaid(b), mandate.OwnAreas(b)
	})
	if err != nil {
		return err
	}
	v.Page, v.Token, v.Now, v.Part, v.Steps, v.Said, v.Areas = guestframe.Page(w, r, "guestpart.title"), g.Token, now, *part, *steps, *said, *areas
	v.Page.Invalid = len(v.Bad) > 0
	if v.Body, v.Titles, err = part.Text(h.Keys); err != nil {
		return err
	}
	if err := v.Part.NameFiles(h.Keys, v.Said); err != nil {
		return err
	}
	return page.Render(w, r, status, partPage(v))
}

// answer does what a form of the guest's asks for, and shows the page again, with what was typed where it was refused.
func (h Handler) answer(w http.ResponseWriter, r *http.Request, g db.Guest, v partView, fn func(ctx context.Context, tx *db.Tx) error) error {
	err := h.DB.InGuest(r.Context(), g, func(tx *db.Tx) error { return fn(r.Context(), tx) })
	bad, stale, err := page.Refused(err)
	switch {
	case errors.Is(err, fault.Forbidden):
		return fault.NotFound // a step of somebody else
	case err != nil:
		return err
	case bad == nil && !stale:
		return page.Done(w, r, "flash.guest_said", link.Guest(g.Token))
	}
	v.Bad, v.Stale = fault.Invalid{}, stale
	for field, text := range bad {
		if field != "file" {
			field += v.Form
		}
		v.Bad[field] = text
	}
	return h.show(w, r, g, page.FormStatus(stale), v)
}

func (h Handler) reply(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	f := page.ReadForm(r)
	v := partView{Kind: f.Text("kind"), Words: f.Text("words")}
	return h.answer(w, r, g, v, func(ctx context.Context, tx *db.Tx) error {
		if v.Kind != guest.Accepted && v.Kind != guest.Declined && v.Kind != guest.AskedBack {
			return fault.Invalid{"kind": "error.choose"}
		}
		return guest.Reply(ctx, tx, v.Kind, v.Words, f.ID("key"))
	})
}

// acknowledge says that the guest knows of an area that they lead.
func (h Handler) acknowledge(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	return h.answer(w, r, g, partView{}, func(ctx context.Context, tx *db.Tx) error {
		return mandate.AcknowledgeOwn(ctx, tx, page.ID(r, "mandate"))
	})
}

func (h Handler) report(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	f := page.ReadForm(r)
	form := "-" + strconv.Itoa(f.Int("n"))
	v := partView{Form: form, Kind: f.Text("kind" + form), Words: f.Text("words" + form)}
	return h.answer(w, r, g, v, func(ctx context.Context, tx *db.Tx) error {
		if v.Kind != guest.Done && v.Kind != guest.NotPossible {
			return fault.Invalid{"kind": "error.choose"}
		}
		return guest.Report(ctx, tx, page.ID(r, "step"), v.Kind, v.Words, f.ID("key"))
	})
}

func (h Handler) leave(w http.ResponseWriter, r *http.Request, g db.Guest) error {
	file, lost := page.ReadUpload(r, "file", guest.MaxFile)
	var bad fault.Invalid
	if errors.As(lost, &bad) {
		if bad["file"] == "error.file_large" {
			bad["file"] = "guest.error.file_large"
		}
		return h.show(w, r, g, http.StatusUnprocessableEntity, partView{Bad: bad})
	}
	if file == nil {
		file = &page.Upload{}
	}
	key := page.ReadForm(r).ID("key")
	return h.answer(w, r, g, partView{}, func(ctx context.Context, tx *db.Tx) error {
		return guest.LeaveFile(ctx, tx, h.Keys, file.Name, file.Data, key)
	})
}

// open reports whether the guest is still to say yes or no.
func (v partView) open() bool { return v.Part.Status == "requested" }

// live reports whether there is anything to answer.
func (v partView) live() bool { return v.open() || v.Part.Status == "accepted" }

// stepTitle is what a step was called when it was sent.
func (v partView) stepTitle(s guest.OwnStep) string {
	if s.Position < 1 || s.Position > len(v.Titles) {
		return ""
	}
	return v.Titles[s.Position-1]
}

// titleOf is the same by id.
func (v partView) titleOf(id *uuid.UUID) string {
	for _, s := range v.Steps {
		if id != nil && s.ID == *id {
			return v.stepTitle(s)
		}
	}
	return ""
}

// suffix keeps the fields of the steps' forms apart.
func suffix(s guest.OwnStep) string { return "-" + strconv.Itoa(s.Position) }

// typed is what was chosen and written in the form that comes back.
func (v partView) typed(form string) (kind, words string) {
	if v.Form != form {
		return "", ""
	}
	return v.Kind, v.Words
}

// order is the fields of the page in their order.
func (v partView) order() []string {
	list := []string{"kind", "words"}
	for _, s := range v.Steps {
		list = append(list, "kind"+suffix(s), "words"+suffix(s))
	}
	return append(list, "file")
}
