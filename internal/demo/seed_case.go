package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// caseRows loads one case.
type caseRows struct {
	*loader
	Case
	opened time.Time
	last   time.Time // the latest thing told so far, so that a day's notes stay in their order
}

func (l *loader) file(c Case) error {
	r := &caseRows{loader: l, Case: c}
	r.opened = r.when(c.Opened, "09:00")
	if i := slices.IndexFunc(c.Events, func(e Event) bool { return e.Kind == "registered" }); i >= 0 {
		r.opened = r.when(c.Events[i].Days, c.Events[i].At)
	}
	r.header()
	r.access()
	if err := r.citizen(); err != nil {
		return err
	}
	r.profile()
	for _, v := range c.Involvements {
		r.involvement(v)
	}
	r.risk()
	if err := r.plan(); err != nil {
		return err
	}
	r.deadlines()
	if err := r.journal(); err != nil {
		return err
	}
	r.signs()
	r.history()
	r.safety()
	r.consents()
	r.sharing()
	r.decisions()
	r.sparrings()
	r.mandates()
	r.forum()
	return nil
}

// when is the moment of something in the case. Acute work also happens at weekends, the rest does not;
// and nothing has happened later than now.
func (r *caseRows) when(d Day, clock string) time.Time {
	t := d.OnWorkday(r.now, clock)
	if r.Severity == "red" || r.Phase == "P3" {
		t = d.On(r.now, clock)
	}
	if t.After(r.now) {
		t = r.now.Add(-2 * time.Minute)
	}
	return t
}

func (r *caseRows) id(words ...string) any { return r.uid(words...) }

func (r *caseRows) user(key string) any { return id("user", key) }

func (r *caseRows) text(s string) string { return Dated(s, r.now) }

func (r *caseRows) header() {
	var severity, severitySet, conflict, closed any
	if r.Severity != "" {
		severity, severitySet = r.Severity, r.when(r.SeveritySet, "10:00")
	}
	if r.ConflictPhase != "" {
		conflict = r.ConflictPhase
	}
	status := "open"
	if r.Closed != nil {
		status, closed = "closed", r.when(r.Closed.Days, "13:00")
	}
	team := id("team", r.Team)
	r.put("app.case_file", r.id(), r.ref(), r.Number, municipalityID, team, r.Area, r.Confidentiality, r.user(r.Responsible), status, severity, severitySet,
		r.Certainty, r.Origin, r.Phase, conflict, r.opened, closed, r.opened)
	r.put("app.citizen_label", r.id(), team, r.Confidentiality, r.Citizen.Calling, r.born())
}

// ref is the case's place in addresses: as random as a hash, and the same each time.
func (r *caseRows) ref() string { return refOf(r.uid("ref")) }

func (r *caseRows) access() {
	grant := func(user, kind string, to any) {
		r.put("app.case_grant", r.id("grant", user), r.id(), r.user(user), kind, r.opened, to, r.user(r.Responsible), "")
	}
	grant(r.Responsible, "responsible", nil)
	for _, u := range r.CoResponsible {
		kind := "coworker"
		if r.users[u].Role == "team_lead" {
			kind = "lead"
		}
		grant(u, kind, nil)
	}
	for _, c := range r.Consulted {
		grant(c.User, "consulted", r.now.AddDate(0, 0, c.Until))
	}
	for _, x := range r.Excluded {
		r.put("app.case_exclusion", r.id("exclusion", x.User), r.id(), r.user(x.User), "creation", x.Reason, r.user(r.Responsible), r.opened)
	}
}

func (r *caseRows) born() any {
	if r.Citizen.Birthday == "" {
		return nil
	}
	born, err := Born(r.now, r.Citizen.Age, r.Citizen.Birthday)
	if err != nil {
		return nil // the content's test has said so
	}
	return day(born)
}

func (r *caseRows) citizen() error {
	person := r.id("person", "citizen")
	var sealed, blind any
	masked := ""
	if born, ok := r.born().(time.Time); ok {
		cpr, ok := keys.ParseCPR(CPR(born, r.Citizen.Serial))
		if !ok || !cpr.Born.Equal(born) {
			return fmt.Errorf("the CPR number %s does not tell the birth date %s", CPR(born, r.Citizen.Serial), born.Format(time.DateOnly))
		}
		masked, blind = cpr.Masked(), r.k.BlindCPR(cpr.Digits)
		sealed = r.k.Seal(keys.Where{Column: "person.cpr", CaseID: r.uid(), RowID: r.uid("person", "citizen")}, cpr.String())
	}
	r.put("app.person", person, r.id(), true, r.Citizen.Full, r.born(), "", "unknown", "unknown", "ask", "", masked, sealed, blind, casefile.Fold(r.Citizen.Full), r.opened)
	for i, p := range r.People {
		var born any
		if p.Age > 0 { // the birthday is not known; the year is good enough to show an age
			born = day(r.now.AddDate(-p.Age, -3, -i))
		}
		r.put("app.person", r.id("person", p.Name), r.id(), false, p.Name, born, p.Relation, p.Role, p.MayKnow, cmp.Or(p.May, "ask"), r.text(p.Note), "", nil, nil, casefile.Fold(p.Name), r.opened)
	}
	facts := r.Protected
	if r.Contact.CodeWord != "" {
		facts = append(slices.Clone(facts), Protected{Kind: "code_word", Text: r.Contact.CodeWord})
	}
	for _, f := range facts {
		fact := r.uid("fact", f.Kind, f.Text)
		whose := person
		if f.Person != "" {
			whose = r.id("person", f.Person)
		}
		r.put("app.protected_fact", fact, r.id(), whose, f.Kind, r.k.Seal(keys.Where{Column: "protected_fact", CaseID: r.uid(), RowID: fact}, f.Text),
			r.user(r.Responsible), r.opened)
	}
	return nil
}

func (r *caseRows) profile() {
	reason := ""
	for _, e := range r.Events {
		if e.Kind == "severity" && e.To == r.Severity && e.Reason != "" {
			reason = e.Reason
		}
	}
	var until any
	nameAddress := slices.Contains(r.Flags, "name_address")
	if nameAddress { // a year from some day in the past
		until = day(r.now.AddDate(0, 0, 60+int(r.uid()[0])))
	}
	types := r.ControlTypes
	if types == nil {
		types = []string{}
	}
	me := r.user(r.Responsible)
	r.put("app.case_profile", r.id(), r.text(r.Situation), r.text(r.Wish), r.text(r.Ground), r.Interpreter, types, r.Citizen.Anonymous, nameAddress, until,
		slices.Contains(r.Flags, "special_address"), reason, r.opened, me)
	s := r.Contact
	r.put("app.safe_contact", r.id(), s.Policy, s.Channel, s.Hours, s.Never, s.Cover, text(s.Rules.May), text(s.Rules.Never), windows(s.Rules.Windows), s.Rules.Third, r.opened, me)
}

// involvementStatus maps the finer words of the content to those that the case keeps.
var involvementStatus = map[string]string{"active": "accepted", "no_answer": "requested"}

func (r *caseRows) involvement(v Involvement) {
	status := v.Status
	if s := involvementStatus[status]; s != "" {
		status = s
	}
	asked, answered, ended := r.opened, any(nil), any(nil)
	if v.Asked != nil {
		asked = r.when(*v.Asked, "10:40")
	}
	row := r.id("involvement", v.Organisation, v.Contact)
	data := timeline.Data{"organisation": r.orgOf[v.Organisation].Name, "contact": r.contacts[v.Contact].Name}
	r.event(asked, r.Responsible, timeline.InvolvementRequested, row, data)
	if v.Answered != nil && status != "requested" {
		at := r.when(*v.Answered, "13:15")
		if at.Before(asked) {
			at = asked.Add(50 * time.Minute)
		}
		answered = at
		if status == "declined" {
			r.event(at, r.Responsible, timeline.InvolvementDeclined, row, data)
		} else {
			r.event(at, r.Responsible, timeline.InvolvementAccepted, row, data)
		}
		if status == "ended" {
			last := at
			if r.Closed != nil {
				last = r.when(r.Closed.Days, "12:30")
			} else if *v.Answered > 3 {
				last = r.when(*v.Answered/2, "14:30")
			}
			ended = last
			r.event(last, r.Responsible, timeline.InvolvementEnded, row, data)
		}
	}
	r.put("app.involvement", row, r.id(), id("organisation", v.Organisation), optional("contact", v.Contact), v.For, v.Origin, status, v.Basis, asked, answered, ended,
		v.Reason, r.user(r.Responsible), asked, r.planRule(v.Rule))
}

// text is a list as a row keeps it: never NULL.
func text(list []string) []string { return append([]string{}, list...) }

// windows are hours as a row keeps them.
func windows(list []casefile.Window) []casefile.Window { return append([]casefile.Window{}, list...) }
