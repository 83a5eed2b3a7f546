package missing_test

import (
	"slices"
	"testing"
	"time"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/missing"
	"samspil/internal/planrule"
	"samspil/internal/testkit"
)

var now = time.Date(2026, 11, 19, 10, 30, 0, 0, time.UTC)

func ago(days int) *time.Time { t := now.AddDate(0, 0, -days); return &t }

// hit is a rule that holds since so many days.
func hit(length int, unit calendar.Unit, days int) planrule.Hit {
	return planrule.Hit{Rule: planrule.Rule{Input: planrule.Input{PartnerTypes: []string{"security_consultant"}, Length: length, Unit: unit}}, Since: *ago(days)}
}

// whole is a case that lacks nothing.
func whole() missing.Facts {
	return missing.Facts{Severity: "yellow", SeveritySetAt: ago(10), OpenedAt: *ago(100), RiskUntil: ago(-60), RiskLevel: "red", HasPlan: true, Colleagues: 2, Accepted: 1, LastNote: ago(3), CallingName: "Amira S.", HasSafetyPlan: true}
}

func TestCaseThatLacksNothingSaysNothing(t *testing.T) {
	if gaps := whole().Gaps(now); len(gaps) != 0 {
		t.Errorf("%+v", gaps)
	}
}

func TestEveryRuleFindsItsGapAndNoOther(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		name, rule string
		change     func(*missing.Facts)
	}{
		{"nothing is written about safe contact", "contact", func(f *missing.Facts) { f.ContactEmpty = true }},
		{"nobody has assessed the risk", "risk", func(f *missing.Facts) { f.RiskUntil, f.RiskLevel = nil, "" }},
		{"the assessment is over", "risk_old", func(f *missing.Facts) { f.RiskUntil = ago(1) }},
		{"the level has risen above what was assessed", "risk_risen", func(f *missing.Facts) { f.RiskLevel = "green" }},
		{"no second person has confirmed", "risk_second", func(f *missing.Facts) { f.RiskUnconfirmed = true }},
		{"one caseworker alone with an orange case", "alone", func(f *missing.Facts) {
			f.Severity, f.Colleagues, f.Accepted = "orange", 1, 0
		}},
		{"a rule that asks within a day is not answered", "partner_rule", func(f *missing.Facts) { f.Hits = []planrule.Hit{hit(24, calendar.Hours, 0)} }},
		{"the time of a slower rule is over", "partner_rule", func(f *missing.Facts) { f.Hits = []planrule.Hit{hit(7, calendar.Days, 8)} }},
		{"nothing is agreed with the citizen in a red case", "safety", func(f *missing.Facts) {
			f.Severity, f.SeveritySetAt, f.HasSafetyPlan = "red", ago(1), false
		}},
		{"the plan calls for a school", "partner_plan", func(f *missing.Facts) { f.CalledFor = []string{"school"} }},
		{"nobody leads two areas of an orange case", "mandate", func(f *missing.Facts) { f.Severity, f.Unled = "orange", 2 }},
		{"a partner does not answer", "unanswered", func(f *missing.Facts) { f.Waiting = []missing.Waiting{{Name: "Nadja", Asked: *ago(4)}} }},
		{"nobody has screened the child", "screening", func(f *missing.Facts) { f.Area = "child" }},
		{"there is no plan", "plan", func(f *missing.Facts) { f.HasPlan = false }},
		{"a step without anybody", "step_nobody", func(f *missing.Facts) { f.StepsWithoutWho = 2 }},
		{"a partner cannot do a step", "step_impossible", func(f *missing.Facts) { f.Impossible = []missing.Refused{{Title: "Udtalelse", At: *ago(1)}} }},
		{"a protection ends in a month", "protection", func(f *missing.Facts) { f.NameAddressUntil = ago(-30) }},
		{"a protection has ended", "protection", func(f *missing.Facts) { f.NameAddressUntil = ago(2) }},
		{"a consent ends in two weeks", "consent", func(f *missing.Facts) {
			f.Ending = []missing.Ending{{Name: "Skolen", Until: *ago(-14)}, {Name: "Politiet", Until: *ago(-15)}}
		}},
		{"a month without a note", "note", func(f *missing.Facts) { f.LastNote = ago(31) }},
		{"never a note", "note", func(f *missing.Facts) { f.LastNote = nil }},
		{"somebody without even a calling name", "calling_name", func(f *missing.Facts) { f.Anonymous, f.CallingName = true, "" }},
	} {
		f := whole()
		c.change(&f)
		gaps := f.Gaps(now)
		if len(gaps) != 1 || gaps[0].Rule != c.rule {
			t.Errorf("%s: %+v", c.name, gaps)
		}
		seen[c.rule] = true
		f.Closed = true
		if gaps := f.Gaps(now); len(gaps) != 0 {
			t.Errorf("%s, closed: %+v", c.name, gaps)
		}
	}
	for _, key := range missing.Rules() {
		if !seen[key] {
			t.Errorf("rule %s is not tried", key)
		}
	}
}

func TestRulesKnowTheirEdges(t *testing.T) {
	for name, change := range map[string]func(*missing.Facts){
		"asked three days ago":                         func(f *missing.Facts) { f.Waiting = []missing.Waiting{{Asked: *ago(3)}} },
		"the assessment holds for a moment more":       func(f *missing.Facts) { t := now.Add(time.Second); f.RiskUntil = &t },
		"the level is what was assessed":               func(f *missing.Facts) { f.RiskLevel = f.Severity },
		"protection ends in 31 days":                   func(f *missing.Facts) { f.NameAddressUntil = ago(-31) },
		"the own office":                               func(f *missing.Facts) { f.Area, f.ScreenedAt, f.CalledFor = "child", ago(5), []string{"family_dept"} },
		"a note 30 days ago":                           func(f *missing.Facts) { f.LastNote = ago(30) },
		"alone with a yellow case":                     func(f *missing.Facts) { f.Colleagues, f.Accepted = 1, 0 },
		"yellow with areas that nobody leads":          func(f *missing.Facts) { f.Unled = 2 },
		"yellow without a safety plan":                 func(f *missing.Facts) { f.HasSafetyPlan = false },
		"a rule that gives a week, and it is not over": func(f *missing.Facts) { f.Hits = []planrule.Hit{hit(7, calendar.Days, 6)} },
	} {
		f := whole()
		change(&f)
		if gaps := f.Gaps(now); len(gaps) != 0 {
			t.Errorf("%s: %+v", name, gaps)
		}
	}
}

func TestFactsComeFromTheCaseItself(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '2 days', opened_at = now() - interval '40 days' WHERE id = $1`, c.ID)
	o.Exec(t, `UPDATE app.case_profile SET anonymous = true, name_address_protection = true, name_address_until = current_date + 10 WHERE case_id = $1`, c.ID)
	o.Exec(t, `UPDATE app.citizen_label SET calling_name = '' WHERE case_id = $1`, c.ID)
	o.Exec(t, `UPDATE app.safe_contact SET never = '' WHERE case_id = $1`, c.ID)
	rules := func() []string {
		t.Helper()
		var f missing.Asked
		when, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("overblik"), func(b *db.Batch) { f = missing.Ask(b) })
		if err != nil {
			t.Fatal(err)
		}
		keys := []string{}
		for _, g := range f.Gaps(when) {
			keys = append(keys, g.Rule)
		}
		return keys
	}
	if got, want := rules(), []string{"contact", "risk", "screening", "alone", "safety", "partner_rule", "partner_rule", "mandate", "plan", "protection", "note", "calling_name"}; !slices.Equal(got, want) {
		t.Errorf("an empty case lacks %v, want %v", got, want)
	}

	// a plan whose step calls for a school, and police who were asked five days ago
	o.Exec(t, `INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), $1, 'clarification', 'x', false, 'x', 'concern', $2)`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ('00000000-0000-4000-8000-000000000777', $1, $2)`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ('00000000-0000-4000-8000-000000000778', $1, '00000000-0000-4000-8000-000000000777', 'Sikre', 0)`, c.ID)
	o.Exec(t, `INSERT INTO app.plan_step (case_id, phase_id, position, title, partner_type, created_by) VALUES ($1, '00000000-0000-4000-8000-000000000778', 0, 'Udtalelse', 'school', $2)`, c.ID, o.Mette.UserID)
	p := o.Partner(t, "police_district", "Politiet", "Bo Holm")
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, asked_at, added_by) VALUES ($1, $2, $3, 'Rejseplaner', 'ad_hoc', now() - interval '5 days', $4)`,
		c.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	o.Grant(t, c, o.Sara, "consulted")
	o.Exec(t, `UPDATE app.safe_contact SET channel = 'Skolens vejleder' WHERE case_id = $1`, c.ID)
	o.Exec(t, `INSERT INTO app.note (case_id, kind, body, author) VALUES ($1, 'phone', 'Talt med skolen', $2)`, c.ID, o.Mette.UserID)
	o.Exec(t, `UPDATE app.citizen_label SET calling_name = 'A.' WHERE case_id = $1`, c.ID)
	o.Exec(t, `INSERT INTO app.safety_plan (case_id, version, if_worse, if_not_back, agreed_on, written_by) VALUES ($1, 1, 'x', 'x', current_date, $2)`, c.ID, o.Mette.UserID)
	if got, want := rules(), []string{"risk", "partner_rule", "partner_plan", "mandate", "unanswered", "step_nobody", "protection"}; !slices.Equal(got, want) {
		t.Errorf("a case under way lacks %v, want %v", got, want)
	}
	o.Exec(t, `INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by, plan_rule_id) VALUES ($1, 'partner:school', 'går ikke i skole', $2, NULL),
		($1, 'partner:security_consultant', 'talt anonymt', $2, (SELECT id FROM app.plan_rule WHERE code = 'consultant_by_level'))`, c.ID, o.Mette.UserID)
	if got, want := rules(), []string{"risk", "mandate", "unanswered", "step_nobody", "protection"}; !slices.Equal(got, want) {
		t.Errorf("after two were found irrelevant it lacks %v, want %v", got, want)
	}
	o.Exec(t, `UPDATE app.plan_step SET impossible_at = now(), responsible_user = $2 WHERE case_id = $1`, c.ID, o.Mette.UserID)
	if got, want := rules(), []string{"risk", "mandate", "unanswered", "step_impossible", "protection"}; !slices.Equal(got, want) {
		t.Errorf("when a partner cannot do the step it lacks %v, want %v", got, want)
	}
	o.Exec(t, `UPDATE app.plan_step SET status = 'done', done_at = now() WHERE case_id = $1`, c.ID)
	if slices.Contains(rules(), "step_impossible") {
		t.Error("a step that is done is not possible")
	}
}
