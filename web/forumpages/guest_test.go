package forumpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/web/link"
	"samspil/web/webtest"
)

// Rikke has a seat and no account. Behind the door she sees her slice and no other, after the promise; what she answers stands in the
// case as hers.
func TestASeatBehindTheGuestDoorSeesItsSliceAlone(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	rikke, line := s.Partner(t, "police_resource_person", "Fjordegnens Politi", "Rikke Holm"), s.Partner(t, "crisis_centre", "Birkely", "Line Overgaard")
	day := url.Values{"key": {uuid.NewString()}, "day": {"+2"}, "clock": {"9.00"}, "frame": {"SSP"}, "naming": {"anonymous"}, "title": {"Sag A"}, "body": {"En ung er bange."},
		"question": {"Har I noget?"}, "who": {"contact:" + rikke.ID.String(), "contact:" + line.ID.String()}, "only": {"contact:" + line.ID.String()}, "only_text": {"Kun til Line"}}
	if a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), day); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var meeting, seat, item uuid.UUID
	s.Scan(t, []any{&meeting, &seat, &item}, `SELECT s.meeting_id, s.id, i.id FROM app.forum_seat s JOIN app.forum_item i ON i.meeting_id = s.meeting_id WHERE s.contact_id = $1`, rikke.ID)
	s.Exec(t, `UPDATE app.contact_person SET secure_mail = 'rikke@partner.test' WHERE id = $1`, rikke.ID)
	for who, want := range map[string]int{"dennis": http.StatusForbidden, "mette": http.StatusSeeOther} {
		if a := s.Post(t, s.People()[who], link.Meeting(meeting)+"/link", url.Values{"seat": {seat.String()}}); a.Status != want && !(who == "dennis" && a.Status >= 400) {
			t.Errorf("%s invites: %d", who, a.Status)
		}
	}
	if a := s.Post(t, s.Mette, link.Meeting(meeting)+"/kode", url.Values{"seat": {seat.String()}}); a.Status != http.StatusOK || !strings.Contains(a.Body, "virker én gang") {
		t.Errorf("a code: %d", a.Status)
	}
	l := s.GuestLink(t, uuid.Nil, rikke.ID, "seat", seat)
	in := s.Post(t, actor.Actor{}, link.Guest(l.Token), url.Values{"code": {l.Code}})
	cookies := (&http.Response{Header: in.Header}).Cookies()
	get := func() string {
		t.Helper()
		return s.PostWith(t, actor.Actor{}, link.Guest(l.Token)+"/plads/svar", url.Values{}, cookies...).Body
	}
	if body := get(); strings.Contains(body, "En ung") || !strings.Contains(body, "tavshed") {
		t.Errorf("before the promise: %s", body)
	}
	if a := s.PostWith(t, actor.Actor{}, link.Guest(l.Token)+"/plads/tavshed", url.Values{}, cookies...); a.Status != http.StatusSeeOther {
		t.Errorf("the promise: %d", a.Status)
	}
	body := get()
	if !strings.Contains(body, "En ung er bange.") || !strings.Contains(body, "§ 115") && !strings.Contains(body, "efterforskning") {
		t.Errorf("after it: %s", body)
	}
	for _, word := range []string{"Kun til Line", "Amira", c.Number, c.Ref, c.ID.String(), "Line Overgaard"} {
		if strings.Contains(body, word) {
			t.Errorf("a guest reads %q", word)
		}
	}
	a := s.PostWith(t, actor.Actor{}, link.Guest(l.Token)+"/plads/svar", url.Values{"at": {item.String()}, "outcome": {"cannot_share"}, "words": {"Ingen hjemmel."}}, cookies...)
	if a.Status != http.StatusSeeOther || s.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'forum.answered' AND contact_id = $2`, c.ID, rikke.ID) != 1 {
		t.Errorf("the answer: %d %s", a.Status, a.Body)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'forum.answered'`, s.Mette.UserID); n != 1 {
		t.Errorf("%d notices", n)
	}
	if a := s.Get(t, s.Mette, link.ForumItem(c.Ref, item)); !strings.Contains(a.Body, "Ingen hjemmel.") || !strings.Contains(a.Body, "Rikke Holm") {
		t.Errorf("the case does not show it: %d", a.Status)
	}
	s.Exec(t, `UPDATE app.forum_meeting SET state = 'cancelled', ended_at = now() WHERE id = $1`, meeting)
	if a := s.PostWith(t, actor.Actor{}, link.Guest(l.Token)+"/plads/tavshed", url.Values{}, cookies...); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a cancelled meeting: %d", a.Status)
	}
}
