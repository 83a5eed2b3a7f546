package web_test

import (
	"net/url"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/testkit"
)

// A meeting that Mette leads, with an item of the case that Dennis brought and she has a slice of.
func furnishForum(h *hall, t *testing.T, c testkit.CaseFile, _ testkit.Contact) {
	meeting, item, seat := uuid.MustParse("00000000-0000-4000-8000-0000000f0001"), uuid.MustParse("00000000-0000-4000-8000-0000000f0002"), uuid.MustParse("00000000-0000-4000-8000-0000000f0003")
	h.Exec(t, `INSERT INTO app.forum_meeting (id, municipality, frame, starts_at, led_by) VALUES ($1, 999, 'SSP', now() + interval '1 day', $2)`, meeting, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.forum_seat (id, meeting_id, user_id, added_by, promised_at) VALUES ($1, $2, $3, $3, now())`, seat, meeting, h.Mette.UserID)
	h.Exec(t, `WITH k AS (INSERT INTO app.forum_item_case (id, case_id) VALUES ($1, $2))
		INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, purpose, put_by) VALUES ($1, $3, 'named', 'Sag A', 'x', 'RPL_115_SSP', 'x', $4)`, item, c.ID, meeting, h.Dennis.UserID)
	h.Exec(t, `INSERT INTO app.forum_slice (item_id, seat_id, meeting_id, question) VALUES ($1, $2, $3, 'x')`, item, seat, meeting)
	h.Exec(t, `INSERT INTO app.forum_given (case_id, item_id, seat_id, given_by) VALUES ($1, $2, $3, $4)`, c.ID, item, seat, h.Dennis.UserID)
	h.forms["/forum/{meeting}/tavshed"] = url.Values{"seat": {seat.String()}}
	h.ids["{meeting}"], h.ids["{item}"] = meeting.String(), item.String()
}
