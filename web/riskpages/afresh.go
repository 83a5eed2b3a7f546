package riskpages

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/risk"
	"samspil/web/page"
)

// signedFields are the values of the form that a signed assessment came of.
func signedFields(a risk.Assessment) draft.Fields {
	f := draft.Fields{"scenario": {a.Scenario}, "would_change": {a.WouldChange}, "level": {a.Level}, "reason": {a.Reason}}
	for _, x := range a.Answers {
		f[x.Factor], f["e."+x.Factor], f["s."+x.Factor], f["d."+x.Factor] = []string{x.Answer}, []string{x.Evidence}, []string{x.Source}, []string{i18n.FieldDate(x.Day())}
	}
	for _, p := range a.Persons {
		id := p.PersonID.String()
		f["person"], f["c."+id], f["r."+id] = append(f["person"], id), []string{p.Concern}, []string{p.Reach}
	}
	return f
}

// says reports whether a part of the form says what has been signed.
func says(a risk.Assessment, form *page.Form, part string, now time.Time) bool {
	was := signedFields(a)
	for name, typed := range fieldsOf(form, part) {
		switch {
		case name == "key" || name == "base":
		case name == "person":
			if len(typed) != len(was[name]) || slices.ContainsFunc(typed, func(id string) bool { return !slices.Contains(was[name], id) }) {
				return false
			}
		case strings.Join(typed, "") == strings.Join(was[name], ""):
		case strings.HasPrefix(name, "d."): // a day is written in many ways
			day, err := i18n.ParsePast(strings.Join(typed, ""), now)
			if err != nil || i18n.FieldDate(day) != strings.Join(was[name], "") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// keepOrBegin keeps a part of the form. One that was signed and then changed after "Back" begins a draft of its own.
func keepOrBegin(ctx context.Context, tx *db.Tx, form *page.Form, part string) error {
	err := keep(ctx, tx, form, part)
	if !errors.Is(err, fault.Stale) {
		return err
	}
	was, err := risk.SignedAs(ctx, tx, form.ID("key"))
	if err != nil {
		return err
	}
	return begin(ctx, tx, form, part, was.Row)
}

// begin writes a part of the form into a draft that stands on the assessment that was signed with the same form. Where the
// writer has begun another one meanwhile, what was typed last is taken over into it.
func begin(ctx context.Context, tx *db.Tx, form *page.Form, part string, signed risk.Assessment) error {
	var kept *db.Found[draft.Draft]
	var newest *db.Found[risk.Assessment]
	if err := tx.Read(ctx, func(b *db.Batch) { kept, newest = draft.Load(b, risk.Form), risk.Latest(b) }); err != nil {
		return err
	}
	f := draft.Fields{}
	if !kept.OK {
		f = signedFields(signed)
		f["key"], f["base"] = []string{uuid.NewString()}, []string{newest.Row.ID.String()}
	}
	for name, typed := range fieldsOf(form, part) {
		if name != "key" && name != "base" {
			f[name] = typed
		}
	}
	return draft.Merge(ctx, tx, risk.Form, f)
}
