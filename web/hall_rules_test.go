package web_test

import (
	"testing"

	"samspil/internal/testkit"
)

func furnishRules(h *hall, t *testing.T, c testkit.CaseFile, _ testkit.Contact) {
	h.Exec(t, `INSERT INTO app.mandate_area (id, case_id, name, changed_by) VALUES ($1, $2, 'Ambassaden', $3)`, id(18), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.mandate (id, case_id, area_id, user_id, part, given_by) VALUES ($1, $2, $3, $4, 'leads', $4)`, id(19), c.ID, id(18), h.Mette.UserID)
	h.ids["ansvar/{mandate}"] = "ansvar/" + id(19).String()
	h.ids["{area}"], h.ids["kvitter/{mandate}"], h.ids["planregler/{rule}"] = "safety", "kvitter/"+id(19).String(), "planregler/police_by_level"
}
