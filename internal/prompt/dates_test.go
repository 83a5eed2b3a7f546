package prompt_test

import (
	"slices"
	"testing"

	"samspil/internal/testkit"
)

// The fixture's citizen is born on 14 April 2010.
func TestAChildIsScreenedAgainAtFifteenAtSeventeenAndAHalfAndBeforeEighteen(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	child, grown := o.Case(t, o.Mette, 1), o.Case(t, o.Huseyin, 1)
	for _, day := range []struct {
		day  string
		want []string
	}{
		{"2025-04-13", nil}, {"2025-04-14", []string{"age_15"}}, {"2025-06-12", []string{"age_15", "summer_holiday_60d"}}, // 28 June 2025 is the last Saturday
		{"2025-06-13", []string{"summer_holiday_60d"}}, {"2027-10-13", nil}, {"2027-10-14", []string{"age_17_6m"}},
		{"2028-01-14", nil}, {"2028-01-15", []string{"age_18_90d"}}, {"2028-04-13", []string{"age_18_90d"}}, {"2028-04-14", nil},
	} {
		o.Exec(t, `DELETE FROM app.prompt`)
		for range 2 {
			dates(t, o, day.day)
		}
		got := rules(t, o, child)
		if day.day == "2025-06-13" || day.day == "2028-04-13" { // the summer prompt also stands from 60 days before
			got = slices.DeleteFunc(got, func(s string) bool { return s == "summer_holiday_60d" && !slices.Contains(day.want, s) })
		}
		want(t, day.day, got, day.want...)
		if n := o.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id = $1`, grown.ID); n != 0 {
			t.Errorf("%s: %d prompts in a case of an adult", day.day, n)
		}
	}
}

func TestOpenChildCasesAreScreenedSixtyDaysBeforeTheSummerHoliday(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	child, closed, grown := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1), o.Case(t, o.Huseyin, 1)
	o.Exec(t, `UPDATE app.person SET born = NULL`) // also where nobody knows the age
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, closed.ID)
	// the last Saturday of June: 2027-06-26, 2029-06-30, 2030-06-29
	for day, n := range map[string]int{"2027-04-26": 0, "2027-04-27": 1, "2027-06-25": 1, "2027-06-26": 0, "2029-04-30": 0, "2029-05-01": 1, "2030-04-30": 1, "2030-04-29": 0} {
		o.Exec(t, `DELETE FROM app.prompt`)
		dates(t, o, day)
		if got := o.Count(t, `SELECT count(*) FROM app.prompt`); got != n {
			t.Errorf("%s: %d prompts, want %d", day, got, n)
		}
	}
	o.Exec(t, `DELETE FROM app.prompt`)
	o.Exec(t, `UPDATE app.case_file SET active_at = '2026-01-01' WHERE id = $1`, child.ID)
	for _, day := range []string{"2027-05-01", "2027-06-01", "2028-06-01"} {
		dates(t, o, day)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_file WHERE id = $1 AND active_at = '2026-01-01'`, child.ID); n != 1 {
		t.Error("a case that nobody has touched seems looked after, because a summer came")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id = $1 AND rule = 'summer_holiday_60d'`, child.ID); n != 2 {
		t.Errorf("%d prompts of two summers", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id IN ($1, $2)`, closed.ID, grown.ID); n != 0 {
		t.Errorf("%d prompts in a closed case and an adult's", n)
	}
	// nor does anything else of the database raise one in a case that is closed: a report on it opens it first
	if n := o.Count(t, `SELECT count(app._raise_prompt($1, 'new_report', '1', NULL, NULL, ''))`, closed.ID); n != 0 {
		t.Error("an event in a closed case")
	}
}

func TestTheDaysAreData(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Exec(t, `UPDATE app.reference_item SET data = data || '{"days": 10}' WHERE kind = 'event_triggers' AND code = 'summer_holiday_60d'`)
	dates(t, o, "2027-06-15")
	want(t, "eleven days before", rules(t, o, c))
	dates(t, o, "2027-06-16")
	want(t, "ten days before", rules(t, o, c), "summer_holiday_60d")
}
