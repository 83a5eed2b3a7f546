package caselistpages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView is the list of cases.
type listView struct {
	Page   ui.Page
	Now    time.Time
	Who    actor.Actor
	Q      query
	Rows   []casefile.ListRow
	Counts casefile.ViewCounts
	Total  int
	People []casefile.Colleague // whom a lead may narrow the list to
	Paging ui.Paging
}

func (h Handler) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	who := actor.From(ctx)
	v := listView{Who: who, Q: readQuery(r.URL.Query(), who)}
	var f *frame.Frame
	var rows *[]casefile.ListRow
	var counts *casefile.ViewCounts
	total := new(int)
	people := &[]casefile.Colleague{}
	now, err := h.DB.Read(ctx, who, func(b *db.Batch) {
		f, rows, counts = frame.Ask(b), casefile.List(b, v.Q.ListQuery), casefile.CountViews(b, v.Q.View)
		if v.Q.Filtered() || v.Q.View == casefile.Closed { // else the chip of the view has the number
			total = casefile.Count(b, v.Q.ListQuery)
		}
		if who.Role == actor.TeamLead {
			people = casefile.Colleagues(b)
		}
	})
	if err != nil {
		return err
	}
	v.Page, v.Now, v.Counts, v.Total = f.Page(w, r, i18n.T(ctx, "caselist.title"), "cases"), now, *counts, *total+inView(v.Q, *counts)
	for _, p := range *people {
		if slices.ContainsFunc(p.Teams, func(id uuid.UUID) bool { return slices.Contains(who.Teams, id) }) && (p.Role == string(actor.Caseworker) || p.Role == string(actor.TeamLead)) {
			v.People = append(v.People, p)
		}
	}
	var before, after casefile.Cursor
	v.Rows, before, after = casefile.ListPage(v.Q.ListQuery, *rows)
	v.Paging = ui.Paging{PrevHref: v.Q.place(before), NextHref: v.Q.place(after)}
	if len(v.Rows) > 0 {
		first := v.Q.From.FirstRow()
		v.Paging.Text = i18n.T(ctx, "caselist.range", first, first+len(v.Rows)-1, many(ctx, v.Total))
	}
	return page.Render(w, r, http.StatusOK, listPage(v))
}

// inView is the number of a view's own chip, where nothing is filtered.
func inView(q query, n casefile.ViewCounts) int {
	if q.Filtered() {
		return 0
	}
	return map[casefile.View]int{casefile.Mine: n.Mine, casefile.Joined: n.Joined, casefile.Team: n.Team}[q.View]
}

// many writes a number that was counted up to a limit.
func many(ctx context.Context, n int) string {
	if n > casefile.CountLimit {
		return i18n.T(ctx, "caselist.more_than", casefile.CountLimit)
	}
	return i18n.Number(ctx, n)
}

// lead is the sentence under the title: how many, and what this view is.
func (v listView) lead(ctx context.Context) string {
	text := i18n.T(ctx, "caselist.lead."+v.scope())
	if v.Total > casefile.CountLimit {
		return i18n.T(ctx, "caselist.count.many", casefile.CountLimit) + " " + text
	}
	return i18n.N(ctx, "caselist.count", v.Total) + " " + text
}

// scope names the view for texts; a lead's team is another thing than a caseworker's.
func (v listView) scope() string {
	if v.Who.Role == actor.TeamLead && (v.Q.View == casefile.Team || v.Q.View == casefile.Closed) {
		return string(v.Q.View) + "_lead"
	}
	return string(v.Q.View)
}

// views are the chips that choose whose cases; a chip keeps no filter, so that its number is true.
func (v listView) views(ctx context.Context) []ui.Chip {
	count := map[casefile.View]int{casefile.Mine: v.Counts.Mine, casefile.Joined: v.Counts.Joined, casefile.Team: v.Counts.Team}
	var chips []ui.Chip
	for _, view := range casefile.Views(v.Who) {
		key := "caselist.view." + string(view)
		if view == casefile.Team && v.Who.Role != actor.TeamLead {
			key += "_normal"
		}
		c := ui.Chip{Text: i18n.T(ctx, key), Href: link.CaseList("visning", string(view)), Current: view == v.Q.View, Count: count[view]}
		if c.Count > casefile.CountLimit {
			c.Text, c.Count = c.Text+" "+many(ctx, c.Count), 0
		}
		chips = append(chips, c)
	}
	return chips
}

// common are the chips of the filters that are used most; each can be taken away again by itself.
func (v listView) common(ctx context.Context) []ui.Chip {
	if v.Q.View == casefile.Closed {
		return nil
	}
	serious := slices.Equal(slices.Sorted(slices.Values(v.Q.Severities)), []string{"orange", "red"})
	toggle := func(key string, on bool, count int, name string, values ...string) ui.Chip {
		c := ui.Chip{Text: i18n.T(ctx, "caselist.only."+key), Current: on, Count: count, Href: v.Q.with(name, values...)}
		if on {
			c.Href = v.Q.with(name)
		}
		if c.Count > casefile.CountLimit {
			c.Text, c.Count = c.Text+" "+many(ctx, c.Count), 0
		}
		return c
	}
	return []ui.Chip{
		toggle("serious", serious, v.Counts.Serious, "niveau", "orange", "red"),
		toggle("late", v.Q.Due == "over", v.Counts.Late, "frist", "over"),
		toggle("planless", v.Q.Plan == "uden", v.Counts.Planless, "plan", "uden"),
	}
}

// chosen are the filters that have no chip of their own above, each with the way to take it away.
func (v listView) chosen(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	add := func(text, name string, keep ...string) {
		chips = append(chips, ui.Chip{Text: text, Icon: "close", Href: v.Q.with(name, keep...)})
	}
	q := v.Q
	if len(q.Severities) > 0 && !slices.Equal(slices.Sorted(slices.Values(q.Severities)), []string{"orange", "red"}) {
		for i, level := range q.Severities {
			add(levelWord(ctx, level), "niveau", slices.Delete(slices.Clone(q.Severities), i, i+1)...)
		}
	}
	if q.Plan == "med" {
		add(i18n.T(ctx, "caselist.only.planned"), "plan")
	}
	if q.Pulse != "" {
		add(i18n.T(ctx, "caselist.pulse."+q.values.Get("puls")), "puls")
	}
	if q.Due == "uge" {
		add(i18n.T(ctx, "caselist.only.week"), "frist")
	}
	if q.Partner != "" {
		add(i18n.T(ctx, "caselist.only.partner_"+q.Partner), "partner")
	}
	if q.OutdatedLevel {
		add(i18n.T(ctx, "caselist.only.outdated"), "risiko")
	}
	if q.Phase != "" {
		add(reference.Name(ctx, reference.Phases, q.Phase), "fase")
	}
	if q.Area != "" {
		add(i18n.T(ctx, "caselist.area."+q.Area), "omraade")
	}
	for _, p := range v.People {
		if p.ID == q.Responsible {
			add(p.Name, "ansvarlig")
		}
	}
	if q.Confidentiality != nil {
		add(levelName(ctx, *q.Confidentiality), "fortrolighed")
	}
	if q.QuietDays > 0 {
		add(i18n.T(ctx, "caselist.only.quiet", q.QuietDays), "stille")
	}
	return chips
}

// head is the head of a column that the list can be sorted by.
func (v listView) head(ctx context.Context, key string, s casefile.Sort, class string) ui.Sort {
	h := ui.Sort{Text: i18n.T(ctx, "caselist.col."+key), Href: v.Q.sorted(s), Class: class}
	if s == v.Q.Sort {
		h.Dir = "descending"
		if v.Q.rises() {
			h.Dir = "ascending"
		}
	}
	return h
}

// field is one question of the panel of filters.
func (v listView) field(name string, options []ui.Option) ui.Field {
	all := append([]ui.Option{}, options...)
	return ui.Field{Name: name, Label: "caselist.filter." + name, Value: v.Q.values.Get(name), Values: v.Q.values[name], Options: all}
}

func (v listView) levels(ctx context.Context) (options []ui.Option) {
	for _, level := range []string{"red", "orange", "yellow", "green", "none"} {
		options = append(options, ui.Option{Value: level, Label: levelWord(ctx, level)})
	}
	return options
}

func (v listView) phases(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "caselist.all"), ui.Listed(ctx, reference.Phases))
}

// choices are the options of a filter with few values, the first of which is all.
func (v listView) choices(ctx context.Context, prefix string, values ...string) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "caselist.all"), ui.Options(ctx, prefix, values))
}

func (v listView) people(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "caselist.all")}}
	for _, p := range v.People {
		options = append(options, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return options
}

// kept are the parts of the address that the panel of filters does not ask about.
func (v listView) kept() map[string]string {
	kept := map[string]string{}
	for _, name := range []string{"visning", "sorter", "retning", "risiko", "stille"} {
		if value := v.Q.values.Get(name); value != "" {
			kept[name] = value
		}
	}
	return kept
}

// empty says what it means that there is nothing here.
func (v listView) empty(ctx context.Context) string {
	if v.Q.Filtered() {
		return i18n.T(ctx, "caselist.empty.filtered")
	}
	return i18n.T(ctx, "caselist.empty."+v.scope())
}

func levelWord(ctx context.Context, level string) string { return i18n.T(ctx, "ui.severity."+level) }

func levelName(ctx context.Context, c casefile.Confidentiality) string {
	return i18n.T(ctx, "caselist.level."+strconv.Itoa(int(c)))
}

// citizen is what the list calls the citizen, with the age where it is known.
func citizen(ctx context.Context, r casefile.ListRow, now time.Time) string {
	name := r.CallingName
	if name == "" {
		name = i18n.T(ctx, "caselist.anonymous")
	}
	if r.Born != nil {
		name = i18n.Isolate(name) + ", " + i18n.N(ctx, "caselist.age", i18n.Age(*r.Born, now))
	}
	return name
}

// responsible is the face of the one who answers for the case.
func responsible(r casefile.ListRow) ui.Person {
	return ui.Person{Name: r.Responsible, PhotoURL: link.Photo(r.PhotoID, "s")}
}

// due is the zero time where the next step has no date.
func due(r casefile.ListRow) time.Time {
	if r.StepDue == nil {
		return time.Time{}
	}
	return *r.StepDue
}

// touched is when something happened in the case last.
func touched(ctx context.Context, at, now time.Time) string {
	switch i18n.Days(at, now) {
	case 0:
		return i18n.T(ctx, "caselist.today")
	case -1:
		return i18n.T(ctx, "caselist.yesterday")
	}
	return i18n.Date(ctx, at, now)
}

// signs reports which signs of confidentiality stand in the list.
func (v listView) signs() (restricted, sealed bool) {
	for _, r := range v.Rows {
		restricted = restricted || r.Confidentiality == casefile.Restricted
		sealed = sealed || r.Confidentiality == casefile.Sealed
	}
	return restricted, sealed
}
