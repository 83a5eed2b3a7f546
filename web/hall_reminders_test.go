package web_test

import (
	"net/url"
	"strings"
	"testing"

	"samspil/internal/testkit"
)

func furnishReminders(h *hall, t *testing.T, _ testkit.CaseFile, _ testkit.Contact) {
	h.Exec(t, `INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, stated_by) VALUES ($1, $2, $3, current_date, current_date + 5, $2)`, id(40), h.Mette.UserID, h.Dennis.UserID)
	h.ids["{absence}"] = id(40).String()
	secret := strings.Repeat("k", 43)
	h.Exec(t, `INSERT INTO app.calendar_feed (user_id, token_hash) VALUES ($1, sha256(convert_to($2, 'UTF8')))`, h.Mette.UserID, secret)
	h.ids["kalender/{token}"] = "kalender/" + secret
	h.forms["/profil/kalender"] = url.Values{"version": {"0"}}
}
