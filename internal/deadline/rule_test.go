package deadline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
)

func (d desk) rule(version int, in deadline.RuleInput) error {
	d.t.Helper()
	return d.DB.InTx(d.t.Context(), d.Lone, func(tx *db.Tx) error { return deadline.ChangeRule(d.t.Context(), tx, version, in) })
}

func (d desk) rules() deadline.Rules {
	d.t.Helper()
	var q deadline.RuleRows
	_, err := d.DB.Read(d.t.Context(), d.Mette, func(b *db.Batch) { q = deadline.AskRules(b) })
	d.must(err)
	return q.Rules()
}

func TestAMunicipalityMayBeQuickerThanTheLawAndNeverSlower(t *testing.T) {
	d := newDesk(t)
	for what, c := range map[string]struct {
		in         deadline.RuleInput
		field, key string
	}{
		"five months":          {deadline.RuleInput{Code: "BFU_4M", Length: 5, Unit: calendar.Months, Active: true}, "length", "deadline.error.law"},
		"four years":           {deadline.RuleInput{Code: "BFU_4M", Length: 4, Unit: calendar.Years, Active: true}, "unit", "deadline.error.law.unit"},
		"no clock":             {deadline.RuleInput{Code: "UND_24H", Length: 24, Unit: calendar.Hours}, "active", "deadline.error.law.active"},
		"an hour of the law's": {deadline.RuleInput{Code: "UND_24H", Length: 12, Unit: calendar.Hours, Active: true}, "length", "deadline.error.law.hours"},
		"no length":            {deadline.RuleInput{Code: "BFU_4M", Length: 0, Unit: calendar.Months, Active: true}, "length", "deadline.error.length"},
		"a century":            {deadline.RuleInput{Code: "PLAN_12A", Length: 5000, Unit: calendar.Days, Active: true}, "length", "deadline.error.length_most"},
		"no name":              {deadline.RuleInput{Length: 5, Unit: calendar.Days, Area: "both", Active: true}, "name", "deadline.error.name"},
		"no unit":              {deadline.RuleInput{Code: "PLAN_12A", Length: 5, Active: true}, "unit", "error.choose"},
		"a gate":               {deadline.RuleInput{Code: "GATE_RISK", Length: 5, Unit: calendar.Days, Active: true}, "code", "error.choose"},
	} {
		refused(t, what, d.rule(0, c.in), c.field, c.key)
	}
	// the database says the same to whoever goes around the form
	for _, set := range []string{`5, 'months', true`, `4, 'years', true`, `3, 'months', false`} {
		err := d.DB.InTx(t.Context(), d.Lone, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `INSERT INTO app.deadline_rule (municipality, code, area, length, unit, active, changed_by) SELECT id, 'BFU_4M', 'child', `+set+`, @me FROM app.municipality`,
				db.Args{"me": d.Lone.UserID})
			return err
		})
		if !db.Violates(err, "law_before_rule") {
			t.Errorf("%s: %v", set, err)
		}
	}
	d.must(d.rule(0, deadline.RuleInput{Code: "BFU_4M", Length: 3, Unit: calendar.Months, Active: true}))
	x := d.start("BFU_4M", time.Hour)
	if x.Length != 3 || x.Certainty != deadline.LocalMark || x.Statutory || x.RuleVersion != 1 || x.Basis != "barnets lov § 20, stk. 3; lokal frist" {
		t.Errorf("%+v", x)
	}
	if err := d.rule(0, deadline.RuleInput{Code: "BFU_4M", Length: 2, Unit: calendar.Months, Active: true}); !errors.Is(err, fault.Stale) {
		t.Errorf("the other admin's tab: %v", err)
	}
	d.must(d.rule(1, deadline.RuleInput{Code: "BFU_4M", Length: 4, Unit: calendar.Months, Active: true}))
	if got := d.get(x.ID); got.Length != 3 || !got.DueAt.Equal(x.DueAt) {
		t.Error("a deadline that runs was rewritten")
	}
	if r, _ := d.rules().Find("BFU_4M"); !r.Statutory || r.Certainty != "sourced" || r.Version != 2 {
		t.Errorf("back at the law's number: %+v", r)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline_rule_change WHERE code = 'BFU_4M' AND changed_by = $1`, d.Lone.UserID); n != 2 {
		t.Errorf("%d forms are kept", n)
	}
}

func TestTheMunicipalityHasADeadlineOfItsOwn(t *testing.T) {
	d := newDesk(t)
	d.must(d.rule(0, deadline.RuleInput{Name: "Ring tilbage til skolen", Area: "child", Length: 2, Unit: calendar.Arbejdsdage, Active: true}))
	rules := d.rules()
	own := rules.All[len(rules.All)-1]
	if !own.Own() || !own.ByHand("child") || own.ByHand("adult") {
		t.Fatalf("%+v", own)
	}
	x := d.start(own.Code, 0)
	if x.Name(t.Context()) != "Ring tilbage til skolen" || x.Basis != "lokal frist" || x.Trigger != own.Code {
		t.Errorf("%+v", x)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE data->>'deadline' = 'Ring tilbage til skolen'`); n != 1 {
		t.Error("the timeline does not call it by its name")
	}
	d.must(d.rule(1, deadline.RuleInput{Code: own.Code, Name: "Ring tilbage", Area: "child", Length: 2, Unit: calendar.Arbejdsdage, Active: false}))
	err := d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := deadline.Start(ctx, tx, own.Code, tx.Now)
		return err
	})
	refused(t, "one that was switched off", err, "code", "deadline.error.code")
	if got := d.get(x.ID); got.OwnName != "Ring tilbage til skolen" {
		t.Error("a deadline that runs was renamed")
	}
}

func TestOnlyTheAdminDecidesAboutLocalDeadlines(t *testing.T) {
	d := newDesk(t)
	for name, who := range d.People() {
		if name == "lone" || name == "nobody" {
			continue
		}
		err := d.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			return deadline.ChangeRule(t.Context(), tx, 0, deadline.RuleInput{Code: "PLAN_12A", Length: 5, Unit: calendar.Days, Active: true})
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s changes a rule: %v", name, err)
		}
		err = d.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			return deadline.ChangeHolidays(t.Context(), tx, deadline.Holidays{ChristmasEve: true})
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s changes the holidays: %v", name, err)
		}
	}
}

func TestHolidaysAreThoseOfTheDayTheDeadlineBegan(t *testing.T) {
	d := newDesk(t)
	holidays := func(h deadline.Holidays) error {
		return d.DB.InTx(t.Context(), d.Lone, func(tx *db.Tx) error { return deadline.ChangeHolidays(t.Context(), tx, h) })
	}
	d.must(holidays(deadline.Holidays{ChristmasEve: true, NewYearsEve: true}))
	if err := holidays(deadline.Holidays{}); !errors.Is(err, fault.Stale) {
		t.Errorf("the other tab: %v", err)
	}
	if h := d.rules().Holidays; !h.ChristmasEve || !h.NewYearsEve || h.ConstitutionDay || h.Version != 1 {
		t.Errorf("%+v", h)
	}
	x := d.start("ACCESS_7D", time.Hour)
	if x.Settings() != (calendar.Settings{ChristmasEve: true, NewYearsEve: true}) {
		t.Errorf("%+v", x)
	}
	d.must(holidays(deadline.Holidays{Version: 1}))
	if got := d.get(x.ID); !got.ChristmasEve {
		t.Error("what it was computed with was rewritten")
	}
}

func TestThePlanAsksForItsDeadlines(t *testing.T) {
	d := newDesk(t)
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { return plan.Start(ctx, tx, "T1") }))
	var planned *[]string
	ask := func() []string {
		_, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { planned = deadline.Planned(b) })
		d.must(err)
		var codes []string
		for _, r := range d.rules().Offers(*planned, "child") {
			codes = append(codes, r.Code)
		}
		return codes
	}
	if got := ask(); len(got) != 3 || got[0] != "BFU_4M" || got[1] != "PLAN_3M" || got[2] != "FOLLOW_3M" {
		t.Errorf("offers: %v", got) // UND_24H is the report's, GATE_RISK and TALK_CHILD have no length
	}
	d.start("BFU_4M", day)
	if got := ask(); len(got) != 2 || got[0] != "PLAN_3M" {
		t.Errorf("offers after one has begun: %v", got)
	}
}

func TestBirthdaysThatChangeRightsAreAnnouncedNinetyDaysAhead(t *testing.T) {
	now := time.Date(2026, time.November, 22, 23, 30, 0, 0, i18n.Zone)
	date := func(s string) *time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	for what, c := range map[string]struct {
		born *time.Time
		code string
		day  string
	}{
		"fifteen in ninety days":            {date("2012-02-20"), "AGE_15", "2027-02-20"},
		"fifteen in ninety-one days":        {date("2012-02-21"), "", ""},
		"eighteen today":                    {date("2008-11-22"), "AGE_18", "2026-11-22"},
		"eighteen yesterday":                {date("2008-11-21"), "", ""},
		"ten on the first of January":       {date("2017-01-01"), "AGE_10", "2027-01-01"},
		"twenty-three, born on a leap day":  {date("2004-02-29"), "", ""},
		"sixteen, which changes nothing":    {date("2010-12-01"), "", ""},
		"nobody knows when they were born":  {nil, "", ""},
		"twenty-three in the next February": {date("2004-02-19"), "AGE_23", "2027-02-19"},
	} {
		got := deadline.Milestones(c.born, now)
		switch {
		case c.code == "" && len(got) != 0, c.code != "" && (len(got) != 1 || got[0].Code != c.code || got[0].Day.Format(time.DateOnly) != c.day):
			t.Errorf("%s: %+v", what, got)
		}
	}
}

func TestASignedRiskAssessmentHoldsAsLongAsItsLevelSays(t *testing.T) {
	d := newDesk(t)
	sign := func(level string, ago time.Duration) {
		d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			return deadline.RiskSigned(ctx, tx, level, tx.Now.Add(-ago), tx.Now.Add(100*day))
		}))
	}
	sign("yellow", 5*day)
	sign("red", 0)
	var all *[]deadline.Deadline
	_, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { all = deadline.All(b) })
	d.must(err)
	if len(*all) != 2 || (*all)[0].Code != "RISK_VALID_RED" || (*all)[0].Length != 7 || (*all)[1].Code != "RISK_VALID_LOW" || !(*all)[1].Kept() {
		t.Errorf("%+v", *all)
	}
	x := (*all)[0]
	for what, do := range map[string]func(ctx context.Context, tx *db.Tx) error{
		"ticked": func(ctx context.Context, tx *db.Tx) error { return deadline.Meet(ctx, tx, x.ID, x.Version, tx.Now) },
		"paused": func(ctx context.Context, tx *db.Tx) error { return deadline.Pause(ctx, tx, x.ID, x.Version, "ferie") },
		"moved": func(ctx context.Context, tx *db.Tx) error {
			return deadline.Move(ctx, tx, x.ID, x.Version, tx.Now.Add(40*day), "ferie")
		},
	} {
		var bad fault.Invalid
		if err := d.in(d.Mette, do); !errors.As(err, &bad) || bad["met"]+bad["reason"] != "deadline.error.renewed" {
			t.Errorf("%s: %v", what, err)
		}
	}
	d.must(d.in(d.Mette, func(ctx context.Context, tx *db.Tx) error { // the consultant's holds for three days only
		return deadline.RiskSigned(ctx, tx, "orange", tx.Now, tx.Now.Add(3*day))
	}))
	_, err = d.DB.ReadCase(t.Context(), d.Mette, d.c.At("frister"), func(b *db.Batch) { all = deadline.All(b) })
	d.must(err)
	if first := (*all)[0]; first.Code != "RISK_VALID_ORANGE" || first.Length != 3 {
		t.Errorf("%+v", first)
	}
	sameDay(t, "the consultant's", (*all)[0].DueAt, calendar.EndOfDay(time.Now().Add(3*day)))
}
