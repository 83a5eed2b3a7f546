package prompt_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/involvement"
	"samspil/internal/plan"
	"samspil/internal/prompt"
	"samspil/internal/reference"
	"samspil/internal/testkit"
)

func in(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

const newReport = "new_report" // raised by the database alone

// raised raises a prompt as the database's own rules do.
func raised(ctx context.Context, tx *db.Tx, rule, key string) error {
	_, err := db.Exec(ctx, tx, `SELECT app.raise_prompt(@case, @rule, @key, NULL, '')`, db.Args{"case": tx.CaseID, "rule": rule, "key": key})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dates does the work of the night, as of a day, as the login of the jobs does it.
func dates(t *testing.T, o *testkit.Office, day string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), o.LoginURL(t, "samspil_job"))
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), `SELECT app.job_prompts(nullif($1, '')::date)`, day)
	must(t, err)
}

// rules are the open prompts of a case, with who raised them.
func rules(t *testing.T, o *testkit.Office, c testkit.CaseFile) []string {
	t.Helper()
	list := []string{}
	for _, p := range open(t, o, c) {
		list = append(list, strings.TrimSpace(p.Rule+" "+p.RaisedBy))
	}
	slices.Sort(list)
	return list
}

func open(t *testing.T, o *testkit.Office, c testkit.CaseFile) []prompt.Prompt {
	t.Helper()
	var list *[]prompt.Prompt
	_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("test"), func(b *db.Batch) { list = prompt.OpenPrompts(b) })
	must(t, err)
	return *list
}

func want(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

func TestALevelThatRisesPromptsAndOneThatFallsDoesNot(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	set := func(level string) {
		t.Helper()
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
			v, err := db.One[int](ctx, tx, `SELECT version FROM app.case_file WHERE id = @case`, db.Args{"case": c.ID})
			if err != nil {
				return err
			}
			return casefile.SetSeverity(ctx, tx, v, casefile.SeverityInput{Level: level, Reason: "Trusler", Lower: true})
		}))
	}
	set("yellow")
	want(t, "yellow", rules(t, o, c))
	set("orange")
	want(t, "orange", rules(t, o, c), "level_orange")
	set("orange") // said again, with another reason
	want(t, "orange again", rules(t, o, c), "level_orange")
	set("red")
	want(t, "red", rules(t, o, c), "level_orange", "level_red")
	set("orange")
	want(t, "down to orange", rules(t, o, c), "level_orange", "level_red")
	set("red")
	want(t, "red for the second time", rules(t, o, c), "level_orange", "level_red", "level_red")
}

func TestACaseThatIsMarkedAsHonourConflictPromptsWhatThatAsksFor(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	say := func(certainty string) {
		o.Exec(t, `UPDATE app.case_file SET certainty = $2 WHERE id = $1`, c.ID, certainty)
	}
	o.Exec(t, `UPDATE app.case_file SET certainty = 'concern', opened_at = now() WHERE id = $1`, c.ID)
	say("suspicion")
	want(t, "suspected", rules(t, o, c), "nsc_tag_set")
	say("confirmed")
	want(t, "confirmed, which is not new", rules(t, o, c), "nsc_tag_set")
}

func TestAPartnerWhoDoesNotAnswerPromptsOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	p := o.Partner(t, "police", "Fjordegnens Politi", "Rikke Holm")
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, asked_at, added_by) VALUES ($1, $2, $3, 'Trussel', 'ad_hoc', now() - interval '3 days', $4)`,
		c.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	dates(t, o, "")
	want(t, "the third day", rules(t, o, c))
	o.Exec(t, `UPDATE app.involvement SET asked_at = asked_at - interval '1 day'`)
	for range 3 {
		dates(t, o, "")
	}
	want(t, "the fourth day", rules(t, o, c), "partner_no_answer")
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'prompt.raised' AND to_user = $1`, o.Mette.UserID); n != 1 {
		t.Errorf("Mette is told %d times", n)
	}
	var bad fault.Invalid
	id := open(t, o, c)[0].ID
	closeAs := func(who actor.Actor, version int, out prompt.Outcome) error {
		return in(t, o, c, who, func(ctx context.Context, tx *db.Tx) error { return prompt.Close(ctx, tx, id, version, out) })
	}
	if err := closeAs(o.Mette, 1, prompt.Outcome{Answer: prompt.NotRelevant}); !errors.As(err, &bad) || bad["reason"] == "" {
		t.Errorf("not relevant, without a reason: %v", err)
	}
	if err := closeAs(o.Dennis, 1, prompt.Outcome{Answer: prompt.Done}); !errors.Is(err, fault.NotFound) {
		t.Errorf("answered by a stranger: %v", err)
	}
	must(t, closeAs(o.Mette, 1, prompt.Outcome{Answer: prompt.NotRelevant, Reason: "De ringede i går."}))
	if err := closeAs(o.Mette, 1, prompt.Outcome{Answer: prompt.Done}); !errors.Is(err, fault.Stale) {
		t.Errorf("answered a second time: %v", err)
	}
	dates(t, o, "")
	want(t, "after the answer", rules(t, o, c))
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind IN ('prompt.raised','prompt.answered') AND object_id = $1`, id); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestAPartnerWhoAnswersAfterAllHasAnsweredThePrompt(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	police, school := o.Partner(t, "police", "Politi", "Rikke Holm"), o.Partner(t, "school", "Skole", "Anders Møller")
	for _, p := range []testkit.Contact{police, school} {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := involvement.Request(ctx, tx, involvement.Input{OrganisationID: p.OrganisationID, ContactID: p.ID, ResponsibleFor: "x", Origin: involvement.AdHoc, LegalBasis: "CONSENT"})
			return err
		}))
	}
	accept := func(p testkit.Contact) {
		t.Helper()
		var id uuid.UUID
		o.Scan(t, []any{&id}, `SELECT id FROM app.involvement WHERE contact_id = $1`, p.ID)
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return involvement.Accept(ctx, tx, id, 1) }))
	}
	accept(school)
	o.Exec(t, `UPDATE app.involvement SET asked_at = now() - interval '9 days'`)
	dates(t, o, "")
	want(t, "one has answered", rules(t, o, c), "partner_no_answer")
	accept(police)
	want(t, "both have", rules(t, o, c))
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'prompt.answered' AND actor = $1`, o.Mette.UserID); n != 1 {
		t.Errorf("%d events", n)
	}
}

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

func TestAnAddressThatChangesPromptsAndTheFirstOneDoesNot(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	add := func(kind string) (id uuid.UUID) {
		t.Helper()
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
			id = uuid.New()
			_, err = db.Exec(ctx, tx, `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES (@id, @case, @person, @kind, '\x00', @me)`,
				db.Args{"id": id, "case": c.ID, "person": c.CitizenID, "kind": kind, "me": o.Mette.UserID})
			return err
		}))
		return id
	}
	old := add("address")
	add("phone")
	add("phone")
	want(t, "the first address, and telephones", rules(t, o, c))
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE app.protected_fact SET retired_at = now() WHERE id = @id`, db.Args{"id": old})
		return err
	}))
	want(t, "the old one is gone", rules(t, o, c), "address_change")
	add("address")
	want(t, "and there is a new one: one move", rules(t, o, c), "address_change")
}

func TestWhatSomebodyHearsOfIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	e := prompt.Event{Key: uuid.New(), Rule: prompt.BrokenStay, HappenedOn: time.Now().AddDate(0, 0, -1), Note: "Krisecentret ringede."}
	for range 2 {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err }))
	}
	list := open(t, o, c)
	if len(list) != 1 || list[0].RaisedBy != "Mette Lindhardt" || list[0].Note != e.Note || list[0].HappenedOn == nil || list[0].Trigger().Law == "" {
		t.Errorf("%+v", list)
	}
	must(t, in(t, o, c, o.Jonas, func(ctx context.Context, tx *db.Tx) error { // the lead hears of it too
		return raised(ctx, tx, newReport, "report 1")
	}))
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, newReport, "report 1")
	}))
	want(t, "raised twice", rules(t, o, c), "broken_stay Mette Lindhardt", "new_report Jonas Brandt-Holm")
	if err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, "no_such_rule", "1")
	}); err == nil {
		t.Error("an event that is not in the data was taken")
	}
	o.Grant(t, c, o.Sara, "consulted")
	for name, who := range map[string]actor.Actor{"asked for advice": o.Sara, "stranger": o.Huseyin} {
		err := in(t, o, c, who, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err })
		if !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, change := range map[string]func(*prompt.Event){
		"rule": func(e *prompt.Event) { e.Rule = newReport }, "happened_on": func(e *prompt.Event) { e.HappenedOn = time.Now().AddDate(0, 0, 2) },
		"note": func(e *prompt.Event) { e.Note = strings.Repeat("😀", prompt.MaxText+1) },
	} {
		wrong := e
		change(&wrong)
		var bad fault.Invalid
		if !errors.As(wrong.Validate(time.Now()), &bad) || bad[field] == "" || len(bad) != 1 {
			t.Errorf("%s: %v", field, bad)
		}
	}
}

func TestAPromptBecomesAStepOfThePlan(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, prompt.LocationLeak, "1")
	}))
	id := open(t, o, c)[0].ID
	out := prompt.Outcome{Answer: prompt.Step, Step: plan.StepInput{Title: "Ring til borgeren", Responsible: plan.ByUser(o.Mette.UserID)}}
	close := func() error {
		return in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return prompt.Close(ctx, tx, id, 1, out) })
	}
	var bad fault.Invalid
	if err := close(); !errors.As(err, &bad) || bad["phase"] == "" || len(open(t, o, c)) != 1 {
		t.Errorf("a step without a plan: %v", err)
	}
	o.Exec(t, `WITH p AS (INSERT INTO app.plan (case_id, started_by) VALUES ($1, $2) RETURNING id) INSERT INTO app.plan_phase (case_id, plan_id, title, position) SELECT $1, id, 'Straks', 0 FROM p`, c.ID, o.Mette.UserID)
	must(t, close())
	if n := o.Count(t, `SELECT count(*) FROM app.plan_step s JOIN app.prompt p ON p.step_id = s.id WHERE s.origin = 'from_trigger' AND s.title = 'Ring til borgeren' AND p.answer = 'step'`); n != 1 {
		t.Errorf("%d steps", n)
	}
	if err := close(); !errors.Is(err, fault.Stale) {
		t.Errorf("a second time: %v", err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.plan_step`); n != 1 {
		t.Errorf("%d steps of one prompt", n)
	}
}

func TestNobodyAnswersInAColleaguesName(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		return raised(ctx, tx, newReport, "1")
	}))
	err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE app.prompt SET answer = 'done', answered_by = @who, answered_at = now()`, db.Args{"who": o.Jonas.UserID})
		return err
	})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("%v", err)
	}
}

func TestWhatSomebodyHearsOfIsInTheData(t *testing.T) {
	for _, code := range append([]string{newReport}, prompt.ByHand...) {
		if _, ok := reference.EventTriggerByCode(code); !ok {
			t.Errorf("%s is not in the data", code)
		}
	}
}

func TestASecondEventToldAfterBackIsAnEventOfItsOwn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	first := prompt.Event{Key: uuid.New(), Rule: prompt.BrokenStay, HappenedOn: time.Now().AddDate(0, 0, -1), Note: "Krisecentret ringede."}
	second := first
	second.Note = "Skolen har set hende ved porten."
	for _, e := range []prompt.Event{first, second, second, first} {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := prompt.Tell(ctx, tx, e); return err }))
	}
	if list := open(t, o, c); len(list) != 2 || list[0].Note != second.Note || list[1].Note != first.Note {
		t.Errorf("%+v", list)
	}
}
