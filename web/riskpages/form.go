package riskpages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// signing is the last part of the form; the others are the sections of the reference data.
const signing = "niveau"

// withPersons is the section in which the persons of concern stand.
const withPersons = "B"

// parts are the pages of the form in their order.
func parts() []string {
	var all []string
	for _, s := range reference.Items(reference.RiskSections) {
		all = append(all, s.Code)
	}
	return append(all, signing)
}

// formView is one part of the form, beside the last assessment.
type formView struct {
	caseframe.View
	Part   string
	Key    string
	Base   string // the newest assessment that the writer has seen
	Typed  draft.Fields
	Last   *db.Found[risk.Assessment]
	Newest *db.Found[risk.Assessment]
	People []casefile.Person
	Saved  time.Time
	Bad    fault.Invalid
	Newer  bool // somebody signed meanwhile
	Lowers bool
}

func (h Handler) readPart(w http.ResponseWriter, r *http.Request) (formView, error) {
	v := formView{Part: page.Param(r, "part")}
	if !slices.Contains(parts(), v.Part) {
		return v, fault.NotFound
	}
	var kept *db.Found[draft.Draft]
	var people *[]casefile.Person
	frame, err := caseframe.Read(h.DB, w, r, "risk", func(b *db.Batch) {
		kept, v.Last, v.Newest, people = draft.Load(b, risk.Form), risk.LatestOwn(b), risk.Latest(b), casefile.People(b)
	})
	if err == nil && !frame.May(actor.Write) {
		err = fault.Forbidden
	}
	if err != nil {
		return v, err
	}
	v.View, v.People, v.Typed = frame, *people, kept.Row.Fields
	if kept.OK {
		v.Saved = kept.Row.SavedAt
	}
	v.Key, v.Base = v.one("key"), v.one("base")
	if v.Key == "" {
		v.Key = uuid.NewString()
		v.Base = v.newest()
	}
	return v, nil
}

func (v formView) newest() string {
	if !v.Newest.OK {
		return ""
	}
	return v.Newest.Row.ID.String()
}

// one is a single value as it was typed.
func (v formView) one(name string) string {
	if all := v.Typed[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

func (h Handler) part(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, partPage(v))
}

// fieldsOf are the fields that a part of the form posts: only these are written over in the draft.
func fieldsOf(form *page.Form, part string) draft.Fields {
	f := draft.Fields{"key": {form.Text("key")}, "base": {form.Text("base")}}
	if part == signing {
		for _, name := range []string{"scenario", "would_change", "level", "reason"} {
			f[name] = []string{form.Text(name)}
		}
		return f
	}
	for _, x := range reference.RiskFactors(part) {
		for _, name := range []string{x.Code, "e." + x.Code, "s." + x.Code, "d." + x.Code} {
			f[name] = []string{form.Text(name)}
		}
	}
	if part == withPersons {
		f["person"] = form.Texts("person")
		for _, id := range form.Texts("around") {
			f["c."+id], f["r."+id] = []string{form.Text("c." + id)}, []string{form.Text("r." + id)}
		}
	}
	return f
}

// saveDraft keeps what has been typed in one part; the script does it while somebody writes.
func (h Handler) saveDraft(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	part := form.Text("part")
	if !slices.Contains(parts(), part) {
		return fault.NotFound
	}
	var now time.Time
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		now = tx.Now
		return keep(ctx, tx, form, part)
	})
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		return page.Done(w, r, "flash.risk.draft", link.Risk(caseframe.Ref(r)))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(r.Context(), "risk.resume.saved", i18n.Clock(r.Context(), now))))
	return nil
}

// keep writes one part into the draft; what has been signed under the same key leaves none, even if a saving comes late.
func keep(ctx context.Context, tx *db.Tx, form *page.Form, part string) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	signed, err := risk.Signed(ctx, tx, form.ID("key"))
	if err != nil || signed {
		return err
	}
	return draft.Merge(ctx, tx, risk.Form, fieldsOf(form, part))
}

func (h Handler) dropDraft(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return draft.Discard(ctx, tx, risk.Form) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.risk.dropped", link.Risk(caseframe.Ref(r)))
}

// savePart keeps one part, does what its button says, and goes on: the next part, also where the rest of this one is set to
// unknown, one answer copied forward, or the signature.
func (h Handler) savePart(w http.ResponseWriter, r *http.Request) error {
	form, part := page.ReadForm(r), page.Param(r, "part")
	at := slices.Index(parts(), part)
	if at < 0 {
		return fault.NotFound
	}
	if part == signing && form.Text("go") == "sign" {
		return h.sign(w, r, form)
	}
	ref, to := caseframe.Ref(r), link.Risk(caseframe.Ref(r))
	copied, rest := form.Text("copy"), form.Text("go") == "rest"
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := keep(ctx, tx, form, part); err != nil {
			return err
		}
		switch {
		case copied != "":
			return copyForward(ctx, tx, copied)
		case rest:
			return draft.Merge(ctx, tx, risk.Form, restUnknown(form, part))
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch {
	case copied != "":
		to = partPath(ref, part) + "#" + copied
	case form.Text("go") == "keep":
		return page.Done(w, r, "flash.risk.draft", to)
	case at+1 < len(parts()):
		to = partPath(ref, parts()[at+1])
	}
	return page.Redirect(w, r, to)
}

// copyForward takes one answer of the last assessment over into the draft.
func copyForward(ctx context.Context, tx *db.Tx, factor string) error {
	var last *db.Found[risk.Assessment]
	if err := tx.Read(ctx, func(b *db.Batch) { last = risk.LatestOwn(b) }); err != nil {
		return err
	}
	a, ok := last.Row.Answered(factor)
	if !ok {
		return nil
	}
	return draft.Merge(ctx, tx, risk.Form, draft.Fields{factor: {a.Answer}, "e." + factor: {a.Evidence}, "s." + factor: {a.Source}, "d." + factor: {i18n.FieldDate(a.Day())}})
}

// restUnknown answers what is not answered in a part with "unknown": it has been looked at, and nobody knows.
func restUnknown(form *page.Form, part string) draft.Fields {
	f := draft.Fields{}
	for _, x := range reference.RiskFactors(part) {
		if form.Text(x.Code) == "" {
			f[x.Code] = []string{"unknown"}
		}
	}
	return f
}

// input turns the draft into what is signed. A date that cannot be read is refused under its field.
func input(typed func(string) string, persons []string, now time.Time) (risk.Input, fault.Invalid) {
	bad := fault.Invalid{}
	in := risk.Input{Scenario: typed("scenario"), WouldChange: typed("would_change"), Level: typed("level"), Reason: typed("reason")}
	in.Key, _ = uuid.Parse(typed("key"))
	in.Base, _ = uuid.Parse(typed("base"))
	for _, x := range reference.RiskFactors("") {
		a := risk.Answer{Factor: x.Code, Answer: typed(x.Code), Evidence: typed("e." + x.Code), Source: typed("s." + x.Code)}
		if day := typed("d." + x.Code); day != "" {
			t, err := i18n.ParseDate(day, now)
			bad.Check("d."+x.Code, err == nil, "error.date")
			a.SeenOn = t.In(i18n.Zone).Format(time.DateOnly)
		}
		in.Answers = append(in.Answers, a)
	}
	for _, s := range persons {
		if id, err := uuid.Parse(s); err == nil {
			in.Persons = append(in.Persons, risk.Concern{PersonID: id, Concern: typed("c." + s), Reach: typed("r." + s)})
		}
	}
	return in, bad
}

// sign keeps the last part, and signs everything.
func (h Handler) sign(w http.ResponseWriter, r *http.Request, form *page.Form) error {
	steps := 0
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := keep(ctx, tx, form, signing); err != nil {
			return err
		}
		var kept *db.Found[draft.Draft]
		if err := tx.Read(ctx, func(b *db.Batch) { kept = draft.Load(b, risk.Form) }); err != nil {
			return err
		}
		v := formView{Typed: kept.Row.Fields}
		if !kept.OK { // signed already: the same form, sent twice
			v.Typed = draft.Fields{"key": {form.Text("key")}}
			if signed, err := risk.Signed(ctx, tx, form.ID("key")); err != nil || signed {
				return err
			}
		}
		in, bad := input(v.one, v.Typed["person"], tx.Now)
		in.Lower = form.Has("lower")
		if len(bad) > 0 {
			return form.With(merged(bad, in.Validate(tx.Now)))
		}
		if _, err := risk.Sign(ctx, tx, in); err != nil {
			return err
		}
		var err error
		steps, err = plan.Unlock(ctx, tx)
		return err
	})
	bad, stale, other := refused(err)
	switch {
	case other != nil:
		return other
	case bad == nil && !stale:
		page.Say(w, counted("flash.risk.signed", steps))
		return page.Redirect(w, r, link.Risk(caseframe.Ref(r)))
	}
	return h.again(w, r, form, bad, stale)
}

func merged(bad fault.Invalid, err error) error {
	_ = bad.Merge("", err) // an Invalid or nil
	return bad
}

// again shows the last part with what was typed. What the transaction kept in the draft is gone with it: it is kept anew.
func (h Handler) again(w http.ResponseWriter, r *http.Request, form *page.Form, bad fault.Invalid, stale bool) error {
	if err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return keep(ctx, tx, form, signing) }); err != nil {
		return err
	}
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	v.Page.Invalid, v.Bad, v.Newer = true, bad, stale
	v.Lowers = v.one("level") != "" && casefile.Lowers(v.Case.Severity, v.one("level"))
	if stale { // who signs again has seen what the other one signed
		v.Base = v.newest()
	}
	return page.Render(w, r, status(stale), partPage(v))
}

// last is how a factor stood in the assessment before.
func (v formView) last(factor string) (risk.Answer, bool) { return v.Last.Row.Answered(factor) }

// changed reports whether an answer differs from the last one.
func (v formView) changed(factor string) bool {
	was, ok := v.last(factor)
	return ok && v.one(factor) != "" && (v.one(factor) != was.Answer || v.one("e."+factor) != was.Evidence)
}

// unknown counts the factors of a section that are answered with "unknown": they count as answers, not as no (R8).
func (v formView) unknown(section string) int {
	n := 0
	for _, f := range reference.RiskFactors(section) {
		if v.one(f.Code) == "unknown" {
			n++
		}
	}
	return n
}

// open lists the factors of a section that are not answered, or not shown.
func (v formView) open(section string) []reference.RiskFactor {
	var list []reference.RiskFactor
	for _, f := range reference.RiskFactors(section) {
		answer := v.one(f.Code)
		there := answer == "present_now" || answer == "earlier"
		if answer == "" || there && v.one("e."+f.Code) == "" || v.Bad["d."+f.Code] != "" || v.Bad["e."+f.Code] != "" {
			list = append(list, f)
		}
	}
	return list
}

// chips lead from part to part, with how much each lacks.
func (v formView) chips(ctx context.Context) []ui.Chip {
	var all []ui.Chip
	for _, p := range parts() {
		c := ui.Chip{Text: partName(ctx, p), Href: partPath(v.Case.Ref, p), Current: p == v.Part}
		if p != signing && !v.Saved.IsZero() {
			c.Count = len(v.open(p))
		}
		all = append(all, c)
	}
	return all
}

func partName(ctx context.Context, part string) string {
	if part == signing {
		return i18n.T(ctx, "risk.part.sign")
	}
	return reference.Name(ctx, reference.RiskSections, part)
}

func (v formView) ticked(id uuid.UUID) bool { return slices.Contains(v.Typed["person"], id.String()) }

// localErrors are those that stand on the last part; those of the factors are a list with links of its own.
func (v formView) localErrors() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"", "scenario", "would_change", "level", "reason", "lower"} {
		if v.Bad[name] != "" {
			out[name] = v.Bad[name]
		}
	}
	return out
}

func answers(ctx context.Context) []ui.Option { return ui.Listed(ctx, reference.RiskAnswers) }

func levels(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, l := range reference.SeverityLevels() {
		o := ui.Option{Value: l.Code, Label: l.Name(ctx)}
		if i18n.Lang(ctx) == "da" {
			o.Hint = l.MeaningDA
		}
		all = append(all, o)
	}
	return all
}

// saved says when the draft was kept last.
func (v formView) saved(ctx context.Context) string {
	if v.Saved.IsZero() {
		return ""
	}
	return i18n.T(ctx, "risk.resume.saved", i18n.DateTime(ctx, v.Saved, v.Now))
}
