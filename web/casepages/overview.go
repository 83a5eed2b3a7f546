package casepages

import (
	"context"
	"net/http"
	"slices"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/decision"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/journal"
	"samspil/internal/missing"
	"samspil/internal/plan"
	"samspil/internal/prompt"
	"samspil/internal/safety"
	"samspil/internal/screening"
	"samspil/internal/sparring"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// How many of each thing the overview shows; the rest is a link away.
const (
	stepsShown    = 4
	eventsShown   = 6
	partnersShown = 5
	gapsShown     = 6
)

// overview is the case on one page: what it lacks, what it is about, what comes next, what happened, who is in it.
type overview struct {
	caseframe.View
	Profile  casefile.Profile
	Gaps     []missing.Gap
	Steps    []plan.Step
	Latest   []journal.Entry
	Levels   []casefile.SeverityChange
	Partners []involvement.Involvement
	People   []casefile.Person
	Limits   []deadline.Deadline // all that run, or are paused
	Signs    []screening.GroupCount
	Safety   safety.Brief
	Prompts  []prompt.Prompt
	Reports  []concern.OnCase
	Reviews  []concern.Reassessment
	Decided  decision.Numbers
	Sparred  sparring.Numbers
}

func (h Handler) overview(w http.ResponseWriter, r *http.Request) error {
	var (
		profile  *casefile.Profile
		facts    missing.Asked
		steps    *[]plan.Step
		feed     *journal.Feed
		levels   *[]casefile.SeverityChange
		partners *[]involvement.Involvement
		people   *[]casefile.Person
		limits   *[]deadline.Deadline
		signs    *[]screening.GroupCount
		brief    *safety.Brief
		prompts  *[]prompt.Prompt
		reports  *[]concern.OnCase
		reviews  *[]concern.Reassessment
		decided  *decision.Numbers
		sparred  *sparring.Numbers
	)
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		profile, facts, steps, feed = casefile.GetProfile(b), missing.Ask(b), plan.OpenSteps(b), journal.Read(b, journal.Query{Limit: eventsShown})
		signs = screening.SignCounts(b)
		levels, partners, people = casefile.SeverityHistory(b), involvement.Involvements(b), casefile.People(b)
		limits = deadline.Open(b)
		brief, prompts = safety.GetBrief(b), prompt.OpenPrompts(b)
		reports, reviews = concern.OfCase(b), concern.CaseReassessments(b)
		decided, sparred = decision.Count(b), sparring.Count(b)
	})
	if err != nil {
		return err
	}
	latest, _ := feed.Page()
	v := overview{View: frame, Profile: *profile, Gaps: facts.Gaps(frame.Now), Steps: *steps, Latest: latest, Levels: *levels, People: *people, Limits: *limits, Signs: *signs,
		Safety: *brief, Prompts: *prompts, Reports: *reports, Reviews: *reviews, Decided: *decided, Sparred: *sparred}
	for _, p := range *partners {
		if p.Live() {
			v.Partners = append(v.Partners, p)
		}
	}
	return page.Render(w, r, http.StatusOK, overviewPage(v))
}

func (v overview) ref() string { return v.Case.Ref }

// safetyFirst reports whether somebody waits to hear from the citizen today, or has not heard: then nothing comes before it.
func (v overview) safetyFirst() bool {
	at := v.Safety.AgreedAt
	return v.Safety.CheckInID != nil && at != nil && i18n.Days(*at, v.Now) <= 0
}

// late counts the open steps whose deadline has passed.
func (v overview) late() int {
	n := 0
	for _, s := range v.Steps {
		if s.Late(v.Now) {
			n++
		}
	}
	return n
}

// next are the steps that come first.
func (v overview) next() []plan.Step { return v.Steps[:min(stepsShown, len(v.Steps))] }

// who says who a step waits for: "Dig · Åskolen", "Mangler ansvarlig".
func (v overview) who(ctx context.Context, s plan.Step) string {
	switch {
	case s.Missing():
		return i18n.T(ctx, "overview.step.nobody")
	case s.MineOf(v.Page.Actor.UserID):
		return i18n.T(ctx, "overview.step.you")
	case s.Organisation != "":
		return s.Person + ", " + s.Organisation
	}
	return s.Person
}

// partners are those shown on the overview.
func (v overview) partners() []involvement.Involvement {
	return v.Partners[:min(partnersShown, len(v.Partners))]
}

// allPartners is the way to all of them, with the number that stands there too.
func (v overview) allPartners(ctx context.Context) string {
	if len(v.Partners) == 0 {
		return i18n.T(ctx, "overview.partners.all.none")
	}
	return i18n.N(ctx, "overview.partners.all", len(v.Partners))
}

// colleagues are the other members, whom one may simply ask.
func (v overview) colleagues() []casefile.Member {
	var list []casefile.Member
	for _, m := range v.Case.Members {
		if m.Kind == "coworker" || m.Kind == "consulted" {
			list = append(list, m)
		}
	}
	return list
}

// faces are everybody who may open the case.
func (v overview) faces() []ui.Person {
	var people []ui.Person
	for _, m := range v.Case.Members {
		people = append(people, caseframe.Person(m))
	}
	return people
}

// whoMayOpen counts the people of the case. The team's lead may read it too, unless it is sealed.
func (v overview) whoMayOpen(ctx context.Context) string {
	key := "overview.access"
	lead := func(m casefile.Member) bool { return m.Kind == "lead" }
	if v.Case.Confidentiality < casefile.Sealed && !slices.ContainsFunc(v.Case.Members, lead) {
		key = "overview.access.and_lead"
	}
	return i18n.N(ctx, key, len(v.Case.Members))
}

// since says how long the level has been what it is.
func (v overview) since(ctx context.Context) string {
	if v.Case.Severity == "" || v.Case.SeveritySetAt == nil {
		return i18n.T(ctx, "overview.level.none")
	}
	return i18n.T(ctx, "overview.level.since", i18n.Date(ctx, *v.Case.SeveritySetAt, v.Now), i18n.Ago(ctx, *v.Case.SeveritySetAt, v.Now))
}

// assessed says until when the newest risk assessment holds.
func (v overview) assessed(ctx context.Context) string {
	switch until := v.Case.RiskUntil; {
	case until == nil:
		return i18n.T(ctx, "overview.risk.none")
	case until.Before(v.Now):
		return i18n.T(ctx, "overview.risk.expired", i18n.Date(ctx, *until, v.Now))
	default:
		return i18n.T(ctx, "overview.risk.valid", i18n.Date(ctx, *until, v.Now))
	}
}

// changed says who changed the case in short last.
func (v overview) changed(ctx context.Context) string {
	if v.Profile.ChangedBy == "" || v.Profile.ChangedAt == nil {
		return ""
	}
	return i18n.T(ctx, "overview.changed", i18n.Date(ctx, *v.Profile.ChangedAt, v.Now), v.Profile.ChangedBy)
}

// person is a partner as the parts show people; an organisation that was asked without a name stands for itself.
func person(i involvement.Involvement) ui.Person {
	p := ui.Person{Name: i.Contact, Title: i.ContactTitle, Org: i.Organisation, PhotoURL: link.Photo(i.PhotoID, "s"), External: i.External(), Href: link.Organisation(i.OrganisationID)}
	if i.ContactID != nil {
		p.Href = link.Contact(*i.ContactID)
	} else {
		p.Name = i.Organisation
	}
	return p
}

// under is the line below a partner's name.
func under(i involvement.Involvement) string {
	if i.ContactID == nil {
		return i.ResponsibleFor
	}
	if i.ContactTitle == "" {
		return i.Organisation
	}
	return i.ContactTitle + ", " + i.Organisation
}

// named writes somebody around the citizen: "Sami Saleh, 21 år", or only "Storebror" where the name is not known.
func (v overview) named(ctx context.Context, p casefile.Person) string { return named(ctx, p, v.View) }

func named(ctx context.Context, p casefile.Person, v caseframe.View) string {
	name := p.Name
	if name == "" {
		name = i18n.T(ctx, "person.unnamed")
	}
	if p.Born != nil {
		name = i18n.Isolate(name) + ", " + i18n.N(ctx, "caseframe.age", i18n.Age(*p.Born, v.Now))
	}
	return name
}

// roleTones are the colours of a part in the conflict; the word says the same.
var roleTones = map[string]string{"threatens": "red", "pressures": "amber", "supports": "green"}

// mayWrite reports whether the reader may change the case.
func mayWrite(v caseframe.View) bool { return v.May(actor.Write) }
