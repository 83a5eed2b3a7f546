package forumpages_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/sharing"
	"samspil/web/link"
	"samspil/web/webtest"
)

// What is released to a seat stands on its page and on no paper; a form that is refused keeps what was typed, and sent twice it asks once.
func TestAReleasedFactIsOnTheScreenAndInNoMinutes(t *testing.T) {
	t.Parallel()
	const secret = "Skovtroldevej 12"
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	huseyin := "user:" + s.Huseyin.UserID.String()
	if err := s.DB.InCase(t.Context(), s.Mette, c.At("fakta"), func(tx *db.Tx) error {
		_, err := sharing.Protect(context.Background(), tx, s.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "address", Text: secret})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"key": {uuid.NewString()}, "day": {"+2"}, "clock": {"9.00"}, "frame": {"PSP"}, "naming": {"named"}, "title": {"Sag A"}, "body": {"Hun er på " + secret}, "who": {huseyin},
		"purpose_code": {"prevention"}, "legal_basis": {"RPL_115_SSP"}, "purpose": {"Forebygge"}, "consent": {"not_asked"}}
	if a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "bed bagefter en anden frigive") {
		t.Fatalf("a protected address in the words for all: %d", a.Status)
	}
	form.Set("body", "Amira er bange.")
	a := s.Post(t, s.Mette, link.CallMeeting(c.Ref), form)
	item := a.Header.Get("Location")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := s.Get(t, s.Jonas, item); !strings.Contains(a.Body, "Rammen og hjemlen passer ikke sammen") { // an SSP basis at a PSP meeting
		t.Errorf("%s", a.Body)
	}
	s.Post(t, s.Jonas, item+"/godkend", url.Values{"outcome": {"approved"}})
	s.Post(t, s.Mette, item+"/giv", nil)
	var seat, meeting, id uuid.UUID
	s.Scan(t, []any{&seat, &meeting, &id}, `SELECT s.id, s.meeting_id, i.id FROM app.forum_seat s JOIN app.forum_item i ON i.meeting_id = s.meeting_id WHERE s.user_id = $1`, s.Huseyin.UserID)
	ask := url.Values{"rel_key": {uuid.NewString()}, "rel_seat": {seat.String()}, "rel_text": {"Hun bor " + secret}, "ask_reason": {"Fordi"},
		"purpose_code": {"prevention"}, "legal_basis": {"RPL_115_SSP"}, "purpose": {"Han følger hende"}, "consent": {"not_asked"}}
	if a := s.Post(t, s.Mette, item+"/frigiv", ask); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Hun bor "+secret) || !strings.Contains(a.Body, ">Fordi<") || !strings.Contains(a.Body, ask.Get("rel_key")) {
		t.Errorf("nobody is asked: %d", a.Status)
	}
	ask.Set("asked", s.Jonas.UserID.String())
	for range 2 {
		if a := s.Post(t, s.Mette, item+"/frigiv", ask); a.Status != http.StatusSeeOther {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	var line uuid.UUID
	s.Scan(t, []any{&line}, `SELECT sharing_id FROM app.forum_released`) // one row, or this fails
	s.Post(t, s.Huseyin, link.Meeting(meeting)+"/tavshed", url.Values{"seat": {seat.String()}})
	told := link.ToldItem(meeting, id)
	if a := s.Get(t, s.Huseyin, told); a.Status != http.StatusOK || strings.Contains(a.Body, secret) {
		t.Errorf("before it is released: %d", a.Status)
	}
	if a := s.Post(t, s.Jonas, link.Sharing(c.Ref)+"/"+line.String()+"/svar", url.Values{"outcome": {"release"}, "reason": {"Nødvendigt"}, "seen": {"1"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := s.Get(t, s.Huseyin, told); !strings.Contains(a.Body, secret) || !strings.Contains(a.Body, "noprint") {
		t.Errorf("after it: %s", a.Body)
	}
	if a := s.Get(t, s.Huseyin, link.Minutes(meeting)); a.Status != http.StatusOK || !strings.Contains(a.Body, "Amira er bange") || strings.Contains(a.Body, secret) {
		t.Errorf("the minutes: %d", a.Status)
	}
	if a := s.Get(t, s.Mette, item); !strings.Contains(a.Body, "frigivet") || strings.Contains(a.Body, secret) {
		t.Errorf("the case: %d", a.Status)
	}
}
