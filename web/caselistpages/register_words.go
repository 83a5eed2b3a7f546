package caselistpages

import (
	"context"
	"strconv"

	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/web/link"
	"samspil/web/ui"
)

// stepNames are the steps of a registration, the search first.
func stepNames(ctx context.Context) []string {
	names := []string{i18n.T(ctx, "register.step.search")}
	for _, s := range steps {
		names = append(names, i18n.T(ctx, "register.step."+s.slug))
	}
	return names
}

func startURL(v startView) string {
	if v.ID == "" {
		return link.NewCase
	}
	return link.Registration(v.ID)
}

// goOn is the way on from the search.
func goOn(ctx context.Context, v startView) string {
	if len(v.Cases) > 0 {
		return i18n.T(ctx, "register.none_of_them")
	}
	return i18n.T(ctx, "register.go_on")
}

func origins(ctx context.Context) []ui.Option {
	options := ui.OrNone(i18n.T(ctx, "register.choose"), ui.Listed(ctx, reference.Origins))
	return append(options, ui.Option{Value: casefile.OriginOther, Label: i18n.T(ctx, "register.origin.other")})
}

// certainties leave out what no new case can be: ruled out.
func severities(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: i18n.T(ctx, "register.severity.later"), Hint: i18n.T(ctx, "register.severity.later.hint")}}, ui.Listed(ctx, reference.Severities)...)
}

func secrecies(ctx context.Context) []ui.Option {
	return ui.Options(ctx, "register.level.", []string{"1", "2", "0"})
}

func teams(ctx context.Context, list []casefile.OwnTeam) []ui.Option {
	var options []ui.Option
	for _, t := range list {
		options = append(options, ui.Option{Value: t.ID.String(), Label: t.Name, Hint: i18n.T(ctx, "caselist.area."+t.Area)})
	}
	return options
}

// teamName is the team whose case it becomes, with its area: the area follows the team.
func (v formView) teamName(ctx context.Context) string {
	id := v.answer("team")
	for _, t := range v.Teams {
		if t.ID.String() == id {
			return t.Name + ", " + i18n.T(ctx, "caselist.area."+t.Area)
		}
	}
	return ""
}

// problems are what is wrong in a step, each with the way to where it is put right.
func (v formView) problems(ctx context.Context, s step) []ui.Answer {
	var list []ui.Answer
	bad := v.check(s)
	add := func(field string) {
		if key, refused := bad[field]; refused {
			list = append(list, ui.Answer{Label: i18n.T(ctx, key), ChangeHref: link.RegistrationStep(v.ID, s.slug) + "#" + field})
		}
	}
	there := v
	there.Step = s
	for _, field := range there.order() {
		add(field)
	}
	return list
}

// answers are the answers of a step, for the last look.
func (v formView) answers(ctx context.Context, s step) []ui.Answer {
	var list []ui.Answer
	add := func(field, value string) {
		list = append(list, ui.Answer{Label: i18n.T(ctx, looks[field].Label), Value: value, PII: looks[field].PII})
	}
	name := func(kind reference.Kind, code string) string {
		if code == "" {
			return ""
		}
		return reference.Name(ctx, kind, code)
	}
	switch s.slug {
	case "borgeren":
		c, _ := v.citizen()
		if c.Anonymous {
			add("name", i18n.T(ctx, "caselist.anonymous"))
		} else {
			add("name", c.Name)
		}
		calling := c.CallingName
		if calling == "" {
			calling = casefile.CallingName(c.Name)
		}
		add("calling_name", calling)
		add("cpr", c.CPR)
		if cpr, ok := keys.ParseCPR(c.CPR); ok { // a wrong digit shows in the age
			add("born", i18n.LongDate(ctx, cpr.Born)+", "+i18n.N(ctx, "caselist.age", i18n.Age(cpr.Born, v.Now)))
		} else {
			add("born", v.answer("born"))
		}
		add("policy", name(reference.ContactPolicies, c.Policy))
		add("channel", c.Channel)
		add("hours", c.Hours)
		add("never", c.Never)
		add("cover", c.Cover)
		list = append(list, ui.Answer{Label: i18n.T(ctx, "register.part.protection"), Value: v.protection(ctx, c)})
	case "netvaerket":
		for i, a := range v.around() {
			if !a.Blank() {
				list = append(list, ui.Answer{Label: i18n.T(ctx, "register.around.n", i+1), Value: v.aroundLine(ctx, a), PII: true})
			}
		}
		if len(list) == 0 {
			list = append(list, ui.Answer{Label: i18n.T(ctx, "register.step.netvaerket"), Value: i18n.T(ctx, "register.around.none")})
		}
	case "sagen":
		m := v.matter()
		add("situation", m.Situation)
		origin := name(reference.Origins, m.Origin)
		if m.Origin == casefile.OriginOther {
			origin = i18n.T(ctx, "register.origin.other")
		}
		add("origin", origin)
		add("certainty", name(reference.Certainties, m.Certainty))
		if m.Severity == "" {
			add("severity", i18n.T(ctx, "register.severity.later"))
		} else {
			add("severity", name(reference.Severities, m.Severity))
			add("severity_reason", m.SeverityReason)
		}
	case "adgangen":
		p, _ := v.access()
		add("team", v.teamName(ctx))
		if c, ok := v.colleague(p.Responsible); ok {
			add("responsible", c.Name)
		}
		co := v.names(p.CoResponsible)
		if co == "" {
			co = i18n.T(ctx, "register.co.none")
		}
		add("co", co)
		switch {
		case len(p.Exclude) > 0:
			add("excluding", v.names(p.Exclude))
		case p.Nobody:
			add("excluding", i18n.T(ctx, "register.excluding.none"))
		default:
			add("excluding", "")
		}
		add("level", i18n.T(ctx, "register.level."+strconv.Itoa(int(p.Confidentiality))))
	}
	return list
}

func (v formView) protection(ctx context.Context, c casefile.NewCitizen) string {
	text := ""
	if c.NameAddressProtection {
		text = i18n.T(ctx, "register.protected")
		if !c.NameAddressUntil.IsZero() {
			text += " " + i18n.T(ctx, "register.protected.until", i18n.FieldDate(c.NameAddressUntil))
		}
	}
	if c.SpecialAddressProtection {
		if text != "" {
			text += ". "
		}
		text += i18n.T(ctx, "register.special")
	}
	if text == "" {
		return i18n.T(ctx, "register.protection.none")
	}
	return text
}

func (v formView) aroundLine(ctx context.Context, a casefile.Around) string {
	text := a.Name
	for _, more := range []string{a.Relation, i18n.T(ctx, "register.role."+a.ConflictRole), i18n.T(ctx, "register.know.line."+a.MayKnow), a.CPR} {
		if more == "" {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += more
	}
	return text
}
