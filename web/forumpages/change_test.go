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

// Who leads takes a seat back and moves the meeting; a day that does not fit is said beside the field, with what was typed.
func TestWhoLeadsTakesASeatBackAndMovesTheMeeting(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	who := func(id uuid.UUID) string { return "user:" + id.String() }
	a := s.Post(t, s.Sara, link.NewForum, url.Values{"key": {uuid.NewString()}, "name": {"Myndighedsforum"}, "frame": {"SSP"}, "rhythm": {"monthly"}, "day": {"+7"}, "clock": {"13.00"}, "who": {who(s.Mette.UserID), who(s.Dennis.UserID)}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var meeting, seat uuid.UUID
	var from string
	s.Scan(t, []any{&meeting, &seat, &from}, `SELECT m.id, s.id, to_char(m.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM app.forum_meeting m JOIN app.forum_seat s ON s.meeting_id = m.id AND s.user_id = $1`, s.Dennis.UserID)
	at := link.Meeting(meeting)
	if body := s.Get(t, s.Dennis, at).Body; strings.Contains(body, "Fjern fra mødet") || strings.Contains(body, "Flyt mødet") {
		t.Error("a seat is offered what only the leader may do")
	}
	for range 2 { // the second press finds the seat empty
		a = s.Post(t, s.Sara, at+"/forlad", url.Values{"seat": {seat.String()}})
	}
	if a.Status != http.StatusConflict {
		t.Errorf("taken twice: %d", a.Status)
	}
	if body := s.Get(t, s.Sara, at).Body; strings.Count(body, "Fjern fra mødet") != 1 || !strings.Contains(body, `value="user:`+s.Dennis.UserID.String()) {
		t.Error("the seat is not shown as free")
	}
	a = s.Post(t, s.Sara, at+"/flyt", url.Values{"from": {from}, "day": {"1.1.2020"}, "clock": {"15.30"}})
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="15.30"`) || !strings.Contains(a.Body, "Vælg en dag") {
		t.Errorf("moved to a day that is over: %d", a.Status)
	}
	if a = s.Post(t, s.Sara, at+"/flyt", url.Values{"from": {"i går"}, "day": {"+8"}, "clock": {"15.30"}}); a.Status != http.StatusConflict {
		t.Errorf("moved from no time: %d", a.Status)
	}
	if a = s.Post(t, s.Sara, at+"/flyt", url.Values{"from": {from}, "day": {"+8"}, "clock": {"15.30"}}); a.Status != http.StatusSeeOther {
		t.Errorf("moved: %d %s", a.Status, a.Body)
	}
	if !strings.Contains(s.Get(t, s.Mette, at).Body, "15.30") {
		t.Error("the seat reads the old time")
	}
}
