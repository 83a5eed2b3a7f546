package concernpages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// formView is the one page on which a report is written down while somebody speaks.
type formView struct {
	Page    ui.Page
	Now     time.Time
	Who     actor.Actor
	ID      string
	Started time.Time // when the form was opened: the call began about then
	SavedAt time.Time // zero: nothing has been kept yet
	A       concern.Answers
	Bad     fault.Invalid
	People  []casefile.Colleague
	Teams   []casefile.OwnTeam
	Drafts  []concern.Draft // begun earlier; only on the empty form

	Searched bool // the search below is about the words that stand in the form
	Expired  bool
	Found    []concern.Candidate

	Kept string // the number, where the writer turned out to be one who must not know of the report
}

// showNew is the empty form. Its id is made here, so that a form sent twice is one report.
func (h Handler) showNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var drafts *[]concern.Draft
	var teams *[]casefile.OwnTeam
	var people *[]casefile.Colleague
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, drafts, teams, people = frame.Ask(b), concern.Drafts(b), casefile.OwnTeams(b), casefile.Colleagues(b)
	})
	if err != nil {
		return err
	}
	v := formView{Now: now, Started: now, Who: actor.From(ctx), ID: uuid.NewString(), A: concern.Answers{}, Teams: *teams, People: *people, Drafts: *drafts}
	v.Page = f.Page(w, r, i18n.T(ctx, "concern.new"), "reports")
	return page.Render(w, r, http.StatusOK, formPage(v))
}

// read is the draft of the path with everything that its page shows.
func (h Handler) read(w http.ResponseWriter, r *http.Request) (v formView, ref string, err error) {
	ctx, id := r.Context(), page.ID(r, "draft")
	var f *frame.Frame
	var d *concern.Draft
	var teams *[]casefile.OwnTeam
	var people *[]casefile.Colleague
	var kept *db.Found[uuid.UUID]
	var found *[]concern.Candidate
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, d, teams, people = frame.Ask(b), concern.GetDraft(b, id), casefile.OwnTeams(b), casefile.Colleagues(b)
		kept, found = concern.Searched(b, id), concern.Candidates(b, id)
	})
	if err != nil {
		return v, "", err
	}
	v = formView{Now: now, Started: d.StartedAt, SavedAt: d.SavedAt, Who: actor.From(ctx), ID: id.String(), Teams: *teams, People: *people, Found: *found}
	v.Page = f.Page(w, r, i18n.T(ctx, "concern.new"), "reports")
	switch {
	case d.Kept():
		v.Kept = d.Number
		return v, "", nil
	case d.Ref != "":
		return v, d.Ref, nil
	}
	if v.A, err = d.Open(h.Keys); err != nil {
		return v, "", err
	}
	v.search(kept.OK)
	return v, "", nil
}

// search tells whether the search that is kept answers the words of the form.
func (v *formView) search(kept bool) {
	asked := v.A.Get("searched") != "" && v.A.Get("searched") == v.words().Key()
	v.Searched, v.Expired = asked && kept, asked && !kept
	if !v.Searched {
		v.Found = nil
	}
}

func (h Handler) showDraft(w http.ResponseWriter, r *http.Request) error {
	v, ref, err := h.read(w, r)
	switch {
	case err != nil:
		return err
	case ref != "":
		return page.Redirect(w, r, link.Report(ref))
	case v.Kept != "":
		return page.Render(w, r, http.StatusOK, keptPage(v))
	}
	return page.Render(w, r, http.StatusOK, formPage(v))
}

// save keeps what was typed, whatever it is, and then does what the pressed button says.
func (h Handler) save(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	id, a := page.ID(r, "draft"), readAnswers(r, form)
	here := link.ReportDraft(id.String())
	who := actor.From(ctx)
	to, bad, was := here, fault.Invalid(nil), ""
	err := h.DB.InTx(ctx, who, func(tx *db.Tx) error {
		v := formView{Now: tx.Now, Started: tx.Now, Who: who, A: a}
		d, err := concern.SaveDraft(ctx, tx, h.Keys, id, a)
		if err != nil || d.Ref != "" {
			if d.Ref != "" && !d.Kept() {
				was, to = d.Ref, link.Report(d.Ref)
			}
			return err
		}
		v.Started = d.StartedAt
		switch form.Text("go") {
		case "later":
			page.Say(w, page.Flash{Key: "flash.concern.kept"})
			to = link.Reports
			return nil
		case "rows":
			to = here + "#" + concern.PersonField(rows(a)-moreRows, "name")
			return nil
		case "find-exclude":
			to = here + "#exclude_find"
			return nil
		case "search":
			if v.words().Empty() {
				bad = fault.Invalid{"name": "concern.search.empty"}
				return nil
			}
			to = here + "#kendt"
			return h.keepWords(ctx, tx, id, &v)
		}
		in, wrong := v.input()
		if bad = wrong; len(bad) > 0 {
			return nil
		}
		if words := v.words(); !words.Empty() && a.Get("searched") != words.Key() {
			if err := h.keepWords(ctx, tx, id, &v); err != nil {
				return err
			}
			if found, err := concern.FindCandidates(ctx, tx, id); err != nil || len(found) > 0 {
				to = here + "#kendt" // somebody looks at them first
				return err
			}
		}
		made, err := concern.RegisterDraft(ctx, tx, h.Keys, id, in)
		if err != nil {
			return err
		}
		switch {
		case made.Kept():
		case made.Rights.May(actor.Write):
			to = link.Assessment(made.Ref)
		default:
			to = link.Report(made.Ref)
		}
		if !made.Kept() {
			page.Say(w, page.Flash{Key: "flash.concern.registered", Args: []string{made.Number}})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if was != "" {
		return h.registeredBefore(w, r, id, was, a)
	}
	if len(bad) == 0 {
		return page.Redirect(w, r, to)
	}
	v, ref, err := h.read(w, r)
	switch {
	case err != nil:
		return err
	case ref != "" || v.Kept != "":
		return page.Redirect(w, r, here)
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
}

// keepWords searches for the words of the form, and remembers in the draft that it was done.
func (h Handler) keepWords(ctx context.Context, tx *db.Tx, id uuid.UUID, v *formView) error {
	if err := concern.KeepWords(ctx, tx, h.Keys, id, v.words()); err != nil {
		return err
	}
	v.A["searched"] = []string{v.words().Key()}
	_, err := concern.SaveDraft(ctx, tx, h.Keys, id, v.A)
	return err
}

// keep is what the script calls while somebody writes. The answer is the line below the form.
func (h Handler) keep(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var d concern.Draft
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		d, err = concern.SaveDraft(ctx, tx, h.Keys, page.ID(r, "draft"), readAnswers(r, page.ReadForm(r)))
		return err
	})
	if err != nil {
		return err
	}
	if d.Ref != "" {
		return fault.Stale // it is a report by now
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(ctx, "register.kept", i18n.Clock(ctx, time.Now())))) // the reader may be gone
	return nil
}

func (h Handler) drop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return concern.DropDraft(ctx, tx, page.ID(r, "draft")) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.concern.dropped", link.Reports)
}

// readAnswers takes the fields of the form as they were typed.
func readAnswers(r *http.Request, form *page.Form) concern.Answers {
	a := concern.Answers{}
	_ = form.Text("") // makes the request parse its form
	for name := range r.PostForm {
		switch {
		case !owns(name):
		case name == "exclude":
			a[name] = form.Texts(name)
		default:
			a[name] = []string{form.Text(name)}
		}
	}
	if form.Text("go") == "rows" {
		a["rows"] = []string{strconv.Itoa(min(rows(a)+moreRows, concern.MaxPeople))}
	}
	return a
}
