package remindpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// has demands a status and words of a page.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("answers %d, want %d", a.Status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page is without %s", w)
		}
	}
}

func settings(before, onDay, after, version string) url.Values {
	return url.Values{"before": {before}, "on_day": {onDay}, "after": {after}, "version": {version}}
}

func TestAnAdminSaysWhenPeopleAreReminded(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	has(t, s.Get(t, s.Lone, link.AdminReminders), 200, `name="before"`, `value="2"`, `value="3"`, "ikke en regel i loven")
	first := settings("5", "", "1", "0")
	for range 2 { // sent twice: done once
		if a := s.Post(t, s.Lone, link.AdminReminders, first); a.Status != http.StatusSeeOther || a.Location() != link.AdminReminders {
			t.Fatalf("saving answers %d %s", a.Status, a.Location())
		}
	}
	if n := s.Count(t, `SELECT version FROM app.reminder_setting WHERE municipality = 999 AND before_days = 5 AND NOT on_day AND lead_after = 1`); n != 1 {
		t.Errorf("version %d after a form that was sent twice", n)
	}
	has(t, s.Get(t, s.Lone, link.AdminReminders), 200, `value="5"`)
}

// What was typed stays, and the words stand beside the field that they are about.
func TestNumbersThatNobodyMeans(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for typed, field := range map[string]string{"11": "before", "-1": "before", "to": "before", "": "before", "0": "after", "21": "after", "tre": "after"} {
		in := settings("2", "1", "3", "0")
		in.Set(field, typed)
		a := s.Post(t, s.Lone, link.AdminReminders, in)
		words := map[string]string{"before": "Skriv et tal fra 0 til 10.", "after": "Skriv et tal fra 1 til 20."}[field]
		has(t, a, http.StatusUnprocessableEntity, `href="#`+field+`"`, `id="`+field+`-error"`, words, `value="`+typed+`"`)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.reminder_setting`); n != 0 {
		t.Errorf("%d rows were saved", n)
	}
}

func TestTwoAdminsSetTheReminders(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Post(t, s.Lone, link.AdminReminders, settings("5", "1", "4", "0"))
	a := s.Post(t, s.Lone, link.AdminReminders, settings("7", "", "4", "0"))
	has(t, a, http.StatusConflict, `id="konflikt"`, `name="version" value="1"`, `value="7"`, "Nej", "Ja")
	if n := s.Count(t, `SELECT before_days FROM app.reminder_setting WHERE municipality = 999`); n != 5 {
		t.Errorf("the second admin has written %d over the first", n)
	}
	has(t, s.Post(t, s.Lone, link.AdminReminders, settings("7", "", "4", "1")), http.StatusSeeOther)
}

func TestRemindersAreForAnAdmin(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for _, who := range []actor.Actor{s.Mette, s.Jonas, s.Karen} {
		a, b := s.Get(t, who, link.AdminReminders), s.Post(t, who, link.AdminReminders, settings("5", "1", "4", "0"))
		if a.Status != http.StatusNotFound || b.Status != http.StatusForbidden && b.Status != http.StatusNotFound {
			t.Errorf("%s: %d, %d", who.Role, a.Status, b.Status)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM app.reminder_setting`); n != 0 {
		t.Error("somebody else has set them")
	}
}

func wishes(how, hour, from, to string) url.Values {
	return url.Values{"how": {how}, "hour": {hour}, "from": {from}, "to": {to}, "quiet": {"1"}}
}

func TestEverybodySaysHowOftenAMailComes(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	has(t, s.Get(t, s.Mette, link.MailWishes), 200, "Den nævner aldrig en sag eller en person")
	for range 2 {
		if a := s.Post(t, s.Mette, link.MailWishes, wishes("daily", "9", "18", "6")); a.Status != http.StatusSeeOther || a.Location() != link.MailWishes {
			t.Fatalf("saving answers %d", a.Status)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM app.mail_wish WHERE user_id = $1 AND how = 'daily' AND daily_hour = 9 AND NOT urgent AND quiet AND quiet_from = 18 AND quiet_to = 6 AND NOT days_off`, s.Mette.UserID); n != 1 {
		t.Error("not what was chosen")
	}
	has(t, s.Get(t, s.Mette, link.MailWishes), 200, `value="daily" checked`)
	has(t, s.Get(t, s.Dennis, link.MailWishes), 200, `value="often" checked`) // a colleague's are theirs
	for field, in := range map[string]url.Values{"how": wishes("hourly", "9", "17", "7"), "hour": wishes("often", "24", "17", "7"), "from": wishes("often", "9", "-1", "7"), "to": wishes("often", "9", "17", "x")} {
		has(t, s.Post(t, s.Mette, link.MailWishes, in), http.StatusUnprocessableEntity, `href="#`+field, `id="`+field+`-error"`)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.mail_wish WHERE how = 'daily'`); n != 1 {
		t.Error("what was refused is saved")
	}
}

// A reminder is a notice of who it is for: it stands on their list, and on nobody else's. It names the step for as long as they may read it.
func TestAReminderIsTheNoticeOfWhoAnswersForIt(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Grant(t, c, s.Dennis, "coworker")
	due(t, s, c, s.Mette, 0)
	s.Exec(t, `SELECT app.job_reminders()`)
	a := s.Get(t, s.Mette, link.Notices)
	has(t, a, 200, "Et trin, du har ansvar for, har frist i dag", "/sager/"+c.Ref)
	if !strings.Contains(a.Body, "Skovvej") {
		t.Error("it does not say which step")
	}
	for _, who := range []actor.Actor{s.Dennis, s.Jonas} {
		if strings.Contains(s.Get(t, who, link.Notices).Body, "har frist i dag") {
			t.Errorf("%s has it too", who.Role)
		}
		s.Post(t, who, link.Notices, nil) // "I have read mine"
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'reminder.step.today' AND read_at IS NULL`); n != 1 {
		t.Error("a colleague has read it away")
	}
	s.Exec(t, `INSERT INTO app.case_exclusion (case_id, user_id, source, set_by) VALUES ($1, $2, 'leader', $3)`, c.ID, s.Mette.UserID, s.Jonas.UserID)
	if body := s.Get(t, s.Mette, link.Notices).Body; strings.Contains(body, c.Ref) || strings.Contains(body, "Skovvej") {
		t.Error("who is kept out of the case by now still has the way to it")
	}
}
