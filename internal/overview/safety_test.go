package overview_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/testkit"
)

// A missed check-in is on top of the pages of those who have to know, also when the background work stands still.
func TestWhoseDayACheckInStandsOn(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	open, sealed := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 2)
	o.Grant(t, open, o.Sara, "consulted")
	y, m, d := time.Now().In(i18n.Zone).Date()
	lastMinute := time.Date(y, m, d, 23, 59, 30, 0, i18n.Zone)
	for _, k := range []struct {
		channel string
		c       testkit.CaseFile
		at      time.Time
		alarm   actor.Actor
	}{
		{"missed", open, time.Now().Add(-2 * time.Hour), o.Sara}, {"later today", open, lastMinute, o.Sara}, {"tomorrow", open, lastMinute.Add(time.Minute), o.Sara},
		{"missed in a sealed case", sealed, time.Now().Add(-time.Hour), o.Mette},
	} {
		o.Exec(t, `INSERT INTO app.check_in (case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES ($1, $2, 30, $3, $4, 'x', $5)`, k.c.ID, k.at, k.channel, k.alarm.UserID, o.Mette.UserID)
	}
	for name, want := range map[string]struct{ day, lead []string }{
		"mette": {[]string{"later today", "missed", "missed in a sealed case"}, nil}, "sara": {[]string{"later today", "missed"}, nil},
		"jonas": {[]string{"missed"}, []string{"missed"}}, "dennis": {}, "huseyin": {}, "anders": {}, "lone": {}, "karen": {},
	} {
		var day, lead *[]overview.CheckIn
		now, err := o.DB.Read(t.Context(), o.People()[name], func(b *db.Batch) { day, lead = overview.CheckIns(b), overview.Alarms(b) })
		if err != nil {
			t.Fatal(err)
		}
		channels := func(list []overview.CheckIn) (all []string) {
			for _, c := range list {
				if all = append(all, c.Channel); c.Missed(now) != (c.Channel != "later today") {
					t.Errorf("%s, %s: missed is %t", name, c.Channel, c.Missed(now))
				}
			}
			slices.Sort(all)
			return all
		}
		if diff := cmp.Diff(want.day, channels(*day)); diff != "" {
			t.Errorf("Min dag of %s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.lead, channels(*lead)); diff != "" {
			t.Errorf("Overblik of %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnEventStandsOnTheDayOfTheResponsible(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	mine, closed := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1)
	o.Grant(t, mine, o.Dennis, "coworker")
	for _, c := range []testkit.CaseFile{mine, closed} {
		o.Exec(t, `INSERT INTO app.prompt (case_id, rule, key) VALUES ($1, 'new_report', '1'), ($1, 'new_report', '2')`, c.ID)
	}
	o.Exec(t, `UPDATE app.prompt SET answer = 'done', answered_at = now(), answered_by = $1 WHERE key = '2'`, o.Mette.UserID)
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, closed.ID)
	for name, want := range map[string]int{"mette": 1, "dennis": 0, "jonas": 0, "huseyin": 0, "lone": 0} {
		var list *[]overview.Prompt
		if _, err := o.DB.Read(t.Context(), o.People()[name], func(b *db.Batch) { list = overview.Prompts(b, 9) }); err != nil {
			t.Fatal(err)
		}
		if len(*list) != want || want > 0 && (*list)[0].Ref != mine.Ref {
			t.Errorf("%s: %+v, want %d", name, *list, want)
		}
	}
}
