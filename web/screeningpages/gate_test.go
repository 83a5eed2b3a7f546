package screeningpages_test

import (
	"net/http"
	"testing"
)

// The page says what must not be done, and where that ends; once the gate is open it says nothing that is no longer true.
func TestTheWarningStandsAsLongAsTheGateDoes(t *testing.T) {
	s := newSite(t)
	s.Exec(t, `INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, mandatory, lighter_why, screened_by)
		VALUES (gen_random_uuid(), $1, 'clarification', 'Hun skal rejse', true, 'Billet', 'suspicion', '{}', '', $2)`, s.c.ID, s.Mette.UserID)
	want(t, "shut", s.Get(t, s.Mette, s.file+"/screening"), http.StatusOK, "Ring, skriv og indkald ikke", s.file+"/risiko\">Vurdér risikoen</a>")
	s.Exec(t, `INSERT INTO app.gate_opening (case_id, opened_by, reason, until) VALUES ($1, $2, 'Moderen ved det allerede selv', now() + interval '2 days')`, s.c.ID, s.Jonas.UserID)
	hasNot(t, "open", s.Get(t, s.Mette, s.file+"/screening"), "Ring, skriv og indkald ikke")
}
