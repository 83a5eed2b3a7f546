package overview_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/overview"
	"samspil/internal/testkit"
)

// desk is an office with short ways to fill a plan and to read a start page.
type desk struct {
	*testkit.Office
	t testing.TB
}

func newDesk(t testing.TB) desk { return desk{testkit.NewOffice(t), t} }

// plan gives a case a plan with one phase, as it was made long ago.
func (d desk) plan(c testkit.CaseFile) {
	d.Exec(d.t, `WITH p AS (INSERT INTO app.plan (case_id, started_by) SELECT $1, responsible_id FROM app.case_file WHERE id = $1 RETURNING id)
		INSERT INTO app.plan_phase (case_id, plan_id, title, position) SELECT $1, id, 'Sikre', 1 FROM p`, c.ID)
}

// step adds an open step, due so many hours from now; who is a user, a contact person or nobody (zero).
func (d desk) step(c testkit.CaseFile, title string, who uuid.UUID, hours float64) uuid.UUID {
	id := uuid.New()
	if d.Count(d.t, `SELECT count(*) FROM app.plan WHERE case_id = $1`, c.ID) == 0 {
		d.plan(c)
	}
	d.Exec(d.t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, responsible_user, responsible_contact, due_at, due_has_time, created_by)
		SELECT $2, $1, p.id, 1, $3, (SELECT id FROM auth.user_account WHERE id = $4), (SELECT id FROM app.contact_person WHERE id = $4), now() + make_interval(secs => $5 * 3600), true, f.responsible_id
		  FROM app.plan_phase p JOIN app.case_file f ON f.id = p.case_id WHERE p.case_id = $1`, c.ID, id, title, who, hours)
	return id
}

// ask draws a partner into a case, so many days ago.
func (d desk) ask(c testkit.CaseFile, p testkit.Contact, status string, daysAgo int) {
	d.Exec(d.t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, asked_at, added_by)
		SELECT id, $2, $3, 'En del', 'from_plan', $4, now() - make_interval(days => $5), responsible_id FROM app.case_file WHERE id = $1`, c.ID, p.OrganisationID, p.ID, status, daysAgo)
}

// set changes columns of the header.
func (d desk) set(c testkit.CaseFile, sql string) {
	d.Exec(d.t, `UPDATE app.case_file SET `+sql+` WHERE id = $1`, c.ID)
}

// read asks what ask queues, as who.
func read[T any](d desk, who actor.Actor, ask func(*db.Batch) *T) T {
	d.t.Helper()
	var out *T
	if _, err := d.DB.Read(d.t.Context(), who, func(b *db.Batch) { out = ask(b) }); err != nil {
		d.t.Fatal(err)
	}
	return *out
}

func (d desk) waiting(who actor.Actor, all bool) map[string]overview.Step {
	out := map[string]overview.Step{}
	for _, s := range read(d, who, func(b *db.Batch) *[]overview.Step { return overview.Steps(b, all) }) {
		out[s.Title] = s
	}
	return out
}

func titles(steps map[string]overview.Step) []string {
	out := []string{}
	for t := range steps {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMinDagShowsWhatWaitsForMeAndForOthersInMyCases(t *testing.T) {
	d := newDesk(t)
	mine, colleague := d.Case(t, d.Mette, 1), d.Case(t, d.Dennis, 1)
	police := d.Partner(t, "police_district", "Fjordegnens Politi", "Bilal Nasser")
	d.Grant(t, colleague, d.Mette, "coworker")
	d.step(mine, "late, mine", d.Mette.UserID, -30)
	d.step(mine, "with the police", police.ID, 30)
	d.step(mine, "nobody's", uuid.Nil, 60)
	d.step(mine, "a colleague's", d.Dennis.UserID, 1)
	d.step(mine, "far away", d.Mette.UserID, 24*20)
	d.step(colleague, "mine in a colleague's case", d.Mette.UserID, 40)
	d.step(colleague, "nobody's in a colleague's case", uuid.Nil, 1)
	got := d.waiting(d.Mette, false)
	equal(t, "Min dag", titles(got), []string{"late, mine", "mine in a colleague's case", "nobody's", "with the police"})
	for title, with := range map[string]string{"late, mine": overview.WithMe, "with the police": overview.WithPartner, "nobody's": overview.WithNobody} {
		if got[title].With != with {
			t.Errorf("%s is with %q, want %q", title, got[title].With, with)
		}
	}
	if c := got["with the police"].Contact; c == nil || c.Name != "Bilal Nasser" || c.Phone != "00 12 34 56" || !c.External {
		t.Errorf("the contact is %+v", c)
	}
	if s := got["late, mine"]; s.Group(time.Now()) != overview.Late || !s.MayWrite || s.CallingName != "Amira S." || s.Born == nil {
		t.Errorf("the late step is %+v", s)
	}
	if got := titles(d.waiting(d.Mette, true)); !slices.Contains(got, "far away") {
		t.Errorf("later steps are left out of all steps: %v", got)
	}
	next := read(d, d.Mette, func(b *db.Batch) *overview.Next { return overview.NextDue(b) })
	if next.DueAt == nil || time.Until(*next.DueAt).Hours() < 24*19 {
		t.Errorf("the next deadline is %v", next.DueAt)
	}
}

func TestExcludedCaseworkerSeesNoStepOfTheCaseEvenWhenAssigned(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 0, d.Dennis)
	d.step(c, "given to Dennis by mistake", d.Dennis.UserID, -1)
	d.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind) VALUES ($1, $2, 'note.written')`, c.ID, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, granted_by) VALUES ($1, $2, 'coworker', $2)`, c.ID, d.Dennis.UserID)
	if got := d.waiting(d.Dennis, true); len(got) != 0 {
		t.Errorf("Dennis sees %v", titles(got))
	}
	if news := read(d, d.Dennis, func(b *db.Batch) *[]overview.News { return overview.InMyCases(b, 10) }); len(news) != 0 {
		t.Errorf("Dennis reads news: %v", news)
	}
	if due := d.due(d.Dennis); due != 0 {
		t.Errorf("his menu counts %d", due)
	}
}

// due is the number at Min dag in the menu.
func (d desk) due(who actor.Actor) int {
	return read(d, who, func(b *db.Batch) *int { return db.Get[int](b, `SELECT due FROM app.frame()`, db.Args{}) })
}

func TestTheMenuCountsWhatMinDagShowsAsLateOrDueToday(t *testing.T) {
	d := newDesk(t)
	mine, closed, other := d.Case(t, d.Mette, 1), d.Case(t, d.Mette, 1), d.Case(t, d.Dennis, 1)
	police := d.Partner(t, "police_district", "Fjordegnens Politi", "Bilal Nasser")
	d.step(mine, "a", d.Mette.UserID, -30)
	d.step(mine, "b", police.ID, -2)
	d.step(mine, "c", uuid.Nil, -50)
	d.step(mine, "d", d.Mette.UserID, 48)
	d.step(closed, "in a closed case", d.Mette.UserID, -2)
	d.step(other, "without access", d.Mette.UserID, -2)
	d.set(closed, `status = 'closed', closed_at = now()`)
	for _, who := range []actor.Actor{d.Mette, d.Dennis, d.Jonas, d.Sara} {
		n := 0
		for _, s := range d.waiting(who, false) {
			if g := s.Group(time.Now()); g == overview.Late || g == overview.Today {
				n++
			}
		}
		if got := d.due(who); got != n {
			t.Errorf("%s: the menu says %d, Min dag shows %d", who.Name, got, n)
		}
	}
	if got := d.due(d.Mette); got != 3 {
		t.Errorf("Mette's menu says %d, want 3", got)
	}
}

func TestWhoIsOnlyConsultedDoesNotTick(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Grant(t, c, d.Sara, "consulted")
	d.step(c, "advise", d.Sara.UserID, 1)
	if s, ok := d.waiting(d.Sara, false)["advise"]; !ok || s.MayWrite {
		t.Errorf("Sara's step: %v, may write: %v", ok, s.MayWrite)
	}
}

func TestNewsIsWhatOthersDidInMyCasesThisWeek(t *testing.T) {
	d := newDesk(t)
	mine, foreign := d.Case(t, d.Mette, 1), d.Case(t, d.Dennis, 1)
	event := func(c testkit.CaseFile, who actor.Actor, kind string, daysAgo int) {
		d.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at) VALUES ($1, $2, $3, now() - make_interval(days => $4))`, c.ID, who.UserID, kind, daysAgo)
	}
	event(mine, d.Jonas, "note.written", 1)
	event(mine, d.Mette, "plan.started", 1)
	event(mine, d.Jonas, "plan.changed", 9)
	event(foreign, d.Dennis, "note.written", 1)
	news := read(d, d.Mette, func(b *db.Batch) *[]overview.News { return overview.InMyCases(b, 10) })
	if len(news) != 1 || news[0].Kind != "note.written" || news[0].Actor != "Jonas Brandt-Holm" || news[0].Ref != mine.Ref {
		t.Errorf("news: %+v", news)
	}
}

func TestNoticesLeadToACaseOnlyForWhoMayOpenIt(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 0)
	d.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind) VALUES ($1, $2, 'case.duplicate')`, d.Mette.UserID, c.ID)
	d.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind, at, read_at) VALUES ($1, $2, 'case.handed_over', now() + interval '1 minute', now())`, d.Mette.UserID, c.ID)
	d.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind) VALUES ($1, $2, 'case.handed_over')`, d.Dennis.UserID, c.ID) // he sees the header only
	notices := func(who actor.Actor) []overview.Notice {
		return read(d, who, func(b *db.Batch) *[]overview.Notice { return overview.Notices(b, 10) })
	}
	mine := notices(d.Mette)
	if len(mine) != 2 || mine[0].ReadAt != nil || mine[0].Ref != c.Ref || mine[1].ReadAt == nil {
		t.Errorf("Mette's notices, the unread first: %+v", mine)
	}
	if his := notices(d.Dennis); len(his) != 1 || his[0].Ref != "" || his[0].Number != "" {
		t.Errorf("Dennis' notice: %+v", his)
	}
	if err := d.DB.InTx(t.Context(), d.Mette, func(tx *db.Tx) error { return overview.ReadAll(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	if left := read(d, d.Mette, func(b *db.Batch) *[]overview.Notice { return overview.Unread(b, 10) }); len(left) != 0 {
		t.Errorf("unread after reading all: %+v", left)
	}
	if left := read(d, d.Dennis, func(b *db.Batch) *[]overview.Notice { return overview.Unread(b, 10) }); len(left) != 1 {
		t.Errorf("Dennis' notice was read by Mette")
	}
}

func TestUnansweredPartnersAreThoseOfMyOwnCases(t *testing.T) {
	d := newDesk(t)
	mine, other := d.Case(t, d.Mette, 1), d.Case(t, d.Dennis, 1)
	d.Grant(t, other, d.Mette, "coworker")
	police, school := d.Partner(t, "police_district", "Politi", "Bilal Nasser"), d.Partner(t, "school", "Åskolen", "Anders Møller")
	d.ask(mine, police, "requested", 5)
	d.ask(mine, school, "accepted", 5)
	d.ask(other, school, "requested", 5)
	got := read(d, d.Mette, func(b *db.Batch) *[]overview.Request { return overview.Unanswered(b, 10) })
	if len(got) != 1 || got[0].Contact != "Bilal Nasser" || got[0].Ref != mine.Ref || got[0].Phone == "" || !got[0].External {
		t.Errorf("unanswered: %+v", got)
	}
}
