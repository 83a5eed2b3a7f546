package caselistpages

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/ui"
)

// firstRows is how many people around the citizen the form has room for at first, moreRows how many more one asks for.
const (
	firstRows = 4
	moreRows  = 4
)

var (
	aroundFields = []string{"name", "relation", "role", "know", "cpr"}
	aroundField  = regexp.MustCompile(`^p\d{1,2}-(name|relation|role|know|cpr)$`)
)

// rows is how many people the form has room for.
func rows(a casefile.Answers) int {
	n, _ := strconv.Atoi(a.Get("rows"))
	return min(max(n, firstRows), casefile.MaxAround)
}

// answer is what was answered, or what the form suggests.
func (v formView) answer(field string) string {
	if _, given := v.A[field]; given {
		return v.A.Get(field)
	}
	switch field {
	case "policy":
		return "none_written"
	case "certainty":
		return "concern"
	case "level":
		return strconv.Itoa(int(casefile.Restricted))
	case "responsible":
		return v.Who.UserID.String()
	case "team":
		return v.Who.TeamID.String()
	}
	return ""
}

func (v formView) citizen() (casefile.NewCitizen, fault.Invalid) {
	bad := fault.Invalid{}
	c := casefile.NewCitizen{
		Anonymous: v.A.Has("anonymous"), Name: v.answer("name"), CallingName: v.answer("calling_name"), CPR: v.answer("cpr"),
		NameAddressProtection: v.A.Has("protected"), SpecialAddressProtection: v.A.Has("special"),
		SafeContact: casefile.SafeContact{Policy: v.answer("policy"), Channel: v.answer("channel"), Hours: v.answer("hours"), Never: v.answer("never"), Cover: v.answer("cover")},
	}
	if text := v.answer("born"); text != "" {
		born, err := i18n.ParseBirthday(text)
		bad.Check("born", err == nil, "register.born.form")
		c.Born = born
	}
	if text := v.answer("until"); text != "" {
		until, err := i18n.ParseDate(text, v.Now)
		bad.Check("until", err == nil, "error.date")
		c.NameAddressUntil = until
	}
	return c, bad
}

func (v formView) around() []casefile.Around {
	people := make([]casefile.Around, rows(v.A))
	for i := range people {
		get := func(field string) string { return v.A.Get(casefile.AroundField(i, field)) }
		people[i] = casefile.Around{Name: get("name"), Relation: get("relation"), ConflictRole: get("role"), MayKnow: get("know"), CPR: get("cpr")}
		if people[i].ConflictRole == "" {
			people[i].ConflictRole = "unknown"
		}
		if people[i].MayKnow == "" {
			people[i].MayKnow = "unknown"
		}
	}
	return people
}

func (v formView) matter() casefile.Matter {
	return casefile.Matter{Situation: v.answer("situation"), Origin: v.answer("origin"), Certainty: v.answer("certainty"), Severity: v.answer("severity"), SeverityReason: v.answer("severity_reason")}
}

// access is who works on the case and who must not know. A caseworker registers for themselves.
func (v formView) access() (casefile.AccessPlan, fault.Invalid) {
	bad := fault.Invalid{}
	id := func(field string) uuid.UUID {
		id, _ := uuid.Parse(v.answer(field))
		return id
	}
	p := casefile.AccessPlan{TeamID: id("team"), Responsible: id("responsible"), CoResponsible: v.ids("co"), Exclude: v.ids("exclude"), Nobody: v.answer("excluding") == "none", Confidentiality: -1}
	if v.Who.Role != actor.TeamLead {
		p.Responsible = v.Who.UserID
	}
	bad.Check("team", slices.ContainsFunc(v.Teams, func(t casefile.OwnTeam) bool { return t.ID == p.TeamID }), "register.team.missing")
	if c, ok := v.colleague(p.Responsible); ok && p.Responsible != v.Who.UserID {
		bad.Check("responsible", slices.Contains(c.Teams, p.TeamID), "register.responsible.team")
	}
	if n, err := strconv.Atoi(v.answer("level")); err == nil {
		p.Confidentiality = casefile.Confidentiality(n)
	}
	// "these colleagues" without any of them is no answer
	bad.Check("excluding", v.answer("excluding") != "some" || len(p.Exclude) > 0, "register.exclude.whom")
	bad.Check("excluding", v.answer("excluding") != "", "register.exclude.missing")
	return p, bad
}

// ids are the chosen colleagues; somebody who has left meanwhile falls away.
func (v formView) ids(field string) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, text := range v.A[field] {
		id, err := uuid.Parse(text)
		if _, known := v.colleague(id); err == nil && known && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// check is what is wrong with the answers of a step.
func (v formView) check(s step) fault.Invalid {
	bad := fault.Invalid{}
	var err error
	switch s.slug {
	case "borgeren":
		var c casefile.NewCitizen
		c, bad = v.citizen()
		err = c.Validate(v.Now)
	case "netvaerket":
		err = casefile.ValidateAround(v.around(), v.Now)
	case "sagen":
		err = v.matter().Validate()
	case "adgangen":
		var p casefile.AccessPlan
		p, bad = v.access()
		err = p.Validate(v.Who)
	}
	_ = bad.Merge("", err) // Invalid or nil
	return bad
}

// registration is all answers together.
func (v formView) registration() (casefile.Registration, error) {
	all := fault.Invalid{}
	for _, s := range steps {
		_ = all.Merge("", v.check(s).Err()) // Invalid or nil
	}
	c, _ := v.citizen()
	p, _ := v.access()
	return casefile.Registration{NewCitizen: c, Around: v.around(), Matter: v.matter(), AccessPlan: p}, all.Err()
}

// looks are the fields of the form but for their answers.
var looks = map[string]ui.Field{
	"anonymous":       {Label: "register.anonymous", Hint: "register.anonymous.hint"},
	"name":            {Label: "register.name", Hint: "register.name.hint", PII: true, Width: "long"},
	"calling_name":    {Label: "register.calling_name", Hint: "register.calling_name.hint", PII: true, Optional: true, Width: "medium"},
	"cpr":             {Label: "register.cpr", Hint: "register.cpr.hint", PII: true, Optional: true, Width: "short"},
	"born":            {Label: "register.born", Hint: "register.born.hint", PII: true, Optional: true, Width: "short"},
	"protected":       {Label: "register.protected", Hint: "register.protected.hint"},
	"until":           {Label: "register.until", Hint: "register.until.hint", Optional: true, Width: "short"},
	"special":         {Label: "register.special", Hint: "register.special.hint"},
	"policy":          {Label: "register.policy"},
	"channel":         {Label: "register.channel", Hint: "register.channel.hint", PII: true, Width: "long"},
	"hours":           {Label: "register.hours", Hint: "register.hours.hint", Optional: true, Width: "long"},
	"never":           {Label: "register.never", Hint: "register.never.hint", PII: true, Rows: 2},
	"cover":           {Label: "register.cover", Hint: "register.cover.hint", PII: true, Optional: true, Rows: 2},
	"situation":       {Label: "register.situation", Hint: "register.situation.hint", PII: true, Rows: 7, Max: casefile.MaxText},
	"origin":          {Label: "register.origin", Width: "medium"},
	"certainty":       {Label: "register.certainty"},
	"severity":        {Label: "register.severity", Hint: "register.severity.hint"},
	"severity_reason": {Label: "register.severity_reason", Hint: "register.severity_reason.hint", PII: true, Rows: 2},
	"team":            {Label: "register.team"},
	"responsible":     {Label: "register.responsible", Width: "medium"},
	"co":              {Label: "register.co", Hint: "register.co.hint", Optional: true},
	"co_find":         {Label: "register.find", Width: "medium"},
	"level":           {Label: "register.level"},
	"excluding":       {Label: "register.excluding", Hint: "register.excluding.hint"},
	"exclude":         {Label: "register.exclude", Hint: "register.exclude.hint"},
	"exclude_find":    {Label: "register.find", Width: "medium"},
}

// field is a question with its answer so far.
func (v formView) field(name string, options ...ui.Option) ui.Field {
	f := looks[name]
	f.Name, f.Value, f.Values, f.Error, f.Options = name, v.answer(name), v.A[name], v.Bad[name], options
	return f
}

// aroundLooks are the questions about one person around the citizen.
var aroundLooks = map[string]ui.Field{
	"name":     {Label: "register.around.name", PII: true},
	"relation": {Label: "register.around.relation"},
	"role":     {Label: "register.around.role"},
	"know":     {Label: "register.around.know"},
	"cpr":      {Label: "register.around.cpr", PII: true, Optional: true},
}

func (v formView) person(n int, name string, options ...ui.Option) ui.Field {
	f := aroundLooks[name]
	f.Name = casefile.AroundField(n, name)
	f.Value, f.Error, f.Options = v.A.Get(f.Name), v.Bad[f.Name], options
	if f.Value == "" && len(options) > 0 {
		f.Value = "unknown"
	}
	return f
}

// picked are the colleagues of a list to choose from: the chosen ones, and those who were looked for; before
// anybody is looked for, the reader's own team.
func (v formView) picked(ctx context.Context, list string) []ui.Option {
	find, chosen := casefile.Fold(v.A.Get(list+"_find")), v.ids(list)
	var options []ui.Option
	for _, c := range v.People {
		mine := slices.ContainsFunc(v.Teams, func(t casefile.OwnTeam) bool { return slices.Contains(c.Teams, t.ID) })
		match := find == "" && mine || find != "" && strings.Contains(casefile.Fold(c.Name+" "+c.Title), find)
		works := actor.Actor{Role: actor.Role(c.Role)}.WorksCases()
		switch {
		case c.ID == v.Who.UserID, list == "co" && !works:
		case slices.Contains(chosen, c.ID), match && len(options) < 30:
			options = append(options, colleagueOption(ctx, c))
		}
	}
	return options
}

func colleagueOption(_ context.Context, c casefile.Colleague) ui.Option {
	return ui.Option{Value: c.ID.String(), Label: c.Name, Hint: c.Title, Person: &ui.Person{Name: c.Name, PhotoURL: link.Photo(c.PhotoID, "s")}}
}

// candidates are whom a lead may make responsible: the caseworkers of the team, and themselves.
func (v formView) candidates(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, c := range v.People {
		role := actor.Actor{Role: actor.Role(c.Role)}
		mine := slices.ContainsFunc(v.Teams, func(t casefile.OwnTeam) bool { return slices.Contains(c.Teams, t.ID) })
		if mine && role.RegistersCases() {
			o := colleagueOption(ctx, c)
			if c.ID == v.Who.UserID {
				o.Label = i18n.T(ctx, "register.responsible.me", c.Name)
				options = slices.Insert(options, 0, o)
				continue
			}
			options = append(options, o)
		}
	}
	return options
}
