package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/db"
	"samspil/internal/testkit"
)

// guestTown is a town with a partner in two of its cases, who has a link to each.
type guestTown struct {
	*town
	contact            testkit.Contact
	part, other        uuid.UUID
	link, elsewhere    testkit.GuestLink
	login              *pgxpool.Pool
	caseID, otherOwner uuid.UUID
}

func newGuestTown(t *testing.T) *guestTown {
	t.Helper()
	g := &guestTown{town: newTown(t), part: uuid.New(), other: uuid.New(), caseID: id("restricted"), otherOwner: id("sealed")}
	g.contact = g.Partner(t, "police_district", "Fjordegnens Politi", "Rikke Holm")
	for part, c := range map[uuid.UUID]uuid.UUID{g.part: g.caseID, g.other: g.otherOwner} {
		g.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, $4, 'x', 'ad_hoc', $5)`,
			part, c, g.contact.OrganisationID, g.contact.ID, id("responsible"))
	}
	g.link = g.GuestLink(t, g.caseID, g.contact.ID, "involvement", g.part)
	g.elsewhere = g.GuestLink(t, g.otherOwner, g.contact.ID, "involvement", g.other)
	g.login = login(t, g.Office, "samspil_login")
	return g
}

// enters tries the door as the program's login does.
func (g *guestTown) enters(t *testing.T, token, code string) bool {
	t.Helper()
	var ok bool
	if err := g.login.QueryRow(t.Context(), `SELECT auth.guest_enter($1, $2, 'somewhere', $3)`, token, code, strings.Repeat(uuid.NewString(), 2)).Scan(&ok); err != nil {
		t.Fatal(err)
	}
	return ok
}

// begins reports whether a session still opens the link.
func (g *guestTown) begins(t *testing.T, who db.Guest) bool {
	t.Helper()
	var about *string
	if err := g.app.QueryRow(t.Context(), `SELECT auth.guest_begin($1, $2)`, who.Token, who.Session).Scan(&about); err != nil {
		t.Fatal(err)
	}
	return about != nil
}

// asGuest runs a guest's transaction, and takes it back.
func (g *guestTown) asGuest(t *testing.T, who db.Guest, fn func(pgx.Tx)) {
	t.Helper()
	tx, err := g.app.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `SELECT auth.guest_begin($1, $2)`, who.Token, who.Session); err != nil {
		t.Fatal(err)
	}
	fn(tx)
}

// Behind a link there is no actor: no table has a row for a guest, not even what everybody in the office reads.
func TestAGuestReadsNoTable(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	who := g.EnterGuest(t, g.link)
	tables := g.tables(t, "c.relkind IN ('r','p')")
	g.asGuest(t, who, func(tx pgx.Tx) {
		for _, table := range tables {
			if n := count(t, tx, `SELECT count(*) FROM `+table); n > 0 {
				t.Errorf("a guest sees %d rows of %s", n, table)
			}
		}
		for _, sql := range []string{
			`SELECT app.use_case('` + g.caseID.String() + `')`, `SELECT case_id FROM app.open_case('` + ref("restricted") + `', '', 'x')`, `SELECT app.guest_code('` + g.caseID.String() + `', '` + g.link.ID.String() + `')`,
			`SELECT id FROM app.guard_facts('` + g.caseID.String() + `')`, `SELECT count(*) FROM auth.whoami()`,
		} {
			if rows, _, err := try(t, tx, sql); err == nil && strings.Trim(strings.TrimSuffix(rows, " <nil>\n"), "[<nil>0]") != "" {
				t.Errorf("%s gives a guest %q", sql, rows)
			}
		}
	})
	g.as(t, "responsible", func(tx pgx.Tx) error { // who was a colleague is none from here on
		if _, err := tx.Exec(t.Context(), `SELECT auth.guest_begin($1, $2)`, who.Token, who.Session); err != nil {
			return err
		}
		if n := count(t, tx, `SELECT count(*) FROM app.case_file`) + count(t, tx, `SELECT count(*) FROM app.contact_person`); n != 0 {
			t.Errorf("a guest goes on as a colleague: %d rows", n)
		}
		return errBack
	})
	t.Logf("%d tables", len(tables))
}

// Whatever is wrong with a link or a code, the door says the same, and begins nothing.
func TestTheDoorOpensToTheRightCodeAlone(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"":                            ``,
		"is revoked":                  `UPDATE app.guest_link SET revoked_at = now() WHERE id = '%s'`,
		"has expired":                 `UPDATE app.guest_link SET expires_at = now() - interval '1 s' WHERE id = '%s'`,
		"has an old code":             `UPDATE auth.guest_key SET code_until = now() - interval '1 s' WHERE link_id = '%s'`,
		"was tried five times":        `UPDATE auth.guest_key SET code_tries = 5 WHERE link_id = '%s'`,
		"is to somebody who has left": `UPDATE app.contact_person SET active = false WHERE id = (SELECT contact_id FROM app.guest_link WHERE id = '%s')`,
		"is of a closed case":         `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = (SELECT case_id FROM app.guest_link WHERE id = '%s')`,
		"is about a part that ended":  `UPDATE app.involvement SET status = 'ended', ended_at = now() WHERE id = (SELECT about_id FROM app.guest_link WHERE id = '%s')`,
		"is about another's part":     `UPDATE app.involvement SET contact_id = (SELECT id FROM app.contact_person WHERE name = 'Per') WHERE id = (SELECT about_id FROM app.guest_link WHERE id = '%s')`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			g := newGuestTown(t)
			in := g.EnterGuest(t, g.link)
			g.PostGuest(t, &g.link)
			if change != "" {
				g.Exec(t, strings.ReplaceAll(change, "%s", g.link.ID.String()))
			}
			for _, code := range []string{"", "0", "999999x", g.elsewhere.Code + "0"} {
				if g.enters(t, g.link.Token, code) {
					t.Errorf("the code %q opens", code)
				}
			}
			if g.enters(t, "x"+g.link.Token[1:], g.link.Code) || g.enters(t, "", g.link.Code) || g.enters(t, g.elsewhere.Token, g.link.Code) {
				t.Error("a code opens another link")
			}
			if ok := g.enters(t, g.link.Token, g.link.Code); ok != (what == "") {
				t.Errorf("enters: %t", ok)
			}
			if what == "" && g.enters(t, g.link.Token, g.link.Code) {
				t.Error("a code works twice")
			}
			codes := strings.Contains(what, "code") || strings.Contains(what, "tried")
			if ok := g.begins(t, in); ok != codes { // a new session has taken its place, or the link is over
				t.Errorf("the session of before goes on: %t", ok)
			}
		})
	}
}

// Five wrong codes, and the right one is of no use any more, until there is a new one. Many wrong links from one network, and that
// network waits.
func TestGuessesComeToAnEnd(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	for range 5 {
		g.enters(t, g.link.Token, "no")
	}
	if g.enters(t, g.link.Token, g.link.Code) {
		t.Error("the right code works after five wrong ones")
	}
	g.PostGuest(t, &g.link)
	if !g.enters(t, g.link.Token, g.link.Code) {
		t.Error("a new code does not work")
	}
	g.PostGuest(t, &g.link)
	for range 40 {
		g.enters(t, "unknown", "123456")
	}
	if g.enters(t, g.link.Token, g.link.Code) {
		t.Error("a network that has guessed forty times is let in")
	}
	g.Exec(t, `UPDATE auth.login_failure SET last_at = now() - interval '61 min'`)
	if !g.enters(t, g.link.Token, g.link.Code) {
		t.Error("the network waits for ever, or the code was used up meanwhile")
	}
}

// A session ends by itself, and is of its own link only; nobody makes one by hand.
func TestAGuestsSessionIsOfOneLinkAndEnds(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	a, b := g.EnterGuest(t, g.link), g.EnterGuest(t, g.elsewhere)
	for what, who := range map[string]db.Guest{"another link's session": {Token: a.Token, Session: b.Session}, "no session": {Token: a.Token}, "no link": {Session: a.Session}} {
		if g.begins(t, who) {
			t.Error(what + " opens a link")
		}
	}
	for what, sql := range map[string]string{"idle": `session_seen = now() - interval '31 min'`, "long": `session_until = now() - interval '1 s'`} {
		g.Exec(t, `UPDATE auth.guest_key SET `+sql+` WHERE link_id = $1`, g.link.ID)
		if g.begins(t, a) {
			t.Errorf("a session that is %s goes on", what)
		}
		g.Exec(t, `UPDATE auth.guest_key SET session_seen = now(), session_until = now() + interval '1 h' WHERE link_id = $1`, g.link.ID)
	}
	if !g.begins(t, a) {
		t.Error("a session does not go on")
	}
	g.Exec(t, `CREATE FUNCTION app.guest_test() RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ DECLARE l app.guest_link := app._guest('involvement'); BEGIN RETURN l.id; END $$;
		ALTER FUNCTION app.guest_test() OWNER TO samspil_guard; GRANT EXECUTE ON FUNCTION app.guest_test() TO samspil_app`)
	g.asGuest(t, a, func(tx pgx.Tx) {
		if rows, _, err := try(t, tx, `SELECT app.guest_test()::text`); err != nil || !strings.Contains(rows, g.link.ID.String()) {
			t.Errorf("a guest is %s, %v", rows, err)
		}
	})
	for what, sql := range map[string]string{
		"the bare setting":               `SELECT set_config('app.guest', '` + g.link.ID.String() + `', true)`,
		"a signature of another setting": `SELECT set_config('app.guest', current_setting('app.ctx'), true)`,
		"a colleague's transaction":      `SELECT auth.guest_begin('` + a.Token + `', '` + a.Session + `'), auth.begin('` + token("responsible") + `')`,
	} {
		g.as(t, "responsible", func(tx pgx.Tx) error {
			_, _, _ = try(t, tx, sql)
			if rows, _, err := try(t, tx, `SELECT app.guest_test()`); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("%s makes a guest: %s, %v", what, rows, err)
			}
			return errBack
		})
	}
}

// Codes are given and links revoked by who writes in the case, and of that case.
func TestWhoGivesCodesAndRevokes(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	for who, may := range map[string]bool{"responsible": true, "coworker": true, "team_lead": false, "consulted": false, "team_mate": false, "excl_coworker": false, "admin": false} {
		g.in(t, who, "restricted", func(tx pgx.Tx) error {
			for _, fn := range []string{"guest_code", "guest_revoke"} {
				rows, _, err := try(t, tx, `SELECT app.`+fn+`($1, $2)`, g.caseID, g.link.ID)
				if (err == nil) != may {
					t.Errorf("%s: %s gives %q, %v", who, fn, rows, err)
				}
				if fn == "guest_code" && err == nil && len(rows) != len("[123456] <nil>\n") {
					t.Errorf("the code is %q", rows)
				}
				if rows, _, err := try(t, tx, `SELECT coalesce(app.`+fn+`($1, $2)::text, 'false')`, g.caseID, g.elsewhere.ID); err == nil && rows != "[false] <nil>\n" {
					t.Errorf("%s: %s of another case's link gives %q", who, fn, rows)
				}
			}
			return errBack
		})
	}
	for _, name := range []string{"samspil_app", "samspil_job"} {
		if _, err := login(t, g.Office, name).Exec(t.Context(), `SELECT auth.guest_enter('', '', '', '')`); !strings.HasPrefix(says(err), "42501") {
			t.Errorf("%s may let guests in: %v", name, err)
		}
	}
	if g.Count(t, `SELECT count(*) FROM auth.guest_key k WHERE encode(k.code_hash, 'hex') = encode(sha256(convert_to($1, 'UTF8')), 'hex') OR k.token_hash = convert_to($2, 'UTF8')`, g.link.Code, g.link.Token) != 0 {
		t.Error("a code or a link's secret can be read in the table")
	}
}

// What a guest reads and does is of their own link: not of another case, although it is the same person who has both.
func TestAGuestsFunctionsGiveTheirOwnLinkAlone(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	mine, theirs := uuid.New(), uuid.New()
	for c, x := range map[uuid.UUID]struct {
		link, step uuid.UUID
		name       string
	}{g.caseID: {g.link.ID, mine, "restricted"}, g.otherOwner: {g.elsewhere.ID, theirs, "sealed"}} {
		g.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, organisation_id, contact_id, what, text_enc, legal_basis, purpose, happened_on, facts_scanned, written_by)
			SELECT $1, $2, 'out', $3, $4, 'w', convert_to($5, 'UTF8'), 'x', 'x', '2026-01-01', (SELECT count(*) FROM app.protected_fact f WHERE f.case_id = $2 AND f.retired_at IS NULL), $6`,
			x.step, c, g.contact.OrganisationID, g.contact.ID, word(x.name), id("responsible"))
		g.Exec(t, `INSERT INTO app.guest_request VALUES ($1, $2, $3)`, c, x.link, x.step)
		g.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, responsible_contact, created_by) VALUES ($1, $2, $3, 9, $4, $5, $6)`, x.step, c, id(x.name+" phase"), word(x.name), g.contact.ID, id("responsible"))
		g.Exec(t, `INSERT INTO app.guest_step VALUES ($1, $2, $3, 1)`, c, x.link, x.step)
		g.Exec(t, `INSERT INTO app.guest_answer (case_id, link_id, kind, words) VALUES ($1, $2, 'asked_back', $3)`, c, x.link, word(x.name))
		g.Exec(t, `INSERT INTO app.guest_file (id, case_id, link_id, name_enc, content_enc, type, size) VALUES ($1, $2, $3, convert_to($4, 'UTF8'), '\x00', 'pdf', 1)`, x.step, c, x.link, word(x.name))
	}
	who := g.EnterGuest(t, g.link)
	g.asGuest(t, who, func(tx pgx.Tx) {
		for sql, want := range map[string]string{
			`SELECT convert_from(text_enc, 'UTF8') FROM app.guest_part()`:                           "[" + word("restricted") + "] <nil>\n",
			`SELECT id::text FROM app.guest_steps()`:                                                "[" + mine.String() + "] <nil>\n",
			`SELECT words FROM app.guest_said() WHERE kind <> 'file'`:                               "[" + word("restricted") + "] <nil>\n",
			`SELECT convert_from(name_enc, 'UTF8') FROM app.guest_said() WHERE file_id IS NOT NULL`: "[" + word("restricted") + "] <nil>\n",
		} {
			if rows, _, err := try(t, tx, sql); rows != want || err != nil {
				t.Errorf("%s: %q, %v", sql, rows, err)
			}
		}
		for _, sql := range []string{`SELECT app.guest_report($1, 'done', '', NULL)`, `SELECT app.guest_report($1, 'not_possible', 'x', NULL)`} {
			if _, _, err := try(t, tx, sql, theirs); !strings.HasPrefix(says(err), "42501") {
				t.Errorf("another case's step: %v", err)
			}
			if rows, _, err := try(t, tx, sql, mine); err != nil {
				t.Errorf("one's own: %q, %v", rows, err)
			}
		}
		if rows, _, err := try(t, tx, `SELECT app.guest_reply('ended', 'x', NULL)`); err == nil {
			t.Errorf("a guest ends the part: %q", rows)
		}
		for _, sql := range []string{`SELECT * FROM app.guest_links($1, $2)`, `SELECT * FROM app.guest_files($1, $2)`, `SELECT * FROM app.read_guest_file($1, $2)`, `SELECT app.guest_send($1, $2, $2, '{}', 1)`, `SELECT app.guest_revoke($1, $2)`} {
			if rows, n, err := try(t, tx, sql, g.caseID, g.part); err == nil && n > 0 {
				t.Errorf("%s gives a guest %q", sql, rows)
			}
		}
	})
	// what reaches the family waits at the gate for a partner too (R1)
	g.Exec(t, `UPDATE app.plan_step SET requires_gate = true WHERE id = $1`, mine)
	g.asGuest(t, who, func(tx pgx.Tx) {
		if rows, _, err := try(t, tx, `SELECT app.guest_report($1, 'done', '', NULL)`, mine); rows != "[late] <nil>\n" {
			t.Errorf("at the shut gate: %q, %v", rows, err)
		}
	})
	// what has been protected since is not shown any more
	g.Exec(t, `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id, later) SELECT $1, $2, f.id, true FROM app.protected_fact f WHERE f.case_id = $1`, g.caseID, mine)
	if g.begins(t, who) {
		t.Error("a link goes on to a text with a fact that is protected now")
	}
	g.Exec(t, `DELETE FROM app.sharing_hit WHERE sharing_id = $1`, mine)
	// a link that is over gives nothing, whatever the function
	for _, sql := range []string{`UPDATE app.guest_link SET revoked_at = now() WHERE id = $1`, `UPDATE app.guest_link SET revoked_at = NULL, expires_at = now() WHERE id = $1`} {
		g.Exec(t, sql, g.link.ID)
		g.asGuest(t, who, func(tx pgx.Tx) {
			for _, fn := range []string{`SELECT * FROM app.guest_part()`, `SELECT * FROM app.guest_steps()`, `SELECT * FROM app.guest_said()`, `SELECT app.guest_reply('accepted', '', NULL)`} {
				if rows, _, err := try(t, tx, fn); !strings.HasPrefix(says(err), "42501") {
					t.Errorf("%s after %s: %q, %v", fn, sql, rows, err)
				}
			}
		})
	}
	// nor has a colleague's transaction anything by these
	g.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
		if _, _, err := try(t, tx, `SELECT * FROM app.guest_part()`); !strings.HasPrefix(says(err), "42501") {
			t.Errorf("a colleague is a guest: %v", err)
		}
		return errBack
	})
}

// A link goes to a text that is in the register, has left, and is to this person, about a part of theirs and steps of theirs.
func TestALinkIsToWhatTheRegisterHas(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	share := func(status string, contact any) uuid.UUID {
		s := uuid.New()
		g.Exec(t, `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, contact_id, what, legal_basis, purpose, purpose_code, compass, compass_fits, happened_on, facts_scanned, hits, asked_user, ask_reason, written_by)
			SELECT $1, $2, 'out', $3, $4, $5, 'w', 'VITAL_INTEREST', 'x', 'danger', '2', true, '2026-01-01', (SELECT count(*) FROM app.protected_fact f WHERE f.case_id = $2 AND f.retired_at IS NULL),
			CASE $3 WHEN 'held' THEN 1 ELSE 0 END, CASE $3 WHEN 'held' THEN $6::uuid END, CASE $3 WHEN 'held' THEN 'x' ELSE '' END, $7`,
			s, g.caseID, status, g.contact.OrganisationID, contact, id("coworker"), id("responsible"))
		return s
	}
	good, held, unnamed := share("shared", g.contact.ID), share("held", g.contact.ID), share("shared", nil)
	g.Exec(t, `UPDATE app.contact_person SET secure_mail = 'r@p.test'`)
	for who, may := range map[string]bool{"responsible": true, "coworker": true, "team_lead": false, "consulted": false, "team_mate": false} {
		g.in(t, who, "restricted", func(tx pgx.Tx) error {
			send := func(part, sharing uuid.UUID, steps ...uuid.UUID) error {
				_, _, err := try(t, tx, `SELECT app.guest_send($1, $2, $3, $4, 14)`, g.caseID, part, sharing, append([]uuid.UUID{}, steps...))
				return err
			}
			if err := send(g.part, good); (err == nil) != may {
				t.Errorf("%s sends: %v", who, err)
			}
			for what, err := range map[string]error{"what is held": send(g.part, held), "what was told to nobody by name": send(g.part, unnamed), "another case's part": send(g.other, good), "somebody else's step": send(g.part, good, id("restricted step"))} {
				if err == nil {
					t.Errorf("%s sends %s", who, what)
				}
			}
			return errBack
		})
	}
}
