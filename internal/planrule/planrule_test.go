package planrule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/planrule"
	"samspil/internal/testkit"
)

// hits are the codes of the rules that ask in a case, with the hours since they do.
func hits(t *testing.T, o *testkit.Office, who actor.Actor, c testkit.CaseFile) string {
	t.Helper()
	var list *[]planrule.Hit
	now, err := o.DB.ReadCase(t.Context(), who, c.At("handlingsplan"), func(b *db.Batch) { list = planrule.Hits(b) })
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, h := range *list {
		s = append(s, fmt.Sprintf("%s/%d", strings.TrimSuffix(h.Code, "_by_level"), int(now.Sub(h.Since).Hours()+0.5)))
	}
	return strings.Join(s, " ")
}

func rule(c planrule.Condition, change ...func(*planrule.Input)) planrule.Input {
	in := planrule.Input{DA: "Regel", EN: "Rule", Area: "both", Condition: c, PartnerTypes: []string{"school"}, Length: 24, Unit: calendar.Hours, Certainty: "proposal", Active: true}
	for _, f := range change {
		f(&in)
	}
	return in
}

// only leaves one rule of the municipality, which is as old as the world.
func only(t *testing.T, o *testkit.Office, in planrule.Input) {
	t.Helper()
	o.Exec(t, `DELETE FROM app.suggestion_dismissal`)
	o.Exec(t, `UPDATE app.involvement SET plan_rule_id = NULL`)
	o.Exec(t, `DELETE FROM app.plan_rule`)
	if err := o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error { return planrule.Add(t.Context(), tx, uuid.New(), in) }); err != nil {
		t.Fatal(err)
	}
	o.Exec(t, `UPDATE app.plan_rule SET changed_at = now() - interval '1 year', code = 'xx'`)
}

func TestRuleAsksWhereItsConditionIsMet(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Exec(t, `UPDATE app.case_file SET severity = 'orange', severity_set_at = now() - interval '5 h', opened_at = now() - interval '9 h', phase = 'P2' WHERE id = $1`, c.ID)
	o.Exec(t, `UPDATE app.citizen_label SET born = (now() AT TIME ZONE 'Europe/Copenhagen')::date - interval '16 years 1 month' WHERE case_id = $1`, c.ID)
	o.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by, noted_at) VALUES ($1, 'S18', 'x', 'own', $2, now() - interval '3 h')`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.prompt (case_id, rule, key, raised_at) VALUES ($1, 'broken_stay', '1', now() - interval '2 h')`, c.ID)
	o.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at) VALUES ($1, $2, 'phase.changed', now() - interval '4 h')`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.deadline (case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES ($1, 'BFU_4M', 'municipality_aware', now() - interval '6 h', now() - interval '6 h', 4, 'months', 'x', 'v', 'sourced', true, 'deadline', false, false, false, now(), $2)`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES ('00000000-0000-4000-8000-00000000aaaa', $1, 'own', 'orange', 'x', now() - interval '1 h', now() + interval '1 day', $2)`, c.ID, o.Mette.UserID)
	o.Exec(t, `INSERT INTO app.risk_answer (case_id, assessment_id, factor, answer, evidence) VALUES ($1, '00000000-0000-4000-8000-00000000aaaa', 'RA1', 'present_now', 'x'), ($1, '00000000-0000-4000-8000-00000000aaaa', 'RA2', 'earlier', 'x')`, c.ID)
	for _, x := range []struct {
		what string
		in   planrule.Input
		want string
	}{
		{"the level", rule(planrule.Condition{Level: "yellow"}), "xx/5"},
		{"a graver level", rule(planrule.Condition{Level: "red"}), ""},
		{"at most a milder one", rule(planrule.Condition{Level: "green", LevelTo: "yellow"}), ""},
		{"at most this one", rule(planrule.Condition{LevelTo: "orange"}), "xx/9"},
		{"an age", rule(planrule.Condition{AgeFrom: 15, AgeTo: 17}), "xx/9"},
		{"another age", rule(planrule.Condition{AgeFrom: 17, AgeTo: 18}), ""},
		{"a sign", rule(planrule.Condition{Signs: []string{"S17", "S18"}}), "xx/3"},
		{"another sign", rule(planrule.Condition{Signs: []string{"S17"}}), ""},
		{"a factor that is present now", rule(planrule.Condition{Factors: []string{"RA1"}}), "xx/1"},
		{"a factor that was there earlier", rule(planrule.Condition{Factors: []string{"RA2"}}), ""},
		{"an event", rule(planrule.Condition{Event: "broken_stay"}), "xx/2"},
		{"another event", rule(planrule.Condition{Event: "location_leak"}), ""},
		{"a deadline that runs", rule(planrule.Condition{Deadline: "BFU_4M"}), "xx/6"},
		{"another deadline", rule(planrule.Condition{Deadline: "PLAN_3M"}), ""},
		{"a phase", rule(planrule.Condition{Phases: []string{"P1", "P2"}}), "xx/4"},
		{"another phase", rule(planrule.Condition{Phases: []string{"P1"}}), ""},
		{"two of them: from the later", rule(planrule.Condition{Level: "orange", Signs: []string{"S18"}}), "xx/3"},
		{"two, of which one does not hold", rule(planrule.Condition{Level: "red", Signs: []string{"S18"}}), ""},
		{"of adults", rule(planrule.Condition{Level: "yellow"}, func(in *planrule.Input) { in.Area = "adult" }), ""},
		{"the office itself", rule(planrule.Condition{Level: "yellow"}, func(in *planrule.Input) { in.PartnerTypes = []string{"family_dept"} }), ""},
		{"a rule out of use", rule(planrule.Condition{Level: "yellow"}, func(in *planrule.Input) { in.Active = false }), ""},
	} {
		only(t, o, x.in)
		if got := hits(t, o, o.Mette, c); got != x.want {
			t.Errorf("%s: %q, want %q", x.what, got, x.want)
		}
	}
}

func TestNewAssessmentOfTheSameLevelDoesNotTurnTheClockBack(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	level := func(severity string, hours int) {
		o.Exec(t, `UPDATE app.case_file SET severity = $2, severity_set_at = now() - make_interval(hours => $3) WHERE id = $1`, c.ID, severity, hours)
	}
	for _, x := range []struct {
		severity string
		hours    int
		want     string
	}{
		{"orange", 40, "consultant/40 police/40"}, {"orange", 20, "consultant/40 police/40"}, {"red", 10, "consultant/40 police/40"}, {"orange", 9, "consultant/40 police/40"},
		{"yellow", 8, "key_person/8"}, {"orange", 7, "consultant/7 police/7"},
	} {
		level(x.severity, x.hours)
		if got := hits(t, o, o.Mette, c); got != x.want {
			t.Errorf("%s %d hours ago: %s, want %s", x.severity, x.hours, got, x.want)
		}
	}
	// Somebody is in, and leaves: the time runs from then.
	p := o.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', 'accepted', $4)`, c.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	if got := hits(t, o, o.Mette, c); got != "police/7" {
		t.Error(got)
	}
	o.Exec(t, `UPDATE app.involvement SET status = 'ended', ended_at = now() - interval '2 h'`)
	if got := hits(t, o, o.Mette, c); got != "police/7 consultant/2" {
		t.Error(got)
	}
}

func TestWhatWasFoundIrrelevantComesBackWhenItIsMetAnew(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	only(t, o, rule(planrule.Condition{Signs: []string{"S18"}}))
	sign := func() {
		o.Exec(t, `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES ($1, 'S18', 'x', 'own', $2)`, c.ID, o.Mette.UserID)
	}
	dismiss := func() {
		o.Exec(t, `INSERT INTO app.suggestion_dismissal (case_id, rule, plan_rule_id, reason, dismissed_by) SELECT $1, 'partner:school', r.id, 'x', $2 FROM app.plan_rule r`, c.ID, o.Mette.UserID)
	}
	ask := func(want string) {
		t.Helper()
		if got := hits(t, o, o.Mette, c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	sign()
	ask("xx/0")
	dismiss()
	ask("")
	sign()
	ask("xx/0")
	dismiss()
	o.Exec(t, `UPDATE app.case_file SET severity = 'yellow', severity_set_at = now() WHERE id = $1`, c.ID)
	ask("xx/0")
	dismiss()
	ask("")
	o.Exec(t, `UPDATE app.case_file SET severity = 'green', severity_set_at = now() WHERE id = $1`, c.ID)
	ask("")
}

func TestTimeIsCountedTheWayTheRuleSays(t *testing.T) {
	friday := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for unit, want := range map[calendar.Unit]string{calendar.Hours: "21.11 15.00", calendar.Arbejdsdage: "24.12 23.59"} {
		h := planrule.Hit{Rule: planrule.Rule{Input: planrule.Input{Length: 24, Unit: unit}}, Since: friday}
		if got := h.Due().In(time.FixedZone("", 3600)).Format("02.01 15.04"); got[:5] != want[:5] {
			t.Errorf("%s: %s, want %s", unit, got, want)
		}
	}
	h := planrule.Hit{Rule: planrule.Rule{Input: planrule.Input{Length: 24, Unit: calendar.Arbejdsdage}}, Since: friday, ChristmasEve: true}
	if got := h.Due(); got.Day() != 28 {
		t.Errorf("where Christmas Eve is a holiday: %s", got)
	}
}

func TestFaultyRuleIsTold(t *testing.T) {
	for field, change := range map[string]func(*planrule.Input){
		"da": func(in *planrule.Input) { in.DA = " " }, "area": func(in *planrule.Input) { in.Area = "x" }, "level": func(in *planrule.Input) { in.Condition = planrule.Condition{} },
		"level_to": func(in *planrule.Input) { in.Condition.LevelTo = "green" }, "age_to": func(in *planrule.Input) { in.Condition.AgeFrom = 18 }, "age_from": func(in *planrule.Input) { in.Area, in.Condition.AgeFrom, in.Condition.AgeTo = "child", 30, 40 },
		"signs": func(in *planrule.Input) { in.Condition.Signs = []string{"S99"} }, "factors": func(in *planrule.Input) { in.Condition.Factors = []string{"x"} },
		"event": func(in *planrule.Input) { in.Condition.Event = "x" }, "deadline": func(in *planrule.Input) { in.Condition.Deadline = "x" }, "phases": func(in *planrule.Input) { in.Condition.Phases = []string{"P77"} },
		"partner_type": func(in *planrule.Input) { in.Area, in.PartnerTypes = "child", []string{"family_dept"} }, "also": func(in *planrule.Input) { in.PartnerTypes = []string{"school", "x"} },
		"length": func(in *planrule.Input) { in.Length = 0 }, "unit": func(in *planrule.Input) { in.Unit = "years" }, "certainty": func(in *planrule.Input) { in.Certainty = "" },
		"law": func(in *planrule.Input) { in.Certainty = "sourced" },
	} {
		var bad fault.Invalid
		if err := rule(planrule.Condition{Level: "yellow"}, change).Validate(); !errors.As(err, &bad) || bad[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := rule(planrule.Condition{Level: "yellow"}).Validate(); err != nil {
		t.Error(err)
	}
	twice := func(in *planrule.Input) { in.PartnerTypes = []string{"school", "school"} }
	var bad fault.Invalid
	if err := rule(planrule.Condition{Level: "yellow"}, twice).Validate(); !errors.As(err, &bad) || bad["also"] != "planrule.error.same" {
		t.Errorf("school or school: %v", err)
	}
}

func TestRuleIsChangedByItsAdminsInNewVersions(t *testing.T) {
	o := testkit.NewOffice(t)
	change := func(who actor.Actor, code string, version int, in planrule.Input) error {
		return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return planrule.Change(t.Context(), tx, code, version, in) })
	}
	in := rule(planrule.Condition{Level: "red"})
	if err := change(o.Mette, "police_by_level", 1, in); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a caseworker: %v", err)
	}
	if err := change(o.Lone, "police_by_level", 1, in); err != nil {
		t.Fatal(err)
	}
	if err := change(o.Lone, "police_by_level", 1, in); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if err := change(o.Lone, "police_by_level", 1, rule(planrule.Condition{Level: "orange"})); !errors.Is(err, fault.Stale) {
		t.Errorf("the second of two admins: %v", err)
	}
	if err := change(o.Lone, "nobody", 1, in); !errors.Is(err, fault.NotFound) {
		t.Errorf("no rule: %v", err)
	}
	retire := func(version int) error {
		return o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error { return planrule.Retire(t.Context(), tx, "police_by_level", version) })
	}
	if err := retire(1); !errors.Is(err, fault.Stale) {
		t.Errorf("retired as it was: %v", err)
	}
	if err := retire(2); err != nil {
		t.Fatal(err)
	}
	var rules, history *[]planrule.Rule
	if _, err := o.DB.Read(t.Context(), o.Lone, func(b *db.Batch) { rules, history = planrule.Rules(b), planrule.History(b, "police_by_level") }); err != nil {
		t.Fatal(err)
	}
	if len(*rules) != 3 || (*rules)[2].Code != "police_by_level" || (*rules)[2].Active || (*rules)[2].Version != 3 || len(*history) != 3 || (*history)[2].ChangedBy != "" {
		t.Errorf("%+v", *rules)
	}
	key := uuid.New()
	for range 2 {
		if err := o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error { return planrule.Add(t.Context(), tx, key, in) }); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.plan_rule WHERE code LIKE 'own%'`); n != 1 {
		t.Errorf("a form sent twice made %d rules", n)
	}
}

func TestNumbersOfFewAreNotTold(t *testing.T) {
	o := testkit.NewOffice(t)
	count := func(who actor.Actor) *int {
		t.Helper()
		var n **int
		if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { n = planrule.Cases(b, "both", planrule.Condition{Level: "red"}) }); err != nil {
			t.Fatal(err)
		}
		return *n
	}
	uses := func(who actor.Actor) (s string) {
		t.Helper()
		var list *[]planrule.Use
		if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { list = planrule.Uses(b) }); err != nil {
			t.Fatal(err)
		}
		for _, u := range *list {
			n := "few"
			if u.Times != nil {
				n = fmt.Sprint(*u.Times)
			}
			s += u.Reason + "=" + n + " "
		}
		return s
	}
	for i := range 6 {
		c := o.Case(t, o.Mette, 1)
		o.Exec(t, `UPDATE app.case_file SET severity = 'red', severity_set_at = now() WHERE id = $1`, c.ID)
		code := "elsewhere"
		if i == 0 {
			code = "danger"
		}
		o.Exec(t, `INSERT INTO app.suggestion_dismissal (case_id, rule, plan_rule_id, reason_code, reason, dismissed_by, dismissed_at)
			SELECT $1, 'partner:x', r.id, $2, 'x', $3, now() - interval '1 day' FROM app.plan_rule r WHERE r.code = 'police_by_level'`, c.ID, code, o.Mette.UserID)
		switch i {
		case 3:
			if count(o.Lone) != nil || uses(o.Lone) != "dismissed=few " {
				t.Errorf("four are told: %s", uses(o.Lone))
			}
		case 5:
			if n := count(o.Lone); n == nil || *n != 5 {
				t.Errorf("six are told as %v", n)
			}
			if got := uses(o.Jonas); got != "dismissed=5 elsewhere=5 " { // and the one is not
				t.Error(got)
			}
		}
	}
	if count(o.Mette) != nil || uses(o.Mette) != "" {
		t.Error("a caseworker is told the admin's numbers")
	}
}
