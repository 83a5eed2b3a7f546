package concern_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/screening"
)

// screen says what a report or a case comes to.
func (d desk) screen(t *testing.T, who actor.Actor, ref, table string, on screening.On, outcome string) {
	t.Helper()
	in := screening.Input{ID: uuid.New(), Outcome: outcome, Reason: "Skolen er bekymret", Honour: "suspected", HonourWhy: "Trusler", Mandatory: []string{"none"}}
	if outcome == screening.NoFurther {
		in.LighterWhy = "En misforståelse"
	}
	if on == screening.Case {
		in.Certainty = "suspicion"
	}
	d.Scan(t, []any{&in.Version}, `SELECT version FROM app.`+table+` WHERE ref = $1`, ref)
	if err := d.in(t, who, ref, func(ctx context.Context, tx *db.Tx) error { return screening.Screen(ctx, tx, on, in) }); err != nil {
		t.Fatal(err)
	}
}

func (d desk) assess(t *testing.T, ref string, version int) {
	t.Helper()
	if err := d.in(t, d.Dennis, ref, func(ctx context.Context, tx *db.Tx) error {
		return concern.Assess(ctx, tx, version, concern.Assessment{Acute: "no", Reason: "I sikkerhed i dag"})
	}); err != nil {
		t.Fatal(err)
	}
}

// barnets lov § 20, stk. 3: the four months count from when the municipality became aware.
func TestAChildAssessmentDecidedOnTheReportBeginsWhenTheReportCame(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.ReceivedAt, in.LateReason = time.Now().Add(-50*time.Hour), "Kom i weekenden"
	made := d.must(t, d.Dennis, in)
	d.assess(t, made.Ref, 1)
	d.screen(t, d.Dennis, made.Ref, "report", screening.Report, screening.Assessment)
	if f, err := d.read(t, d.Dennis, made.Ref); err != nil || !f.MakesCase || !f.Concluded() {
		t.Fatalf("concluded by what is done in a case, and the desk goes no further: %+v, %v", f, err)
	}
	if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
		_, err := concern.MakeCase(ctx, tx, d.Keys, newCase(d, d.Mette, d.TeamNorth))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline d JOIN app.report_case rc ON rc.case_id = d.case_id JOIN app.report x ON x.id = rc.report_id WHERE x.ref = $1 AND d.code = 'BFU_4M' AND d.triggered_at = x.received_at`, made.Ref); n != 1 {
		t.Errorf("%d deadlines of four months from the day of the report", n)
	}
	d.screen(t, d.Mette, d.ref(t, made.Ref), "case_file", screening.Case, screening.Assessment) // said again in the case
	if n := d.Count(t, `SELECT count(*) FROM app.deadline WHERE code = 'BFU_4M'`); n != 1 {
		t.Errorf("%d deadlines of one child assessment", n)
	}
}

// ref is the case that began with the report.
func (d desk) ref(t *testing.T, report string) (ref string) {
	t.Helper()
	d.Scan(t, []any{&ref}, `SELECT f.ref FROM app.case_file f JOIN app.report_case rc ON rc.case_id = f.id JOIN app.report x ON x.id = rc.report_id WHERE x.ref = $1`, report)
	return ref
}

func TestNobodyMakesACaseOfAReportThatCameToNothing(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Mette, call(time.Now()))
	d.assess(t, made.Ref, 1)
	for _, c := range []struct {
		who   actor.Actor
		when  string
		makes bool
	}{{d.Dennis, "of the desk", true}, {d.Mette, "who registered it", false}} {
		if f, err := d.read(t, c.who, made.Ref); err != nil || f.MakesCase != c.makes {
			t.Errorf("%s: %t, %v", c.when, f.MakesCase, err)
		}
	}
	d.screen(t, d.Dennis, made.Ref, "report", screening.Report, screening.NoFurther)
	if f, err := d.read(t, d.Dennis, made.Ref); err != nil || f.MakesCase {
		t.Errorf("it came to nothing, and goes on: %v", err)
	}
	if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
		_, err := concern.MakeCase(ctx, tx, d.Keys, newCase(d, d.Mette, d.TeamNorth))
		return err
	}); err == nil {
		t.Error("and a case is made of it")
	}
}

func TestTheScreeningOfTheCaseConcludesTheReportsItHasTakenUp(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	taken, match, unassessed := d.must(t, d.Dennis, call(time.Now())), d.must(t, d.Dennis, call(time.Now())), d.must(t, d.Dennis, call(time.Now()))
	d.assess(t, taken.Ref, 1)
	d.assess(t, match.Ref, 1)
	d.Exec(t, `UPDATE app.report_case SET how = 'joined', by = $2 WHERE report_id = ANY ($1)`, []uuid.UUID{taken.ID, unassessed.ID}, d.Mette.UserID)
	d.screen(t, d.Mette, c.Ref, "case_file", screening.Case, "clarification")
	if n := d.Count(t, `SELECT count(*) FROM app.report x JOIN app.report_content y ON y.report_id = x.id JOIN app.report_event e ON e.report_id = x.id AND e.kind = 'screening.made' AND e.actor = $2
		WHERE x.id = $1 AND x.outcome = 'clarification' AND x.concluded_by = $2 AND y.outcome_reason = 'Skolen er bekymret'`, taken.ID, d.Mette.UserID); n != 1 {
		t.Error("the desk is asked again what the case has decided")
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report WHERE id = ANY ($1) AND concluded_at IS NULL`, []uuid.UUID{match.ID, unassessed.ID}); n != 2 {
		t.Error("a report that the case has not taken up, or that nobody has assessed (§ 136), is concluded too")
	}
}

// event_triggers of the reference data: a new report on a running case.
func TestANewReportIsAnEventOfTheCaseOnceAndTellsNobodyWhoMustNotKnow(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Grant(t, c, d.Sara, "coworker")
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	prompts := func() int {
		return d.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id = $1 AND rule = 'new_report'`, c.ID)
	}
	first := d.must(t, d.Dennis, call(time.Now()))
	if prompts() != 1 {
		t.Errorf("%d events of one report", prompts())
	}
	d.Exec(t, `UPDATE app.report_case SET how = 'joined', by = $2 WHERE report_id = $1`, first.ID, d.Mette.UserID)
	if prompts() != 1 {
		t.Errorf("%d events when it is taken up", prompts())
	}
	secret := call(time.Now())
	secret.Nobody, secret.Exclude = false, []uuid.UUID{d.Sara.UserID}
	second := d.must(t, d.Dennis, secret)
	if prompts() != 1 {
		t.Error("a co-worker who must not know of the report reads that there is one")
	}
	d.Exec(t, `UPDATE app.report_case SET how = 'joined', by = $2 WHERE report_id = $1`, second.ID, d.Mette.UserID)
	if prompts() != 2 {
		t.Errorf("%d events when both have been taken up", prompts())
	}
}

// § 20 is said, and nobody has made the case: the child must not be gone with the screening.
func TestAChildScreenedWithoutACaseWaitsUntilTheCaseIsMade(t *testing.T) {
	d := newDesk(t)
	rows := func(who actor.Actor, view string) (n int) {
		t.Helper()
		var page concern.QueuePage
		if _, err := d.DB.Read(t.Context(), who, func(b *db.Batch) { page = concern.Queue(b, concern.QueueFilter{View: view, Page: 1}) }); err != nil {
			t.Fatal(err)
		}
		if len(page.Rows()) != page.Total() {
			t.Errorf("%q: %d of %d", view, len(page.Rows()), page.Total())
		}
		return page.Total()
	}
	waiting := func(who actor.Actor) (list []concern.Report) {
		t.Helper()
		var q *[]concern.Report
		if _, err := d.DB.Read(t.Context(), who, func(b *db.Batch) { q = concern.Waiting(b, 10) }); err != nil {
			t.Fatal(err)
		}
		return *q
	}
	frame := func(who actor.Actor) (n int) {
		t.Helper()
		var q *int
		if _, err := d.DB.Read(t.Context(), who, func(b *db.Batch) {
			q = db.Get[int](b, `SELECT without_case FROM app.report_frame()`, db.Args{})
		}); err != nil {
			t.Fatal(err)
		}
		return *q
	}
	made := d.must(t, d.Dennis, call(time.Now()))
	d.assess(t, made.Ref, 1)
	d.screen(t, d.Dennis, made.Ref, "report", screening.Report, screening.Assessment)
	d.Exec(t, `UPDATE app.report SET acute = true, receipt_at = now(), receipt_by_user = $2, receipt_how = 'phone', concluded_at = now() - interval '90 days' WHERE id = $1`, made.ID, d.Dennis.UserID)
	for _, view := range []string{"", concern.ViewMine, concern.ViewAcute, concern.ViewConcluded} {
		if rows(d.Dennis, view) != 1 {
			t.Errorf("the child is not among %q", view)
		}
	}
	list := waiting(d.Dennis)
	if len(list) != 1 || !list[0].CaseMissing || frame(d.Dennis) != 1 {
		t.Fatalf("the child is not on Min dag: %+v, counted %d", list, frame(d.Dennis))
	}
	y, m, day := list[0].ReceivedAt.In(i18n.Zone).Date()
	by := list[0].CaseBy(deadline.OfTheLaw())
	if want := time.Date(y, m+4, day, 12, 0, 0, 0, i18n.Zone); by == nil || by.Sub(want).Abs() > 4*24*time.Hour { // the end of a month may be shorter
		t.Errorf("the four months count until %v, from %v", by, list[0].ReceivedAt)
	}
	if len(waiting(d.Jonas)) != 0 || frame(d.Jonas) != 0 || rows(d.Jonas, "") != 1 {
		t.Error("a colleague of the desk has it on Min dag, or lacks it in the queue")
	}
	d.Exec(t, `UPDATE app.report SET assigned_to = NULL WHERE id = $1`, made.ID)
	if len(waiting(d.Jonas)) != 1 || frame(d.Jonas) != 1 || rows(d.Jonas, concern.ViewFree) != 1 {
		t.Error("nobody has it, and its desk is not told")
	}
	// a case that the child turns out to have is not enough: its people have not said yes, and the desk must not learn of it
	c := d.Case(t, d.Mette, 2)
	d.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'match')`, made.ID, c.ID)
	if rows(d.Dennis, "") != 1 {
		t.Error("the mark tells the desk that the child has a case")
	}
	if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
		_, err := concern.MakeCase(ctx, tx, d.Keys, newCase(d, d.Mette, d.TeamNorth))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if rows(d.Mette, "") != 0 || len(waiting(d.Jonas)) != 0 || frame(d.Jonas) != 0 {
		t.Error("the case is made, and still missed")
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report WHERE id = $1 AND case_missing`, made.ID); n != 0 {
		t.Error("the case is made, and still missed")
	}
}

// Of what came to nothing no case is missed, nor of what the case itself has decided.
func TestNoCaseIsMissedWhereNoneIsAskedFor(t *testing.T) {
	d := newDesk(t)
	nothing, taken := d.must(t, d.Dennis, call(time.Now())), d.must(t, d.Dennis, call(time.Now()))
	d.assess(t, nothing.Ref, 1)
	d.assess(t, taken.Ref, 1)
	d.screen(t, d.Dennis, nothing.Ref, "report", screening.Report, screening.NoFurther)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'joined')`, taken.ID, c.ID)
	d.screen(t, d.Mette, c.Ref, "case_file", screening.Case, screening.Assessment)
	if n := d.Count(t, `SELECT count(*) FROM app.report WHERE case_missing OR concluded_at IS NULL`); n != 0 {
		t.Errorf("%d reports miss a case", n)
	}
}

// § 138: the receipt is owed also when the report has been concluded.
func TestAReceiptThatIsOwedStaysOnTheListsUntilItIsGiven(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Dennis, call(time.Now()))
	d.assess(t, made.Ref, 1)
	d.screen(t, d.Dennis, made.Ref, "report", screening.Report, screening.NoFurther)
	lists := func(who actor.Actor) (queue []concern.Report, day []concern.Report) {
		t.Helper()
		var q concern.QueuePage
		var w *[]concern.Report
		if _, err := d.DB.Read(t.Context(), who, func(b *db.Batch) {
			q, w = concern.Queue(b, concern.QueueFilter{View: concern.ViewMine, Page: 1}), concern.Waiting(b, 10)
		}); err != nil {
			t.Fatal(err)
		}
		return q.Rows(), *w
	}
	if queue, day := lists(d.Dennis); len(queue) != 1 || len(day) != 1 || !day[0].OwesReceipt() || day[0].CaseMissing {
		t.Errorf("concluded, and nobody is told that the reporter waits: %+v, %+v", queue, day)
	}
	if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone", true) }); err != nil {
		t.Fatal(err)
	}
	if queue, day := lists(d.Dennis); len(queue)+len(day) != 0 {
		t.Errorf("given, and still asked for: %+v, %+v", queue, day)
	}
}
