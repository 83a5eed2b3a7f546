package templatepages

import (
	"context"
	"strconv"
	"strings"

	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/deadlineview"
	"samspil/web/ui"
)

// say is what is wrong, with the words and numbers that stand behind the key.
func say(ctx context.Context, key string) string {
	name, rest, has := strings.Cut(key, ":")
	if !has {
		return i18n.T(ctx, name)
	}
	var args []any
	for word := range strings.SplitSeq(rest, ":") {
		args = append(args, word)
	}
	return i18n.T(ctx, name, args...)
}

// lead is "Børn og unge · 5 faser · 14 trin".
func lead(ctx context.Context, t reference.Template) string {
	return i18n.T(ctx, "template.area."+t.Area) + " · " + i18n.N(ctx, "template.phases", len(t.Phases)) + " · " + i18n.N(ctx, "template.steps", t.Steps())
}

// versionName is "Version 2", "Samspils forslag (0.1)", or the draft.
func versionName(ctx context.Context, v template.Version) string {
	switch {
	case v.Label == "":
		return i18n.T(ctx, "template.draft")
	case v.House:
		return i18n.T(ctx, "template.house", v.Label)
	}
	return i18n.T(ctx, "template.version", v.Label)
}

// dueText is how long after the start of the plan a step is due: "4 timer", or that it has no time.
func dueText(ctx context.Context, o *reference.Offset) string {
	if o == nil {
		return i18n.T(ctx, "template.no_time")
	}
	return i18n.N(ctx, "template.due."+o.Unit, o.Offset)
}

func partners(ctx context.Context, codes []string) string {
	var names []string
	for _, c := range codes {
		names = append(names, reference.Name(ctx, reference.PartnerTypes, c))
	}
	return strings.Join(names, ", ")
}

func deadlineName(ctx context.Context, code string) string {
	if d, ok := reference.DeadlineByCode(code); ok {
		return d.Name(ctx)
	}
	return code
}

func title(ctx context.Context, s reference.Step) string {
	return reference.Item{DA: s.TitleDA, EN: s.TitleEN}.Name(ctx)
}

func phaseName(ctx context.Context, p reference.Phase) string {
	return reference.Item{DA: p.DA, EN: p.EN}.Name(ctx)
}

// stepLine is what stands below a step's title: role, partners, time.
func stepLine(ctx context.Context, p reference.Phase, s reference.Step) string {
	parts := []string{reference.Name(ctx, reference.Roles, s.Role)}
	if len(s.PartnerTypes) > 0 {
		parts = append(parts, partners(ctx, s.PartnerTypes))
	}
	due := dueText(ctx, s.Due)
	if s.Due != nil && p.Conditional() {
		due += " " + i18n.T(ctx, "template.from_event")
	}
	parts = append(parts, due)
	if s.RepeatDays > 0 {
		parts = append(parts, i18n.N(ctx, "template.repeat", s.RepeatDays))
	}
	return strings.Join(parts, " · ")
}

// mark is how sure anybody is of a step, in words.
func mark(ctx context.Context, s reference.Step) (text, tone string) {
	return deadlineview.Mark(ctx, s.Mark())
}

// fieldText is what a step says in one field.
func fieldText(ctx context.Context, s reference.Step, phase, field string) string {
	text := map[string]string{
		"title_da": s.TitleDA, "title_en": s.TitleEN, "role": reference.Name(ctx, reference.Roles, s.Role), "partner_types": partners(ctx, s.PartnerTypes),
		"due": dueText(ctx, s.Due), "purpose_da": s.PurposeDA, "law": s.Law, "phase": phase,
	}[field]
	switch field {
	case "deadline_code":
		if s.DeadlineCode != "" {
			text = deadlineName(ctx, s.DeadlineCode)
		}
	case "repeat_days":
		if s.RepeatDays > 0 {
			text = i18n.N(ctx, "template.repeat", s.RepeatDays)
		}
	case "mandatory":
		text = yesNo(ctx, s.Mandatory)
	case "requires_gate":
		text = yesNo(ctx, s.RequiresGate != "")
	case "certainty":
		text, _ = mark(ctx, s)
	}
	if text == "" {
		return i18n.T(ctx, "template.nothing")
	}
	return text
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return i18n.T(ctx, "template.yes")
	}
	return i18n.T(ctx, "template.no")
}

// line is one thing that is said in a version, with its label.
type line struct{ Label, Text string }

// row is a difference as a table shows it.
type row struct {
	template.Difference
	Subject  string
	Was, Now []line
}

// rows are differences in words.
func rows(ctx context.Context, list []template.Difference) []row {
	var out []row
	for _, d := range list {
		out = append(out, rowOf(ctx, d))
	}
	return out
}

func rowOf(ctx context.Context, d template.Difference) row {
	r := row{Difference: d}
	switch d.What {
	case "about":
		r.Subject = i18n.T(ctx, "template.about")
		for _, f := range d.Fields {
			label := i18n.T(ctx, "template.field."+f)
			r.Was, r.Now = append(r.Was, line{label, aboutText(ctx, d.AboutWas, f)}), append(r.Now, line{label, aboutText(ctx, d.AboutNow, f)})
		}
	case "phase":
		was, now := reference.Item{DA: d.PhaseWas, EN: d.EnglishWas}, reference.Item{DA: d.PhaseNow, EN: d.EnglishNow}
		r.Subject = i18n.T(ctx, "template.phase", now.Name(ctx))
		if d.Kind == template.Removed {
			r.Subject = i18n.T(ctx, "template.phase", was.Name(ctx))
		}
		if d.Kind != template.Added {
			r.Was = []line{{"", was.DA + " / " + was.EN}}
		}
		if d.Kind != template.Removed {
			r.Now = []line{{"", now.DA + " / " + now.EN}}
		}
	case "step":
		r.Subject = title(ctx, d.Now)
		fields := d.Fields
		switch d.Kind {
		case template.Removed:
			r.Subject = title(ctx, d.Was)
			fields = []string{"phase", "role", "due"}
		case template.Added:
			fields = []string{"phase", "role", "partner_types", "due"}
		case template.Moved:
			r.Was, r.Now = []line{{"", d.PhaseWas}}, []line{{"", i18n.T(ctx, "template.moved")}}
		}
		for _, f := range fields {
			label := i18n.T(ctx, "template.field."+f)
			if d.Kind != template.Added {
				r.Was = append(r.Was, line{label, fieldText(ctx, d.Was, d.PhaseWas, f)})
			}
			if d.Kind != template.Removed {
				r.Now = append(r.Now, line{label, fieldText(ctx, d.Now, d.PhaseNow, f)})
			}
		}
	}
	return r
}

func aboutText(ctx context.Context, t reference.Template, field string) string {
	switch field {
	case "da":
		return t.DA
	case "en":
		return t.EN
	case "area":
		return i18n.T(ctx, "template.area."+t.Area)
	}
	return reference.Name(ctx, reference.Severities, t.Level)
}

// kindTone is the colour of the word that says what has become of a thing.
func kindTone(k template.Kind) string {
	return map[template.Kind]string{template.Added: "green", template.Removed: "red", template.Changed: "blue"}[k]
}

func roleOptions(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "template.choose"), ui.Listed(ctx, reference.Roles))
}

func deadlineOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "template.none")}}
	for _, d := range reference.Deadlines() {
		label := d.Name(ctx)
		if d.Basis != "" {
			label += " (" + d.Basis + ")"
		}
		options = append(options, ui.Option{Value: d.Code, Label: label})
	}
	return options
}

func markOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "template.certainty.own")}}
	for _, m := range template.Marks {
		options = append(options, ui.Option{Value: m, Label: i18n.T(ctx, "template.certainty."+m)})
	}
	return options
}

func phaseOptions(ctx context.Context, t reference.Template) []ui.Option {
	var options []ui.Option
	for i, p := range t.Phases {
		options = append(options, ui.Option{Value: p.Code, Label: strconv.Itoa(i+1) + ". " + phaseName(ctx, p)})
	}
	return options
}
