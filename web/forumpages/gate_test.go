package forumpages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"samspil/web/link"
	"samspil/web/webtest"
)

// The form of a decision asks the question of the form of a step, before anything is typed; an adult's case has no gate and no question.
func TestADecisionIsAskedWhetherItReachesTheFamily(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	call := url.Values{"key": {uuid.NewString()}, "day": {"+2"}, "clock": {"9.00"}, "frame": {"PSP"}, "naming": {"anonymous"}, "title": {"Sag A"}, "body": {"En ung er bange."}, "who": {"user:" + s.Huseyin.UserID.String()}}
	a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), call)
	item := a.Location()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Post(t, s.Mette, item+"/giv", nil)
	const asks = "Trinnet når forældre eller netværk"
	s.Get(t, s.Mette, item).Want(t, "the form", http.StatusOK, "Hvad skal der ske?", asks)
	var seat string
	s.Scan(t, []any{&seat}, `SELECT id::text FROM app.forum_seat WHERE user_id = $1`, s.Huseyin.UserID)
	form := url.Values{"key": {uuid.NewString()}, "what": {"Ring til hendes storebror"}, "seat": {seat}, "due": {"+5"}}
	s.Post(t, s.Mette, item+"/beslut", form).Want(t, "her brother", http.StatusUnprocessableEntity, "Titlen lyder som kontakt med forældre eller netværk", "Trinnet når ikke forældre eller netværk", "Ring til hendes storebror")
	form.Set("reaches", "1")
	s.Post(t, s.Mette, item+"/beslut", form).Want(t, "said to reach the family", http.StatusUnprocessableEntity, "Vurdér risikoen først", `value="1" checked id="reaches"`)
	s.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, c.ID)
	s.Get(t, s.Mette, item).Lacks(t, "an adult's case", asks)
}
