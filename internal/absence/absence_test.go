package absence_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/absence"
	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// state states that somebody is away from today on.
func state(t testing.TB, o *testkit.Office, by, who, standIn actor.Actor, days int) (uuid.UUID, error) {
	t.Helper()
	var id uuid.UUID
	err := o.DB.InTx(t.Context(), by, func(tx *db.Tx) (err error) {
		id, err = absence.State(t.Context(), tx, uuid.New(), absence.Input{User: who.UserID, StandIn: standIn.UserID, From: tx.Now, To: tx.Now.AddDate(0, 0, days)})
		return err
	})
	return id, err
}

func answer(t testing.TB, o *testkit.Office, by actor.Actor, id uuid.UUID, yes bool, words string) error {
	t.Helper()
	return o.DB.InTx(t.Context(), by, func(tx *db.Tx) error { return absence.Answer(t.Context(), tx, id, yes, words) })
}

// opens tells whether somebody may open a case.
func opens(t testing.TB, o *testkit.Office, who actor.Actor, c testkit.CaseFile) bool {
	t.Helper()
	return o.Count(t, `SELECT app._opens_case($1, $2)::int`, who.UserID, c.ID) == 1
}

func notices(t testing.TB, o *testkit.Office, who actor.Actor, kind string) int {
	t.Helper()
	return o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = $2`, who.UserID, kind)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStandInHasTheCasesFromTheReceiptToTheLastDayAndNoLonger(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	open, sealed, kept := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 2), o.Case(t, o.Mette, 1, o.Dennis)
	other := o.Case(t, o.Jonas, 1) // somebody else's
	over := o.Case(t, o.Mette, 1)
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, over.ID)
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 5)
	must(t, err)
	o.Exec(t, `SELECT app._cover($1, now())`, id)
	if opens(t, o, o.Dennis, open) {
		t.Error("before the receipt")
	}
	if err := answer(t, o, o.Jonas, id, true, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody else gives the receipt: %v", err)
	}
	for range 2 {
		must(t, answer(t, o, o.Dennis, id, true, ""))
	}
	if !opens(t, o, o.Dennis, open) || opens(t, o, o.Dennis, sealed) || opens(t, o, o.Dennis, kept) || opens(t, o, o.Dennis, other) || opens(t, o, o.Dennis, over) {
		t.Errorf("open %t, sealed %t, kept out %t, another's %t", opens(t, o, o.Dennis, open), opens(t, o, o.Dennis, sealed), opens(t, o, o.Dennis, kept), opens(t, o, o.Dennis, other))
	}
	if n := o.Count(t, `SELECT count(*) FROM audit.event e JOIN audit.detail d ON d.event_id = e.id WHERE e.action = 'access.grant' AND d.detail->>'for' = $1 AND e.object = $2`, o.Mette.UserID.String(), o.Dennis.UserID.String()); n != 1 {
		t.Errorf("%d lines in the trail say for whom", n)
	}
	// a case that comes meanwhile; one that is sealed, and one that is handed over, meanwhile
	fresh := o.Case(t, o.Mette, 1)
	for range 2 {
		o.Exec(t, `SELECT app.job_absences()`)
	}
	if !opens(t, o, o.Dennis, fresh) {
		t.Error("not the case that came meanwhile")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_grant WHERE absence_id = $1`, id); n != 2 {
		t.Errorf("%d grants for two cases", n)
	}
	ends := o.Case(t, o.Mette, 1)
	o.Exec(t, `SELECT app.job_absences()`)
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, ends.ID)
	o.Exec(t, `SELECT app.job_absences()`)
	if opens(t, o, o.Dennis, ends) {
		t.Error("still a case that is closed")
	}
	o.Exec(t, `UPDATE app.case_file SET confidentiality = 2 WHERE id = $1`, fresh.ID)
	if opens(t, o, o.Dennis, fresh) {
		t.Error("still the case that was sealed")
	}
	theirs := o.Case(t, o.Mette, 1) // handed to the stand-in: they have it still
	o.Exec(t, `SELECT app.job_absences()`)
	o.Exec(t, `UPDATE app.case_file SET responsible_id = $2 WHERE id = $1`, theirs.ID, o.Dennis.UserID)
	for _, x := range []struct {
		name  string
		c     testkit.CaseFile
		lines int
	}{{"sealed", fresh, 1}, {"closed", ends, 0}, {"handed over", theirs, 0}} {
		name, c := x.name, x.c
		if n := o.Count(t, `SELECT count(*) FROM audit.event e JOIN audit.detail d ON d.event_id = e.id WHERE e.action = 'access.revoke' AND e.case_id = $1 AND e.object = $2 AND d.detail->>'for' = $3`, c.ID, o.Dennis.UserID.String(), o.Mette.UserID.String()); n != 1 {
			t.Errorf("%s: %d lines in the trail say that it was taken back", name, n)
		}
		if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'access.revoked' AND data->>'name' = 'Dennis Kjær'`, c.ID); n != x.lines {
			t.Errorf("%s: %d lines on the case", name, n)
		}
	}
	// the trail of an opening
	o.Exec(t, `DELETE FROM app.notice`)
	must(t, o.DB.InCase(t.Context(), o.Dennis, open.At("test"), func(*db.Tx) error { return nil }))
	if n := o.Count(t, `SELECT count(*) FROM audit.event e JOIN audit.detail d ON d.event_id = e.id WHERE e.action = 'case.open' AND e.actor = $1 AND e.object LIKE 'cover:%' AND d.detail->>'for' = $2`, o.Dennis.UserID, o.Mette.UserID.String()); n != 1 {
		t.Errorf("%d openings say on whose behalf", n)
	}
	// the last day over
	o.Exec(t, `UPDATE app.case_grant SET valid_to = now() WHERE absence_id = $1`, id)
	if opens(t, o, o.Dennis, open) {
		t.Error("after the last day")
	}
	for range 2 {
		o.Exec(t, `SELECT app.job_absences($1)`, time.Now().AddDate(0, 0, 6))
	}
	if n := notices(t, o, o.Mette, "absence.back"); n != 1 {
		t.Errorf("who is back is told %d times", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_grant WHERE absence_id = $1 AND revoked_at IS NULL`, id); n != 0 {
		t.Errorf("%d grants stand", n)
	}
}

// Who says yes today to the days of next week has the cases from then on.
func TestAStandInWaitsForTheFirstDay(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 9)
	must(t, err)
	o.Exec(t, `UPDATE app.absence SET from_day = from_day + 7`)
	must(t, answer(t, o, o.Dennis, id, true, ""))
	o.Exec(t, `SELECT app.job_absences()`)
	if opens(t, o, o.Dennis, c) {
		t.Error("before the first day")
	}
	o.Exec(t, `SELECT app.job_absences($1)`, time.Now().AddDate(0, 0, 7))
	if !opens(t, o, o.Dennis, c) {
		t.Error("not on the first day")
	}
}

func TestWhoIsBackEarlyTakesTheCasesBack(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 5)
	must(t, err)
	must(t, answer(t, o, o.Dennis, id, true, ""))
	for _, who := range []actor.Actor{o.Dennis, o.Huseyin, o.Anders, o.Karen} {
		if err := o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return absence.End(t.Context(), tx, id) }); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s ends it: %v", who.Name, err)
		}
	}
	must(t, o.DB.InTx(t.Context(), o.Mette, func(tx *db.Tx) error { return absence.End(t.Context(), tx, id) }))
	if opens(t, o, o.Dennis, c) {
		t.Error("the stand-in still opens the case")
	}
	o.Exec(t, `SELECT app.job_absences()`)
	if opens(t, o, o.Dennis, c) {
		t.Error("the job gives it again")
	}
}

func TestTheStandInIsToldWhatTheAbsentOneIsTold(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, kept := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1, o.Dennis)
	tell := func() {
		o.Exec(t, `SELECT app._notify($1, $2, 'check_in.missed'), app._notify($1, $3, 'check_in.missed')`, o.Mette.UserID, c.ID, kept.ID)
	}
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 5)
	must(t, err)
	tell()
	along := o.Case(t, o.Mette, 1) // which the stand-in may open anyway
	o.Grant(t, along, o.Dennis, "coworker")
	o.Exec(t, `SELECT app._notify($1, $2, 'check_in.missed')`, o.Mette.UserID, along.ID)
	if n := notices(t, o, o.Dennis, "check_in.missed"); n != 0 {
		t.Errorf("%d before the receipt", n)
	}
	must(t, answer(t, o, o.Dennis, id, true, ""))
	tell()
	if n, m := notices(t, o, o.Dennis, "check_in.missed"), notices(t, o, o.Mette, "check_in.missed"); n != 1 || m != 5 {
		t.Errorf("the stand-in has %d notices, the absent one %d", n, m)
	}
	theirs := o.Case(t, o.Dennis, 1) // in which the absent one works along
	o.Grant(t, theirs, o.Mette, "coworker")
	o.Exec(t, `SELECT app._notify($1, $2, 'step.asked')`, o.Mette.UserID, theirs.ID)
	if n := notices(t, o, o.Dennis, "step.asked"); n != 0 {
		t.Error("told of what the absent one does not answer for")
	}
	o.Exec(t, `INSERT INTO app.notice (to_user, case_id, kind, at) VALUES ($1, $2, 'x', now() + interval '6 days')`, o.Mette.UserID, c.ID)
	if n := notices(t, o, o.Dennis, "x"); n != 0 {
		t.Error("told after the last day")
	}
}

func TestAnAbsenceThatNobodyAnswersIsTheLeadsAfterAWorkday(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 20)
	must(t, err)
	// stated on the Friday before the clocks go forward, at 14
	o.Exec(t, `UPDATE app.absence SET stated_at = '2027-03-19 14:00 Europe/Copenhagen', from_day = '2027-03-19', to_day = '2027-04-19'`)
	for when, want := range map[string]int{"2027-03-22 13:59 Europe/Copenhagen": 0, "2027-03-22 14:00 Europe/Copenhagen": 1} {
		o.Exec(t, `DELETE FROM app.notice; UPDATE app.absence SET lead_told_at = NULL`)
		for range 2 {
			o.Exec(t, `SELECT app.job_absences($1::timestamptz)`, when)
		}
		if n := notices(t, o, o.Jonas, "absence.unanswered"); n != want {
			t.Errorf("%s: the lead has %d notices, want %d", when, n, want)
		}
	}
	o.Exec(t, `UPDATE app.absence SET from_day = current_date, to_day = current_date + 9`)
	if err := answer(t, o, o.Dennis, id, false, " "); err == nil {
		t.Error("a no without a word")
	}
	must(t, answer(t, o, o.Dennis, id, false, "Jeg er selv på kursus"))
	if n, m := notices(t, o, o.Jonas, "absence.declined"), notices(t, o, o.Mette, "absence.declined"); n != 1 || m != 1 {
		t.Errorf("a no: the lead %d, the absent one %d", n, m)
	}
	if err := answer(t, o, o.Dennis, id, true, ""); !errors.Is(err, fault.Stale) {
		t.Errorf("yes after no: %v", err)
	}
	if _, err := state(t, o, o.Mette, o.Mette, o.Jonas, 5); err != nil {
		t.Errorf("somebody else cannot be asked: %v", err)
	}
}

func TestWhoMayStateAnAbsenceAndWhoCanStandIn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Sara.UserID)
	for _, c := range []struct {
		what             string
		by, who, standIn actor.Actor
		want             string
	}{
		{"for a colleague", o.Dennis, o.Mette, o.Dennis, "not found"},
		{"a lead of another team", o.Anders, o.Mette, o.Dennis, "not found"},
		{"an auditor for themself", o.Karen, o.Karen, o.Dennis, "not found"},
		{"an admin for themself", o.Lone, o.Lone, o.Dennis, "not found"},
		{"oneself as stand-in", o.Mette, o.Mette, o.Mette, "stand_in"},
		{"an admin as stand-in", o.Mette, o.Mette, o.Lone, "stand_in"},
		{"an auditor as stand-in", o.Mette, o.Mette, o.Karen, "stand_in"},
		{"somebody who has left", o.Mette, o.Mette, o.Sara, "stand_in"},
		{"an admin, with somebody from another team", o.Lone, o.Mette, o.Huseyin, "stand_in"},
		{"an admin", o.Lone, o.Mette, o.Dennis, ""},
		{"twice at a time", o.Mette, o.Mette, o.Jonas, "from"},
		{"a stand-in who is away", o.Jonas, o.Dennis, o.Mette, "stand_in"},
		{"their lead", o.Jonas, o.Dennis, o.Jonas, ""},
	} {
		_, err := state(t, o, c.by, c.who, c.standIn, 5)
		var bad fault.Invalid
		switch {
		case c.want == "" && err != nil, c.want == "not found" && !errors.Is(err, fault.NotFound):
			t.Errorf("%s: %v", c.what, err)
		case c.want != "" && c.want != "not found" && (!errors.As(err, &bad) || bad[c.want] == ""):
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// A lead gives the cases of the teams that they lead, an admin those of the team in which the two work.
func TestWhoStatesItForAnotherGivesNoMoreThanIsTheirs(t *testing.T) {
	t.Parallel()
	for by, want := range map[string]bool{"jonas": false, "lone": false, "mette": true} {
		o := testkit.NewOffice(t)
		c := o.Case(t, o.Mette, 1)
		elsewhere := o.Case(t, o.Mette, 1)
		o.Exec(t, `UPDATE app.case_file SET team_id = $2, area = 'adult' WHERE id = $1`, elsewhere.ID, o.TeamAdults)
		id, err := state(t, o, o.People()[by], o.Mette, o.Dennis, 5)
		must(t, err)
		must(t, answer(t, o, o.Dennis, id, true, ""))
		if !opens(t, o, o.Dennis, c) || opens(t, o, o.Dennis, elsewhere) != want {
			t.Errorf("stated by %s: the team's %t, the other team's %t", by, opens(t, o, o.Dennis, c), opens(t, o, o.Dennis, elsewhere))
		}
	}
}

func TestOnlyTheLeadSeesWhatIsNotCovered(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Case(t, o.Mette, 1)
	kept := o.Case(t, o.Mette, 1, o.Dennis)
	o.Case(t, o.Mette, 2) // sealed, and Jonas is not named in it: not even its number
	named := o.Case(t, o.Mette, 2)
	o.Grant(t, named, o.Jonas, "lead")
	o.Grant(t, kept, o.Anders, "lead") // opens it, and leads other people
	o.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at) VALUES ($1, $2, 'note.written', now())`, kept.ID, o.Jonas.UserID)
	o.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at) VALUES ($1, $2, 'note.written', now())`, kept.ID, o.Mette.UserID)
	id, err := state(t, o, o.Mette, o.Mette, o.Dennis, 5)
	must(t, err)
	for name, who := range o.People() {
		want := 0
		if name == "jonas" {
			want = 2
		}
		if name == "nobody" {
			continue
		}
		var list *[]absence.Case
		var happened *[]absence.Happened
		var one *db.Found[absence.Absence]
		_, err := o.DB.Read(t.Context(), who, func(b *db.Batch) {
			list, happened, one = absence.NotCovered(b, id), absence.WhileAway(b, id), absence.One(b, id)
		})
		must(t, err)
		if len(*list) != want {
			t.Errorf("%s sees %v", name, *list)
		}
		for _, c := range *list {
			if c.Ref != kept.Ref && c.Ref != named.Ref {
				t.Errorf("%s sees %s", name, c.Number)
			}
		}
		if name != "mette" && len(*happened) > 0 || name == "mette" && (len(*happened) != 1 || (*happened)[0].AllOfIt != 1 || (*happened)[0].ByStandIn != 0) {
			t.Errorf("%s sees of what happened %v", name, *happened)
		}
		if sees := name == "mette" || name == "dennis" || name == "jonas" || name == "lone"; one.OK != sees {
			t.Errorf("%s sees the absence: %t", name, one.OK)
		}
	}
}
