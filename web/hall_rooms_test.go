package web_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/testkit"
)

// id is the id of a row of the hall.
func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-0000000006%02d", n))
}

// rooms put what they have into the case, beside what [hall.furnish] puts there, with the partner p, and remember the ids.
var rooms = []func(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact){
	furnishSharings,
	furnishDecisions,
	furnishConsents,
	furnishSparring,
	furnishTemplates,
	furnishForum,
	furnishGuests,
	furnishRules,
	furnishReminders,
}

func furnishSharings(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact) {
	h.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, what, legal_basis, purpose, happened_on, hits, asked_user, ask_reason, written_by)
		VALUES ($1, $2, 'out', 'held', $3, 'x', 'CRIME_REPORT', 'x', '2026-01-01', 1, $4, 'x', $5)`, id(16), c.ID, p.OrganisationID, h.Dennis.UserID, h.Mette.UserID)
	h.ids["{sharing}"] = id(16).String()
}

func furnishDecisions(h *hall, t *testing.T, c testkit.CaseFile, _ testkit.Contact) {
	h.Exec(t, `INSERT INTO app.decision (id, case_id, kind, question, options, put_by) VALUES ($1, $2, 'beslutning', 'Skolen?', 'Ja. Nej.', $3)`, id(16), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.decision_ask (id, case_id, decision_id, user_id, asked_by) VALUES ($1, $2, $3, $4, $5)`, id(17), c.ID, id(16), h.people["consulted"].UserID, h.Mette.UserID)
	h.ids["{decision}"], h.ids["{ask}"] = id(16).String(), id(17).String()
}
