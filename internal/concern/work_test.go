package concern_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// The 24 hours are hours, not a day on the calendar: when the clocks change, the wall clock shows another time.
func TestTheClockDoesNotSleepNorKnowHolidays(t *testing.T) {
	for received, by := range map[string]string{
		"2026-11-24 13:42": "2026-11-25 13:42", "2026-12-24 23:50": "2026-12-25 23:50", "2026-12-31 12:00": "2027-01-01 12:00",
		"2027-03-27 13:00": "2027-03-28 14:00", // summer time begins in the night between
		"2026-10-24 13:00": "2026-10-25 12:00", // and ends
		"2027-03-26 09:00": "2027-03-27 09:00", // Good Friday
	} {
		got := concern.AssessBy(concern.Child, at(received))
		if got == nil || !got.Equal(at(by)) || got.Sub(at(received)) != 24*time.Hour {
			t.Errorf("received %s: %v, want %s", received, got, by)
		}
	}
	if concern.AssessBy(concern.Adult, at("2026-11-24 13:42")) != nil {
		t.Error("the adults' area has a clock")
	}
	// half past two comes twice on the last Sunday of October; the clock takes the first, which gives less time
	if got := concern.At(at("2026-10-25 00:00"), 2*time.Hour+30*time.Minute); got.UTC().Hour() != 0 {
		t.Errorf("half past two is %v", got.UTC())
	}
	if got := concern.At(at("2026-11-24 00:00"), 13*time.Hour+42*time.Minute); !got.Equal(at("2026-11-24 13:42")) {
		t.Errorf("%v", got)
	}
}

func TestAReceiptIsDueAfterSixHverdage(t *testing.T) {
	law := deadline.OfTheLaw()
	for received, by := range map[string]string{"2026-11-23 10:00": "2026-11-30", "2026-11-28 23:00": "2026-12-05", "2026-11-29 01:00": "2026-12-05",
		"2026-12-22 10:00": "2026-12-31", // neither Christmas Day nor the day after counts; Christmas Eve does where the municipality has not said otherwise
		"2027-03-24 10:00": "2027-04-03"} /* Easter */ {
		if got := concern.ReceiptBy(law, concern.Child, "citizen", at(received)); got == nil || got.In(i18n.Zone).Format(time.DateOnly) != by {
			t.Errorf("received %s: %v, want %s", received, got, by)
		}
	}
	if concern.ReceiptBy(law, concern.Child, concern.Anonymous, at("2026-11-23 10:00")) != nil || concern.ReceiptBy(law, concern.Adult, "citizen", at("2026-11-23 10:00")) != nil {
		t.Error("nobody is waited for, and there is a deadline")
	}
}

func TestTheBellRingsInTheLastFourHours(t *testing.T) {
	now := at("2026-11-24 13:42")
	met := now.Add(-time.Hour)
	for name, c := range map[string]struct {
		clock       concern.Clock
		rings, over bool
	}{
		"five hours":     {concern.Clock{By: now.Add(5 * time.Hour), Now: now}, false, false},
		"four hours":     {concern.Clock{By: now.Add(4 * time.Hour), Now: now}, true, false},
		"over":           {concern.Clock{By: now.Add(-time.Minute), Now: now}, true, true},
		"assessed":       {concern.Clock{By: now.Add(time.Hour), Met: &met, Now: now}, false, false},
		"adults":         {concern.Clock{Now: now}, false, false},
		"assessed late ": {concern.Clock{By: now.Add(-2 * time.Hour), Met: &met, Now: now}, false, false},
	} {
		if c.clock.Rings() != c.rings || c.clock.Over() != c.over {
			t.Errorf("%s: rings %t, over %t", name, c.clock.Rings(), c.clock.Over())
		}
	}
	if !(concern.Clock{By: now.Add(-2 * time.Hour), Met: &met, Now: now}).Broken() {
		t.Error("an assessment that came too late is not said to be late")
	}
}

func TestTheBellTellsTheDeskOnce(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.ReceivedAt, in.LateReason = time.Now().Add(-21*time.Hour), "Kom i går"
	made := d.must(t, d.Mette, in)
	d.must(t, d.Mette, call(time.Now())) // has all its time
	d.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $2)`, made.ID, d.Jonas.UserID)
	for range 2 {
		d.Exec(t, `SELECT app.job_bells()`)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.bell' AND to_user = $1 AND report_id = $2`, d.Dennis.UserID, made.ID); n != 1 {
		t.Errorf("Dennis got %d notices", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.bell'`); n != 1 {
		t.Errorf("%d notices, one of them to somebody who must not know", n)
	}
}

func TestWhoAssessesTakesTheReport(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.ReceivedAt, in.LateReason = time.Now().Add(-25*time.Hour), "Lå i postkassen"
	made := d.must(t, d.Mette, in)
	assess := func(who actor.Actor, version int, a concern.Assessment) error {
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Assess(ctx, tx, version, a) })
	}
	if err := assess(d.Mette, 1, concern.Assessment{Acute: "no", Reason: "x"}); err == nil {
		t.Error("who registered it assesses it without being of the desk")
	}
	for _, a := range []concern.Assessment{{Acute: "no"}, {Reason: "x"}, {Acute: "perhaps", Reason: "x"}} {
		if err := assess(d.Dennis, 1, a); err == nil {
			t.Errorf("%+v is an assessment", a)
		}
	}
	if err := assess(d.Dennis, 1, concern.Assessment{Acute: "yes", Reason: "Skal rejse i morgen"}); err != nil {
		t.Fatal(err)
	}
	got, _ := d.read(t, d.Dennis, made.Ref)
	if !got.IsAcute() || got.AssignedTo == nil || *got.AssignedTo != d.Dennis.UserID || got.AssessReason != "Skal rejse i morgen" || !got.Clock(time.Now()).Broken() {
		t.Errorf("%+v", got)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline WHERE report_id = $1 AND code = 'UND_24H' AND status = 'met' AND met_at > due_at AND met_by = $2`, made.ID, d.Dennis.UserID); n != 1 {
		t.Error("the 24 hours were broken, and are not counted as such")
	}
	if err := assess(d.Jonas, 1, concern.Assessment{Acute: "no", Reason: "y"}); !errors.Is(err, fault.Stale) {
		t.Errorf("a second one saves over the first: %v", err)
	}
}

func TestOfTwoWhoTakeAReportOneGetsIt(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Mette, call(time.Now()))
	assign := func(who actor.Actor, to, was uuid.UUID) error {
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Assign(ctx, tx, to, was) })
	}
	if err := assign(d.Dennis, d.Dennis.UserID, uuid.Nil); err != nil {
		t.Fatal(err)
	}
	if err := assign(d.Jonas, d.Jonas.UserID, uuid.Nil); !errors.Is(err, fault.Stale) {
		t.Errorf("Jonas takes what Dennis has: %v", err)
	}
	if err := assign(d.Dennis, d.Dennis.UserID, uuid.Nil); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	for _, who := range []actor.Actor{d.Mette, d.Huseyin, d.Lone} {
		if err := assign(d.Dennis, who.UserID, d.Dennis.UserID); err == nil {
			t.Errorf("handed over to %s, who is not of the desk", who.Name)
		}
	}
	if err := assign(d.Dennis, d.Jonas.UserID, d.Dennis.UserID); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.assigned' AND to_user = $1 AND report_id = $2`, d.Jonas.UserID, made.ID); n != 1 {
		t.Errorf("Jonas got %d notices", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_event WHERE kind = 'report.assigned'`); n != 2 {
		t.Errorf("%d lines", n)
	}
}

func TestACorrectedHourMovesBothClocks(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Dennis, call(time.Now()))
	before, _ := d.read(t, d.Dennis, made.Ref)
	earlier := before.ReceivedAt.Add(-100 * time.Hour)
	correct := func(to time.Time, why string) error {
		return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			return concern.CorrectReceived(ctx, tx, before.Version, to, why)
		})
	}
	for _, bad := range []error{correct(earlier, ""), correct(time.Now().Add(time.Hour), "x"), correct(time.Time{}, "x")} {
		if bad == nil {
			t.Error("an impossible correction is taken")
		}
	}
	if err := correct(earlier, "Mailen lå i spam"); err != nil {
		t.Fatal(err)
	}
	after, _ := d.read(t, d.Dennis, made.Ref)
	if !after.ReceivedAt.Equal(earlier) || !after.AssessBy.Equal(earlier.Add(24*time.Hour)) || !after.Clock(time.Now()).Over() || !after.ReceiptBy.Before(*before.ReceiptBy) {
		t.Errorf("%+v", after.Report)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline d JOIN app.report x ON x.id = d.report_id AND d.due_at = CASE d.code WHEN 'UND_24H' THEN x.assess_by ELSE x.receipt_by END
		JOIN app.deadline_change c ON c.deadline_id = d.id AND c.what = 'recomputed' AND c.reason = 'Mailen lå i spam' AND c.due_to = d.due_at WHERE d.report_id = $1`, made.ID); n != 2 {
		t.Errorf("%d of both deadlines follow, with the reason", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_event WHERE kind = 'report.received' AND data->>'reason' = 'Mailen lå i spam' AND data ? 'from'`); n != 1 {
		t.Error("the old time is lost")
	}
}

// What is printed for a reporter lies on a kitchen table: nothing in it tells that it is about a child, which child, or what was said.
func TestTheReceiptTellsNothing(t *testing.T) {
	r := concern.Report{ReceivedAt: at("2026-11-24 13:42"), Number: "U-2026-0412", Source: "citizen"}
	got := concern.ReceiptText(r, "Ellehøj Kommune")
	golden := filepath.Join("testdata", "kvittering.txt")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.TrimSuffix(string(want), "\n") {
		t.Errorf("the receipt says:\n%s", got)
	}
	for _, word := range []string{"barn", "Barn", "underret", "Underret", "U-2026", "æres", "social kontrol", "familie", "sag"} {
		if strings.Contains(strings.ReplaceAll(got, "tavshedspligt", ""), word) {
			t.Errorf("the receipt says %q", word)
		}
	}
}

func TestNobodyIsAnsweredWhereItIsNotSafe(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		channel   string
		household bool
		blocked   string
	}{
		"safe": {"safe", true, ""}, "unsafe": {"unsafe", false, concern.BlockedUnsafe}, "unknown, next door": {"unknown", true, concern.BlockedHousehold}, "unknown, a school": {"unknown", false, ""},
	} {
		in := call(time.Now())
		in.Channel, in.Household = c.channel, c.household
		made := d.must(t, d.Dennis, in)
		f, err := d.read(t, d.Dennis, made.Ref)
		if err != nil || f.Blocked() != c.blocked {
			t.Errorf("%s: blocked %q, %v", name, f.Blocked(), err)
		}
		send := func() error {
			return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone") })
		}
		if err := send(); (err == nil) != (c.blocked == "") {
			t.Errorf("%s: %v", name, err)
		}
		if c.blocked == "" {
			if d.Count(t, `SELECT count(*) FROM app.deadline WHERE report_id = $1 AND code = 'UND_RECEIPT' AND status = 'met'`, made.ID) != 1 {
				t.Errorf("%s: the receipt is sent, and its deadline runs", name)
			}
			if err := send(); err != nil || d.Count(t, `SELECT count(*) FROM app.report_event WHERE report_id = $1 AND kind = 'report.receipt'`, made.ID) != 1 {
				t.Errorf("%s, sent twice: %v", name, err)
			}
			continue
		}
		if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			return concern.SetChannel(ctx, tx, f.ContentVersion, "safe", "Ring til arbejdet")
		}); err != nil {
			t.Fatal(err)
		}
		if err := send(); err != nil {
			t.Errorf("%s: a safe way was found, and %v", name, err)
		}
	}
	// What is known of the reporter may be corrected later: who wants no answer, or is nobody, gets none all the same.
	for name, sql := range map[string]string{
		"no channel at all":            `UPDATE app.report_content SET channel = 'none' WHERE report_id = $1`,
		"anonymous, on a safe channel": `UPDATE app.report SET source = 'anonymous', receipt_by = NULL WHERE id = $1`,
	} {
		made := d.must(t, d.Dennis, call(time.Now()))
		d.Exec(t, sql, made.ID)
		err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone") })
		if bad := (fault.Invalid{}); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// newCase is what the page asks for.
func newCase(d desk, responsible actor.Actor, team uuid.UUID) concern.NewCase {
	var in concern.NewCase
	in.NewCitizen = casefile.NewCitizen{Name: "Khadija Haddad", SafeContact: casefile.SafeContact{Policy: "none_written", Channel: "Skolen", Never: "Ring aldrig hjem"}}
	in.Around = []casefile.Around{{Name: "Tarek Haddad", Relation: "bror", ConflictRole: "unknown", MayKnow: "unknown"}}
	in.Matter = casefile.Matter{Situation: "Rejse", Origin: concern.Origin("professional"), Certainty: "concern", Severity: "red", SeverityReason: "Skal rejse i morgen"}
	in.AccessPlan = casefile.AccessPlan{TeamID: team, Responsible: responsible.UserID, Nobody: true, FromReport: true, Confidentiality: casefile.Restricted}
	in.KeepCPR, in.Template = true, concern.AcuteTemplate(concern.Child)
	return in
}

func TestAnAcuteReportBecomesACaseWithAPlan(t *testing.T) {
	d := newDesk(t)
	p := d.Partner(t, "security_consultant", "Sikkerhedskonsulenterne", "Rikke Holm")
	call := call(time.Now())
	call.Nobody, call.Exclude = false, []uuid.UUID{d.Sara.UserID}
	made := d.must(t, d.Dennis, call)
	in := newCase(d, d.Mette, d.TeamNorth)
	in.Partners = []concern.Partner{{Type: "security_consultant", Contact: p.ID}, {Type: "nothing calls for it", Contact: p.ID}}
	var c casefile.Registered
	makeIt := func(in concern.NewCase) error {
		return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) (err error) {
			c, err = concern.MakeCase(ctx, tx, d.Keys, in)
			return err
		})
	}
	bad := in
	bad.Responsible = d.Sara.UserID // who must not know
	if err := makeIt(bad); err == nil {
		t.Error("somebody who must not know becomes responsible")
	}
	if err := makeIt(in); err != nil {
		t.Fatal(err)
	}
	for what, sql := range map[string]string{
		"the responsible":            `SELECT count(*) FROM app.case_file WHERE id = $1 AND responsible_id = '` + d.Mette.UserID.String() + `' AND severity = 'red' AND origin = 'report_professional'`,
		"a plan with steps":          `SELECT (count(*) > 3)::int FROM app.plan_step WHERE case_id = $1`,
		"the partner asked":          `SELECT count(*) FROM app.involvement WHERE case_id = $1 AND contact_id = '` + p.ID.String() + `'`,
		"the number of the child":    `SELECT count(*) FROM app.person WHERE case_id = $1 AND is_citizen AND cpr_masked = '740410-••••' AND cpr_enc IS NOT NULL`,
		"the brother":                `SELECT count(*) FROM app.person WHERE case_id = $1 AND relation = 'bror'`,
		"the exclusion":              `SELECT count(*) FROM app.case_exclusion WHERE case_id = $1 AND user_id = '` + d.Sara.UserID.String() + `'`,
		"the tie":                    `SELECT count(*) FROM app.report_case WHERE case_id = $1 AND how = 'made'`,
		"a line in the case":         `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'report.made'`,
		"the protected phone":        `SELECT count(*) FROM app.protected_fact WHERE case_id = $1 AND kind = 'phone'`,
		"the desk only for a while":  `SELECT count(*) FROM app.case_grant WHERE case_id = $1 AND user_id = '` + d.Dennis.UserID.String() + `' AND kind = 'coworker'`,
		"no reassessment of oneself": `SELECT 1 - count(*) FROM app.reassessment WHERE of_case = $1`,
	} {
		if n := d.Count(t, sql, c.ID); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
	if err := makeIt(in); !errors.Is(err, fault.Stale) {
		t.Errorf("a second case of the same report: %v", err)
	}
	if _, err := d.read(t, d.Mette, made.Ref); err != nil {
		t.Errorf("the responsible cannot read the report: %v", err)
	}
}

func TestTheIntakeDeskGivesCasesToItsAreaOnly(t *testing.T) {
	d := newDesk(t)
	made := d.must(t, d.Huseyin, call(time.Now()))
	try := func(who actor.Actor, in concern.NewCase) error {
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			_, err := concern.MakeCase(ctx, tx, d.Keys, in)
			return err
		})
	}
	if err := try(d.Dennis, newCase(d, d.Anders, d.TeamAdults)); err == nil {
		t.Error("the children's desk makes a case in the adults' team")
	}
	if err := try(d.Huseyin, newCase(d, d.Huseyin, d.TeamAdults)); err == nil {
		t.Error("who only registered the report makes a case of it")
	}
	// past the desk nobody makes cases for another team
	if err := d.DB.InTx(t.Context(), d.Mette, func(tx *db.Tx) error {
		_, err := casefile.Register(t.Context(), tx, d.Keys, newCase(d, d.Anders, d.TeamAdults).Registration)
		return err
	}); err == nil {
		t.Error("a caseworker makes a case in another team")
	}
}

func TestAReportJoinsTheCaseThatTheChildHas(t *testing.T) {
	d := newDesk(t)
	c, sealed := d.Case(t, d.Dennis, 1), d.Case(t, d.Mette, 2)
	made := d.must(t, d.Dennis, call(time.Now()))
	join := func(who actor.Actor, ref string) error {
		opened, err := d.DB.Open(t.Context(), who, db.Case{Ref: ref, Page: "test"})
		if err != nil {
			return err
		}
		return d.in(t, who, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Join(ctx, tx, tx.CaseID, opened.CaseID) })
	}
	if err := join(d.Dennis, sealed.Ref); !errors.Is(err, fault.NotFound) {
		t.Errorf("a case that is not theirs: %v", err)
	}
	if err := join(d.Dennis, c.Ref); err != nil {
		t.Fatal(err)
	}
	if err := join(d.Dennis, c.Ref); err != nil {
		t.Errorf("sent twice: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'report.joined'`, c.ID); n != 1 {
		t.Errorf("%d lines in the case", n)
	}
	// the responsible must not know of a report: it does not join their case
	other := d.must(t, d.Dennis, call(time.Now()))
	d.Exec(t, `INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) VALUES ($1, $2, 'creation', $2)`, other.ID, d.Mette.UserID)
	hers := d.Case(t, d.Mette, 1)
	d.Grant(t, hers, d.Dennis, "coworker")
	opened, err := d.DB.Open(t.Context(), d.Dennis, db.Case{Ref: hers.Ref, Page: "test"})
	if err != nil {
		t.Fatal(err)
	}
	err = d.in(t, d.Dennis, other.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Join(ctx, tx, tx.CaseID, opened.CaseID) })
	if bad := (fault.Invalid{}); !errors.As(err, &bad) {
		t.Errorf("it joins: %v", err)
	}
}

func TestWhatIsLearntLaterFindsTheCase(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	in := call(time.Now())
	in.Child = concern.PersonInput{Name: "En pige i 8. klasse"}
	made := d.must(t, d.Dennis, in)
	f, _ := d.read(t, d.Dennis, made.Ref)
	change := func(version int, p concern.PersonInput) error {
		return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
			return concern.ChangeChild(ctx, tx, d.Keys, f.Child().ID, version, p)
		})
	}
	if err := change(1, concern.PersonInput{Name: "Khadija Haddad", CPR: "740410-4234", Phone: "00 12 34 56"}); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.on_case' AND to_user = $1`, d.Mette.UserID); n != 1 {
		t.Errorf("the responsible of the case got %d notices", n)
	}
	if err := change(1, concern.PersonInput{Name: "En anden"}); !errors.Is(err, fault.Stale) {
		t.Errorf("a second one saves over the first: %v", err)
	}
	if err := change(2, concern.PersonInput{Name: "Khadija H."}); err != nil {
		t.Fatal(err)
	}
	if f, _ = d.read(t, d.Dennis, made.Ref); f.Child().Name != "Khadija H." || f.Child().CPRMasked != "740410-••••" || f.Child().Born == nil {
		t.Errorf("%+v", f.Child())
	}
	for range 2 {
		if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.Add(ctx, tx, "Hun ringede igen") }); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_event WHERE kind = 'report.added'`); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}
