package testkit

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// GuestLink is a link to somebody at a partner, made by [Office.GuestLink].
type GuestLink struct {
	ID          uuid.UUID
	Token, Code string
}

// GuestLink makes a link as if its letter had left, with a code that has just been read out. caseID is zero where the link is
// about no case; the contact person gets a mail address, and what is asked about their details is old.
func (o *Office) GuestLink(t testing.TB, caseID, contact uuid.UUID, about string, aboutID uuid.UUID) GuestLink {
	t.Helper()
	var l GuestLink
	o.Exec(t, `UPDATE app.contact_person SET secure_mail = 'gaest-' || left(id::text, 8) || '@partner.test' WHERE id = $1 AND secure_mail = ''`, contact)
	if about == "verify" { // nobody asks about what was confirmed today
		o.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 91 WHERE id = $1 AND verified_on > current_date - 91`, contact)
	}
	o.Scan(t, []any{&l.ID}, `SELECT app._guest_link($1, $2, $3, $4, 14)`, db.Null(caseID), contact, about, aboutID)
	o.PostGuest(t, &l)
	return l
}

// PostGuest does what the carrier of letters does with a link, and gives it a new code.
func (o *Office) PostGuest(t testing.TB, l *GuestLink) {
	t.Helper()
	l.Token = o.Keys.LinkToken(l.ID)
	sum := sha256.Sum256([]byte(l.Token))
	o.Exec(t, `SELECT app.job_guest_key($1, $2)`, l.ID, sum[:])
	o.Scan(t, []any{&l.Code}, `SELECT coalesce(app._guest_code($1), '')`, l.ID)
}

// EnterGuest takes the link and its code to the door, and returns the guest who is in.
func (o *Office) EnterGuest(t testing.TB, l GuestLink) db.Guest {
	t.Helper()
	g := db.Guest{Token: l.Token, Session: strings.Repeat(strings.ReplaceAll(uuid.NewString(), "-", ""), 2)}
	var ok bool
	o.Scan(t, []any{&ok}, `SELECT auth.guest_enter($1, $2, 'test', $3)`, g.Token, l.Code, g.Session)
	if !ok {
		t.Fatal("the door stays shut")
	}
	return g
}
