package journalpages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// noteForm is the form of a new note with what has been typed so far.
type noteForm struct {
	Frame  caseframe.View
	Key    string // a form sent twice is one note
	Return string // where to go when it is saved
	typed
	Bad   fault.Invalid
	Draft time.Time // when the draft was saved that the form shows; zero: none
	Later bool      // the draft's time was the form's own: it is now

	PeopleChoice, Involved, Others []journal.Spoken
	Steps                          []plan.Step
}

// typed are the fields of the form as they were typed.
type typed struct {
	Kind, Date, Time, Body string
	People, Contacts       []string
	Other                  string // a contact person who has no part in the case
	Done                   []string
	StepTitle, StepWho     string
	StepDue                string
	StepNameOK             bool
	StepReaches            bool // the new step reaches parents or network
	StepHarmless           bool
	Family                 string // whether it reached parents or network
	OutsideOK              bool   // the contact was outside the rules, and the writer says so
	Offered                string // the day and the time that the form came with, before anybody wrote in them
}

// fieldNames are the fields that a draft keeps.
var fieldNames = []string{"kind", "date", "time", "body", "person", "contact", "other", "done", "step_title", "step_responsible", "step_due", "family", "step_reaches", "offered"}

// readFields takes the fields out of a posted form.
func readFields(form *page.Form) url.Values {
	fields := url.Values{}
	for _, name := range fieldNames {
		switch name {
		case "person", "contact", "done":
			fields[name] = form.Texts(name)
		default:
			fields.Set(name, form.Text(name))
		}
	}
	return fields
}

// readBody reads what was posted. A form larger than any of ours is refused as a whole: "Back" still has its text.
func readBody(r *http.Request) error {
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(page.MaxForm)
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return fault.Invalid{"": "error.too_long"}
	}
	return nil
}

func typedFrom(fields url.Values) typed {
	return typed{
		Kind: fields.Get("kind"), Date: fields.Get("date"), Time: fields.Get("time"), Body: fields.Get("body"),
		People: fields["person"], Contacts: fields["contact"], Other: fields.Get("other"), Done: stepIDs(fields["done"]),
		StepTitle: fields.Get("step_title"), StepWho: fields.Get("step_responsible"), StepDue: fields.Get("step_due"),
		Family: fields.Get("family"), StepReaches: fields.Get("step_reaches") != "", Offered: fields.Get("offered"),
	}
}

// stepIDs leaves the versions of ticked steps out: the form shows the steps as they are now.
func stepIDs(ticks []string) []string {
	ids := make([]string, len(ticks))
	for i, t := range ticks {
		ids[i], _, _ = strings.Cut(t, ".")
	}
	return ids
}

func (h Handler) newNote(w http.ResponseWriter, r *http.Request) error {
	v := noteForm{Key: uuid.NewString(), Return: wayBack(r, r.URL.Query().Get("tilbage"))}
	kept, err := h.readForm(w, r, &v)
	if err != nil {
		return err
	}
	lang := i18n.Lang(r.Context())
	begun := typed{Date: i18n.T(r.Context(), "when.today"), Time: i18n.FieldClock(lang, v.Frame.Now)}
	today := i18n.FieldDate(v.Frame.Now) // as a draft keeps the day
	begun.Offered = today + " " + begun.Time
	v.typed = begun
	if kept.OK {
		v.typed, v.Draft = typedFrom(kept.Row.Fields), kept.Row.SavedAt
		// Nobody wrote the minute at which the form was opened: the gate would judge the note by it, though the risk is assessed since (R1).
		// A draft of another day keeps its time: what it tells of did not happen today.
		if v.Later = v.Date == today && v.Offered == v.Date+" "+v.Time && v.Offered != begun.Offered; v.Later {
			v.Date, v.Time, v.Offered = begun.Date, begun.Time, begun.Offered
		}
	}
	v.prefill(r.URL.Query())
	return page.Render(w, r, http.StatusOK, formPage(v))
}

// readForm asks for everything the form shows beside what is typed, and for the draft.
func (h Handler) readForm(w http.ResponseWriter, r *http.Request, v *noteForm) (*db.Found[draft.Draft], error) {
	var kept *db.Found[draft.Draft]
	var people, involved, others *[]journal.Spoken
	steps := &[]plan.Step{}
	frame, err := caseframe.Read(h.DB, w, r, "journal", func(b *db.Batch) {
		kept = draft.Load(b, journal.NewNote)
		people, involved, others = journal.People(b), journal.Involved(b), journal.Others(b)
		if b.Rights.May(actor.Write) {
			steps = plan.OpenSteps(b)
		}
	})
	if err != nil {
		return nil, err
	}
	v.Frame = frame
	if !v.Frame.May(actor.Note) {
		return nil, fault.Forbidden
	}
	v.PeopleChoice, v.Involved = *people, *involved
	v.Steps = slices.DeleteFunc(*steps, func(s plan.Step) bool { return s.RequiresGate && v.shut() }) // cannot be done yet
	v.Others = slices.DeleteFunc(*others, func(s journal.Spoken) bool { return isIn(*involved, s.ContactID.String()) })
	return kept, nil
}

func isIn(list []journal.Spoken, id string) bool {
	return slices.ContainsFunc(list, func(s journal.Spoken) bool { return s.ContactID.String() == id })
}

// prefill ticks what the page that led here was about: a step, a contact person, a kind of note.
func (v *noteForm) prefill(ask url.Values) {
	if slices.Contains(journal.Kinds, ask.Get("type")) {
		v.Kind = ask.Get("type")
	}
	if id := ask.Get("trin"); id != "" {
		v.Done = append(v.Done, id)
	}
	if id := ask.Get("kontakt"); isIn(v.Involved, id) {
		v.Contacts = append(v.Contacts, id)
	} else if isIn(v.Others, id) {
		v.Other = id
	}
	if id := ask.Get("person"); id != "" {
		v.People = append(v.People, id)
	}
}

func (h Handler) saveNote(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	if err := readBody(r); err != nil {
		return err
	}
	back := wayBack(r, form.Text("return"))
	t := typedFrom(readFields(form))
	t.StepNameOK, t.StepHarmless = form.Has("step_names_ok"), form.Has("step_harmless")
	t.OutsideOK = form.Has("outside_ok")
	in := journal.Input{Key: form.ID("key"), Kind: t.Kind, Body: t.Body, People: form.IDs("person"), Contacts: form.IDs("contact"), Done: ticks(form), Family: journal.Family(t.Family), OutsideOK: t.OutsideOK}
	if other := form.ID("other"); other != uuid.Nil {
		in.Contacts = append(in.Contacts, other)
	}
	in.Next = nextStep(form)
	var saved journal.Saved
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		in.HappenedAt = happenedAt(form, tx.Now)
		if refused := form.Err(); refused != nil {
			return form.With(in.Validate(tx.Now)) // all reasons at once
		}
		saved, err = journal.Write(ctx, tx, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case err == nil:
		page.Say(w, flash(saved))
		return page.Redirect(w, r, back)
	case !errors.As(err, &bad):
		return err
	}
	v := noteForm{Key: form.Text("key"), Return: back, typed: t, Bad: bad}
	if _, err := h.readForm(w, r, &v); err != nil {
		return err
	}
	v.Frame.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, formPage(v))
}

// flash says exactly what was saved.
func flash(s journal.Saved) page.Flash {
	switch {
	case s.Done > 0 && s.Added > 0:
		return page.Flash{Key: "flash.note_done_added", Args: []string{strconv.Itoa(s.Done), strconv.Itoa(s.Added)}}
	case s.Done > 0:
		return page.Flash{Key: "flash.note_done", Args: []string{strconv.Itoa(s.Done)}}
	case s.Added > 0:
		return page.Flash{Key: "flash.note_added", Args: []string{strconv.Itoa(s.Added)}}
	}
	return page.Flash{Key: "flash.note"}
}

// ticks are the ticked steps with the versions that the form showed.
func ticks(form *page.Form) []journal.Tick {
	var list []journal.Tick
	for _, s := range form.Texts("done") {
		name, number, _ := strings.Cut(s, ".")
		id, bad := uuid.Parse(name)
		version, err := strconv.Atoi(number)
		if bad == nil && err == nil {
			list = append(list, journal.Tick{ID: id, Version: version})
		}
	}
	return list
}

// nextStep is the step to add; nil where neither title nor deadline was typed.
func nextStep(form *page.Form) *plan.StepInput {
	if form.Text("step_title") == "" && form.Text("step_due") == "" {
		return nil
	}
	in := &plan.StepInput{Title: form.Text("step_title"), Due: form.Date("step_due"), NamesOK: form.Has("step_names_ok"), Reaches: form.Has("step_reaches"), Harmless: form.Has("step_harmless")}
	whose, id, _ := strings.Cut(form.Text("step_responsible"), ":")
	if who, err := uuid.Parse(id); err == nil {
		switch whose {
		case "user":
			in.Responsible = plan.ByUser(who)
		case "contact":
			in.Responsible = plan.ByContact(who)
		}
	}
	return in
}

// nearSteps is how many open steps the form shows before it folds the rest.
const nearSteps = 5

// shut reports whether contact with parents and network waits for the risk assessment (R1).
func (v noteForm) shut() bool { return v.Frame.Case.Gate == casefile.GateShut }

// near are the steps that the form shows at once: the ticked ones and the first few.
func (v noteForm) near() []plan.Step { return v.split(true) }

// far are the rest.
func (v noteForm) far() []plan.Step { return v.split(false) }

func (v noteForm) split(near bool) []plan.Step {
	var list []plan.Step
	for i, s := range v.Steps {
		if (i < nearSteps || v.ticked(s)) == near {
			list = append(list, s)
		}
	}
	return list
}

func (v noteForm) ticked(s plan.Step) bool { return slices.Contains(v.Done, s.ID.String()) }

// stepOpen reports whether the fields of a new step are unfolded.
func (v noteForm) stepOpen() bool {
	return v.StepTitle != "" || v.StepDue != "" || v.Bad["step_title"] != "" || v.Bad["step_responsible"] != "" || v.Bad["step_due"] != ""
}

// responsibles are who may answer for a new step: the writer first, then the people of the case and its partners.
func (v noteForm) responsibles(ctx context.Context) []ui.Option {
	me := v.Frame.Page.Actor
	options := []ui.Option{{Value: "user:" + me.UserID.String(), Label: i18n.T(ctx, "journal.me")}}
	for _, m := range v.Frame.Case.Members {
		if m.UserID != me.UserID {
			options = append(options, ui.Option{Value: "user:" + m.UserID.String(), Label: m.Name})
		}
	}
	for _, s := range v.Involved {
		options = append(options, ui.Option{Value: "contact:" + s.ContactID.String(), Label: s.Name + ", " + s.Organisation})
	}
	return options
}

// group is the contact persons of one organisation.
type group struct {
	Name string
	List []journal.Spoken
}

func (v noteForm) groups() []group {
	var groups []group
	for _, s := range v.Others {
		if n := len(groups); n == 0 || groups[n-1].Name != s.Organisation {
			groups = append(groups, group{Name: s.Organisation})
		}
		g := &groups[len(groups)-1]
		g.List = append(g.List, s)
	}
	return groups
}

// draftAddress is where the form saves its draft.
func draftAddress(ref string) string { return link.Journal(ref) + "/kladde" }

func discardAddress(ref, note string) string {
	if note == "" {
		return draftAddress(ref) + "/slet"
	}
	return draftAddress(ref) + "/slet?note=" + url.QueryEscape(note)
}

// canSteps reports whether the writer may change the plan; who is only consulted may not.
func (v noteForm) canSteps() bool { return v.Frame.May(actor.Write) }

// answers says who answers for a step.
func (v noteForm) answers(ctx context.Context, s plan.Step) string {
	switch {
	case s.MineOf(v.Frame.Page.Actor.UserID):
		return i18n.T(ctx, "journal.me")
	case s.Missing():
		return i18n.T(ctx, "journal.nobody")
	case s.Organisation != "":
		return s.Person + ", " + s.Organisation
	}
	return s.Person
}

func otherLabel(s journal.Spoken) string {
	if s.Title == "" {
		return s.Name
	}
	return s.Name + ", " + s.Title
}

func has(list []string, s string) bool { return slices.Contains(list, s) }

// draftSaved says when a draft was kept last.
func draftSaved(ctx context.Context, at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return i18n.T(ctx, "journal.draft.saved", i18n.DateTime(ctx, at, now))
}

// timeHint says what to write, and of a draft that the time is now and no longer when it was begun.
func (v noteForm) timeHint() string {
	if v.Later {
		return "journal.time.later"
	}
	return "journal.time.hint"
}
