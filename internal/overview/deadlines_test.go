package overview_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/overview"
	"samspil/internal/testkit"
)

// limit starts a deadline of seven days that began so long ago, and meets it at once where met says so.
func limit(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor, ago time.Duration, met bool) uuid.UUID {
	t.Helper()
	var id uuid.UUID
	err := o.DB.InCase(t.Context(), who, c.At("frister"), func(tx *db.Tx) (err error) {
		if id, err = deadline.Start(t.Context(), tx, "PROV_7D", tx.Now.Add(-ago)); err == nil && met {
			err = deadline.Meet(t.Context(), tx, id, 1, tx.Now)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEveryNumberOfDeadlinesOpensTheListBehindIt(t *testing.T) {
	d := newDesk(t)
	const day = 24 * time.Hour
	o := d.Office
	mine, other, sealed := o.Case(t, o.Mette, 1), o.Case(t, o.Dennis, 1), o.Case(t, o.Dennis, 2)
	near, over := limit(t, o, mine, o.Mette, 2*day, false), limit(t, o, mine, o.Mette, 30*day, false)
	limit(t, o, mine, o.Mette, 3*day, true)
	limit(t, o, other, o.Dennis, 20*day, true)
	limit(t, o, other, o.Dennis, 25*day, false)
	limit(t, o, sealed, o.Dennis, 25*day, false) // its lead is not named: it counts for nobody but Dennis
	far := limit(t, o, mine, o.Mette, time.Hour, false)
	o.Exec(t, `UPDATE app.deadline SET due_at = now() + interval '20 days' WHERE id = $1`, far)

	my := read(d, o.Mette, func(b *db.Batch) *[]overview.Limit { return overview.MyLimits(b, 10) })
	if len(my) != 2 || my[0].ID != over || my[1].ID != near || my[0].Number != mine.Number {
		t.Errorf("Mette's: %+v", my)
	}
	counts := read(d, o.Jonas, overview.TeamKept)
	if counts != (overview.KeptLimits{Kept: 1, Broken: 3, Late: 2, Ahead: 2}) {
		t.Errorf("the team's numbers: %+v", counts)
	}
	for which, want := range map[string]int{overview.LimitsKept: counts.Kept, overview.LimitsBroken: counts.Broken, overview.LimitsLate: counts.Late, overview.LimitsAhead: counts.Ahead} {
		if got := read(d, o.Jonas, func(b *db.Batch) *[]overview.Limit { return overview.TeamLimits(b, which) }); len(got) != want {
			t.Errorf("%s: the number says %d, the list %d", which, want, len(got))
		}
	}
	concerns := overview.Concerns(read(d, o.Jonas, overview.Reasons))
	n := 0
	for _, c := range concerns {
		if c.Has(overview.LimitLate) {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d cases call for attention, want 2: %+v", n, concerns)
	}
	// the lead of another team, and a caseworker, count nothing
	for _, who := range []actor.Actor{o.Anders, o.Mette} {
		if got := read(d, who, overview.TeamKept); got != (overview.KeptLimits{}) {
			t.Errorf("%s counts %+v", who.Name, got)
		}
	}
	// a paused one is not over time, a closed case calls for nobody
	o.Exec(t, `UPDATE app.deadline SET status = 'paused', paused_at = now() WHERE id = $1`, over)
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, other.ID)
	if got := read(d, o.Jonas, overview.TeamKept); got.Late != 0 {
		t.Errorf("%+v", got)
	}
}

func TestTheLeadOfTheIntakeDeskSeesWhichReportsWereTooLate(t *testing.T) {
	d := newDesk(t)
	o := d.Office
	team := uuid.New()
	o.Exec(t, `INSERT INTO app.team (id, municipality, area, name, intake) VALUES ($1, 999, 'child', 'Modtagelsen', true)`, team)
	o.Exec(t, `INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ($1, $2, true)`, team, o.Jonas.UserID)
	o.Jonas.Teams = append(o.Jonas.Teams, team)
	for i, late := range []bool{true, false, true} {
		ref := []string{"ureport2", "ureport3", "ureport4"}[i]
		ago := time.Hour
		if late {
			ago = 30 * time.Hour
		}
		o.Exec(t, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, late_reason, assess_by, registered_by, assigned_to)
			SELECT $1, 'U-' || $1, 999, 'child', 'professional', at, 'x', at + interval '24 hours', $3, $3 FROM (SELECT now() - $2::interval AS at) x`, ref, ago, o.Dennis.UserID)
		if err := o.DB.InCase(t.Context(), o.Dennis, db.Case{Ref: ref, Page: "p"}, func(tx *db.Tx) error {
			_, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), tx.CaseID, "UND_24H", tx.Now.Add(-ago))
			if err == nil && i == 0 {
				err = deadline.MeetForReport(t.Context(), tx, tx.CaseID, tx.Now, "UND_24H")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(d, o.Jonas, overview.TeamKept); got != (overview.KeptLimits{Broken: 2, Late: 1, Ahead: 1}) {
		t.Errorf("%+v", got)
	}
	late := read(d, o.Jonas, func(b *db.Batch) *[]overview.Limit { return overview.TeamLimits(b, overview.LimitsBroken) })
	if len(late) != 2 || !late[0].OfReport || late[0].Ref[0] != 'u' || late[0].ResponsibleID != o.Dennis.UserID {
		t.Errorf("%+v", late)
	}
	if got := read(d, o.Dennis, overview.TeamKept); got != (overview.KeptLimits{}) {
		t.Errorf("who leads nothing counts %+v", got)
	}
}

// § 138: a receipt is owed also when the report has been concluded, and is counted until it is given.
func TestAReceiptIsCountedAlsoWhenItsReportIsConcluded(t *testing.T) {
	d := newDesk(t)
	o := d.Office
	team := uuid.New()
	o.Exec(t, `INSERT INTO app.team (id, municipality, area, name, intake) VALUES ($1, 999, 'child', 'Modtagelsen', true)`, team)
	o.Exec(t, `INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ($1, $2, true)`, team, o.Jonas.UserID)
	o.Jonas.Teams = append(o.Jonas.Teams, team)
	const day = 24 * time.Hour
	for ref, ago := range map[string]time.Duration{"ureport5": 20 * day, "ureport6": time.Hour} {
		o.Exec(t, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, late_reason, assess_by, registered_by, assigned_to)
			SELECT $1, 'U-' || $1, 999, 'child', 'professional', at, 'x', at + interval '24 hours', $3, $3 FROM (SELECT now() - $2::interval AS at) x`, ref, ago, o.Dennis.UserID)
		if err := o.DB.InCase(t.Context(), o.Dennis, db.Case{Ref: ref, Page: "p"}, func(tx *db.Tx) error {
			for _, code := range []string{"UND_24H", "UND_RECEIPT"} {
				if _, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), tx.CaseID, code, tx.Now.Add(-ago)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		o.Exec(t, `UPDATE app.report SET acute = false, assessed_at = now(), assessed_by = $2, outcome = 'no_further', concluded_at = now(), concluded_by = $2 WHERE ref = $1`, ref, o.Dennis.UserID)
	}
	// the 24 hours of a concluded report are over; both receipts are not
	if got := read(d, o.Jonas, overview.TeamKept); got != (overview.KeptLimits{Broken: 1, Late: 1, Ahead: 1}) {
		t.Errorf("%+v", got)
	}
	for which, ref := range map[string]string{overview.LimitsLate: "ureport5", overview.LimitsBroken: "ureport5", overview.LimitsAhead: "ureport6"} {
		if got := read(d, o.Jonas, func(b *db.Batch) *[]overview.Limit { return overview.TeamLimits(b, which) }); len(got) != 1 || got[0].Ref != ref || got[0].Code != "UND_RECEIPT" {
			t.Errorf("%s: %+v", which, got)
		}
	}
	for _, ref := range []string{"ureport5", "ureport6"} {
		if err := o.DB.InCase(t.Context(), o.Dennis, db.Case{Ref: ref, Page: "p"}, func(tx *db.Tx) error {
			return deadline.MeetForReport(t.Context(), tx, tx.CaseID, tx.Now, "UND_RECEIPT")
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(d, o.Jonas, overview.TeamKept); got != (overview.KeptLimits{Kept: 1, Broken: 1}) {
		t.Errorf("given: %+v", got)
	}
}
