package riskpages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
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
	// Changed says that the form had been signed already and came again with something else in it.
	Changed bool
	Lowers  bool
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

// lowers reports whether the level that was chosen is lower than the case's.
func (v formView) lowers() bool {
	return v.one("level") != "" && casefile.Lowers(v.Case.Severity, v.one("level"))
}

func (h Handler) part(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPart(w, r)
	if err != nil {
		return err
	}
	if v.Part != signing && r.URL.Query().Has("tjek") { // from the list of what keeps it from being signed
		v.Bad = v.wrong(true)
	}
	return page.Render(w, r, http.StatusOK, partPage(v))
}

// wrong is what cannot be signed as it stands in this part; an answer that is missing counts only when all of it is looked at.
func (v formView) wrong(blanks bool) fault.Invalid {
	in, all := input(v.one, v.Typed["person"], v.Now)
	_ = all.Merge("", in.Validate(v.Now)) // an Invalid or nil
	bad := fault.Invalid{}
	for _, f := range reference.RiskFactors(v.Part) {
		for _, name := range []string{f.Code, "e." + f.Code, "s." + f.Code, "d." + f.Code} {
			bad.Check(name, all[name] == "" || name == f.Code && !blanks, all[name])
		}
	}
	if v.Part == withPersons {
		for _, p := range v.People {
			bad.Check("c."+p.ID.String(), all["c."+p.ID.String()] == "", all["c."+p.ID.String()])
		}
	}
	return bad
}

// order are the fields of the part as they stand on the page.
func (v formView) order() []string {
	names := []string{"scenario", "level", "reason", "lower"}
	for _, f := range reference.RiskFactors(v.Part) {
		names = append(names, f.Code, "e."+f.Code, "s."+f.Code, "d."+f.Code)
	}
	for _, p := range v.People {
		names = append(names, "c."+p.ID.String())
	}
	return names
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

// localErrors are those that stand on this part. On the last one those of the factors are a list with links of its own.
func (v formView) localErrors() map[string]string {
	if v.Part != signing {
		return v.Bad
	}
	out := map[string]string{}
	for _, name := range []string{"", "scenario", "would_change", "level", "reason", "lower"} {
		if v.Bad[name] != "" {
			out[name] = v.Bad[name]
		}
	}
	return out
}

func answers(ctx context.Context) []ui.Option { return ui.Listed(ctx, reference.RiskAnswers) }

// saved says when the draft was kept last.
func (v formView) saved(ctx context.Context) string {
	if v.Saved.IsZero() {
		return ""
	}
	return i18n.T(ctx, "risk.resume.saved", i18n.DateTime(ctx, v.Saved, v.Now))
}

// described leads from a field to its message, where there is one.
func described(v formView, name string) templ.Attributes {
	if v.Bad[name] == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": name + "-error"}
}
