package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/partner"
	"samspil/internal/planrule"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// Call is a partner type that the plan or a rule of the municipality names and nobody fills (R7), with a person to call.
type Call struct {
	PartnerType string
	Step        *Step             // the open step that asks first, nil where only a rule does
	Hit         *planrule.Hit     // the rule that asks, nil where only a step does
	Person      *partner.Callable // who can best be called now; nil where the directory has nobody
}

// Origin is the mark of an involvement that comes from this call: a step of the plan or a rule asked for it.
func (c Call) Origin() string {
	if c.Hit != nil {
		return involvement.FromTrigger
	}
	return involvement.FromPlan
}

// Calling holds the questions from whose answers [Calling.Calls] are told.
type Calling struct {
	steps     *[]Step
	hits      *[]planrule.Hit
	Involved  *[]involvement.Involvement
	Dismissed *[]Dismissal
	People    *[]partner.Callable // whom the plan or a rule may call for
}

// AskCalls adds the questions about what the plan calls for to the batch of a page. steps is what [Steps] asked.
func AskCalls(b *db.Batch, steps *[]Step) *Calling {
	return &Calling{
		steps: steps, hits: planrule.Hits(b), Involved: involvement.Involvements(b), People: partner.Callables(b, partner.Query{CalledFor: true, Ruled: true}),
		Dismissed: db.All[Dismissal](b, `
			SELECT d.rule, d.reason_code, d.reason, u.display_name AS by, d.dismissed_at AS at FROM app.suggestion_dismissal d JOIN auth.user_account u ON u.id = d.dismissed_by
			 WHERE d.case_id = @case ORDER BY d.dismissed_at DESC, d.rule, d.id`, db.Args{"case": b.CaseID}),
	}
}

// Calls tells what the plan of a case calls for: what the rules ask first, then by the steps' deadlines. A closed
// case calls for nobody.
func (c *Calling) Calls(h casefile.Header, now time.Time) []Call {
	if h.Closed() {
		return nil
	}
	filled := map[string]bool{planrule.OwnOffice(h.Area): true}
	refused := map[uuid.UUID]bool{}
	for _, v := range *c.Involved {
		if v.Live() {
			filled[v.PartnerType] = true
		} else if v.Status == involvement.Declined && v.ContactID != nil {
			refused[*v.ContactID] = true
		}
	}
	var calls []Call
	for _, hit := range *c.hits {
		if !slices.ContainsFunc(calls, func(k Call) bool { return k.PartnerType == hit.PartnerType() }) { // of two rules that ask for the same, the older asks
			calls = append(calls, Call{PartnerType: hit.PartnerType(), Hit: &hit})
		}
	}
	for _, s := range byDeadline(*c.steps) {
		if s.PartnerType == "" || s.ResponsibleContact != nil || filled[s.PartnerType] {
			continue
		}
		i := slices.IndexFunc(calls, func(k Call) bool { return k.PartnerType == s.PartnerType })
		switch {
		case i < 0:
			calls = append(calls, Call{PartnerType: s.PartnerType, Step: &s})
		case calls[i].Step == nil:
			calls[i].Step = &s
		}
	}
	irrelevant := func(k Call) bool {
		return k.Hit == nil && slices.ContainsFunc(*c.Dismissed, func(d Dismissal) bool { return d.PartnerType() == k.PartnerType })
	}
	calls = slices.DeleteFunc(calls, irrelevant)
	// Who has said no in this case is not suggested again.
	people := slices.DeleteFunc(slices.Clone(*c.People), func(p partner.Callable) bool { return refused[p.ContactID] })
	for i := range calls {
		calls[i].Person = First(people, calls[i].PartnerType, h.Area, now)
	}
	return calls
}

// byDeadline are the open steps, the most pressing first.
func byDeadline(steps []Step) []Step {
	open := slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return !s.Open() })
	slices.SortStableFunc(open, func(a, b Step) int {
		switch {
		case a.DueAt == nil || b.DueAt == nil:
			return cmp.Compare(asInt(a.DueAt == nil), asInt(b.DueAt == nil))
		default:
			return a.DueAt.Compare(*b.DueAt)
		}
	})
	return open
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// First is who of a partner type can best be called now, or nil.
func First(people []partner.Callable, partnerType, area string, now time.Time) *partner.Callable {
	if best := Best(people, []string{partnerType}, area, now); len(best) > 0 {
		return &best[0]
	}
	return nil
}

// Best are the people of some partner types in the order in which one would try them.
func Best(people []partner.Callable, types []string, area string, now time.Time) []partner.Callable {
	var fit []partner.Callable
	for _, p := range people {
		if slices.Contains(types, p.PartnerType) && p.Serves(area) {
			fit = append(fit, p)
		}
	}
	return partner.Rank(fit, now)
}

// Dismissal is a suggestion that somebody found irrelevant, and why.
type Dismissal struct {
	Rule       string // "partner:<type>": what a step of the plan asks for
	ReasonCode string // one of [planrule.Reasons]
	Reason     string
	By         string
	At         time.Time
}

// PartnerType is what was suggested.
func (d Dismissal) PartnerType() string { return strings.TrimPrefix(d.Rule, "partner:") }

// callFor finds the call for a partner type in the opened case.
func callFor(ctx context.Context, tx *db.Tx, partnerType string) (Call, casefile.Header, error) {
	var asked *Calling
	var header *casefile.Header
	err := tx.Read(ctx, func(b *db.Batch) {
		header = casefile.GetHeader(b)
		asked = AskCalls(b, Steps(b))
	})
	if err != nil {
		return Call{}, casefile.Header{}, err
	}
	for _, c := range asked.Calls(*header, tx.Now) {
		if c.PartnerType == partnerType {
			return c, *header, nil
		}
	}
	return Call{}, *header, fault.NotFound
}

// Dismiss notes that what the plan calls for is not relevant here, and why: code is one of [planrule.Reasons]. What a step asks for
// does not come back; what a rule asks for does when its condition is met anew, or the level rises. A partner type that nothing calls
// for is [fault.NotFound].
func Dismiss(ctx context.Context, tx *db.Tx, partnerType, code, reason string) error {
	if err := writable(tx); err != nil {
		return err
	}
	bad := fault.Invalid{}
	bad.Check("reason_code", slices.Contains(planrule.Reasons, code), "error.choose")
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	call, _, err := callFor(ctx, tx, partnerType)
	if err != nil {
		return err
	}
	var rule *uuid.UUID
	if call.Hit != nil {
		rule = &call.Hit.ID
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO app.suggestion_dismissal (case_id, rule, plan_rule_id, reason_code, reason, dismissed_by) VALUES (@case, @rule, @plan_rule, @code, @reason, @me)`,
		db.Args{"case": tx.CaseID, "rule": "partner:" + partnerType, "plan_rule": rule, "code": code, "reason": strings.TrimSpace(reason), "me": tx.Actor.UserID}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.SuggestionDismissed, uuid.Nil, timeline.Data{"partner_type": partnerType})
}

// DrawIn answers a call with a person: they are asked to take part, and become responsible for the step that asked if
// nobody was, or for a new one where only a rule asked. A colleague who answers for the step keeps it: the talk with a
// child is the authority's, also when the school helps. It returns the step that became the partner's, zero for none.
// A call that somebody has answered meanwhile is [fault.NotFound].
func DrawIn(ctx context.Context, tx *db.Tx, partnerType string, contact uuid.UUID) (uuid.UUID, error) {
	if err := writable(tx); err != nil {
		return uuid.Nil, err
	}
	call, header, err := callFor(ctx, tx, partnerType)
	if err != nil {
		return uuid.Nil, err
	}
	organisation, err := organisationOf(ctx, tx, contact, partnerType)
	if err != nil {
		return uuid.Nil, err
	}
	var step uuid.UUID
	part := drawInTitle(ctx, partnerType)
	switch {
	case call.Step != nil && call.Step.ResponsibleUser != nil:
		part = call.Step.Title
	case call.Step != nil:
		step, part = call.Step.ID, call.Step.Title
		err = Assign(ctx, tx, step, call.Step.Version, ByContact(contact))
	case header.HasPlan:
		due := i18n.Today(tx.Now).AddDate(0, 0, 1)
		if call.Hit != nil && call.Hit.Due().After(due) {
			due = call.Hit.Due()
		}
		step, err = AddStep(ctx, tx, StepInput{Title: part, PartnerType: partnerType, Responsible: ByContact(contact), Due: due, Origin: call.Origin(), NamesOK: true})
	}
	if err != nil {
		return uuid.Nil, err
	}
	_, err = involvement.Request(ctx, tx, involvement.Input{OrganisationID: organisation, ContactID: contact, ResponsibleFor: part, Origin: call.Origin()})
	return step, err
}

// drawInTitle is the title of a step that a rule asked for. Titles are data, so it is Danish.
func drawInTitle(ctx context.Context, partnerType string) string {
	title := "Inddrag: " + reference.Name(i18n.With(ctx, "da"), reference.PartnerTypes, partnerType)
	if utf8.RuneCountInString(title) > MaxTitle {
		title = string([]rune(title)[:MaxTitle])
	}
	return title
}

// organisationOf is where a contact person works; of another partner type they are no answer to the call.
func organisationOf(ctx context.Context, tx *db.Tx, contact uuid.UUID, partnerType string) (uuid.UUID, error) {
	return db.One[uuid.UUID](ctx, tx, `
		SELECT o.id FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE c.id = @contact AND o.partner_type = @type AND c.active AND o.active`, db.Args{"contact": contact, "type": partnerType})
}
