package casepages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// shownFor is how long a CPR number or a protected fact stays on the screen (ui.md 13).
const shownFor = 30 * time.Second

// factForm is a new protected fact.
type factForm struct {
	caseframe.View
	In     casefile.FactInput
	People []casefile.Person
	Bad    fault.Invalid
}

func (h Handler) newFact(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readFact(w, r)
	if err != nil {
		return err
	}
	v.In = casefile.FactInput{PersonID: v.Case.CitizenID, Kind: r.URL.Query().Get("type")}
	return page.Render(w, r, http.StatusOK, factPage(v))
}

func (h Handler) readFact(w http.ResponseWriter, r *http.Request) (factForm, error) {
	var people *[]casefile.Person
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) { people = casefile.People(b) })
	if err != nil {
		return factForm{}, err
	}
	if !frame.May(actor.Addresses) {
		return factForm{}, fault.Forbidden
	}
	return factForm{View: frame, People: *people}, nil
}

func (h Handler) addFact(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.FactInput{PersonID: form.ID("person"), Kind: form.Text("kind"), Text: form.Text("text")}
	sent := 0
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		sent, err = sharing.Protect(ctx, tx, h.Keys, in)
		return err
	})
	if err == nil && sent > 0 {
		page.Say(w, page.Flash{Key: "flash.fact_already_shared", Args: []string{strconv.Itoa(sent)}, Warn: true})
		return page.Redirect(w, r, link.Sharing(caseframe.Ref(r)))
	}
	if err == nil {
		return page.Done(w, r, "flash.fact_added", link.Network(caseframe.Ref(r))+"#fakta")
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readFact(w, r)
	if err != nil {
		return err
	}
	v.In, v.Bad, v.Page.Invalid = in, bad, true
	return page.Render(w, r, http.StatusUnprocessableEntity, factPage(v))
}

// about are the people whom a protected fact may be about: the citizen first.
func (v factForm) about(ctx context.Context) []ui.Option {
	var all []ui.Option
	if v.Case.CitizenID != uuid.Nil {
		all = append(all, ui.Option{Value: v.Case.CitizenID.String(), Label: i18n.T(ctx, "fact.citizen")})
	}
	for _, p := range v.People {
		label := i18n.Capital(p.Relation)
		if p.Name != "" {
			label += " (" + p.Name + ")"
		}
		all = append(all, ui.Option{Value: p.ID.String(), Label: label})
	}
	return all
}

// secret is a CPR number or a protected fact: asked about, or shown for a moment.
type secret struct {
	caseframe.View
	Fact    casefile.Fact
	Title   string // what it is, never whose
	Text    string // empty: not shown yet
	Purpose string
	Back    string
	Again   map[string]string // what shows it once more; nil: nothing does
	AgainTo string
	Shown   *casefile.Shown // of a number or an address
	Reason  string          // why the rules are set aside, as typed
	Key     string          // of the form: one reason shows the fact once
	Bad     fault.Invalid
}

// askFact asks what a protected fact is to be used for.
func (h Handler) askFact(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readSecret(w, r)
	if err != nil {
		return err
	}
	v.Key = uuid.NewString()
	return page.Render(w, r, http.StatusOK, askPage(v))
}

// readSecret finds the fact of the path among those that the reader may know of.
func (h Handler) readSecret(w http.ResponseWriter, r *http.Request) (secret, error) {
	var facts *[]casefile.Fact
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) { facts = casefile.Facts(b) })
	if err != nil {
		return secret{}, err
	}
	for _, f := range *facts {
		if f.ID == page.ID(r, "fact") {
			return secret{View: frame, Fact: f, Title: i18n.T(r.Context(), "fact."+f.Kind), Back: link.Network(frame.Case.Ref) + "#fakta"}, nil
		}
	}
	return secret{}, fault.NotFound
}

// showFact shows a protected fact. One that reaches somebody passes the rules of safe contact, and what they forbid now is shown once
// for a reason: the form sent again, after "Back", shows nothing.
func (h Handler) showFact(w http.ResponseWriter, r *http.Request) error {
	form, shown := page.ReadForm(r), casefile.Shown{}
	use := casefile.Use{Fact: page.ID(r, "fact"), Purpose: form.Text("purpose"), Reason: form.Text("reason"), Key: form.ID("key")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		shown, err = casefile.UseFact(ctx, tx, h.Keys, use)
		return err
	})
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readSecret(w, r)
	if err != nil {
		return err
	}
	if bad != nil {
		v.Bad, v.Purpose, v.Reason, v.Key, v.Page.Invalid = bad, use.Purpose, use.Reason, form.Text("key"), true
		return page.Render(w, r, http.StatusUnprocessableEntity, askPage(v))
	}
	if shown.Spent {
		page.Say(w, page.Flash{Key: "flash.contact_spent", Warn: true})
		return page.Redirect(w, r, factPath(v.Case.Ref, v.Fact.ID))
	}
	v.Text = shown.Text
	if v.reaches() {
		v.Shown = &shown
	}
	if v.Shown == nil || shown.Verdict.OK() {
		v.AgainTo, v.Again = factPath(v.Case.Ref, v.Fact.ID)+"/vis", map[string]string{"purpose": use.Purpose}
	}
	return show(w, r, v)
}

func (h Handler) showCPR(w http.ResponseWriter, r *http.Request) error {
	person, number := page.ReadForm(r).ID("person"), ""
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		number, err = casefile.RevealCPR(ctx, tx, h.Keys, person)
		return err
	})
	if err != nil {
		return err
	}
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(*db.Batch) {})
	if err != nil {
		return err
	}
	v := secret{View: frame, Title: i18n.T(r.Context(), "person.cpr"), Text: number, Back: link.Case(frame.Case.Ref),
		AgainTo: link.Case(frame.Case.Ref) + "/cpr", Again: map[string]string{"person": person.String()}}
	return show(w, r, v)
}

// show shows a secret once. The browser leaves the page by itself when the time is up: a header does it,
// so it works without a script too.
func show(w http.ResponseWriter, r *http.Request, v secret) error {
	w.Header().Set("Refresh", strconv.Itoa(int(shownFor.Seconds()))+"; url="+v.Back)
	return page.Render(w, r, http.StatusOK, shownPage(v))
}

func (h Handler) retireFact(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return casefile.RetireFact(ctx, tx, page.ID(r, "fact")) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.fact_retired", link.Network(caseframe.Ref(r))+"#fakta")
}

// seconds says how long a secret is shown.
func seconds() int { return int(shownFor.Seconds()) }
