package prompt_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

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
