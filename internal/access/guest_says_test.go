package access

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/db"
)

// does runs a guest's transaction to its end.
func (g *guestTown) does(t *testing.T, who db.Guest, sql string, args ...any) (answer string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), g.app, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT auth.guest_begin($1, $2)`, who.Token, who.Session); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), sql, args...).Scan(&answer)
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// A link that was found cannot fill the case: sixty answers and ten files, and then one calls.
func TestAGuestSaysSoMuchAndNoMore(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	who := g.EnterGuest(t, g.link)
	g.Exec(t, `INSERT INTO app.guest_answer (case_id, link_id, kind, words) SELECT $1, $2, 'asked_back', 'x' FROM generate_series(1, 59)`, g.caseID, g.link.ID)
	g.Exec(t, `INSERT INTO app.guest_file (id, case_id, link_id, name_enc, content_enc, type, size) SELECT gen_random_uuid(), $1, $2, '\x00', '\x00', 'pdf', 1 FROM generate_series(1, 9)`, g.caseID, g.link.ID)
	for sql, object := range map[string]any{`SELECT app.guest_reply('asked_back', coalesce($1, 'x'), $2)`: nil, `SELECT app.guest_leave_file($1, '\x00', '\x00', 'pdf', 1, $2)`: uuid.New()} {
		g.asGuest(t, who, func(tx pgx.Tx) {
			key := uuid.New()
			for range 2 { // the last one, and the same once more: it was said already
				if rows, _, err := try(t, tx, sql, object, key); rows != "[ok] <nil>\n" || err != nil {
					t.Errorf("%s: %q, %v", sql, rows, err)
				}
			}
			if _, _, err := try(t, tx, sql, object, uuid.New()); !db.Violates(err, "guest_has_said_enough") {
				t.Errorf("%s, one too many: %v", sql, err)
			}
		})
	}
}

// "Passer dit nummer stadig?": who is asked answers for their own line, once, and sees numbers by their end alone.
func TestAContactPersonConfirmsTheirOwnLineOnce(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	other := g.Partner(t, "school", "Åskolen", "Anders Møller")
	g.Exec(t, `UPDATE app.contact_person SET verified_on = '2026-01-01'`)
	for _, c := range []uuid.UUID{g.contact.ID, other.ID} {
		g.Exec(t, `UPDATE app.contact_person SET verified_on = NULL, verified_by = NULL, phone = '00 12 34 56', secure_mail = left(id::text, 8) || '@p.test' WHERE id = $1`, c)
		link := g.GuestLink(t, uuid.Nil, c, "verify", c)
		who := g.EnterGuest(t, link)
		if phone := g.does(t, who, `SELECT phone FROM app.guest_details()`); strings.Contains(phone, "12") || !strings.HasSuffix(phone, "56") {
			t.Errorf("they read %q", phone)
		}
		if c == other.ID { // whose number is wrong
			g.does(t, who, `SELECT app.guest_confirm('Ny mobil')`)
			g.does(t, who, `SELECT app.guest_confirm('')`)
			if n := g.Count(t, `SELECT count(*) FROM app.correction WHERE contact_id = $1 AND proposed_by IS NULL AND proposal = 'Ny mobil'`, c); n != 1 || g.Count(t, `SELECT count(*) FROM app.contact_person WHERE id = $1 AND verified_on IS NULL`, c) != 1 {
				t.Errorf("%d corrections, or confirmed all the same", n)
			}
			continue
		}
		g.does(t, who, `SELECT app.guest_confirm('')`)
		g.does(t, who, `SELECT app.guest_confirm('Nej, alligevel ikke')`)
		if n := g.Count(t, `SELECT count(*) FROM app.directory_change WHERE contact_id = $1 AND action = 'verified' AND changed_by IS NULL`, c); n != 1 || g.Count(t, `SELECT count(*) FROM app.correction WHERE contact_id = $1`, c) != 0 {
			t.Errorf("%d lines say so, or a second answer counts", n)
		}
		if n := g.Count(t, `SELECT count(*) FROM app.contact_person WHERE verified_on = (now() AT TIME ZONE 'Europe/Copenhagen')::date AND verified_by IS NULL`); n != 1 {
			t.Errorf("%d are confirmed", n)
		}
	}
	g.asGuest(t, g.EnterGuest(t, g.link), func(tx pgx.Tx) { // behind a link about a case is no line of the directory
		for _, sql := range []string{`SELECT app.guest_confirm('')`, `SELECT * FROM app.guest_details()`} {
			if _, _, err := try(t, tx, sql); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})
	// who has not answered is not asked again before the time is over
	third := g.Partner(t, "school", "Bøgeskolen", "Bodil Holm")
	g.Exec(t, `UPDATE app.contact_person SET verified_on = NULL, secure_mail = 'bodil@p.test' WHERE id = $1`, third.ID)
	for range 2 {
		g.Exec(t, `SELECT app.job_verify()`)
		g.Exec(t, `UPDATE app.guest_link SET expires_at = now() WHERE contact_id = $1`, third.ID)
	}
	if n := g.Count(t, `SELECT count(*) FROM app.guest_link WHERE contact_id = $1`, third.ID); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A step that the partner reports done is a step that was moved (R6). That a link was opened, and what was answered, is none.
func TestAGuestsDoneStepMovesThePlanAndAnOpenedLinkDoesNot(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	step := uuid.New()
	g.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, responsible_contact, created_by) VALUES ($1, $2, $3, 9, 'x', $4, $5)`, step, g.caseID, id("restricted phase"), g.contact.ID, id("responsible"))
	g.Exec(t, `INSERT INTO app.guest_step VALUES ($1, $2, $3, 1)`, g.caseID, g.link.ID, step)
	g.Exec(t, `UPDATE app.case_file SET active_at = '2026-01-01', plan_moved_at = '2026-01-01' WHERE id = $1`, g.caseID)
	at := func() (active, moved time.Time) {
		t.Helper()
		g.Scan(t, []any{&active, &moved}, `SELECT active_at, plan_moved_at FROM app.case_file WHERE id = $1`, g.caseID)
		return active, moved
	}
	who := g.EnterGuest(t, g.link)
	g.does(t, who, `SELECT app.guest_reply('asked_back', 'Hvornår?', NULL)`)
	g.does(t, who, `SELECT app.guest_report($1, 'not_possible', 'x', NULL)`, step)
	if active, moved := at(); active.Year() != 2026 || active.Month() != 1 || !moved.Equal(active) {
		t.Errorf("opened and asked back: active %s, moved %s", active, moved)
	}
	g.does(t, who, `SELECT app.guest_report($1, 'done', '', NULL)`, step)
	if active, moved := at(); time.Since(active) > time.Hour || time.Since(moved) > time.Hour {
		t.Errorf("done: active %s, moved %s", active, moved)
	}
}
