package web_test

import (
	"testing"

	"samspil/internal/testkit"
)

func furnishGuests(h *hall, t *testing.T, c testkit.CaseFile, p testkit.Contact) {
	l := h.GuestLink(t, c.ID, p.ID, "involvement", id(3))
	h.ids["g/{token}"], h.ids["{link}"] = "g/"+l.Token, l.ID.String()
}
