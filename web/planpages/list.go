package planpages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/plan"
	"samspil/internal/timeline"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// planView is the plan as a list or as a board.
type planView struct {
	caseframe.View
	Look   look
	Plan   plan.Plan
	Groups []group
	Calls  []plan.Call
	Counts counts
	At     []atPartner // what waits with partners
	Asked  int         // partners who have not answered
	Events []timeline.Event
	// Dismissed are the suggestions that somebody found irrelevant, with the reason.
	Dismissed []plan.Dismissal
	Versions  approvals
	Alert     string // text key of something to know before reading on
	Quick     quick
	Keeps     []keep
}

// quick is a quick add that was refused.
type quick struct {
	Phase uuid.UUID
	Title string
	Error string
}

type counts struct{ Steps, Done, Impossible, Late, Mine, Partners int }

// group is one phase with its steps.
type group struct {
	plan.Phase
	N           int
	Rows        []row
	Folded      []plan.Step // done and left out, folded to one line
	Done, Total int
	Key         string // of the quick add: a form sent twice is one step
}

// row is one step on the page.
type row struct {
	plan.Step
	Ref    string
	Now    time.Time
	Write  bool
	Tick   bool // also without writing: a step of the lead's own
	Look   look
	Offers int // persons who could be responsible, where nobody is
	Phases []plan.Phase
	First  bool // of the open ones of its phase
	Last   bool
	Shut   bool               // the gate to parents and network (R1)
	Law    *deadline.Deadline // the deadline that the step implements and that runs, nil for none
}

// locked reports whether the step waits at the gate: nobody begins, ticks or plans it before the risk is assessed.
func (r row) locked() bool { return r.Open() && r.RequiresGate && r.Shut }

// atPartner is something that waits with a contact person.
type atPartner struct {
	Person ui.Person
	Text   string
	Due    time.Time
	Timed  bool
	Asked  *time.Time // when they were asked, where they have not answered
}

// under says what they answer for, and since when they have not answered.
func (a atPartner) under(ctx context.Context, now time.Time) string {
	if a.Asked == nil {
		return a.Text
	}
	return a.Text + ". " + i18n.T(ctx, "plan.asked_since", i18n.Ago(ctx, *a.Asked, now))
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	return h.renderPlan(w, r, d, lookOf(r.URL.Query()), http.StatusOK, nil)
}

// renderPlan writes the plan, or the choice of a template where there is none; touch changes the view before.
func (h Handler) renderPlan(w http.ResponseWriter, r *http.Request, d data, l look, status int, touch func(*planView)) error {
	v := d.view(w, r)
	if !d.plan.OK {
		return page.Render(w, r, status, startPage(newStartView(v, d)))
	}
	pv := newPlanView(v, d, l)
	pv.Page.Wide = l.Board
	if touch != nil {
		touch(&pv)
	}
	if l.Board {
		return page.Render(w, r, status, boardPage(pv))
	}
	return page.Render(w, r, status, listPage(pv))
}

func newPlanView(v caseframe.View, d data, l look) planView {
	pv := planView{View: v, Look: l, Plan: d.plan.Row, Calls: d.asked.Calls(v.Case, v.Now), Events: *d.events, Dismissed: *d.asked.Dismissed}
	me := v.Page.Actor.UserID
	offers := map[string]int{}
	for _, c := range pv.Calls {
		if c.Person != nil {
			offers[c.PartnerType] = 1
		}
	}
	pv.Keeps = keeps(*d.steps, *d.deadlines, v.Now)
	for i, p := range *d.phases {
		g := group{Phase: p, N: i + 1, Key: uuid.NewString()}
		for _, s := range *d.steps {
			if s.PhaseID != p.ID {
				continue
			}
			pv.Counts.add(s, me, v.Now)
			if s.Status != plan.Skipped {
				g.Total++
			}
			if s.Status == plan.Done {
				g.Done++
			}
			if !l.shows(s, me, v.Now) {
				continue
			}
			if !s.Open() && !l.Done && !l.Print && !l.Board {
				g.Folded = append(g.Folded, s)
				continue
			}
			g.Rows = append(g.Rows, row{Step: s, Ref: v.Case.Ref, Now: v.Now, Write: v.May(actor.Write), Tick: s.MayTick(v.Page.Actor.UserID, v.Rights), Look: l, Offers: offers[s.PartnerType], Phases: *d.phases, Shut: v.Case.Gate == casefile.GateShut, Law: running(*d.deadlines, s.DeadlineCode)})
		}
		g.ends()
		if l.Filter == "" || len(g.Rows) > 0 {
			pv.Groups = append(pv.Groups, g)
		}
	}
	pv.waiting(d)
	pv.Versions = newApprovals(pv, d)
	return pv
}

// ends marks the first and the last open step: they go no further up or down. Where a filter hides some, none is marked.
func (g *group) ends() {
	first, last := -1, -1
	for i, r := range g.Rows {
		if r.Open() {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first >= 0 && g.Rows[first].Look.Filter == "" {
		g.Rows[first].First, g.Rows[last].Last = true, true
	}
}

func (c *counts) add(s plan.Step, me uuid.UUID, now time.Time) {
	inc := func(n *int, when bool) {
		if when {
			*n++
		}
	}
	inc(&c.Steps, s.Status != plan.Skipped)
	inc(&c.Done, s.Status == plan.Done)
	inc(&c.Impossible, s.Impossible())
	inc(&c.Late, s.Late(now))
	inc(&c.Mine, s.Open() && s.MineOf(me))
	inc(&c.Partners, atPartners(s))
}

// atPartners reports whether a step is in the hands of a partner.
func atPartners(s plan.Step) bool {
	return s.Open() && (s.ResponsibleContact != nil || s.Status == plan.Waiting)
}

func (l look) shows(s plan.Step, me uuid.UUID, now time.Time) bool {
	switch l.Filter {
	case "mine":
		return s.Open() && s.MineOf(me)
	case "partnere":
		return atPartners(s)
	case "over":
		return s.Late(now)
	}
	return true
}

// waiting fills what is in the hands of partners: their open steps, and those who were asked and have none.
func (pv *planView) waiting(d data) {
	seen, asked := map[uuid.UUID]bool{}, map[uuid.UUID]*time.Time{}
	for i, v := range *d.asked.Involved {
		if v.Status == involvement.Asked && v.ContactID != nil {
			asked[*v.ContactID] = &(*d.asked.Involved)[i].AskedAt
		}
	}
	for _, s := range *d.steps {
		if s.Open() && s.ResponsibleContact != nil {
			seen[*s.ResponsibleContact] = true
			pv.At = append(pv.At, atPartner{Person: responsible(s), Text: s.Title, Due: s.Due(), Timed: s.DueHasTime, Asked: asked[*s.ResponsibleContact]})
		}
	}
	for _, v := range *d.asked.Involved {
		if v.Status != involvement.Asked {
			continue
		}
		pv.Asked++
		if v.ContactID == nil {
			pv.At = append(pv.At, atPartner{Person: ui.Person{Name: v.Organisation, External: v.External()}, Text: v.ResponsibleFor, Asked: &v.AskedAt})
		} else if !seen[*v.ContactID] {
			pv.At = append(pv.At, atPartner{Person: ui.Person{Name: v.Contact, Org: v.Organisation, External: v.External(), PhotoURL: link.Photo(v.PhotoID, "s")}, Text: v.ResponsibleFor, Asked: &v.AskedAt})
		}
	}
}

// responsible is the face of who answers for a step. People from outside have their organisation in words.
func responsible(s plan.Step) ui.Person {
	p := ui.Person{Name: s.Person, Title: s.PersonTitle, Org: s.Organisation, External: s.External, PhotoURL: link.Photo(s.PhotoID, "s")}
	if s.ResponsibleContact != nil {
		p.Href = link.Contact(*s.ResponsibleContact)
	}
	return p
}

// kind is how a step's state is shown: an open one whose deadline has passed is late before all else.
func kind(s plan.Step, now time.Time) string {
	if s.Late(now) {
		return "late"
	}
	if s.Waits() {
		return "notready"
	}
	return ui.StepStatus(string(s.Status))
}

func (r row) url(action string) string { return link.Step(r.Ref, r.ID) + "/" + action }

// fields are what every action of a row carries: which version of the step was seen, and the way back.
func (r row) fields() map[string]string {
	m := map[string]string{"version": strconv.Itoa(r.Version)}
	if q := r.Look.query(); q != "" {
		m["v"] = q
	}
	return m
}

// edit is the step's page, with the way back to this look at the plan.
func (r row) edit() string { return r.way("") }

func (r row) way(action string) string {
	to := link.Step(r.Ref, r.ID)
	if action != "" {
		to += "/" + action
	}
	if q := r.Look.query(); q != "" {
		to += "?v=" + url.QueryEscape(q)
	}
	return to
}

// note is the one write about this step: the note, and the tick with it.
func (r row) note() string { return noteBack(r.Ref, r.Look, r.ID.String()) }

// noteBack is the form of the one write, which leads back to this look at the plan. step is ticked in it, "" for none.
func noteBack(ref string, l look, step string) string {
	ask := url.Values{"tilbage": {l.href(ref)}}
	if step != "" {
		ask.Set("trin", step)
	}
	return link.NewNote(ref) + "?" + ask.Encode()
}

// when is the date of a row: the day on which a step was done, else its deadline.
func (r row) when() (at time.Time, timed bool) {
	if r.DoneAt != nil {
		return *r.DoneAt, false
	}
	return r.Due(), r.DueHasTime
}

func (v planView) lead(ctx context.Context) string {
	if t := v.Plan.Template; t != nil {
		return i18n.T(ctx, "plan.lead.template", t.Name(ctx), i18n.Date(ctx, v.Plan.BeganAt, v.Now))
	}
	return i18n.T(ctx, "plan.lead.empty", i18n.Date(ctx, v.Plan.BeganAt, v.Now))
}

func (v planView) count(ctx context.Context) string {
	c := v.Counts
	s := i18n.N(ctx, "plan.count", c.Steps) + " · " + i18n.T(ctx, "plan.count.done", c.Done)
	if c.Impossible > 0 {
		s += " · " + i18n.T(ctx, "plan.count.impossible", c.Impossible)
	}
	if c.Late > 0 {
		s += " · " + i18n.T(ctx, "plan.count.late", c.Late)
	}
	return s
}

func (v planView) chips(ctx context.Context) []ui.Chip {
	chip := func(key, filter string, n int) ui.Chip {
		l := v.Look
		l.Filter = filter
		return ui.Chip{Text: i18n.T(ctx, "plan.filter."+key), Href: l.href(v.Case.Ref), Current: v.Look.Filter == filter, Count: n}
	}
	return []ui.Chip{chip("all", "", 0), chip("mine", "mine", v.Counts.Mine), chip("partners", "partnere", v.Counts.Partners), chip("late", "over", v.Counts.Late)}
}

func (v planView) segments(ctx context.Context) []ui.Chip {
	list, board := v.Look, v.Look
	list.Board, board.Board = false, true
	board.Filter, board.Done = "", false
	return []ui.Chip{{Text: i18n.T(ctx, "plan.list"), Href: list.href(v.Case.Ref), Current: !v.Look.Board, Icon: "list-bulleted"},
		{Text: i18n.T(ctx, "plan.board"), Href: board.href(v.Case.Ref), Current: v.Look.Board, Icon: "view-split"}}
}

func (v planView) write() bool { return v.May(actor.Write) }

// shownCalls are at most one suggestion, unless all are asked for.
func (v planView) shownCalls() []plan.Call {
	if v.Look.Calls || len(v.Calls) < 2 {
		return v.Calls
	}
	return v.Calls[:1]
}

func (v planView) with(change func(*look)) string {
	l := v.Look
	change(&l)
	return l.href(v.Case.Ref)
}

// foldedTitles names what is folded away.
func (g group) foldedTitles() string {
	s := ""
	for i, t := range g.Folded {
		if i > 0 {
			s += " · "
		}
		s += t.Title
	}
	return s
}

// leftOut reports whether nothing that is folded was done.
func (g group) leftOut() bool {
	return !slices.ContainsFunc(g.Folded, func(s plan.Step) bool { return s.Status != plan.Skipped })
}

func (g group) foldedText(ctx context.Context) string {
	skipped := 0
	for _, s := range g.Folded {
		if s.Status == plan.Skipped {
			skipped++
		}
	}
	done := len(g.Folded) - skipped
	switch {
	case skipped == 0:
		return i18n.N(ctx, "plan.folded", done)
	case done == 0:
		return i18n.T(ctx, "plan.folded.skipped", skipped)
	default:
		return i18n.N(ctx, "plan.folded", done) + ", " + i18n.T(ctx, "plan.folded.skipped", skipped)
	}
}

func (g group) field() string { return fmt.Sprintf("ny-%d", g.N) }
