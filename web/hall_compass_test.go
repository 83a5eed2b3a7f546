package web_test

import (
	"testing"

	"samspil/internal/keys"
	"samspil/internal/testkit"
)

func furnishConsents(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact) {
	h.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) VALUES ($1, $2, $3, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', $4)`,
		id(19), c.ID, p.OrganisationID, h.Mette.UserID)
	h.Exec(t, `UPDATE app.sharing SET file_enc = $3 WHERE case_id = $1 AND id = $2`, c.ID, id(16), h.Keys.Seal(keys.Where{Column: "sharing.file", CaseID: c.ID, RowID: id(16)}, "x.txt"))
	h.Exec(t, `INSERT INTO app.sharing_file (case_id, sharing_id, unread, kind, size, content_enc, words_enc) VALUES ($1, $2, false, 'text', 1, $3, $4)`, c.ID, id(16),
		h.Keys.Seal(keys.Where{Column: "sharing.content", CaseID: c.ID, RowID: id(16)}, "x"), h.Keys.Seal(keys.Where{Column: "sharing.words", CaseID: c.ID, RowID: id(16)}, "x"))
	h.ids["{consent}"] = id(19).String()
}
