package startpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/planrule"
	"samspil/internal/reference"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// How much each of the narrow panels of Min dag shows.
const (
	newsShown     = 4
	rowsShown     = 4 // of a list that may be long; the rest unfolds
	noticesShown  = 4
	noticesAsked  = 20 // some of them tell what stands on the page anyway
	sleepyShown   = 4
	callsShown    = 6
	requestsShown = 50 // all of them: the summary counts them
)

// dayView is Min dag: what needs the reader, in the order of consequence.
type dayView struct {
	Page     ui.Page
	Now      time.Time
	Who      actor.Actor
	With     string // "", "mig" or "partnere": the chosen chip
	All      bool   // later steps and those without a date too
	Steps    []overview.Step
	Next     *time.Time
	Levels   []overview.Level
	Requests []overview.Request
	News     []overview.News
	Unread   []overview.Notice
	Limits   []overview.Limit // deadlines over time, or due soon
	CheckIns []overview.CheckIn
	Prompts  []overview.Prompt
	Sleepy   []overview.SleepyPlan
	Unsigned []overview.Unsigned // a lead's: assessments that wait for a second person
	Asked    []overview.Asked    // colleagues ask for the reader's view on a decision
	Sparring []overview.Sparring // colleagues ask for advice
	Lone     []overview.Lone     // cases with nobody beside the reader
	Concern  concerns
	Approve  []overview.PlanVersion // a lead's: plans that wait for approval
	Returned []overview.PlanVersion // plans that a lead has returned

	Calls []planrule.Listed // partners whom a rule calls for, over the time
}

func (h Handler) day(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	who := actor.From(ctx)
	v := dayView{Who: who, With: query(r, "hos", "mig", "partnere"), All: query(r, "frist", "alle") != ""}
	var (
		f        *frame.Frame
		steps    *[]overview.Step
		next     *overview.Next
		levels   *[]overview.Level
		requests *[]overview.Request
		news     *[]overview.News
		unread   *[]overview.Notice
		limits   *[]overview.Limit
		checkIns *[]overview.CheckIn
		prompts  *[]overview.Prompt
		unsigned *[]overview.Unsigned
		sleepy   *[]overview.SleepyPlan
		asked    *[]overview.Asked
		sparring *[]overview.Sparring
		lone     *[]overview.Lone
		concern  *waitingConcerns
		approve  *[]overview.PlanVersion
		returned *[]overview.PlanVersion
		hits     *[]planrule.Listed
	)
	now, err := h.DB.Read(ctx, who, func(b *db.Batch) {
		f = frame.Ask(b)
		steps, next, levels = overview.Steps(b, v.All), overview.NextDue(b), overview.MyCases(b)
		requests, news, unread = overview.Unanswered(b, requestsShown), overview.InMyCases(b, newsShown), overview.Unread(b, noticesAsked)
		limits = overview.MyLimits(b, limitsShown)
		checkIns, prompts, unsigned = overview.CheckIns(b), overview.Prompts(b, promptsShown), overview.ToConfirm(b)
		asked, concern, sleepy = overview.AskedOfMe(b), askConcerns(b), overview.SleepyPlans(b, sleepyShown)
		approve, returned = overview.PlansToApprove(b), overview.PlansReturned(b)
		sparring, lone = overview.SparringOfMe(b), overview.LoneCases(b)
		hits = planrule.HitsListed(b, false)
	})
	if err != nil {
		return err
	}
	v.Page, v.Now = f.Page(w, r, i18n.T(ctx, "ui.nav.day"), "day"), now
	v.Steps, v.Next, v.Levels, v.Requests, v.News, v.Unread, v.Limits = *steps, next.DueAt, *levels, *requests, *news, *unread, *limits
	v.CheckIns, v.Prompts, v.Unsigned, v.Sleepy = *checkIns, *prompts, *unsigned, *sleepy
	v.Asked, v.Sparring, v.Lone, v.Concern = *asked, *sparring, *lone, concern.answer()
	v.Approve, v.Returned = *approve, *returned
	v.Calls = planrule.Over(*hits, now)
	return page.Render(w, r, http.StatusOK, dayPage(v))
}

// count counts the waiting steps that pass.
func (v dayView) count(pass func(overview.Step) bool) int {
	n := 0
	for _, s := range v.Steps {
		if pass(s) {
			n++
		}
	}
	return n
}

func (v dayView) in(g overview.Group) int {
	return v.count(func(s overview.Step) bool { return s.Group(v.Now) == g })
}

func withPartner(s overview.Step) bool { return s.With == overview.WithPartner }
func withMe(s overview.Step) bool      { return s.With != overview.WithPartner }

// waiting says in how many cases how many steps wait: "9 i 4 sager".
func (v dayView) waiting(ctx context.Context) string {
	cases := map[uuid.UUID]bool{}
	for _, s := range v.Steps {
		cases[s.CaseID] = true
	}
	if len(cases) == 0 {
		return ""
	}
	return i18n.N(ctx, "day.in_cases", len(cases), len(v.Steps))
}

// dayGroup is one part of the table.
type dayGroup struct {
	Group  overview.Group
	Steps  []overview.Step
	Hidden int // how many of them, the last, the reader has to ask for
}

// shown are the steps that stand there.
func (g dayGroup) shown() []overview.Step { return g.Steps[:len(g.Steps)-g.Hidden] }

// groups are the parts of the table that have any step of the chosen chip.
func (v dayView) groups() []dayGroup {
	var out []dayGroup
	for _, g := range overview.Groups {
		part := dayGroup{Group: g}
		for _, s := range v.Steps {
			if s.Group(v.Now) == g && (v.With == "" || (v.With == "partnere") == withPartner(s)) {
				part.Steps = append(part.Steps, s)
			}
		}
		if len(part.Steps) > 0 {
			if g == overview.Week && !v.All && v.With == "" && len(part.Steps) > rowsShown { // what is late or due today is always whole
				part.Hidden = len(part.Steps) - rowsShown
			}
			out = append(out, part)
		}
	}
	return out
}

func (v dayView) chips(ctx context.Context) []ui.Chip {
	chip := func(with string, pass func(overview.Step) bool) ui.Chip {
		return ui.Chip{Text: i18n.T(ctx, "day.with."+with), Href: v.href(with, v.All), Current: v.With == with, Count: v.count(pass)}
	}
	all := chip("", func(overview.Step) bool { return true })
	all.Text, all.Count = i18n.T(ctx, "day.with.all"), 0
	return []ui.Chip{all, chip("mig", withMe), chip("partnere", withPartner)}
}

// href is this page with a chip and a range.
func (v dayView) href(with string, all bool) string {
	href, sep := link.Day, "?"
	if with != "" {
		href, sep = href+"?hos="+with, "&"
	}
	if all {
		href += sep + "frist=alle"
	}
	return href
}

// clause is a part of the summary: a number in bold, and what is with it, up to the next clause.
type clause struct{ Bold, Rest string }

// redWaits is how many of the reader's red cases have a plan that is to be gone through: that stands high on the page.
func (v dayView) redWaits() int {
	if len(v.Sleepy) == 0 {
		return 0
	}
	return v.Sleepy[0].RedWaits
}

// clausesShown is how many things the sentence names, the most urgent first: who reads ten remembers none.
const clausesShown = 3

// summary says what needs the reader most, in one sentence; nothing means that all is done.
func (v dayView) summary(ctx context.Context) []clause {
	var out []clause
	add := func(key string, n int) {
		form := ".other"
		if n == 1 {
			form = ".one"
		}
		if n > 0 {
			out = append(out, clause{i18n.N(ctx, key, n), i18n.T(ctx, key+".rest"+form)})
		}
	}
	missed := missedCheckIns(v.CheckIns, v.Now)
	add("day.sum.missed", missed)
	add("day.sum.checkins", len(v.CheckIns)-missed)
	add("day.sum.red_plan", v.redWaits())
	add("day.sum.reports", v.Page.Unassessed)
	add("day.sum.no_case", v.Page.WithoutCase)
	add("day.sum.limits", len(v.lateLimits()))
	add("day.sum.prompts", len(v.latePrompts()))
	add("day.sum.late", v.in(overview.Late))
	add("day.sum.calls", len(v.Calls))
	add("day.sum.confirm", len(v.Unsigned))
	add("day.sum.plans", len(v.Approve))
	add("day.sum.plans_back", len(v.Returned))
	add("day.sum.asked", len(v.Asked))
	add("day.sum.reviews", len(v.Concern.Reviews))
	add("day.sum.today", v.in(overview.Today))
	add("day.sum.answers", len(v.Requests))
	rest := len(out) > clausesShown
	out = out[:min(len(out), clausesShown)]
	for i := range out {
		switch {
		case i == len(out)-1 && rest:
			out[i].Rest += ". " + i18n.T(ctx, "day.sum.more")
		case i == len(out)-1:
			out[i].Rest += "."
		case i == len(out)-2:
			out[i].Rest += i18n.T(ctx, "day.sum.and")
		default:
			out[i].Rest += ","
		}
	}
	return out
}

// reportsOnly reports whether the reader works with reports and has no case: then no steps are missing either.
func (v dayView) reportsOnly() bool {
	return v.cases() == 0 && len(v.Steps) == 0 && v.Next == nil && len(v.Concern.Reports)+len(v.Concern.Reviews) > 0
}

// today is "Torsdag 19. november, uge 47."
func (v dayView) today(ctx context.Context) string {
	_, week := v.Now.In(i18n.Zone).ISOWeek()
	return i18n.T(ctx, "day.today", i18n.Capital(i18n.LongDate(ctx, v.Now)), week)
}

// done is what the empty page says.
func (v dayView) done(ctx context.Context) string {
	if v.Next == nil {
		return i18n.T(ctx, "day.done")
	}
	return i18n.T(ctx, "day.done") + " " + i18n.T(ctx, "day.done.next", i18n.LongDate(ctx, *v.Next))
}

func (v dayView) cases() int {
	n := 0
	for _, l := range v.Levels {
		n += l.Cases
	}
	return n
}

func (v dayView) withoutPlan() int {
	n := 0
	for _, l := range v.Levels {
		n += l.WithoutPlan
	}
	return n
}

// level is the number of cases of one level.
func (v dayView) level(severity string) int {
	for _, l := range v.Levels {
		if l.Severity == severity {
			return l.Cases
		}
	}
	return 0
}

// mine is the list of the reader's own cases of one level.
func mine(severity string) string {
	if severity == "" {
		severity = "none"
	}
	return link.CaseList("visning", "mine", "niveau", severity)
}

// under is the quiet line below a step's title: what is special about it.
func under(ctx context.Context, s overview.Step) string {
	switch {
	case s.With == overview.WithNobody && s.PartnerType != "":
		return i18n.T(ctx, "day.missing", reference.Name(ctx, reference.PartnerTypes, s.PartnerType))
	case s.With == overview.WithNobody:
		return i18n.T(ctx, "day.missing.nobody")
	case s.PostponedTimes > 0:
		return i18n.N(ctx, "day.postponed", s.PostponedTimes)
	case s.Mandatory:
		return i18n.T(ctx, "day.mandatory")
	}
	return ""
}

// of is whom the case is about, in the words of a list: "Amira S., 16 år".
func of(ctx context.Context, s overview.Step, now time.Time) string {
	name := s.CallingName
	if name == "" {
		name = i18n.T(ctx, "day.anonymous")
	}
	if s.Born == nil {
		return name
	}
	return i18n.Isolate(name) + ", " + i18n.N(ctx, "day.age", i18n.Age(*s.Born, now))
}

// due is a step's deadline, zero for none.
func due(s overview.Step) time.Time {
	if s.DueAt == nil {
		return time.Time{}
	}
	return *s.DueAt
}

// contact is the partner with whom a step is.
func contact(c overview.Contact) ui.Person {
	return ui.Person{Name: c.Name, Org: c.Organisation, PhotoURL: link.Photo(c.PhotoID, "s"), External: c.External, Href: link.Contact(c.ID)}
}

// asked is the partner who owes an answer: a person where one was asked by name, else the organisation.
func asked(q overview.Request) ui.Person {
	p := ui.Person{Name: q.Organisation, External: q.External, Href: link.Organisation(q.OrganisationID)}
	if q.ContactID != nil {
		p.Name, p.Org, p.PhotoURL, p.Href = q.Contact, q.Organisation, link.Photo(q.PhotoID, "s"), link.Contact(*q.ContactID)
	}
	return p
}

// stepHref is where a step is read and changed.
func stepHref(s overview.Step) string { return link.Step(s.Ref, s.ID) }

// tick marks a step as done and comes back here.
func (v dayView) tick(ctx context.Context, s overview.Step) ui.Button {
	return ui.Button{URL: link.Step(s.Ref, s.ID) + "/udfoert", Label: i18n.T(ctx, "day.done_button"), Kind: "secondary", Icon: "check", Small: true, VH: s.Title,
		Fields: map[string]string{"version": strconv.Itoa(s.Version), "v": url.Values{"tilbage": {v.href(v.With, v.All)}}.Encode()}, Key: "u"}
}
