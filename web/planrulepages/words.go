package planrulepages

import (
	"context"
	"slices"
	"strings"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/planrule"
	"samspil/internal/reference"
	"samspil/web/ui"
)

// words say when a rule asks, whom and within how long, as one would say it.
func words(ctx context.Context, in planrule.Input) string {
	c := in.Condition
	var parts []string
	add := func(key string, args ...any) { parts = append(parts, i18n.T(ctx, "planrule.words."+key, args...)) }
	level := func(code string) string { return strings.ToLower(i18n.T(ctx, "ui.severity."+code)) }
	switch {
	case c.Level != "" && c.LevelTo == c.Level:
		add("level_is", level(c.Level))
	case c.Level != "" && c.LevelTo != "":
		add("level_between", level(c.Level), level(c.LevelTo))
	case c.Level != "":
		add("level", level(c.Level))
	case c.LevelTo != "":
		add("level_to", level(c.LevelTo))
	}
	if c.AgeTo > 0 {
		add("age", c.AgeFrom, c.AgeTo)
	}
	if len(c.Signs) > 0 {
		add("signs", names(ctx, c.Signs, func(code string) string { s, _ := reference.SignByCode(code); return s.Name(ctx) }))
	}
	if len(c.Factors) > 0 {
		add("factors", names(ctx, c.Factors, func(code string) string { return factorName(ctx, code) }))
	}
	if c.Event != "" {
		add("event", reference.Name(ctx, reference.EventTriggers, c.Event))
	}
	if c.Deadline != "" {
		d, _ := reference.DeadlineByCode(c.Deadline)
		add("deadline", d.Name(ctx))
	}
	if len(c.Phases) > 0 {
		add("phases", names(ctx, c.Phases, func(code string) string { return reference.Name(ctx, reference.Phases, code) }))
	}
	who := names(ctx, in.PartnerTypes, func(code string) string { return reference.Name(ctx, reference.PartnerTypes, code) })
	text := i18n.T(ctx, "planrule.words.if", strings.Join(parts, i18n.T(ctx, "planrule.words.and")), who, within(ctx, in))
	if in.Area == "child" || in.Area == "adult" {
		text += " " + i18n.T(ctx, "planrule.words."+in.Area)
	}
	return text
}

// within is "24 timer".
func within(ctx context.Context, in planrule.Input) string {
	return i18n.N(ctx, "planrule.within."+string(in.Unit), in.Length)
}

// names are the names of some codes with an "or" between.
func names(ctx context.Context, codes []string, name func(string) string) string {
	var out []string
	for _, code := range codes {
		out = append(out, "”"+name(code)+"”")
	}
	return strings.Join(out, i18n.T(ctx, "planrule.words.or"))
}

func factorName(ctx context.Context, code string) string {
	for _, f := range reference.RiskFactors("") {
		if f.Code == code {
			return f.Name(ctx)
		}
	}
	return code
}

func state(ctx context.Context, active bool) string {
	if active {
		return i18n.T(ctx, "planrule.active.yes")
	}
	return i18n.T(ctx, "planrule.active.no")
}

// standing says what kind of rule it is: the law's, with the paragraph, or a proposal, which is not law.
func standing(ctx context.Context, in planrule.Input) string {
	if in.Certainty == "sourced" {
		return i18n.T(ctx, "planrule.law.says", in.Law)
	}
	return i18n.T(ctx, "planrule.proposal")
}

// by says from whom a version is.
func by(ctx context.Context, r planrule.Rule, now time.Time) string {
	if r.ChangedBy == "" {
		return i18n.T(ctx, "planrule.house")
	}
	return i18n.T(ctx, "planrule.changed", r.ChangedBy, i18n.Date(ctx, r.ChangedAt, now))
}

// ofRule are the numbers of one rule.
func ofRule(all []planrule.Use, code string) []planrule.Use {
	var list []planrule.Use
	for _, u := range all {
		if u.Code == code {
			list = append(list, u)
		}
	}
	return list
}

// quarter is what came of a rule in three months.
type quarter struct {
	At               time.Time
	Drawn, Dismissed string
	Why              []string // "Opgaven er dækket på en anden måde: 10"
}

// quarters gathers the numbers by quarter, the newest first. What is not there was fewer than five, which may be none.
func quarters(ctx context.Context, uses []planrule.Use) []quarter {
	var list []quarter
	few := i18n.T(ctx, "planrule.use.few")
	for _, u := range uses {
		if len(list) == 0 || !list[len(list)-1].At.Equal(u.Quarter) {
			list = append(list, quarter{At: u.Quarter, Drawn: few, Dismissed: few})
		}
		q := &list[len(list)-1]
		n := few
		if u.Times != nil {
			n = i18n.Number(ctx, *u.Times)
		}
		switch u.Reason {
		case "":
			q.Drawn = n
		case "dismissed":
			q.Dismissed = n
		default:
			q.Why = append(q.Why, i18n.T(ctx, "plan.dismiss.code."+u.Reason)+": "+n)
		}
	}
	return list
}

// quarterName is "3. kvt. 2026".
func quarterName(ctx context.Context, q time.Time) string {
	return i18n.T(ctx, "planrule.quarter", (int(q.Month())+2)/3, q.Year())
}

// latest says of a rule, in one sentence, whether anybody follows it.
func latest(ctx context.Context, uses []planrule.Use) string {
	if list := quarters(ctx, uses); len(list) > 0 {
		return i18n.T(ctx, "planrule.use.latest", quarterName(ctx, list[0].At), list[0].Drawn, list[0].Dismissed)
	}
	return i18n.T(ctx, "planrule.use.none")
}

// levelOptions are the levels, with none first.
func levelOptions(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "planrule.level.any"), ui.Listed(ctx, reference.Severities))
}

func deadlineOptions(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, d := range reference.Deadlines() {
		list = append(list, ui.Option{Value: d.Code, Label: d.Name(ctx)})
	}
	return ui.OrNone(i18n.T(ctx, "planrule.none"), list)
}

func factorOptions(ctx context.Context, section string) []ui.Option {
	var list []ui.Option
	for _, f := range reference.RiskFactors(section) {
		list = append(list, ui.Option{Value: f.Code, Label: f.Name(ctx)})
	}
	return list
}

func signOptions(ctx context.Context, group string) []ui.Option {
	var list []ui.Option
	for _, s := range reference.Signs("") {
		if s.Group == group {
			list = append(list, ui.Option{Value: s.Code, Label: s.Name(ctx)})
		}
	}
	return list
}

func units() []string {
	var list []string
	for _, u := range planrule.Units {
		list = append(list, string(u))
	}
	return list
}

// also is the other partner type that is enough.
func also(in planrule.Input) string {
	if len(in.PartnerTypes) < 2 {
		return ""
	}
	return in.PartnerTypes[1]
}

func chosen(codes []string, code string) bool { return slices.Contains(codes, code) }

func title(ctx context.Context, v ruleView) string {
	if v.Code == "" {
		return i18n.T(ctx, "planrule.new")
	}
	return v.History[0].Name(ctx)
}
