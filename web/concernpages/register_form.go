package concernpages

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// How many named persons the form has room for at first, and how many more one asks for.
const (
	firstRows = 2
	moreRows  = 3
)

var (
	fields = []string{"source", "area", "received", "clock", "late_reason", "name", "cpr", "born", "age", "born_ok", "phone", "told", "where_now", "siblings", "measures", "rows",
		"reporter_name", "reporter_role", "reporter_contact", "household", "channel", "channel_note", "excluding", "exclude", "exclude_find", "searched"}
	personFields = []string{"name", "relation", "cpr", "phone"}
	personField  = regexp.MustCompile(`^p\d{1,2}-(name|relation|cpr|phone)$`)
)

func owns(field string) bool { return slices.Contains(fields, field) || personField.MatchString(field) }

func rows(a concern.Answers) int {
	n, _ := strconv.Atoi(a.Get("rows"))
	return min(max(n, firstRows), concern.MaxPeople)
}

// answer is what was answered, or what the form suggests: a report that comes now, on a child.
func (v formView) answer(field string) string {
	if _, given := v.A[field]; given {
		return v.A.Get(field)
	}
	switch field {
	case "area":
		if v.Who.Area == concern.Adult {
			return concern.Adult
		}
		return concern.Child
	case "received":
		return i18n.FieldDate(v.Started)
	case "clock":
		return i18n.FieldClock(v.Who.Lang, v.Started)
	case "measures", "channel":
		return "unknown"
	}
	return ""
}

// words are what the search looks for.
func (v formView) words() concern.Words {
	return concern.Words{Name: v.answer("name"), CPR: v.answer("cpr"), Phone: v.answer("phone")}
}

// answered reports whether the search has something to say.
func (v formView) answered() bool { return v.Searched || v.Expired }

// input is what the form says, with what is wrong in it.
func (v formView) input() (concern.Input, fault.Invalid) {
	bad := fault.Invalid{}
	in := concern.Input{
		Source: v.answer("source"), Area: v.answer("area"), LateReason: v.answer("late_reason"),
		Child: concern.PersonInput{Name: v.answer("name"), CPR: v.answer("cpr"), Phone: v.answer("phone")},
		Told:  v.answer("told"), WhereNow: v.answer("where_now"), Siblings: v.answer("siblings"), Measures: v.answer("measures"),
		ReporterName: v.answer("reporter_name"), ReporterRole: v.answer("reporter_role"), ReporterContact: v.answer("reporter_contact"), Household: v.A.Has("household"), BornOK: v.A.Has("born_ok"),
		Channel: v.answer("channel"), ChannelNote: v.answer("channel_note"),
		Nobody: v.answer("excluding") == "none", Exclude: v.ids("exclude"),
	}
	in.ReceivedAt = moment(bad, v.answer("received"), v.answer("clock"), v.Now)
	in.Child.Born, in.Child.Age = birthday(bad, v.answer("born")), aboutAge(bad, v.answer("age"))
	for i := range rows(v.A) {
		get := func(field string) string { return v.A.Get(concern.PersonField(i, field)) }
		in.People = append(in.People, concern.PersonInput{Name: get("name"), Relation: get("relation"), CPR: get("cpr"), Phone: get("phone")})
	}
	// "these colleagues" without any of them is no answer
	bad.Check("excluding", v.answer("excluding") != "some" || len(in.Exclude) > 0, "register.exclude.whom")
	bad.Check("excluding", v.answer("excluding") != "", "concern.exclude.missing")
	_ = bad.Merge("", in.Validate(v.Who.UserID, v.Now)) // Invalid or nil
	return in, bad
}

// moment reads a day and a time of day; what cannot be read is refused under "received".
func moment(bad fault.Invalid, day, clock string, now time.Time) time.Time {
	d, err := i18n.ParsePast(day, now)
	c, wrong := i18n.ParseClock(clock)
	if err != nil || wrong != nil {
		bad.Check("received", false, "concern.received.form")
		return time.Time{}
	}
	return concern.At(d, c)
}

// ids are the chosen colleagues; somebody who has left meanwhile falls away.
func (v formView) ids(field string) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, text := range v.A[field] {
		id, err := uuid.Parse(text)
		known := slices.ContainsFunc(v.People, func(c casefile.Colleague) bool { return c.ID == id })
		if err == nil && (known || v.People == nil) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// looks are the fields of the form but for their answers.
var looks = map[string]ui.Field{
	"source":           {Label: "concern.source", Width: "medium"},
	"area":             {Label: "concern.area"},
	"received":         {Label: "concern.received", Width: "short"},
	"clock":            {Label: "concern.clock", Width: "short"},
	"late_reason":      {Label: "concern.late_reason", Hint: "concern.late_reason.hint", Optional: true, Width: "long"},
	"name":             {Label: "concern.name", Hint: "concern.name.hint", PII: true, Optional: true, Width: "long"},
	"cpr":              {Label: "register.cpr", PII: true, Optional: true, Width: "short"},
	"born":             {Label: "register.born", PII: true, Optional: true, Width: "short"},
	"age":              {Label: "concern.age", PII: true, Optional: true, Width: "short", Type: "number"},
	"born_ok":          {Label: "concern.born_ok"},
	"phone":            {Label: "concern.phone", PII: true, Optional: true, Width: "short", Type: "tel"},
	"told":             {Label: "concern.told", Hint: "concern.told.hint", PII: true, Rows: 8, Max: concern.MaxTold},
	"where_now":        {Label: "concern.where", Hint: "concern.where.hint", PII: true, Optional: true, Rows: 2},
	"siblings":         {Label: "concern.siblings", Hint: "concern.siblings.hint", PII: true, Optional: true, Rows: 2},
	"measures":         {Label: "concern.measures", Hint: "concern.measures.hint"},
	"reporter_name":    {Label: "concern.reporter_name", PII: true, Optional: true, Width: "long"},
	"reporter_role":    {Label: "concern.reporter_role", Hint: "concern.reporter_role.hint", PII: true, Optional: true, Width: "long"},
	"reporter_contact": {Label: "concern.reporter_contact", PII: true, Optional: true, Width: "long"},
	"household":        {Label: "concern.household", Hint: "concern.household.hint"},
	"channel":          {Label: "concern.channel", Hint: "concern.channel.hint"},
	"channel_note":     {Label: "concern.channel_note", Hint: "concern.channel_note.hint", PII: true, Optional: true, Width: "long"},
	"excluding":        {Label: "concern.excluding", Hint: "concern.excluding.hint"},
	"exclude":          {Label: "register.exclude", Hint: "register.exclude.hint"},
	"exclude_find":     {Label: "register.find", Width: "medium"},
}

var personLooks = map[string]ui.Field{
	"name":     {Label: "register.around.name", PII: true, Optional: true},
	"relation": {Label: "concern.relation", Optional: true},
	"cpr":      {Label: "register.cpr", PII: true, Optional: true},
	"phone":    {Label: "concern.phone", PII: true, Optional: true, Type: "tel"},
}

func (v formView) field(name string, options ...ui.Option) ui.Field {
	f := looks[name]
	f.Name, f.Value, f.Values, f.Error, f.Options = name, v.answer(name), v.A[name], v.Bad[name], options
	return f
}

func (v formView) person(n int, name string) ui.Field {
	f := personLooks[name]
	f.Name = concern.PersonField(n, name)
	f.Value, f.Error = v.A.Get(f.Name), v.Bad[f.Name]
	return f
}

// order is how the fields stand on the page, for the summary of what was refused.
func (v formView) order() []string {
	all := append([]string{""}, fields...)
	for i := range rows(v.A) {
		for _, f := range personFields {
			all = append(all, concern.PersonField(i, f))
		}
	}
	return all
}

// picked are the colleagues to choose from: the chosen ones, and those who were looked for; before that, one's own team.
func (v formView) picked() []ui.Option {
	find, chosen := casefile.Fold(v.A.Get("exclude_find")), v.ids("exclude")
	var options []ui.Option
	for _, c := range v.People {
		mine := slices.ContainsFunc(v.Teams, func(t casefile.OwnTeam) bool { return slices.Contains(c.Teams, t.ID) })
		match := find == "" && mine || find != "" && strings.Contains(casefile.Fold(c.Name+" "+c.Title), find)
		if c.ID != v.Who.UserID && (match || slices.Contains(chosen, c.ID)) && (len(options) < 20 || slices.Contains(chosen, c.ID)) {
			options = append(options, ui.Option{Value: c.ID.String(), Label: c.Name, Hint: c.Title, Person: &ui.Person{Name: c.Name, PhotoURL: link.Photo(c.PhotoID, "s")}})
		}
	}
	return options
}

// who is a candidate in words: name, age, and how they stand in the case or report.
func who(ctx context.Context, c concern.Candidate, now time.Time) string {
	name := c.Name
	if name == "" {
		name = i18n.T(ctx, "concern.candidate.nameless")
	}
	if age := reportframe.Age(ctx, c.Born, c.Age, c.AgeOn, now); age != "" {
		name = i18n.Isolate(name) + ", " + age
	}
	return name
}

// where is what the candidate was found in, and by what.
func where(ctx context.Context, c concern.Candidate) string {
	parts := []string{i18n.T(ctx, "concern.found."+c.FoundBy)}
	switch {
	case c.About:
		parts = append(parts, i18n.T(ctx, "concern.candidate.about."+c.Kind))
	case c.Relation != "":
		parts = append(parts, i18n.T(ctx, "concern.candidate.named", c.Relation))
	default:
		parts = append(parts, i18n.T(ctx, "concern.candidate.mentioned"))
	}
	if !c.Live {
		parts = append(parts, i18n.T(ctx, "concern.candidate.over."+c.Kind))
	}
	return strings.Join(parts, " · ")
}

func candidateHref(c concern.Candidate) string {
	if c.Kind == "report" {
		return link.Report(c.Ref)
	}
	return link.Case(c.Ref)
}
