package screening_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/screening"
	"samspil/internal/testkit"
)

func suggestions(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case) []screening.Suggestion {
	t.Helper()
	var (
		subject *screening.Subject
		signs   *[]screening.Seen
		rules   *[]screening.Rule
		answers *[]screening.Answer
	)
	now, err := o.DB.ReadCase(t.Context(), who, at, func(b *db.Batch) {
		subject, signs, rules, answers = screening.GetSubject(b), screening.Signs(b), screening.Rules(b), screening.Answers(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	return screening.Suggest(*rules, *signs, *answers, subject.Facts(now))
}

func open(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case) map[string]string {
	t.Helper()
	keys := map[string]string{}
	for _, s := range screening.Unanswered(suggestions(t, o, who, at)) {
		keys[s.Rule.Code] = s.Key
	}
	return keys
}

func version(t *testing.T, o *testkit.Office, table string, ref string) (v int) {
	t.Helper()
	o.Scan(t, []any{&v}, `SELECT version FROM app.`+table+` WHERE ref = $1`, ref)
	return v
}

// whole is a screening of a child that lacks nothing.
func whole(version int) screening.Input {
	return screening.Input{ID: uuid.New(), Outcome: "clarification", Reason: "Skolen er bekymret", Honour: "suspected", HonourWhy: "Trusler", Certainty: "suspicion", Mandatory: []string{"none"}, Version: version}
}

func screen(t *testing.T, o *testkit.Office, who actor.Actor, at db.Case, on screening.On, input screening.Input) error {
	t.Helper()
	return in(t, o, who, at, func(ctx context.Context, tx *db.Tx) error { return screening.Screen(ctx, tx, on, input) })
}

func TestTheSuggestionIsAnsweredBeforeTheScreening(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	at := c.At("screening")
	note(t, o, o.Mette, at, screening.Case, "S31")
	asks := open(t, o, o.Mette, at)
	if strings.Join(slices.Sorted(maps.Keys(asks)), " ") != "threats" {
		t.Fatalf("asks %v", asks)
	}
	input := whole(version(t, o, "case_file", c.Ref))
	refusedAt(t, screen(t, o, o.Mette, at, screening.Case, input), "svar-threats")
	input.Answers = map[string]screening.AnswerInput{"threats": {Key: asks["threats"], Relevant: "yes"}}
	refusedAt(t, screen(t, o, o.Mette, at, screening.Case, input), "hvorfor-threats") // why is asked for with a yes too
	input.Answers["threats"] = screening.AnswerInput{Key: "of other signs", Relevant: "yes", Reason: "x"}
	refusedAt(t, screen(t, o, o.Mette, at, screening.Case, input), "svar-threats")
	input.Answers["threats"] = screening.AnswerInput{Key: asks["threats"], Relevant: "no", Reason: "Det var i et rollespil"}
	for range 2 { // the form is sent twice
		if err := screen(t, o, o.Mette, at, screening.Case, input); err != nil {
			t.Fatal(err)
		}
	}
	changed := input // after "Back": what is new is not taken for what was saved
	changed.Reason = "Der er mere at sige"
	if err := screen(t, o, o.Mette, at, screening.Case, changed); !errors.Is(err, fault.Stale) {
		t.Errorf("a changed form of an older version: %v", err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.screening s JOIN app.suggestion_answer a USING (case_id) JOIN app.case_file f ON f.id = s.case_id
		WHERE NOT a.relevant AND a.reason = 'Det var i et rollespil' AND a.rule_version = 1 AND f.certainty = 'suspicion' AND cardinality(a.evidence) = 1`); n != 1 {
		t.Errorf("%d screenings with their answer", n)
	}
	if len(open(t, o, o.Mette, at)) != 0 {
		t.Error("it asks again though nothing is new")
	}
	note(t, o, o.Mette, at, screening.Case, "S32")
	if asks := open(t, o, o.Mette, at); asks["threats"] == "" {
		t.Error("it does not ask again though there is a new sign")
	}
}

func TestAnAnswerIsToWhatWasOnTheScreen(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	at := c.At("tegn")
	note(t, o, o.Mette, at, screening.Case, "S31")
	old := open(t, o, o.Mette, at)["threats"]
	note(t, o, o.Mette, at, screening.Case, "S32") // by a colleague, while one thought
	answer := func(key, code string) error {
		return in(t, o, o.Mette, at, func(ctx context.Context, tx *db.Tx) error {
			return screening.AnswerSuggestion(ctx, tx, screening.Case, code, screening.AnswerInput{Key: key, Relevant: "yes", Reason: "Det er alvor"})
		})
	}
	if err := answer(old, "threats"); !errors.Is(err, fault.Stale) {
		t.Errorf("answered what is no longer asked: %v", err)
	}
	if err := answer(old, "control"); !errors.Is(err, fault.Stale) {
		t.Errorf("answered what was never asked: %v", err)
	}
	now := open(t, o, o.Mette, at)["threats"]
	if err := errors.Join(answer(now, "threats"), answer(now, "threats")); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.suggestion_answer`) + o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'suggestion.answered'`); n != 2 {
		t.Errorf("%d answers and events", n)
	}
}

func TestAChildsReportIsAssessedBeforeItIsScreened(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	id, rep := report(t, o, o.Mette, false)
	refusedAt(t, screen(t, o, o.Mette, rep, screening.Report, whole(1)), "outcome")
	o.Exec(t, `UPDATE app.report SET acute = true, assessed_at = now(), assessed_by = $2 WHERE id = $1`, id, o.Mette.UserID)
	if err := screen(t, o, o.Mette, rep, screening.Report, whole(7)); !errors.Is(err, fault.Stale) {
		t.Errorf("a report that a colleague has changed: %v", err)
	}
	input := whole(1)
	for range 2 {
		if err := screen(t, o, o.Mette, rep, screening.Report, input); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.report r JOIN app.report_content c ON c.report_id = r.id JOIN app.screening s ON s.report_id = r.id
		WHERE r.outcome = 'clarification' AND r.concluded_by = $1 AND c.outcome_reason = 'Skolen er bekymret' AND s.honour AND s.certainty = '' AND s.case_id IS NULL`, o.Mette.UserID); n != 1 {
		t.Error("the report is not concluded with its screening")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.report_event WHERE kind = 'screening.made'`); n != 1 {
		t.Errorf("%d events", n)
	}
	if err := screen(t, o, o.Mette, rep, screening.Report, whole(2)); err == nil {
		t.Error("a concluded report is screened again")
	}
	// The case that is made of it knows of the screening.
	c := o.Case(t, o.Dennis, 1)
	o.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'made')`, id, c.ID)
	var list *[]screening.Screening
	if _, err := o.DB.ReadCase(t.Context(), o.Dennis, c.At("screening"), func(b *db.Batch) { list = screening.Screenings(b) }); err != nil || len(*list) != 1 || !(*list)[0].FromReport {
		t.Errorf("%v, %v", list, err)
	}
}

func TestALighterOutcomeThanTheLawAsksForSaysWhy(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	at := c.At("screening")
	v := version(t, o, "case_file", c.Ref)
	for name, x := range map[string]struct {
		field  string
		change func(*screening.Input)
	}{
		"suspicion of abuse, and only clarified": {"lighter_why", func(i *screening.Input) { i.Mandatory = []string{"abuse"} }},
		"abuse and none of them":                 {"mandatory", func(i *screening.Input) { i.Mandatory = []string{"abuse", "none"}; i.LighterWhy = "x" }},
		"nobody asked":                           {"mandatory", func(i *screening.Input) { i.Mandatory = nil }},
		"an outcome of adults":                   {"outcome", func(i *screening.Input) { i.Outcome = "adult_plan" }},
		"a fourth way":                           {"outcome", func(i *screening.Input) { i.Outcome = "we wait" }},
		"suspected and ruled out":                {"certainty", func(i *screening.Input) { i.Certainty = "ruled_out" }},
		"ruled out in a word":                    {"honour_why", func(i *screening.Input) { i.Honour, i.Certainty, i.HonourWhy = "not", "ruled_out", "x" }},
		"suspected, and nothing further":         {"lighter_why", func(i *screening.Input) { i.Outcome = screening.NoFurther }},
		"confirmed and not suspected":            {"certainty", func(i *screening.Input) { i.Certainty, i.Honour = "confirmed", "not" }},
		"honour not thought about":               {"honour", func(i *screening.Input) { i.Honour = "" }},
		"not suspected, without a why":           {"honour_why", func(i *screening.Input) { i.Honour, i.HonourWhy, i.Certainty = "not", "", "concern" }},
		"a reason of 100 KB":                     {"reason", func(i *screening.Input) { i.Reason = strings.Repeat("æ", 100_000) }},
	} {
		input := whole(v)
		x.change(&input)
		var bad fault.Invalid
		if err := screen(t, o, o.Mette, at, screening.Case, input); !errors.As(err, &bad) || len(bad) != 1 || bad[x.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	input := whole(v)
	input.Mandatory, input.LighterWhy = []string{"abuse", "serious"}, "Undersøgelsen fra maj gælder stadig"
	if err := screen(t, o, o.Mette, at, screening.Case, input); err != nil {
		t.Fatal(err)
	}
	input = whole(v + 1)
	input.Mandatory, input.LighterWhy, input.Outcome = []string{"abuse"}, "left behind in the form", "assessment"
	if err := screen(t, o, o.Mette, at, screening.Case, input); err != nil { // screened again
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.screening WHERE outcome = 'assessment' AND lighter_why = '' OR mandatory = '{abuse,serious}' AND lighter_why <> ''`); n != 2 {
		t.Errorf("%d screenings as they were written", n)
	}
}

// The database keeps the law too, whatever program writes to it.
func TestTheDatabaseKnowsTheLawfulOutcomes(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	child, adult := o.Case(t, o.Mette, 1), o.Case(t, o.Huseyin, 1)
	for name, x := range map[string]struct {
		who   actor.Actor
		c     testkit.CaseFile
		row   string
		works bool
	}{
		"a child to clarification": {o.Mette, child, `'clarification', true, 'suspicion', '{}', ''`, true},
		"an adult to a plan":       {o.Huseyin, adult, `'adult_plan', true, 'suspicion', '{}', ''`, true},
		"a child to an adult plan": {o.Mette, child, `'adult_plan', true, 'suspicion', '{}', ''`, false},
		"an adult to § 20":         {o.Huseyin, adult, `'assessment', true, 'suspicion', '{}', ''`, false},
		"abuse, lighter, no why":   {o.Mette, child, `'no_further', false, 'ruled_out', '{abuse}', ''`, false},
		"abuse, lighter, with why": {o.Mette, child, `'no_further', false, 'ruled_out', '{abuse}', 'why'`, true},
		"ruled out, in a word":     {o.Mette, child, `'no_further', false, 'ruled_out', '{}', ''`, false},
		"suspected, and nothing":   {o.Mette, child, `'no_further', true, 'suspicion', '{}', ''`, false},
		"ruled out and suspected":  {o.Mette, child, `'clarification', true, 'ruled_out', '{}', ''`, false},
	} {
		err := in(t, o, x.who, x.c.At("screening"), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO app.screening (id, case_id, outcome, honour, certainty, mandatory, lighter_why, reason, honour_why, screened_by)
				VALUES (gen_random_uuid(), @case, `+x.row+`, 'r', CASE WHEN @short THEN 'h' ELSE 'Skolen har taget fejl af barnet' END, @me)`, db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "short": strings.HasSuffix(name, "in a word")})
			return err
		})
		if (err == nil) != x.works {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoAdminsChangeARuleAndTheSecondIsTold(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	change := func(who actor.Actor, code string, version int, in screening.RuleInput) error {
		return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return screening.ChangeRule(t.Context(), tx, code, version, in) })
	}
	rule := screening.RuleInput{DA: "Trusler", EN: "Threats", Area: "both", Active: true, Condition: screening.Condition{Form: screening.AnySign, Signs: []string{"S32"}, Groups: []string{"travel"}, N: 3}}
	if err := change(o.Lone, "threats", 1, rule); err != nil {
		t.Fatal(err)
	}
	if err := change(o.Lone, "threats", 1, rule); !errors.Is(err, fault.Stale) {
		t.Errorf("the second: %v", err)
	}
	if err := change(o.Lone, "no_such", 1, rule); !errors.Is(err, fault.NotFound) {
		t.Errorf("a rule that is not: %v", err)
	}
	for _, who := range []actor.Actor{o.Mette, o.Jonas, o.Karen, o.Sara} {
		if err := change(who, "threats", 2, rule); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s changes a rule: %v", who.Name, err)
		}
	}
	id := uuid.New()
	for range 2 {
		if err := o.DB.InTx(t.Context(), o.Lone, func(tx *db.Tx) error { _, err := screening.AddRule(t.Context(), tx, id, rule); return err }); err != nil {
			t.Fatal(err)
		}
	}
	var rules, history *[]screening.Rule
	if _, err := o.DB.Read(t.Context(), o.Mette, func(b *db.Batch) { rules, history = screening.Rules(b), screening.RuleHistory(b, "threats") }); err != nil {
		t.Fatal(err)
	}
	if len(*rules) != 8 || len(*history) != 2 || (*history)[0].ChangedBy != "Lone Friis" || (*history)[1].ChangedBy != "" {
		t.Errorf("%d rules, history %+v", len(*rules), *history)
	}
	if c := (*history)[0].Condition; c.Groups != nil || c.N != 0 || len(c.Signs) != 1 {
		t.Errorf("what the form does not look at is kept: %+v", c)
	}
}

// The admin learns how the rules do, and nothing about anybody: counts, none below five, of yesterday and before.
func TestPrecisionTellsOfNobody(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 2)
	answers := func(rule string, relevant bool, n int, at string) {
		o.Exec(t, `INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by, answered_at)
			SELECT $1, $2, 1, ARRAY[gen_random_uuid()], $3, 'x', $4, `+at+` FROM generate_series(1, $5::int)`, c.ID, rule, relevant, o.Mette.UserID, n)
	}
	const before = `now() - interval '1 year'`
	answers("threats", true, 9, before) // 9 of 13: the four are hidden
	answers("threats", false, 4, before)
	answers("threats", true, 4, `now() - interval '6 months'`) // four: hidden
	answers("control", true, 4, before)
	answers("control", false, 5, before)
	answers("adult_held", true, 11, before)
	answers("adult_held", false, 5, before)
	answers("travel_forced", true, 9, `now()`) // today's are counted tomorrow
	see := func(who actor.Actor) []screening.Quarter {
		var q *[]screening.Quarter
		if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { q = screening.Precision(b) }); err != nil {
			t.Fatal(err)
		}
		return *q
	}
	var got []string
	for _, q := range see(o.Lone) {
		line := q.Code
		if q.Answered != nil {
			line += fmt.Sprintf(", %d answers", *q.Answered)
		}
		if q.Percent != nil {
			line += fmt.Sprintf(", %d %%", *q.Percent)
		}
		if bound, ok := q.Bound(); ok {
			line += fmt.Sprintf(", at %s %d %%", q.Side, bound)
		}
		got = append(got, line)
	}
	want := []string{"adult_held, 15 answers, 70 %", "control, 10 answers, at most 40 %", "threats, 15 answers, at least 70 %", "threats"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, who := range []actor.Actor{o.Mette, o.Jonas, o.Karen, o.Sara} {
		if n := len(see(who)); n != 0 {
			t.Errorf("%s sees %d lines", who.Name, n)
		}
	}
	o.Exec(t, `INSERT INTO app.municipality VALUES (101, 'En anden kommune')`)
	o.Exec(t, `UPDATE auth.user_account SET municipality = 101 WHERE id = $1`, o.Lone.UserID)
	if n := len(see(o.Lone)); n != 0 {
		t.Errorf("the admin of another municipality sees %d lines", n)
	}
}

func TestTwoColleaguesScreenAtOnceAndOneIsTold(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Grant(t, c, o.Dennis, "coworker")
	at := c.At("screening")
	note(t, o, o.Mette, at, screening.Case, "S31")
	key, v := open(t, o, o.Mette, at)["threats"], version(t, o, "case_file", c.Ref)
	results := make(chan error)
	for _, who := range []actor.Actor{o.Mette, o.Dennis} {
		go func() {
			input := whole(v)
			input.Answers = map[string]screening.AnswerInput{"threats": {Key: key, Relevant: "yes", Reason: who.Name}}
			results <- o.DB.InCase(t.Context(), who, at, func(tx *db.Tx) error { return screening.Screen(t.Context(), tx, screening.Case, input) })
		}()
	}
	a, b := <-results, <-results
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), fault.Stale) {
		t.Errorf("%v; %v", a, b)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.screening`) + o.Count(t, `SELECT count(*) FROM app.suggestion_answer`); n != 2 {
		t.Errorf("%d rows of one screening and its answer", n)
	}
}
