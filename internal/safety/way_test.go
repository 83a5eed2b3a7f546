package safety_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

// A check-in is a contact that is planned: in a way or at an hour that the rules of safe contact forbid it is not agreed, and where
// nobody has settled the way the writer says that they have asked.
func TestNoCheckInGoesAWayThatIsForbidden(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	try := func(change func(*safety.CheckInInput)) fault.Invalid {
		t.Helper()
		input := checkIn(o.Mette, 0)
		y, m, d := time.Now().In(i18n.Zone).AddDate(0, 0, 1).Date()
		input.At, input.WayOK = time.Date(y, m, d, 10, 0, 0, 0, i18n.Zone), false
		change(&input)
		err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := safety.Agree(ctx, tx, input); return err })
		var bad fault.Invalid
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		return bad
	}
	rules := func(may, mustNot, windows string) {
		o.Exec(t, `UPDATE app.safe_contact SET policy = 'normal', may_use = $2, must_not = $3, windows = $4 WHERE case_id = $1`, c.ID, may, mustNot, windows)
	}
	phone := func(*safety.CheckInInput) {}
	if bad := try(phone); bad["way_ok"] != "contact.why.unsettled" {
		t.Errorf("nobody has settled it: %v", bad)
	}
	if bad := try(func(i *safety.CheckInInput) { i.WayOK = true }); bad != nil {
		t.Errorf("nobody has settled it, and the citizen was asked: %v", bad)
	}
	rules("{phone}", "{sms}", `[]`)
	if bad := try(phone); bad != nil {
		t.Errorf("a way that is allowed: %v", bad)
	}
	for _, ok := range []bool{false, true} {
		if bad := try(func(i *safety.CheckInInput) { i.Way, i.WayOK = "sms", ok }); bad["way"] != "contact.why.never" {
			t.Errorf("a way that is never used: %v", bad)
		}
	}
	rules("{phone,letter}", "{}", `[{"days": "1234567", "from": "09:00", "to": "11:00"}]`)
	if bad := try(phone); bad != nil {
		t.Errorf("within the hours: %v", bad)
	}
	late := func(i *safety.CheckInInput) { i.At = i.At.Add(8 * time.Hour) }
	if bad := try(late); bad["way"] != "contact.why.hours" {
		t.Errorf("at another hour: %v", bad)
	}
	if bad := try(func(i *safety.CheckInInput) { late(i); i.Way = "letter" }); bad != nil {
		t.Errorf("a letter has no hours: %v", bad)
	}
	tomorrow := (int(time.Now().In(i18n.Zone).AddDate(0, 0, 1).Weekday())+6)%7 + 1
	rules("{phone}", "{}", `[{"days": "`+string(rune('0'+tomorrow))+`", "from": "09:00", "to": "11:00"}]`)
	week := func(n int, repeat string) func(*safety.CheckInInput) {
		return func(i *safety.CheckInInput) { i.Repeat, i.RepeatUntil = repeat, i.At.AddDate(0, 0, n) }
	}
	if bad := try(week(14, "weekly")); bad != nil {
		t.Errorf("each week on the day that is safe: %v", bad)
	}
	if bad := try(week(1, "daily")); bad["way"] != "contact.why.hours" {
		t.Errorf("each day, where only one is safe: %v", bad)
	}
	if bad := try(week(0, "daily")); bad != nil {
		t.Errorf("once: %v", bad)
	}
	o.Exec(t, `UPDATE app.safe_contact SET policy = 'in_person', may_use = '{visit}', windows = '[]' WHERE case_id = $1`, c.ID)
	if bad := try(phone); bad["way"] == "" {
		t.Error("a call, where only a meeting was agreed")
	}
}
