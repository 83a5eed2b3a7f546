package web_test

import (
	"testing"

	"samspil/internal/testkit"
)

func furnishConsents(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact) {
	h.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) VALUES ($1, $2, $3, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', $4)`,
		id(19), c.ID, p.OrganisationID, h.Mette.UserID)
	h.ids["{consent}"] = id(19).String()
}
