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

// Words for somebody who is not in the item reach nobody: they come back, with what to do. A waiting item is corrected from what stands in it.
func TestWordsForASeatThatIsNotInTheItemComeBack(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	sara, dennis := "user:"+s.Sara.UserID.String(), "user:"+s.Dennis.UserID.String()
	call := url.Values{"key": {uuid.NewString()}, "day": {"+2"}, "clock": {"9.00"}, "frame": {"SSP"}, "naming": {"anonymous"}, "title": {"Sag A"}, "body": {"En ung er bange."}, "who": {sara}, "only_text": {"Kun til den ene"}}
	if a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), call); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Kun til den ene") {
		t.Errorf("words for nobody: %d", a.Status)
	}
	call.Set("only", sara)
	if a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), call); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var meeting, item uuid.UUID
	s.Scan(t, []any{&meeting, &item}, `SELECT meeting_id, id FROM app.forum_item`)
	put := url.Values{"key": {uuid.NewString()}, "naming": {"anonymous"}, "title": {"Sag B"}, "body": {"En ung er bange."}, "who": {sara}, "question." + dennis: {"Ved du noget?"}}
	if a := s.Post(t, s.Mette, link.PutItem(c.Ref, meeting), put); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "ikke er med i punktet") {
		t.Errorf("a question for a seat without a tick: %d", a.Status)
	}
	a := s.Get(t, s.Mette, link.PutItem(c.Ref, meeting)+"?ret="+item.String())
	for _, want := range []string{"En ung er bange.", `value="Sag A"`, "Kun til den ene", `name="replaces" value="` + item.String()} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the form to correct lacks %s", want)
		}
	}
	put.Del("question." + dennis)
	put.Set("replaces", item.String())
	if a := s.Post(t, s.Mette, link.PutItem(c.Ref, meeting), put); a.Status != http.StatusSeeOther {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.forum_item WHERE withdrawn_at IS NULL AND title = 'Sag B'`) + 10*s.Count(t, `SELECT count(*) FROM app.forum_item WHERE withdrawn_at IS NULL`); n != 11 {
		t.Errorf("items on the agenda: %d", n)
	}
}
