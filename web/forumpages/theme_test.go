package forumpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/web/link"
	"samspil/web/webtest"
)

// A form about no case keeps what was typed when it is refused, also for a seat that was not ticked, and is one item when it is sent twice.
func TestAThemeIsPutOnceAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	var meeting uuid.UUID
	s.Scan(t, []any{&meeting}, `INSERT INTO app.forum_meeting (municipality, frame, starts_at, led_by) SELECT 999, 'other', now() + interval '2 days', $1 RETURNING id`, s.Sara.UserID)
	for _, who := range []uuid.UUID{s.Sara.UserID, s.Mette.UserID, s.Huseyin.UserID} {
		s.Exec(t, `INSERT INTO app.forum_seat (meeting_id, user_id, added_by, promised_at) VALUES ($1, $2, $3, now())`, meeting, who, s.Sara.UserID)
	}
	key, huseyin, mette := uuid.NewString(), "user:"+s.Huseyin.UserID.String(), "user:"+s.Mette.UserID.String()
	form := url.Values{"key": {key}, "title": {"Tema"}, "body": {"Ring 00 12 34 56"}, "extra." + mette: {"Kun til Mette"}, "answer_by": {"+9"}}
	a := s.Post(t, s.Sara, link.NewTheme(meeting), form)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="`+key+`"`) || !strings.Contains(a.Body, "Vælg mindst én plads") || !strings.Contains(a.Body, "Kun til Mette") || !strings.Contains(a.Body, `value="+9"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	form.Set("who", huseyin)
	form.Set("question."+huseyin, "Hvad ser I?")
	if a := s.Post(t, s.Sara, link.NewTheme(meeting), form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="body-error"`) || !strings.Contains(a.Body, "checked") {
		t.Errorf("a number: %d", a.Status)
	}
	form.Set("body", "Flere unge er bange.")
	if a := s.Post(t, s.Sara, link.NewTheme(meeting), form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Vælg en dag inden mødet") {
		t.Errorf("an answer after the meeting: %d", a.Status)
	}
	form.Set("answer_by", "+1")
	first, second := s.Post(t, s.Sara, link.NewTheme(meeting), form), s.Post(t, s.Sara, link.NewTheme(meeting), form) // and Back, and again
	if first.Status != http.StatusSeeOther || first.Header.Get("Location") != second.Header.Get("Location") || s.Count(t, `SELECT count(*) FROM app.forum_item`) != 1 {
		t.Errorf("%d %s, then %d %s", first.Status, first.Header.Get("Location"), second.Status, second.Header.Get("Location"))
	}
	item := first.Header.Get("Location")
	if a := s.Get(t, s.Huseyin, item); !strings.Contains(a.Body, "Svar senest") || strings.Contains(a.Body, "Hvem ser hvad") {
		t.Errorf("Hüseyin: %d %s", a.Status, a.Body)
	}
	if a := s.Get(t, s.Mette, item); a.Status != http.StatusNotFound {
		t.Errorf("who is at the table but not in it: %d", a.Status)
	}
	for _, act := range []string{"/svar", "/beslut", "/traek"} {
		if a := s.Post(t, s.Huseyin, item+act, url.Values{"what": {"x"}}); a.Status != http.StatusNotFound {
			t.Errorf("%s by somebody who did not put it: %d", act, a.Status)
		}
	}
	a = s.Post(t, s.Sara, item+"/beslut", url.Values{"key": {uuid.NewString()}, "what": {"Skriv en folder"}, "due": {"hvornår"}})
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="Skriv en folder"`) || !strings.Contains(a.Body, `value="hvornår"`) || !strings.Contains(a.Body, `id="seat-error"`) {
		t.Errorf("a decision without a seat: %d", a.Status)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'forum.slice' AND to_user = $1 AND case_id IS NULL`, s.Huseyin.UserID); n != 1 {
		t.Errorf("%d notices", n)
	}
	if a := s.Post(t, s.Sara, item+"/traek", nil); a.Status != http.StatusSeeOther || s.Get(t, s.Huseyin, item).Status != http.StatusNotFound {
		t.Errorf("withdrawn: %d", a.Status)
	}
	s.Exec(t, `UPDATE app.forum_meeting SET state = 'held', ended_at = now()`)
	form.Set("key", uuid.NewString())
	if a := s.Post(t, s.Sara, link.NewTheme(meeting), form); a.Status != http.StatusConflict { // the meeting was held in another tab
		t.Errorf("onto a meeting that was held: %d", a.Status)
	}
}
