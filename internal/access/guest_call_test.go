package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/testkit"
)

// question makes an open letter that asks the guest of a town about their details.
func (g *guestTown) question(t *testing.T) testkit.GuestLink {
	t.Helper()
	g.Exec(t, `UPDATE app.contact_person SET verified_on = NULL, verified_by = NULL, phone = '00 12 34 56' WHERE id = $1`, g.contact.ID)
	return g.GuestLink(t, uuid.Nil, g.contact.ID, "verify", g.contact.ID)
}

// rings asks to be called as the program's login does.
func (g *guestTown) rings(t *testing.T, token, net string) {
	t.Helper()
	if _, err := g.login.Exec(t.Context(), `SELECT auth.guest_ask_call($1, $2)`, token, net); err != nil {
		t.Fatal(err)
	}
}

// The quarterly question opens as every link does: by a code, which whoever keeps the directory gives, and reads out.
func TestAQuestionAboutDetailsTakesACodeOfTheAdmin(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	link, other := g.question(t), g.Partner(t, "school", "Åskolen", "Anders Møller")
	if g.enters(t, link.Token, "") || g.enters(t, link.Token, "000000x") {
		t.Error("it opens without a code")
	}
	give := func(who string, contact uuid.UUID) (code string) {
		g.as(t, who, func(tx pgx.Tx) error {
			rows, _, err := try(t, tx, `SELECT coalesce(app.details_code($1), '')`, contact)
			if err != nil && !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %v", who, err)
			}
			if err != nil {
				return errBack
			}
			code = strings.Trim(strings.TrimSuffix(rows, " <nil>\n"), "[]")
			return nil
		})
		return code
	}
	for _, who := range []string{"responsible", "coworker", "team_lead", "consulted", "auditor"} {
		if code := give(who, g.contact.ID); code != "" {
			t.Errorf("%s gives the code %q", who, code)
		}
	}
	if code := give("admin", other.ID); code != "" {
		t.Errorf("a code for somebody who is not asked: %q", code)
	}
	for what, set := range map[string][2]string{"there is no number": {`phone = ''`, `phone = '00 12 34 56'`}} {
		g.Exec(t, `UPDATE app.contact_person SET `+set[0]+` WHERE id = $1`, g.contact.ID)
		if code := give("admin", g.contact.ID); code != "" {
			t.Errorf("%s, and there is the code %q", what, code)
		}
		g.Exec(t, `UPDATE app.contact_person SET `+set[1]+` WHERE id = $1`, g.contact.ID)
	}
	link.Code = give("admin", g.contact.ID)
	if len(link.Code) != 6 || g.Count(t, `SELECT count(*) FROM audit.event WHERE stream = 'contact:' || $1 AND action = 'guest.code' AND actor = $2`, g.contact.ID.String(), id("admin")) != 1 {
		t.Errorf("the code is %q, or has no line", link.Code)
	}
	who := g.EnterGuest(t, link)
	g.does(t, who, `SELECT app.guest_confirm('')`)
	if !g.begins(t, who) {
		t.Error("who has confirmed does not read the thanks")
	}
	if code := give("admin", g.contact.ID); code != "" {
		t.Errorf("a code for what has been answered: %q", code)
	}

	// what the admin confirms meanwhile needs no answer
	again := g.question(t)
	in := g.EnterGuest(t, again)
	g.PostGuest(t, &again)
	g.Exec(t, `UPDATE app.contact_person SET verified_on = app._day(now()), verified_by = $2 WHERE id = $1`, g.contact.ID, id("admin"))
	if g.begins(t, in) || g.enters(t, again.Token, again.Code) {
		t.Error("a question that was answered meanwhile opens")
	}
}

// Who has a letter and no code asks to be called: one mark and one notice, whatever they press, and nothing for a link that is over.
func TestWhoHasNoCodeAsksToBeCalled(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	link := g.question(t)
	marks := func() int { return g.Count(t, `SELECT count(*) FROM app.guest_link WHERE call_asked_at IS NOT NULL`) }
	notices := func(kind string) int { return g.Count(t, `SELECT count(*) FROM app.notice WHERE kind = $1`, kind) }

	g.rings(t, "nobody's", "a")
	g.Exec(t, `UPDATE app.guest_link SET expires_at = now() WHERE id = $1`, link.ID)
	g.rings(t, link.Token, "a")
	g.Exec(t, `UPDATE app.guest_link SET expires_at = now() + interval '1 day', revoked_at = now() WHERE id = $1`, link.ID)
	g.rings(t, link.Token, "a")
	if marks() != 0 || notices("contact.call_asked") != 0 {
		t.Error("a link that is over asks for a call")
	}
	g.Exec(t, `UPDATE app.guest_link SET revoked_at = NULL WHERE id = $1`, link.ID)
	for range 3 {
		g.rings(t, link.Token, "a")
	}
	admins := g.Count(t, `SELECT count(*) FROM auth.user_account WHERE active AND role = 'admin'`)
	if n := notices("contact.call_asked"); marks() != 1 || n != admins || admins == 0 {
		t.Errorf("%d marks, %d notices to %d admins", marks(), n, admins)
	}
	if n := g.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'guest.call_asked' AND actor IS NULL`); n != 1 {
		t.Errorf("%d lines", n)
	}
	g.as(t, "admin", func(tx pgx.Tx) error {
		if rows, _, err := try(t, tx, `SELECT length(app.details_code($1))`, g.contact.ID); err != nil || rows != "[6] <nil>\n" {
			t.Errorf("%q, %v", rows, err)
		}
		return nil
	})
	if marks() != 0 {
		t.Error("the mark stays when the code is given")
	}
	g.rings(t, g.link.Token, "a") // about a case: its people are told
	if n := g.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'guest.call_asked' AND case_id = $1`, g.caseID); n != 1 || marks() != 1 {
		t.Errorf("a request: %d notices, %d marks", n, marks())
	}

	// one network asks so often and no more; another one goes on
	for range 20 {
		g.rings(t, "nobody's", "b")
	}
	g.rings(t, g.elsewhere.Token, "b")
	if marks() != 1 {
		t.Error("a network asks without end")
	}
	g.rings(t, g.elsewhere.Token, "c")
	if marks() != 2 {
		t.Error("another network waits too")
	}
	for _, name := range []string{"samspil_app", "samspil_job"} {
		if _, err := login(t, g.Office, name).Exec(t.Context(), `SELECT auth.guest_ask_call('', '')`); !strings.HasPrefix(says(err), "42501") {
			t.Errorf("%s may ask: %v", name, err)
		}
	}
}
