package plan_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
)

func (d desk) standing() *plan.Standing {
	d.t.Helper()
	var s *plan.Standing
	if _, err := d.DB.ReadCase(d.t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { s = plan.AskStanding(b) }); err != nil {
		d.t.Fatal(err)
	}
	return s
}

// seen is what somebody posts who has just looked at the plan.
func (d desk) seen() plan.Submission {
	d.t.Helper()
	s := d.standing()
	return plan.Submission{Seen: s.Seen(), Mark: s.Now().Mark()}
}

func (d desk) submit(who actor.Actor, in plan.Submission) (no int, err error) {
	d.t.Helper()
	err = d.do(who, func(tx *db.Tx) error {
		no, err = plan.Submit(d.t.Context(), tx, in)
		return err
	})
	return no, err
}

func (d desk) answer(who actor.Actor, no int, approve bool, remarks string) error {
	d.t.Helper()
	return d.do(who, func(tx *db.Tx) error { return plan.Answer(d.t.Context(), tx, no, approve, remarks) })
}

func (d desk) goals(text string) {
	d.t.Helper()
	version := 0
	d.Scan(d.t, []any{&version}, `SELECT version FROM app.plan WHERE case_id = $1`, d.c.ID)
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.ChangeGoals(d.t.Context(), tx, version, plan.GoalsInput{CitizenGoals: text})
	})
}

func TestTheLeadApprovesThePlanAsItStoodWhenItWasSent(t *testing.T) {
	d := newDesk(t, "T3")
	d.goals("At sove trygt")
	if _, err := d.submit(d.Jonas, d.seen()); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the lead sends the plan: %v", err)
	}
	in := d.seen()
	in.Words = "Aftalt med borgeren"
	if no, err := d.submit(d.Mette, in); err != nil || no != 1 {
		t.Fatalf("%d, %v", no, err)
	}
	if no, err := d.submit(d.Mette, in); err != nil || no != 1 {
		t.Errorf("the form sent twice: %d, %v", no, err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE case_id = $1 AND kind = 'plan.submitted' AND to_user = $2`, d.c.ID, d.Jonas.UserID); n != 1 {
		t.Errorf("the lead is told %d times", n)
	}
	d.goals("At sove trygt og gå i skole") // afterwards: not what was sent
	if w := d.standing().Waiting(); w == nil || w.Words != "Aftalt med borgeren" || len(d.standing().Since(w)) != 1 {
		t.Errorf("waiting: %+v", w)
	}
	if err := d.answer(d.Mette, 1, true, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the author approves: %v", err)
	}
	if err := d.answer(d.Anders, 1, true, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("another team's lead: %v", err)
	}
	if err := d.answer(d.Jonas, 1, true, ""); err != nil {
		t.Fatal(err)
	}
	if err := d.answer(d.Jonas, 1, true, ""); err != nil {
		t.Errorf("the button pressed twice: %v", err)
	}
	if err := d.answer(d.Jonas, 1, false, "Nej"); !errors.Is(err, fault.Stale) {
		t.Errorf("an answer changed: %v", err)
	}
	s := d.standing()
	a := s.Approved()
	if a == nil || a.AnsweredBy != "Jonas Brandt-Holm" || s.Content(a).Goals != "At sove trygt" {
		t.Fatalf("approved: %+v", a)
	}
	if list := s.Since(a); len(list) != 1 || list[0].What != "goals" || list[0].Kind != plan.Changed || plan.Needing(list) != 1 {
		t.Errorf("since then: %+v", list)
	}
	if d.last() != "plan.approved" {
		t.Errorf("the last event is %s", d.last())
	}
}

// Two tabs: what somebody has not seen is not sent, and what has been sent since is not answered.
func TestNobodySendsOrAnswersWhatTheyHaveNotSeen(t *testing.T) {
	d := newDesk(t, "")
	old := d.seen()
	d.goals("Skrevet af en kollega imens")
	if _, err := d.submit(d.Mette, old); !errors.Is(err, fault.Stale) {
		t.Errorf("a plan that was changed meanwhile: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.plan_version WHERE case_id = $1`, d.c.ID); n != 0 {
		t.Errorf("%d versions of a refused form", n)
	}
	first := d.seen()
	if _, err := d.submit(d.Mette, first); err != nil {
		t.Fatal(err)
	}
	d.goals("Endnu en gang")
	second := d.seen()
	if no, err := d.submit(d.Mette, second); err != nil || no != 2 {
		t.Fatalf("%d, %v", no, err)
	}
	if err := d.answer(d.Jonas, 1, true, ""); !errors.Is(err, fault.Stale) {
		t.Errorf("the lead approves what is superseded: %v", err)
	}
	if err := d.answer(d.Jonas, 2, false, " "); err == nil || errors.Is(err, fault.Stale) {
		t.Errorf("returned without a word: %v", err)
	}
	if err := d.answer(d.Jonas, 2, false, "Skriv mere"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.submit(d.Mette, first); !errors.Is(err, fault.Stale) {
		t.Errorf("the old tab: %v", err)
	}
	again := d.seen()
	again.Words = "Det er det hele"
	if no, err := d.submit(d.Mette, again); err != nil || no != 3 { // unchanged, with an answer in words
		t.Errorf("%d, %v", no, err)
	}
	if err := d.answer(d.Jonas, 3, true, ""); err != nil {
		t.Fatal(err)
	}
	var bad fault.Invalid
	if _, err := d.submit(d.Mette, d.seen()); !errors.As(err, &bad) || bad["plan"] != plan.NothingNew {
		t.Errorf("sent again though nothing is new: %v", err)
	}
	var states []string
	for _, v := range d.standing().Versions() {
		states = append(states, string(v.State))
	}
	if !slices.Equal(states, []string{"approved", "returned", "superseded"}) {
		t.Errorf("%v", states)
	}
}

// Back, and another sentence to the lead: what was typed the second time is neither lost nor taken for what the lead has.
func TestOtherWordsToTheLeadAreNotTakenForThoseThatWereSent(t *testing.T) {
	d := newDesk(t, "T3")
	in := d.seen()
	in.Words = "Aftalt med borgeren"
	for range 2 { // a double click
		if no, err := d.submit(d.Mette, in); err != nil || no != 1 {
			t.Fatalf("%d, %v", no, err)
		}
	}
	again := in
	again.Words = "Borgeren siger nej til skolen"
	if no, err := d.submit(d.Mette, again); !errors.Is(err, fault.Stale) {
		t.Errorf("the same form with other words: version %d, %v", no, err)
	}
	if w := d.standing().SentAs(d.Mette.UserID, again.Mark); w == nil || w.Words != "Aftalt med borgeren" {
		t.Errorf("what was sent: %+v", w)
	}
	if w := d.standing().SentAs(d.Jonas.UserID, again.Mark); w != nil {
		t.Errorf("somebody else has sent %+v", w)
	}
	again.Seen = 1 // from the page as it is now
	for range 2 {
		if no, err := d.submit(d.Mette, again); err != nil || no != 2 {
			t.Fatalf("%d, %v", no, err)
		}
	}
	if v := d.standing().Versions(); len(v) != 2 || v[0].Words != "Borgeren siger nej til skolen" || v[0].State != plan.Submitted || v[1].State != plan.Superseded {
		t.Errorf("%+v", v)
	}
	if err := d.answer(d.Jonas, 2, true, ""); err != nil {
		t.Fatal(err)
	}
	d.goals("At sove trygt")
	if s := d.standing(); s.SentAs(d.Mette.UserID, s.Now().Mark()) != nil {
		t.Error("what has been answered waits")
	}
}

// Ticking, postponing and giving a step to another need no approval; the first is no change of the plan at all.
func TestSmallChangesNeedNoApproval(t *testing.T) {
	d := newDesk(t, "T3")
	d.Assess(t, d.c, "yellow")
	var mandatory, free uuid.UUID
	d.Scan(t, []any{&mandatory, &free}, `WITH s AS (SELECT id, row_number() OVER (ORDER BY position) AS n FROM app.plan_step WHERE case_id = $1 AND NOT requires_gate)
		SELECT (SELECT id FROM s WHERE n = 1), (SELECT id FROM s WHERE n = 2)`, d.c.ID)
	d.Exec(t, `UPDATE app.plan_step SET mandatory = (id = $1), due_at = now() + interval '1 day' WHERE id IN ($1, $2)`, mandatory, free)
	in := d.seen()
	if _, err := d.submit(d.Mette, in); err != nil {
		t.Fatal(err)
	}
	if err := d.answer(d.Jonas, 1, true, ""); err != nil {
		t.Fatal(err)
	}
	since := func() []plan.Difference { s := d.standing(); return s.Since(s.Approved()) }
	m, f := d.step(mandatory), d.step(free)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.StartStep(t.Context(), tx, m.ID, m.Version) })
	if list := since(); len(list) != 0 {
		t.Errorf("begun: %+v", list)
	}
	m = d.step(m.ID)
	d.must(d.Mette, func(tx *db.Tx) error {
		return plan.Postpone(t.Context(), tx, m.ID, m.Version, m.DueAt.AddDate(0, 0, 7), "Skolen har ferie")
	})
	d.must(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, f.ID, f.Version, "Er sket", plan.Unasked) })
	own := d.add(d.input("Ring til skolen"))
	list := since()
	if len(list) != 3 || plan.Needing(list) != 0 {
		t.Fatalf("postponed, left out, and one of one's own: %+v", list)
	}
	kinds := map[uuid.UUID]plan.DifferenceKind{}
	for _, x := range list {
		kinds[x.StepNow.ID] = x.Kind
	}
	if kinds[m.ID] != plan.Changed || kinds[f.ID] != plan.Removed || kinds[own.ID] != plan.Added {
		t.Errorf("%v", kinds)
	}
	m = d.step(m.ID)
	d.must(d.Mette, func(tx *db.Tx) error { return plan.Skip(t.Context(), tx, m.ID, m.Version, "Ikke her", plan.Unasked) })
	if list := since(); len(list) != 3 || plan.Needing(list) != 1 {
		t.Errorf("a mandatory step left out: %+v", list)
	}
}

func TestAnAdultsPlanNamesThePartsThatAreMissing(t *testing.T) {
	d := newDesk(t, "")
	d.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, d.c.ID)
	p := func() plan.Plan {
		var row *db.Found[plan.Plan]
		if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { row = plan.Get(b) }); err != nil {
			t.Fatal(err)
		}
		return row.Row
	}
	now := time.Now()
	if got := p().Missing(now); !slices.Equal(got, plan.Parts) {
		t.Errorf("of an empty plan %v is missing", got)
	}
	var bad fault.Invalid
	if _, err := d.submit(d.Mette, d.seen()); !errors.As(err, &bad) || bad["parts"] != plan.PartMissing {
		t.Errorf("sent without its parts: %v", err)
	}
	d.Assess(t, d.c, "yellow")
	write := func(version int, in plan.PartsInput) error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.ChangeParts(t.Context(), tx, version, in) })
	}
	if err := write(p().Version, plan.PartsInput{Situation: "Bor hos en veninde", Support: " "}); err != nil {
		t.Fatal(err)
	}
	if got := p().Missing(now); !slices.Equal(got, []plan.Part{plan.PartSupport, plan.PartSupportOther}) {
		t.Errorf("%v is missing", got)
	}
	if got := p().Missing(now.AddDate(1, 0, 0)); !slices.Contains(got, plan.PartRisk) {
		t.Error("an assessment that is over counts")
	}
	if err := write(p().Version-1, plan.PartsInput{}); !errors.Is(err, fault.Stale) {
		t.Errorf("an old form: %v", err)
	}
	if err := write(p().Version, plan.PartsInput{Situation: "a", Support: "b", SupportOther: "c"}); err != nil {
		t.Fatal(err)
	}
	if no, err := d.submit(d.Mette, d.seen()); err != nil || no != 1 {
		t.Errorf("all four: %d, %v", no, err)
	}
}

func TestAnOfferIsWrittenDownAndTheLastOneCounts(t *testing.T) {
	d := newDesk(t, "")
	record := func(in plan.OfferInput) error {
		return d.do(d.Mette, func(tx *db.Tx) error { return plan.RecordOffer(t.Context(), tx, in) })
	}
	today := time.Now()
	in := plan.OfferInput{Key: uuid.New(), Outcome: plan.Offered, Day: today}
	if err := record(in); !errors.Is(err, fault.NotFound) {
		t.Errorf("of a child: %v", err)
	}
	d.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, d.c.ID)
	for range 2 { // the button pressed twice
		if err := record(in); err != nil {
			t.Fatal(err)
		}
	}
	var bad fault.Invalid
	if err := record(plan.OfferInput{Outcome: plan.OfferDeclined, Day: today}); !errors.As(err, &bad) || bad["words"] == "" {
		t.Errorf("declined without a word: %v", err)
	}
	if err := record(plan.OfferInput{Outcome: plan.Offered, Day: today.AddDate(0, 0, 2)}); !errors.As(err, &bad) || bad["day"] == "" {
		t.Errorf("offered the day after tomorrow: %v", err)
	}
	offers := func() (list []plan.Offer) {
		var o *[]plan.Offer
		if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("handlingsplan"), func(b *db.Batch) { o = plan.Offers(b) }); err != nil {
			t.Fatal(err)
		}
		return *o
	}
	if n := len(offers()); n != 1 {
		t.Fatalf("%d offers", n)
	}
	if err := record(plan.OfferInput{Key: in.Key, Outcome: plan.OfferDeclined, Day: today.AddDate(0, 0, -1), Words: "Ikke nu"}); err != nil { // after "Back": its own
		t.Fatal(err)
	}
	if list := offers(); len(list) != 2 || !plan.Declined(list) || list[0].Words != "Ikke nu" {
		t.Errorf("%+v", list)
	}
}
