package safetypages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/safety"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// leastRows is how many rows of contacts the form has at least; one is always empty, up to [safety.MostContacts].
const leastRows = 3

// row is one contact as it was typed. Pick is "u:" or "c:" and an id, or empty for the words in Who.
type row struct {
	Pick, Who, How, Hours string
	AnyHour               bool
}

// planForm is a version of the plan as it was typed.
type planForm struct {
	caseframe.View
	Key, IfWorse, IfNotBack, AgreedOn string
	Rows                              []row
	Version                           int // that it is made from; 0: the first
	People                            []ui.Option
	Bad                               fault.Invalid
	Other                             *ui.Conflict
}

// planData is what the form is made of.
type planData struct {
	frame caseframe.View
	now   safety.Plan // zero: none yet
	parts []involvement.Involvement
}

func (h Handler) readPlan(w http.ResponseWriter, r *http.Request) (planData, error) {
	var plans *[]safety.Plan
	var parts *[]involvement.Involvement
	frame, err := caseframe.Read(h.DB, w, r, "safety", func(b *db.Batch) { plans, parts = safety.Plans(b), involvement.Involvements(b) })
	if err != nil {
		return planData{}, err
	}
	if !frame.May(actor.Write) {
		return planData{}, fault.Forbidden
	}
	d := planData{frame: frame, parts: *parts}
	if len(*plans) > 0 {
		d.now = (*plans)[0]
	}
	return d, nil
}

// people are who can be named: the colleagues of the case, and the contact persons who are drawn in or already in the plan.
func (d planData) people(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: i18n.T(ctx, "safety.who.other")}}
	add := func(value, label string) {
		if !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == value }) {
			list = append(list, ui.Option{Value: value, Label: label})
		}
	}
	for _, m := range d.frame.Case.Members {
		add("u:"+m.UserID.String(), strings.TrimSuffix(m.Name+", "+m.Title, ", "))
	}
	for _, p := range d.parts {
		if p.Live() && p.ContactID != nil {
			add("c:"+p.ContactID.String(), p.Contact+", "+p.Organisation)
		}
	}
	for _, c := range d.now.Contacts {
		if pick := pickOf(c); pick != "" {
			add(pick, strings.TrimSuffix(c.Name+", "+c.Organisation, ", "))
		}
	}
	return list
}

func pickOf(c safety.Contact) string {
	switch {
	case c.UserID != nil:
		return "u:" + c.UserID.String()
	case c.ContactID != nil:
		return "c:" + c.ContactID.String()
	}
	return ""
}

func (h Handler) editPlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := h.readPlan(w, r)
	if err != nil {
		return err
	}
	v := planForm{View: d.frame, Key: uuid.NewString(), Version: d.now.Version, IfWorse: d.now.IfWorse, IfNotBack: d.now.IfNotBack, People: d.people(ctx)}
	if d.now.Version > 0 { // a slip that is corrected is no new agreement: only who has made one writes another day
		v.AgreedOn = i18n.FieldDate(d.now.AgreedOn)
	}
	for _, c := range d.now.Contacts {
		v.Rows = append(v.Rows, row{pickOf(c), c.Who, c.How, c.Hours, c.AnyHour})
	}
	v.padRows()
	return page.Render(w, r, http.StatusOK, editPage(v))
}

// padRows leaves room for more.
func (v *planForm) padRows() {
	for len(v.Rows) < leastRows || len(v.Rows) < safety.MostContacts && v.Rows[len(v.Rows)-1] != (row{}) {
		v.Rows = append(v.Rows, row{})
	}
}

func (h Handler) savePlan(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), page.ReadForm(r)
	v := planForm{Key: f.Text("key"), IfWorse: f.Text("if_worse"), IfNotBack: f.Text("if_not_back"), AgreedOn: f.Text("agreed_on")}
	in := safety.PlanInput{Key: f.ID("key"), IfWorse: v.IfWorse, IfNotBack: v.IfNotBack, AgreedOn: f.Past("agreed_on")}
	for i := range safety.MostContacts {
		n := "-" + strconv.Itoa(i)
		typed := row{f.Text("who" + n), f.Text("name" + n), f.Text("how" + n), f.Text("hours" + n), f.Has("any_hour" + n)}
		v.Rows, in.Contacts = append(v.Rows, typed), append(in.Contacts, typed.input())
	}
	for len(v.Rows) > 1 && v.Rows[len(v.Rows)-1] == (row{}) {
		v.Rows = v.Rows[:len(v.Rows)-1]
	}
	v.padRows()
	version := f.Int("version")
	err := f.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, version, in) })
	} else {
		err = f.With(in.Validate(time.Now()))
	}
	if err == nil {
		return page.Done(w, r, "flash.safety.plan", link.SafetyPlan(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	d, err := h.readPlan(w, r)
	if err != nil {
		return err
	}
	v.View, v.People, v.Bad, v.Version = d.frame, d.people(ctx), bad, version
	v.Page.Invalid = len(bad) > 0
	if stale {
		v.Version, v.Other = d.now.Version, &ui.Conflict{By: d.now.WrittenBy, PII: true, Keep: link.SafetyPlan(d.frame.Case.Ref)}
		v.Other.Differ("safety.if_worse", d.now.IfWorse, v.IfWorse)
		v.Other.Differ("safety.contacts", namesOf(ctx, d.now.Contacts), v.names(ctx))
		v.Other.Differ("safety.if_not_back", d.now.IfNotBack, v.IfNotBack)
	}
	return page.Render(w, r, page.FormStatus(stale), editPage(v))
}

func (t row) input() safety.ContactInput {
	in := safety.ContactInput{Who: t.Who, How: t.How, Hours: t.Hours, AnyHour: t.AnyHour}
	kind, text, _ := strings.Cut(t.Pick, ":")
	switch id, err := uuid.Parse(text); {
	case err == nil && kind == "u":
		in.User = id
	case err == nil && kind == "c":
		in.Contact = id
	}
	return in
}

// namesOf are the contacts in one text, to compare two versions.
func namesOf(ctx context.Context, list []safety.Contact) string {
	var all []string
	for _, c := range list {
		all = append(all, c.Name+": "+c.How+", "+hours(ctx, c.Hours, c.AnyHour))
	}
	return strings.Join(all, "\n")
}

// hours are when a contact can be reached, in words.
func hours(ctx context.Context, words string, anyHour bool) string {
	switch {
	case !anyHour:
		return words
	case words == "":
		return i18n.T(ctx, "safety.any_hour")
	}
	return i18n.T(ctx, "safety.any_hour") + ", " + words
}

func (v planForm) names(ctx context.Context) string {
	var all []string
	for _, t := range v.Rows {
		if t == (row{}) {
			continue
		}
		name := t.Who
		for _, o := range v.People {
			if o.Value == t.Pick && t.Pick != "" {
				name, _, _ = strings.Cut(o.Label, ", ")
			}
		}
		all = append(all, name+": "+t.How+", "+hours(ctx, t.Hours, t.AnyHour))
	}
	return strings.Join(all, "\n")
}

// fields are the ids of the form in their order, for the summary of errors.
func (v planForm) fields() []string {
	list := []string{"if_worse"}
	for i := range v.Rows {
		n := "-" + strconv.Itoa(i)
		list = append(list, "who"+n, "how"+n, "hours"+n)
	}
	return append(list, "if_not_back", "agreed_on")
}
