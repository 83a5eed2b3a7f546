package caselistpages

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// searchView is the search: the word, and what it has found.
type searchView struct {
	Page     ui.Page
	Now      time.Time
	Word     string
	Bad      fault.Invalid
	Done     bool // something was searched for
	Expired  bool // the search is older than ten minutes
	Cases    []casefile.FoundCase
	Partners []casefile.FoundPartner
}

func (h Handler) showSearch(w http.ResponseWriter, r *http.Request) error {
	return h.renderSearch(w, r, http.StatusOK, searchView{})
}

func (h Handler) renderSearch(w http.ResponseWriter, r *http.Request, status int, v searchView) error {
	var f *frame.Frame
	now, err := h.DB.Read(r.Context(), actor.From(r.Context()), func(b *db.Batch) { f = frame.Ask(b) })
	if err != nil {
		return err
	}
	v.Page, v.Now = f.Page(w, r, i18n.T(r.Context(), "search.title"), ""), now
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, searchPage(v))
}

// search keeps the word out of the address: it goes on to a page whose address is a random token. The number of a
// case that the reader may open leads straight to the case.
func (h Handler) search(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), searchView{Word: page.ReadForm(r).Text("q")}
	token, ref := uuid.New(), ""
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		word := casefile.ReadWord(v.Word, tx.Now)
		if err := casefile.KeepSearch(ctx, tx, h.Keys, token, v.Word, word); err != nil {
			return err
		}
		if word.Number != "" {
			ref, err = casefile.CaseByNumber(ctx, tx, word.Number)
		}
		return err
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		v.Bad = fault.Invalid{}
		for _, key := range bad { // the form has one field, whatever the word was taken for
			v.Bad.Check("q", false, key)
		}
		return h.renderSearch(w, r, http.StatusUnprocessableEntity, v)
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Case(ref))
	}
	return page.Redirect(w, r, link.SearchFound(token.String()))
}

func (h Handler) showFound(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), page.ID(r, "token")
	var f *frame.Frame
	var kept *db.Found[casefile.Kept]
	var cases *[]casefile.FoundCase
	var partners *[]casefile.FoundPartner
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, kept, cases, partners = frame.Ask(b), casefile.GetSearch(b, id), casefile.FoundCases(b, id), casefile.FoundPartners(b, id)
	})
	if err != nil {
		return err
	}
	v := searchView{Page: f.Page(w, r, i18n.T(ctx, "search.title"), ""), Now: now, Done: kept.OK, Expired: !kept.OK, Cases: *cases, Partners: *partners}
	if kept.OK {
		if v.Word, err = kept.Row.Text(h.Keys); err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, searchPage(v))
}

// found is what a found case says of its citizen.
func found(ctx context.Context, c casefile.FoundCase, now time.Time) string {
	name := c.Name
	if name == "" {
		name = i18n.T(ctx, "caselist.anonymous")
	}
	if c.Born != nil {
		name = i18n.Isolate(name) + ", " + i18n.N(ctx, "caselist.age", i18n.Age(*c.Born, now))
	}
	return name
}

// how says by what the case was found.
func how(ctx context.Context, c casefile.FoundCase) string {
	return i18n.T(ctx, "search.by."+c.FoundBy)
}

// partner is somebody of the directory, or an organisation, as a line.
func partner(p casefile.FoundPartner) ui.Person {
	line := ui.Person{Name: p.Name, External: p.External, PhotoURL: link.Photo(p.PhotoID, "s"), Href: link.Organisation(p.OrganisationID)}
	if p.ContactID != nil {
		line.Href = link.Contact(*p.ContactID)
	}
	return line
}

// sub is the line below a partner's name.
func sub(p casefile.FoundPartner) string {
	switch {
	case p.ContactID == nil:
		return ""
	case p.Title == "":
		return p.Organisation
	}
	return p.Title + ", " + p.Organisation
}
