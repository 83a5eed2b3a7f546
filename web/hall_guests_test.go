package web_test

import (
	"testing"

	"github.com/google/uuid"

	"samspil/internal/keys"
	"samspil/internal/testkit"
)

func furnishGuests(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact) {
	l := h.GuestLink(t, c.ID, p.ID, "involvement", id(3))
	h.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, organisation_id, contact_id, what, legal_basis, purpose, happened_on, facts_scanned, written_by) VALUES ($1, $2, 'out', $3, $4, 'x', 'CRIME_REPORT', 'x', '2026-01-01', 1, $5)`,
		id(20), c.ID, p.OrganisationID, p.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.guest_request VALUES ($1, $2, $3)`, c.ID, l.ID, id(20))
	seal := func(column, text string) []byte {
		return h.Keys.Seal(keys.Where{Column: "guest_file." + column, CaseID: c.ID, RowID: id(21)}, text)
	}
	h.Exec(t, `INSERT INTO app.guest_file (id, case_id, link_id, name_enc, content_enc, type, size) VALUES ($1, $2, $3, $4, $5, 'txt', 1)`, id(21), c.ID, l.ID, seal("name", "x.txt"), seal("content", "x"))
	h.GuestLink(t, uuid.Nil, p.ID, "verify", p.ID) // an open question: the admin gives a code for it
	h.ids["g/{token}"], h.ids["link/{link}"], h.ids["{gfile}"] = "g/"+l.Token, "link/"+l.ID.String(), id(21).String()
}
