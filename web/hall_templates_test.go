package web_test

import (
	"testing"

	"samspil/internal/testkit"
)

// furnishTemplates makes the case's plan one of a template, and a draft of that template, which an admin goes on with.
func furnishTemplates(h *hall, t *testing.T, c testkit.CaseFile, _ testkit.Contact) {
	h.Exec(t, `UPDATE app.plan SET template_code = 'T3', template_version = '0.1' WHERE case_id = $1`, c.ID)
	h.Exec(t, `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT 999, v.code, v.content, $1 FROM app.plan_template_version v WHERE v.code = 'T3'`, h.Lone.UserID)
	h.ids["{template}"], h.ids["{piece}"] = "T3", "ny"
}
