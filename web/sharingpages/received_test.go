package sharingpages_test

import (
	"net/http"
	"strings"
	"testing"
)

// The register holds everything that has come in: what a partner tells behind their link stands there without being typed again.
func TestWhatAPartnerTellsByTheirLinkStandsInTheRegister(t *testing.T) {
	s := newSite(t)
	before := s.Get(t, s.Mette, s.path)
	if strings.Contains(before.Body, `id="fortalt"`) {
		t.Error("somebody has told something before anybody did")
	}
	line := s.Partner(t, "crisis_centre", "Krisecenter Prøve", "Line Bach")
	for _, kind := range []string{"guest.file", "guest.opened"} {
		s.Exec(t, `INSERT INTO app.case_event (case_id, contact_id, kind, data) SELECT f.id, $2, $3, '{}' FROM app.case_file f WHERE f.ref = $1`, strings.Split(s.path, "/")[2], line.ID, kind)
	}
	a := s.Get(t, s.Mette, s.path)
	has(t, a, http.StatusOK, "Fortalt af partnere selv", "Partner har lagt en fil", "Fra Krisecenter Prøve: Line Bach")
	if strings.Count(a.Body, "Line Bach") != 1 {
		t.Error("that a link was opened is told by nobody")
	}
}
