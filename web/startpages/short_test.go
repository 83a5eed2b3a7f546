package startpages_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"samspil/web/link"
	"samspil/web/webtest"
)

// Whoever opens Min dag late in the day reads the three most urgent things, four rows of what can wait, and all that is late.
func TestMinDagBeginsWithThreeThingsAndFoldsWhatCanWait(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	step(t, s, c, "Det første", s.Mette)
	more := func(title string, days int) {
		s.Exec(t, `INSERT INTO app.plan_step (case_id, phase_id, position, title, responsible_user, due_at, created_by)
			SELECT case_id, phase_id, position + 1, $2, responsible_user, now() + make_interval(days => $3), created_by FROM app.plan_step WHERE case_id = $1 ORDER BY position LIMIT 1`, c.ID, title, days)
	}
	for i := range 6 {
		more(fmt.Sprintf("Sent %d", i), -2)
		more(fmt.Sprintf("Senere %d", i), 4)
	}
	p := s.Partner(t, "school", "Åskolen", "Anders Møller")
	for range 6 {
		s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) SELECT $1, organisation_id, id, 'x', 'ad_hoc', $3 FROM app.contact_person WHERE id = $2`,
			c.ID, p.ID, s.Mette.UserID)
		p = s.Partner(t, "school", "Åskolen", "Anders Møller")
	}
	s.Exec(t, `INSERT INTO app.prompt (case_id, rule, key) SELECT $1, 'passport_missing', i::text FROM generate_series(1, 7) i`, c.ID)
	a := s.Get(t, s.Mette, link.Day)
	a.Want(t, "Min dag", http.StatusOK, "Sent 5", "Se alle 6 trin de næste 7 dage", "Se alle 6", "Se alle 7")
	if n := strings.Count(a.Body, ">Senere "); n != 4 {
		t.Errorf("%d steps of the week", n)
	}
	s.Get(t, s.Mette, link.Day+"?frist=alle").Want(t, "all", http.StatusOK, "Senere 5")
	s.Get(t, s.Mette, link.Day+"?hos=mig").Want(t, "mine", http.StatusOK, "Senere 5")
	lead, _, _ := strings.Cut(a.Body[strings.Index(a.Body, "uge "):], "</p>")
	if n := strings.Count(lead, "<b>"); n > 3 {
		t.Errorf("%d things in one sentence: %s", n, lead)
	}
}

// Two reminders about two steps of a case are two rows: each names its step, and leads there. Who may not open the case reads no title.
func TestAReminderNamesItsStep(t *testing.T) {
	s := webtest.New(t)
	for _, title := range []string{"Ring til skolen", "Ring til lægen"} {
		c := s.Case(t, s.Mette, 1)
		id := step(t, s, c, title, s.Mette)
		s.Exec(t, `WITH m AS (INSERT INTO app.reminder (case_id, to_user, thing, object_id, kind, due_at, told) SELECT case_id, responsible_user, 'step', id, 'before', due_at, 1 FROM app.plan_step WHERE id = $1 RETURNING id, case_id)
			INSERT INTO app.notice (to_user, case_id, kind, reminder_id) SELECT u, m.case_id, 'reminder.step.before', m.id FROM m, unnest(ARRAY[$2, $3]::uuid[]) u`, id, s.Mette.UserID, s.Dennis.UserID)
		for _, path := range []string{link.Day, link.Notices} {
			s.Get(t, s.Mette, path).Want(t, path, http.StatusOK, title, `href="`+link.Step(c.Ref, id)+`"`)
			s.Get(t, s.Dennis, path).Lacks(t, path, title, c.Ref)
		}
	}
}
