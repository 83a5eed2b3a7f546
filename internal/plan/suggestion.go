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
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// LevelRule says whom a severity level calls for, and within how long (domain.md 5.5; a proposal, not law).
type LevelRule struct {
	Levels []string
	AnyOf  []string // one of these partner types is enough; the first is suggested
	Within time.Duration
}

// LevelRules are the rules of the levels. Beside them, each open step calls for the partner type of its template.
var LevelRules = []LevelRule{
	{Levels: []string{"orange", "red"}, AnyOf: []string{"security_consultant"}, Within: 24 * time.Hour},
	{Levels: []string{"orange", "red"}, AnyOf: []string{"police_resource_person", "police_district"}, Within: 24 * time.Hour},
	{Levels: []string{"yellow"}, AnyOf: []string{"key_person_team", "security_consultant"}, Within: 7 * 24 * time.Hour},
}

// OwnOffice is the partner type that a case's own area is: nobody calls themselves.
func OwnOffice(area string) string {
	return map[string]string{"child": "family_dept", "adult": "adult_social"}[area]
}

// Call is a partner type that the plan or the level names and nobody fills (R7), with a person to call.
type Call struct {
	PartnerType string
	Step        *Step             // the open step that asks first, nil where only the level does
	Level       string            // the level that asks, "" where only a step does
	Deadline    time.Time         // of the level's rule
	Person      *partner.Callable // who can best be called now; nil where the directory has nobody
}

// Origin is the mark of an involvement that comes from this call: the plan or the level asked for it.
func (c Call) Origin() string {
	if c.Level != "" {
		return involvement.FromTrigger
	}
	return involvement.FromPlan
}

// Calling holds the questions from whose answers [Calling.Calls] are told.
type Calling struct {
	steps     *[]Step
	Involved  *[]involvement.Involvement
	Dismissed *[]Dismissal
	People    *[]partner.Callable // whom the plan or the level may call for
}

// levelTypes are the partner types that some level asks for.
func levelTypes() []string {
	var types []string
	for _, r := range LevelRules {
		types = append(types, r.AnyOf...)
	}
	return types
}

// AskCalls adds the questions about what the plan calls for to the batch of a page. steps is what [Steps] asked.
func AskCalls(b *db.Batch, steps *[]Step) *Calling {
	return &Calling{
		steps: steps, Involved: involvement.Involvements(b), People: partner.Callables(b, partner.Query{PartnerTypes: levelTypes(), CalledFor: true}),
		Dismissed: db.All[Dismissal](b, `
			SELECT d.rule, d.reason, u.display_name AS by, d.dismissed_at AS at FROM app.suggestion_dismissal d JOIN auth.user_account u ON u.id = d.dismissed_by
			 WHERE d.case_id = @case ORDER BY d.dismissed_at DESC, d.rule`, db.Args{"case": b.CaseID}),
	}
}

// Calls tells what the plan of a case calls for: what the level asks first, then by the steps' deadlines. A closed
// case calls for nobody.
func (c *Calling) Calls(h casefile.Header, now time.Time) []Call {
	if h.Closed() {
		return nil
	}
	filled := map[string]bool{OwnOffice(h.Area): true}
	refused := map[uuid.UUID]bool{}
	for _, v := range *c.Involved {
		if v.Live() {
			filled[v.PartnerType] = true
		} else if v.Status == involvement.Declined && v.ContactID != nil {
			refused[*v.ContactID] = true
		}
	}
	var calls []Call
	for _, r := range LevelRules {
		if !slices.Contains(r.Levels, h.Severity) || slices.ContainsFunc(r.AnyOf, func(t string) bool { return filled[t] }) {
			continue
		}
		call := Call{PartnerType: r.AnyOf[0], Level: h.Severity}
		if h.SeveritySetAt != nil {
			call.Deadline = h.SeveritySetAt.Add(r.Within)
		}
		calls = append(calls, call)
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
	var rules []string
	for _, d := range *c.Dismissed {
		rules = append(rules, d.Rule)
	}
	calls = slices.DeleteFunc(calls, func(k Call) bool { return Irrelevant(rules, k.PartnerType, k.Level) })
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

// rule is how a call is remembered once it has been found irrelevant: "partner:school", or with the level
// that asked, "partner:security_consultant@orange".
func (c Call) rule() string {
	if c.Level == "" {
		return "partner:" + c.PartnerType
	}
	return "partner:" + c.PartnerType + "@" + c.Level
}

// Dismissal is a suggestion that somebody found irrelevant, and why.
type Dismissal struct {
	Rule   string // see [Irrelevant]
	Reason string
	By     string
	At     time.Time
}

// PartnerType is what was suggested.
func (d Dismissal) PartnerType() string {
	who, _, _ := strings.Cut(d.Rule, "@")
	return strings.TrimPrefix(who, "partner:")
}

// Irrelevant reports whether somebody found that a partner type need not be called, as rules (of app.suggestion_dismissal)
// remember it. level is what asks for it, "" where only a step does. A level that has risen since asks again (R6).
func Irrelevant(rules []string, partnerType, level string) bool {
	return slices.ContainsFunc(rules, func(r string) bool {
		who, then, _ := strings.Cut(r, "@")
		return who == "partner:"+partnerType && rank(then) >= rank(level)
	})
}

func rank(level string) int {
	return slices.IndexFunc(reference.Items(reference.Severities), func(it reference.Item) bool { return it.Code == level })
}

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

// Dismiss notes that what the plan calls for is not relevant here, and why. The suggestion does not come back
// unless the level rises. A partner type that nothing calls for is [fault.NotFound].
func Dismiss(ctx context.Context, tx *db.Tx, partnerType, reason string) error {
	if err := writable(tx); err != nil {
		return err
	}
	bad := fault.Invalid{}
	checkReason(bad, reason)
	if err := bad.Err(); err != nil {
		return err
	}
	call, _, err := callFor(ctx, tx, partnerType)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES (@case, @rule, @reason, @me) ON CONFLICT DO NOTHING`,
		db.Args{"case": tx.CaseID, "rule": call.rule(), "reason": strings.TrimSpace(reason), "me": tx.Actor.UserID}); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.SuggestionDismissed, uuid.Nil, timeline.Data{"partner_type": partnerType})
}

// DrawIn answers a call with a person: they are asked to take part, and become responsible for the step that asked if
// nobody was, or for a new one where only the level asked. A colleague who answers for the step keeps it: the talk with a
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
		if call.Deadline.After(due) {
			due = call.Deadline
		}
		step, err = AddStep(ctx, tx, StepInput{Title: part, PartnerType: partnerType, Responsible: ByContact(contact), Due: due, Origin: call.Origin(), NamesOK: true})
	}
	if err != nil {
		return uuid.Nil, err
	}
	_, err = involvement.Request(ctx, tx, involvement.Input{OrganisationID: organisation, ContactID: contact, ResponsibleFor: part, Origin: call.Origin()})
	return step, err
}

// drawInTitle is the title of a step that a level asked for. Titles are data, so it is Danish.
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
