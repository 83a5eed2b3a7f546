package sparringpages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/internal/sparring"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// form is the draft's name.
const form = "sparring"

// askView is the form of a question: first in the caseworker's own words, then the anonymous text beside them.
type askView struct {
	caseframe.View
	Key                       string
	Question, Original, Topic string
	Citizen                   string // what the text calls the citizen
	Shown                     bool   // the anonymous text is there
	Parts                     []anonymise.Part
	Body, DueOn               string
	Who                       []string
	Colleagues                []sparring.Colleague
	Contacts                  []partner.Callable
	Found                     []sparring.Found
	Bad                       fault.Invalid
	Saved                     time.Time
}

// citizens are the words that the text can call the citizen by.
var citizens = []string{"", "datter", "søn", "ung", "barn", "kvinde", "mand"}

func typed(f *page.Form) askView {
	v := askView{Key: f.Text("key"), Question: f.Text("question"), Original: f.Text("original"), Topic: f.Text("topic"), Citizen: f.Text("citizen"), Body: f.Text("body"), DueOn: f.Text("due_on"), Who: f.Texts("who")}
	if !slices.Contains(citizens, v.Citizen) {
		v.Citizen = ""
	}
	if !partner.KnownCompetence(v.Topic) {
		v.Topic = ""
	}
	return v
}

func (v askView) fields() draft.Fields {
	return draft.Fields{"question": {v.Question}, "original": {v.Original}, "topic": {v.Topic}, "citizen": {v.Citizen}, "body": {v.Body}}
}

// read fills the form's page: who may be asked, of the contact persons those who know about the topic, who can be reached now first.
func (h Handler) readAsk(w http.ResponseWriter, r *http.Request, v *askView) (*sparring.Rows, *db.Found[draft.Draft], error) {
	var rows *sparring.Rows
	var kept *db.Found[draft.Draft]
	var colleagues *[]sparring.Colleague
	var contacts *[]partner.Callable
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		rows, kept, colleagues, contacts = sparring.Suggestion(b), draft.Load(b, form), sparring.Colleagues(b), partner.Callables(b, partner.Query{Competence: v.Topic})
	})
	if err == nil && !sparring.MayAsk(frame.Rights) {
		err = fault.Forbidden
	}
	if err != nil {
		return nil, nil, err
	}
	v.View, v.Colleagues, v.Contacts = frame, *colleagues, *contacts
	knows := func(c sparring.Colleague) int {
		if v.Topic != "" && slices.Contains(c.Competences, v.Topic) {
			return 0
		}
		return 1
	}
	away := func(c sparring.Colleague) int {
		if c.AwayUntil != nil {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(v.Colleagues, func(a, b sparring.Colleague) int {
		if d := away(a) - away(b); d != 0 {
			return d
		}
		if d := knows(a) - knows(b); d != 0 {
			return d
		}
		return a.Waiting - b.Waiting
	})
	shut := func(c partner.Callable) int {
		if c.Availability(frame.Now).Open {
			return 0
		}
		return 1
	}
	v.Contacts = slices.DeleteFunc(v.Contacts, func(c partner.Callable) bool { return !c.Serves(frame.Case.Area) || v.Topic == "" && c.Together == 0 })
	slices.SortStableFunc(v.Contacts, func(a, b partner.Callable) int { return shut(a) - shut(b) })
	return rows, kept, nil
}

// contactsShown is how many contact persons are offered.
const contactsShown = 8

func (h Handler) newQuestion(w http.ResponseWriter, r *http.Request) error {
	v := askView{Key: uuid.NewString()}
	rows, kept, err := h.readAsk(w, r, &v)
	if err != nil {
		return err
	}
	v.Original = suggested(r.Context(), *rows)
	if kept.OK {
		one := func(name string) string { return append(kept.Row.Fields[name], "")[0] }
		v.Question, v.Original, v.Topic, v.Citizen, v.Saved = one("question"), one("original"), one("topic"), one("citizen"), kept.Row.SavedAt
	}
	return page.Render(w, r, http.StatusOK, askPage(v))
}

// suggested is the case in a few sentences, from its rows.
func suggested(ctx context.Context, rows sparring.Rows) string {
	var lines []string
	if rows.Citizen != "" {
		lines = append(lines, i18n.T(ctx, "sparring.suggest.citizen", rows.Citizen))
	}
	if rows.Situation != "" {
		lines = append(lines, rows.Situation)
	}
	if rows.Level != "" {
		lines = append(lines, i18n.T(ctx, "sparring.suggest.level", strings.ToLower(ui.SeverityName(ctx, rows.Level))))
	}
	var signs []string
	for _, code := range rows.Signs {
		if s, ok := reference.SignByCode(code); ok {
			signs = append(signs, s.Name(ctx))
		}
	}
	if len(signs) > 0 {
		lines = append(lines, i18n.T(ctx, "sparring.suggest.signs", strings.Join(signs[:min(6, len(signs))], "; ")))
	}
	return strings.Join(lines, "\n")
}

// rewrite writes the anonymous text anew from the caseworker's own.
func (h Handler) rewrite(r *http.Request, v *askView) error {
	v.Shown = true
	return caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		v.Parts, err = sparring.Anonymous(ctx, tx, h.Keys, v.Citizen, v.Original)
		return err
	})
}

func (h Handler) put(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := typed(f)
	if f.Text("go") == "show" {
		return h.showAnonymous(w, r, v)
	}
	in := sparring.Input{Key: f.ID("key"), Question: v.Question, Body: v.Body, DueOn: f.Date("due_on"), Who: who(f)}
	var id uuid.UUID
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if f.Err() != nil {
			return f.With(in.Validate(tx.Now))
		}
		if id, v.Found, err = sparring.Put(ctx, tx, h.Keys, in); err == nil && len(v.Found) == 0 {
			err = draft.Discard(ctx, tx, form)
		}
		return err
	})
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad = stops(v.Found, bad); len(bad) == 0 && !stale {
		return page.Done(w, r, "flash.sparring.put", link.CaseThread(caseframe.Ref(r), id))
	}
	if err := h.rewrite(r, &v); err != nil {
		return err
	}
	if _, _, err := h.readAsk(w, r, &v); err != nil {
		return err
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), askPage(v))
}

// showAnonymous shows the anonymous text beside the caseworker's own, to be read and mended.
func (h Handler) showAnonymous(w http.ResponseWriter, r *http.Request, v askView) error {
	bad := fault.Invalid{}
	bad.Check("question", strings.TrimSpace(v.Question) != "", "sparring.error.question")
	bad.Check("original", strings.TrimSpace(v.Original) != "", "sparring.error.body")
	bad.AtMost("original", v.Original, sparring.MaxText)
	if len(bad) == 0 {
		err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			parts, err := sparring.Anonymous(ctx, tx, h.Keys, v.Citizen, v.Question)
			v.Question = anonymise.After(parts)
			return err
		})
		if err != nil {
			return err
		}
		if err := h.rewrite(r, &v); err != nil {
			return err
		}
		v.Body = anonymise.After(v.Parts)
	}
	if _, _, err := h.readAsk(w, r, &v); err != nil {
		return err
	}
	v.Bad, v.Page.Invalid = bad, len(bad) > 0
	status := http.StatusOK
	if len(bad) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, askPage(v))
}

// topics are what a question can be about: the directory's vocabulary.
func topics(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: i18n.T(ctx, "sparring.topic.any")}}
	for _, code := range partner.Competences {
		list = append(list, ui.Option{Value: code, Label: partnerview.Competence(ctx, code)})
	}
	return list
}

func citizenWords(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, w := range citizens {
		o := ui.Option{Value: w, Label: w}
		if w == "" {
			o.Label = i18n.T(ctx, "sparring.citizen.age")
		}
		list = append(list, o)
	}
	return list
}

// people are those who can be asked: colleagues, then contact persons who know about it, with when they can be reached.
func people(ctx context.Context, colleagues []sparring.Colleague, contacts []partner.Callable, topic string, now time.Time) []ui.Option {
	var list []ui.Option
	for _, c := range colleagues {
		hint := c.Title
		if topic != "" && slices.Contains(c.Competences, topic) {
			hint += ". " + i18n.T(ctx, "sparring.knows", partnerview.Competence(ctx, topic))
		}
		hint += ". " + i18n.N(ctx, "sparring.load", c.Waiting)
		if c.AwayUntil != nil {
			hint += ". " + i18n.T(ctx, "sparring.away", i18n.LongDate(ctx, *c.AwayUntil))
		}
		list = append(list, ui.Option{Value: "user:" + c.ID.String(), Label: c.Name, Hint: hint, Person: &ui.Person{Name: c.Name, PhotoURL: link.Photo(c.PhotoID, "s")}})
	}
	for _, c := range contacts[:min(contactsShown, len(contacts))] {
		p := partnerview.Person(c)
		hint := c.Organisation
		if a := partnerview.Avail(ctx, c, now); a.Text != "" {
			hint += ". " + a.Text
		}
		list = append(list, ui.Option{Value: "contact:" + c.ContactID.String(), Label: p.Name, Hint: hint + ". " + i18n.T(ctx, "sparring.contact.hint"), Person: &p})
	}
	return list
}

func foundIn(list []sparring.Found, of string) (out []sparring.Found) {
	for _, f := range list {
		if f.Field == of {
			out = append(out, f)
		}
	}
	return out
}

// replaced is how many places of the text were replaced.
func (v askView) replaced() int {
	n := 0
	for _, p := range v.Parts {
		if p.Replaced() {
			n++
		}
	}
	return n
}

// basisName names a legal basis, with its paragraph.
func basisName(ctx context.Context, code string) string {
	if b, ok := reference.LegalBasisByCode(code); ok {
		return b.Cited(ctx)
	}
	return code
}

// bracketed puts brackets around what was put in, so that it is seen without colour.
func bracketed(s string) string {
	if strings.HasPrefix(s, "[") {
		return s
	}
	return "[" + s + "]"
}
