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
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
)

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
			return concern.CorrectReceived(ctx, tx, before.Version, to, why, before.Preview(deadline.OfTheLaw(), to).Seen())
		})
	}
	for _, bad := range []error{correct(earlier, ""), correct(time.Now().Add(time.Hour), "x"), correct(time.Time{}, "x")} {
		if bad == nil {
			t.Error("an impossible correction is taken")
		}
	}
	if err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error {
		return concern.CorrectReceived(ctx, tx, before.Version, earlier, "Mailen lå i spam", before.Clocks().Seen())
	}); !errors.Is(err, fault.Stale) {
		t.Errorf("corrected to what nobody has seen: %v", err)
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
			return d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone", true) })
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
		err := d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone", true) })
		if bad := (fault.Invalid{}); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The form of a report begins with "nobody knows": that is no yes, and whoever answers makes sure of the way.
func TestTheReceiptWaitsUntilSomebodyHasMadeSureOfAWayThatNobodyKnows(t *testing.T) {
	d := newDesk(t)
	send := func(ref string, assured bool) error {
		return d.in(t, d.Dennis, ref, func(ctx context.Context, tx *db.Tx) error {
			return concern.SendReceipt(ctx, tx, "phone", assured)
		})
	}
	for channel, unsure := range map[string]bool{"unknown": true, "safe": false} {
		in := call(time.Now())
		in.Channel, in.ChannelNote = channel, "Ring til arbejdet"
		made := d.must(t, d.Dennis, in)
		if f, err := d.read(t, d.Dennis, made.Ref); err != nil || f.Unsure() != unsure {
			t.Errorf("%s: unsure is %t, %v", channel, f.Unsure(), err)
		}
		bad := fault.Invalid{}
		if err := send(made.Ref, false); errors.As(err, &bad) != unsure || unsure && bad["assured"] == "" {
			t.Errorf("%s, and nobody has made sure: %v", channel, err)
		}
		if unsure && d.Count(t, `SELECT count(*) FROM app.report WHERE id = $1 AND receipt_at IS NULL`, made.ID) != 1 {
			t.Error("the receipt is noted all the same")
		}
		if err := send(made.Ref, true); err != nil {
			t.Errorf("%s: %v", channel, err)
		}
		if n := d.Count(t, `SELECT count(*) FROM app.report x JOIN app.report_event e ON e.report_id = x.id AND e.kind = 'report.receipt' AND e.data->>'assured' = $2::text
			WHERE x.id = $1 AND x.receipt_at IS NOT NULL AND x.receipt_assured = $2::boolean`, made.ID, map[bool]string{true: "true", false: "false"}[unsure]); n != 1 {
			t.Errorf("%s: who made sure of the way is not kept", channel)
		}
	}
}
