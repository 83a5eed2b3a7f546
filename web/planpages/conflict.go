package planpages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// conflictView shows what two people wrote at the same time, side by side (R13). Nothing has been saved over
// anything: the reader chooses.
type conflictView struct {
	caseframe.View
	URL     string            // where the reader's own version is posted again
	Fields  map[string]string // the reader's version, against the current one
	Rows    []conflictRow
	Other   string // first name of who saved in between; empty where nobody knows
	When    string
	Back    string // the plan, as the other left it
	CanEdit bool   // there is a form in which the reader's version can be changed first
}

// conflictRow is one field in both versions.
type conflictRow struct {
	Label, Mine, Theirs string
	PII                 bool
}

// Differs reports whether the two do not say the same.
func (r conflictRow) Differs() bool { return r.Mine != r.Theirs }

func (h Handler) conflict(w http.ResponseWriter, r *http.Request, in stepForm) error {
	d, s, err := h.readStep(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	theirs := formOf(ctx, s)
	sv := d.stepView(w, r, s)
	people := append(d.people(ctx, sv.View, in), d.people(ctx, sv.View, theirs)...)
	who := func(value string) string {
		for _, o := range people {
			if o.Value == value {
				return o.Label
			}
		}
		return ""
	}
	phase := func(id string) string {
		for _, o := range phaseOptions(*d.phases) {
			if o.Value == id {
				return o.Label
			}
		}
		return ""
	}
	partnerType := func(code string) string {
		if code == "" {
			return i18n.T(ctx, "plan.partner_type.none")
		}
		return partnerview.TypeName(ctx, code)
	}
	v := conflictView{
		View: sv.View, URL: link.Step(caseframe.Ref(r), s.ID), Back: formLook(r).href(caseframe.Ref(r)), CanEdit: true,
		Fields: map[string]string{"version": strconv.Itoa(s.Version), "title": in.Title, "detail": in.Detail, "responsible": in.Responsible, "due": in.Due, "time": in.Time,
			"phase": in.Phase, "partner_type": in.PartnerType, "v": formLook(r).query()},
		Rows: []conflictRow{
			{Label: "plan.field.title", Mine: in.Title, Theirs: theirs.Title},
			{Label: "plan.field.detail", Mine: in.Detail, Theirs: theirs.Detail, PII: true},
			{Label: "plan.field.responsible", Mine: who(in.Responsible), Theirs: who(theirs.Responsible)},
			{Label: "plan.field.due", Mine: strings.TrimSpace(in.Due + " " + in.Time), Theirs: strings.TrimSpace(theirs.Due + " " + theirs.Time)},
			{Label: "plan.field.phase", Mine: phase(in.Phase), Theirs: phase(theirs.Phase)},
			{Label: "plan.field.partner_type", Mine: partnerType(in.PartnerType), Theirs: partnerType(theirs.PartnerType)},
		},
	}
	in.ruleForm.fields(v.Fields)
	ruleRows(ctx, &v, sv, in, theirs)
	if in.NamesOK {
		v.Fields["names_ok"] = "1"
	}
	if !s.Open() { // done or left out meanwhile: that is the difference, and there is nothing left to write
		v.Rows = append(v.Rows, conflictRow{Label: "plan.field.status", Mine: "–", Theirs: i18n.T(ctx, "ui.status."+kind(s, d.now))})
	}
	v.by(ctx, d)
	return page.Render(w, r, http.StatusConflict, conflictPage(v))
}

// ruleRows are the two versions of how the step is scheduled, where they differ: few steps are scheduled by more than a day.
func ruleRows(ctx context.Context, v *conflictView, sv stepView, mine, theirs stepForm) {
	label := func(options []ui.Option, value string) string {
		for _, o := range options {
			if o.Value == value {
				return o.Label
			}
		}
		return ""
	}
	day := func(in stepForm) string {
		if in.Event == "" {
			return ""
		}
		return in.Offset + " " + label(unitOptions(ctx), in.Unit) + " " + label(sv.events(ctx), in.Event)
	}
	waits := func(in stepForm) string {
		sv.In = in
		var list []string
		for _, w := range in.Waits {
			list = append(list, label(sv.waitsOptions(ctx), w))
		}
		return strings.Join(list, "; ")
	}
	law := func(in stepForm) string {
		sv.In = in
		return label(sv.deadlineOptions(ctx), in.Deadline)
	}
	every := func(in stepForm) string {
		if in.Every == "" {
			return ""
		}
		return strings.TrimSpace(in.Every + " " + i18n.T(ctx, "plan.every."+in.EveryUnit) + " " + in.Until)
	}
	for _, r := range []conflictRow{{Label: "plan.field.follows", Mine: day(mine), Theirs: day(theirs)}, {Label: "plan.field.waits", Mine: waits(mine), Theirs: waits(theirs)},
		{Label: "plan.field.rule", Mine: every(mine), Theirs: every(theirs)}, {Label: "plan.field.deadline", Mine: law(mine), Theirs: law(theirs)}} {
		if r.Differs() {
			v.Rows = append(v.Rows, r)
		}
	}
}

// by names who saved in between.
func (v *conflictView) by(ctx context.Context, d stepData) {
	if d.last != nil && d.last.OK {
		v.Other, _, _ = strings.Cut(d.last.Row.Actor, " ")
		v.When = i18n.DateTime(ctx, d.last.Row.At, d.now)
	}
}
