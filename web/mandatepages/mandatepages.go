// Package mandatepages is the map of who answers for what in a case.
package mandatepages

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/mandate"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages of this package.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// CaseRoutes are the pages below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/netvaerk/mandater", page.Handle(h.show))
	r.Post("/netvaerk/mandater", page.Handle(h.addArea))
	r.Get("/netvaerk/mandater/kvitter/{mandate}", page.Handle(h.hear))
	r.Post("/netvaerk/mandater/kvitter/{mandate}", page.Handle(h.acknowledge))
	r.Get("/netvaerk/mandater/{area}", page.Handle(h.area))
	r.Post("/netvaerk/mandater/{area}", page.Handle(h.save))
}

// mapView is the whole map.
type mapView struct {
	caseframe.View
	Areas []mandate.Area
	Name  string // of a new area, as it was typed
	Bad   fault.Invalid
}

func (v mapView) write() bool { return v.May(actor.Write) }

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	return h.render(w, r, http.StatusOK, "", nil)
}

func (h Handler) render(w http.ResponseWriter, r *http.Request, status int, name string, bad fault.Invalid) error {
	v, areas, err := h.read(w, r, bad, func(*db.Batch) {})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, mapPage(mapView{v, areas, name, bad}))
}

// read asks for the case, its areas, and what else the page needs; bad is what was refused.
func (h Handler) read(w http.ResponseWriter, r *http.Request, bad fault.Invalid, more func(*db.Batch)) (caseframe.View, []mandate.Area, error) {
	var asked mandate.Asked
	v, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		asked = mandate.Ask(b)
		more(b)
	})
	if err != nil {
		return v, nil, err
	}
	v.Page.Title = i18n.T(r.Context(), "mandate.title") + ", " + v.Page.Title
	v.Page.Invalid = len(bad) > 0
	return v, asked.Areas(v.Case.Area), nil
}

func (h Handler) addArea(w http.ResponseWriter, r *http.Request) error {
	name, key := page.ReadForm(r).Text("name"), ""
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		key, err = mandate.AddArea(ctx, tx, h.Keys, name)
		return err
	})
	var bad fault.Invalid
	if errors.As(err, &bad) {
		return h.render(w, r, http.StatusUnprocessableEntity, name, bad)
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.mandate.area", link.Mandate(caseframe.Ref(r), key))
}

// acknowledge is the button of who leads an area, or the form of what a contact person has said, and on which day.
func (h Handler) acknowledge(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	on := f.Past("on")
	if f.Has("heard") && f.Text("on") == "" {
		f.Refuse("on", "mandate.error.on")
	}
	err := f.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return mandate.Acknowledge(ctx, tx, page.ID(r, "mandate"), on)
		})
	}
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.heard(w, r, http.StatusUnprocessableEntity, f.Text("on"), bad)
	case errors.Is(err, fault.Stale): // changed meanwhile: the map shows who leads now
		return page.Done(w, r, "flash.mandate.changed", link.Mandates(caseframe.Ref(r)))
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.mandate.acknowledged", link.Mandates(caseframe.Ref(r)))
}

// areaView is the form of one area: a part for each of the people of the case.
type areaView struct {
	caseframe.View
	Area     mandate.Area
	People   []mandate.Person
	In       mandate.Input
	Bad      fault.Invalid
	Conflict *ui.Conflict
}

func (h Handler) area(w http.ResponseWriter, r *http.Request) error {
	return h.form(w, r, http.StatusOK, nil, nil, nil)
}

// form shows an area: with what is saved, or with what was typed where it was refused.
func (h Handler) form(w http.ResponseWriter, r *http.Request, status int, in *mandate.Input, bad fault.Invalid, conflict *ui.Conflict) error {
	ctx := r.Context()
	var people *[]mandate.Person
	v, areas, err := h.read(w, r, bad, func(b *db.Batch) { people = mandate.People(b) })
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	for _, a := range areas {
		if a.Key != page.Param(r, "area") {
			continue
		}
		saved := mandate.Input{Parts: map[string]string{}, LeftOut: a.LeftOut}
		for _, m := range a.Held {
			saved.Parts[m.Key()] = m.Part
		}
		view := areaView{View: v, Area: a, People: *people, In: saved, Bad: bad, Conflict: conflict}
		if in != nil {
			view.In = *in
		}
		if conflict != nil {
			conflict.Keep = link.Mandate(v.Case.Ref, a.Key)
			for _, p := range *people {
				conflict.Differ("mandate.conflict", p.Name+": "+partName(ctx, saved.Parts[p.Key()]), p.Name+": "+partName(ctx, view.In.Parts[p.Key()]))
			}
			conflict.Differ("mandate.left_out", saved.LeftOut, view.In.LeftOut)
		}
		return page.Render(w, r, status, areaPage(view))
	}
	return fault.NotFound
}

func (h Handler) save(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := mandate.Input{Parts: map[string]string{}, LeftOut: f.Text("left_out")}
	for name := range r.PostForm {
		if who, ok := strings.CutPrefix(name, "part-"); ok {
			in.Parts[who] = f.Text(name)
		}
	}
	typed := mandate.Input{Parts: map[string]string{}, LeftOut: in.LeftOut}
	for k, p := range in.Parts {
		typed.Parts[k] = p
	}
	version, _ := strconv.Atoi(f.Text("version"))
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return mandate.Set(ctx, tx, page.Param(r, "area"), version, in)
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.form(w, r, http.StatusUnprocessableEntity, &typed, bad, nil)
	case errors.Is(err, fault.Stale):
		return h.form(w, r, http.StatusConflict, &typed, nil, &ui.Conflict{})
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.mandate.saved", link.Mandates(caseframe.Ref(r)))
}

func partName(ctx context.Context, part string) string {
	if part == "" {
		part = "none"
	}
	return i18n.T(ctx, "mandate.part."+part)
}

// partOptions are the parts, none first.
func partOptions(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "mandate.part.none"), ui.Options(ctx, "mandate.part.", mandate.Parts))
}

// summary says how many areas nobody leads and how many have more than one lead.
func (v mapView) summary(ctx context.Context) string {
	gaps, overlaps := 0, 0
	for _, a := range v.Areas {
		if a.Gap() {
			gaps++
		}
		if a.Overlap() {
			overlaps++
		}
	}
	s := i18n.N(ctx, "mandate.gaps", gaps)
	if gaps == 0 {
		s = i18n.T(ctx, "mandate.gaps.none")
	}
	if overlaps > 0 {
		s += " " + i18n.N(ctx, "mandate.overlaps", overlaps)
	}
	return s
}

// with are those who have a part in an area.
func with(a mandate.Area, part string) []mandate.Mandate {
	var out []mandate.Mandate
	for _, m := range a.Held {
		if m.Part == part {
			out = append(out, m)
		}
	}
	return out
}

func face(m mandate.Mandate) ui.Person {
	return ui.Person{Name: m.Name, Org: m.Organisation, External: m.External, PhotoURL: link.Photo(m.PhotoID, "s")}
}

// under is what stands below the name of who leads: whether they know, and whether they are still of the case.
func (v mapView) under(ctx context.Context, m mandate.Mandate) string {
	switch {
	case !m.Here:
		return i18n.T(ctx, "mandate.gone")
	case m.AckOn == nil:
		return i18n.T(ctx, "mandate.waits")
	case m.ContactID != nil && m.AckBy == "":
		return i18n.T(ctx, "mandate.acknowledged.own", i18n.Date(ctx, *m.AckOn, v.Now))
	case m.ContactID != nil:
		return i18n.T(ctx, "mandate.heard", i18n.Date(ctx, *m.AckOn, v.Now), m.AckBy)
	}
	return i18n.T(ctx, "mandate.acknowledged", i18n.Date(ctx, *m.AckOn, v.Now))
}
