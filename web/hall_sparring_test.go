package web_test

import (
	"testing"

	"samspil/internal/testkit"
)

// furnishSparring asks Hüseyin, who has nothing to do with the case, and a colleague who has.
func furnishSparring(h *hall, t *testing.T, c testkit.CaseFile, _ testkit.Contact) {
	h.Exec(t, `INSERT INTO app.sparring (id, municipality, question, body, put_by) VALUES ($1, 999, 'Hvad gør jeg først?', 'En ung er bange.', $2)`, id(21), h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.sparring_case (id, case_id) VALUES ($1, $2)`, id(21), c.ID)
	h.Exec(t, `INSERT INTO app.sparring_ask (id, sparring_id, user_id, asked_by) VALUES ($1, $2, $3, $4)`, id(22), id(21), h.Huseyin.UserID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.sparring_learning (id, sparring_id, municipality, title, body, proposed_by) VALUES ($1, $2, 999, 'Spørg først', 'Tal med den unge alene.', $3)`, id(23), id(21), h.Mette.UserID)
	h.ids["{thread}"], h.ids["{learning}"] = id(21).String(), id(23).String()
}
