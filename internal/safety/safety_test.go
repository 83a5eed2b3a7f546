package safety_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

// in runs fn in the case on behalf of who.
func in(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InCase(t.Context(), who, c.At("test"), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// jobs calls a function of the background work, as its login.
func jobs(t *testing.T, o *testkit.Office, sql string, args ...any) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), o.LoginURL(t, "samspil_job"))
	must(t, err)
	defer conn.Close(context.Background())
	var n int
	must(t, conn.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// passes moves a check-in into the past, as if so much time had gone by.
func passes(t *testing.T, o *testkit.Office, id uuid.UUID, d time.Duration) {
	t.Helper()
	o.Exec(t, `UPDATE app.check_in SET agreed_at = agreed_at - $2::interval, alarm_at = alarm_at - $2::interval WHERE id = $1`, id, d.String())
}

func read(t *testing.T, o *testkit.Office, c testkit.CaseFile, who actor.Actor) (plans []safety.Plan, list []safety.CheckIn) {
	t.Helper()
	var p *[]safety.Plan
	var k *[]safety.CheckIn
	_, err := o.DB.ReadCase(t.Context(), who, c.At("test"), func(b *db.Batch) { p, k = safety.Plans(b), safety.CheckIns(b) })
	must(t, err)
	return *p, *k
}

func planInput(o *testkit.Office, contact uuid.UUID) safety.PlanInput {
	y, m, d := time.Now().In(i18n.Zone).Date()
	return safety.PlanInput{IfWorse: "Går til naboen og ringer 112.", IfNotBack: "Vagten ringer, derefter politiet.", AgreedOn: time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone),
		Contacts: []safety.ContactInput{{User: o.Mette.UserID, How: "Opkald", Hours: "Hverdage 8-16"}, {Contact: contact, How: "Sms", Hours: "Døgnet rundt"}, {}, {Who: "En veninde", How: "Signal", Hours: "Aften"}}}
}

func checkIn(who actor.Actor, in time.Duration) safety.CheckInInput {
	return safety.CheckInInput{At: time.Now().Add(in).Truncate(time.Minute), GraceMinutes: 30, Way: "phone", WayOK: true, Channel: "Opkald til borgerens egen telefon", AlarmUser: who.UserID, ThenWhat: "Ring til vagten"}
}

func agree(t *testing.T, o *testkit.Office, c testkit.CaseFile, input safety.CheckInInput) (id uuid.UUID) {
	t.Helper()
	must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) (err error) { id, err = safety.Agree(ctx, tx, input); return err }))
	return id
}

func answer(id uuid.UUID, version int, outcome safety.Status, words string) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error { return safety.Answer(ctx, tx, id, version, outcome, words) }
}

func TestStrangersNeitherReadNorAnswer(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, other := o.Case(t, o.Mette, 1), o.Case(t, o.Huseyin, 1)
	id := agree(t, o, c, checkIn(o.Mette, time.Hour))
	for name, who := range map[string]actor.Actor{"colleague": o.Dennis, "elsewhere": o.Huseyin, "admin": o.Lone} {
		if err := in(t, o, c, who, answer(id, 1, safety.OK, "")); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := in(t, o, other, o.Huseyin, answer(id, 1, safety.OK, "")); !errors.Is(err, fault.NotFound) { // from a case of one's own
		t.Errorf("through another case: %v", err)
	}
	if err := in(t, o, c, o.Jonas, func(ctx context.Context, tx *db.Tx) error { // a lead reads, and does not write
		return safety.Write(ctx, tx, 0, planInput(o, o.Partner(t, "police", "Politi", "Rikke").ID))
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a plan by the lead: %v", err)
	}
	must(t, in(t, o, c, o.Jonas, answer(id, 1, safety.OK, "Borgeren ringede til mig.")))
}
