package testkit

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/internal/schema"
)

// Office is a small municipality with people of every role, in a database of the test's own.
// It has no partners and no cases; see [Office.Case] and [Office.Partner].
type Office struct {
	DB       *db.DB
	AdminURL string // of the server's administrator, who is not bound by row-level security
	Keys     keys.Keys

	// TeamNorth works with children, TeamAdults with adults.
	TeamNorth, TeamAdults uuid.UUID

	// Mette and Dennis are caseworkers of TeamNorth, Jonas leads it. Hüseyin works in TeamAdults,
	// which Anders leads. Sara is a specialist without a team. Lone is admin, Karen auditor.
	Mette, Dennis, Jonas, Huseyin, Anders, Sara, Lone, Karen actor.Actor

	admin *pgx.Conn
}

// person is one account of the fixture; its token is "token-" and its name, made long enough.
func person(n int, name string, role actor.Role, area string) actor.Actor {
	return actor.Actor{
		Token: fmt.Sprintf("token-%s-0123456789012345678901234567890123456789", name), UserID: fixed(n),
		Role: role, Name: name, Lang: "da", Area: area,
	}
}

func fixed(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

// Password signs every person of the office in, at name@ellehoej.test.
const Password = "test-password-2026"

// passwordHash is Password in argon2id with parameters that are quick, and good for tests only.
const passwordHash = "$argon2id$v=19$m=8,t=1,p=1$c2FtcGxlc2FsdDEyMzQ1Ng$GiBTL2w7ePYzOZ/qJvfpe5qy83DlUuzw874kQPwYZC4"

// officeSQL makes the people and their sessions. The sessions are renewed at every clone.
var officeSQL = `
	INSERT INTO app.municipality (id, name, reminders_since) VALUES (999, 'Ellehøj Kommune', '2000-01-01');
	INSERT INTO app.team (id, municipality, area, name) VALUES
	  ('` + fixed(901).String() + `', 999, 'child', 'Børn og Unge Nord'), ('` + fixed(902).String() + `', 999, 'adult', 'Voksne');
	INSERT INTO auth.user_account (id, email, display_name, title, municipality, role, password_hash)
	SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, lower(name) || '@ellehoej.test', full_name, title, 999, role, '` + passwordHash + `'
	FROM (VALUES (1, 'mette', 'Mette Lindhardt', 'Børne- og ungerådgiver', 'caseworker'), (2, 'dennis', 'Dennis Kjær', 'Børne- og ungerådgiver', 'caseworker'),
	  (3, 'jonas', 'Jonas Brandt-Holm', 'Teamleder', 'team_lead'), (4, 'huseyin', 'Hüseyin Doğan', 'Voksenrådgiver', 'caseworker'),
	  (5, 'anders', 'Anders Lund', 'Teamleder', 'team_lead'), (6, 'sara', 'Sara El-Khatib', 'Ressourceperson', 'specialist'),
	  (7, 'lone', 'Lone Friis', 'Administrator', 'admin'), (8, 'karen', 'Karen Toft', 'Databeskyttelsesrådgiver', 'auditor')) v(n, name, full_name, title, role);
	INSERT INTO app.team_member (team_id, user_id, is_lead)
	SELECT ('00000000-0000-4000-8000-' || lpad(t::text, 12, '0'))::uuid, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, lead
	FROM (VALUES (901, 1, false), (901, 2, false), (901, 3, true), (902, 4, false), (902, 5, true)) v(t, n, lead);
	INSERT INTO auth.session (token_hash, user_id, expires_at)
	SELECT sha256(convert_to('token-' || split_part(email, '@', 1) || '-0123456789012345678901234567890123456789', 'UTF8')), id, now() + interval '9 h' FROM auth.user_account;
`

// NewOffice returns an office in a database of its own.
func NewOffice(t testing.TB) *Office { return NewOfficeTuned(t, nil) }

// NewOfficeTuned is [NewOffice] with other settings of the application's connection pool.
func NewOfficeTuned(t testing.TB, tune func(*pgxpool.Config)) *Office {
	t.Helper()
	return newOffice(t, clone(t, template()), tune)
}

func newOffice(t testing.TB, adminURL string, tune func(*pgxpool.Config)) *Office {
	t.Helper()
	o := &Office{
		AdminURL: adminURL, Keys: Keys, DB: open(t, adminURL, tune),
		TeamNorth: fixed(901), TeamAdults: fixed(902),
		Mette: person(1, "mette", actor.Caseworker, "child"), Dennis: person(2, "dennis", actor.Caseworker, "child"),
		Jonas: person(3, "jonas", actor.TeamLead, "child"), Huseyin: person(4, "huseyin", actor.Caseworker, "adult"),
		Anders: person(5, "anders", actor.TeamLead, "adult"), Sara: person(6, "sara", actor.Specialist, ""),
		Lone: person(7, "lone", actor.Admin, ""), Karen: person(8, "karen", actor.Auditor, ""),
	}
	for _, p := range []*actor.Actor{&o.Mette, &o.Dennis, &o.Jonas} {
		p.TeamID, p.Teams = o.TeamNorth, []uuid.UUID{o.TeamNorth}
	}
	for _, p := range []*actor.Actor{&o.Huseyin, &o.Anders} {
		p.TeamID, p.Teams = o.TeamAdults, []uuid.UUID{o.TeamAdults}
	}
	o.admin = must(pgx.Connect(context.Background(), adminURL))
	t.Cleanup(func() { _ = o.admin.Close(context.Background()) })
	o.Exec(t, `UPDATE auth.session SET last_seen_at = now(), expires_at = now() + interval '9 h'`)
	return o
}

// People returns everybody in the office by first name.
func (o *Office) People() map[string]actor.Actor {
	return map[string]actor.Actor{"mette": o.Mette, "dennis": o.Dennis, "jonas": o.Jonas, "huseyin": o.Huseyin,
		"anders": o.Anders, "sara": o.Sara, "lone": o.Lone, "karen": o.Karen, "nobody": {}}
}

// LoginURL is the URL of one of the program's database logins in the office's database.
func (o *Office) LoginURL(t testing.TB, login string) string {
	t.Helper()
	return must(schema.LoginURL(o.AdminURL, login, Keys))
}

// Exec runs a statement as administrator: for what a test needs to exist, never for what it tests.
func (o *Office) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := o.admin.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("fixture: %v", err)
	}
}

// Scan reads one row as administrator.
func (o *Office) Scan(t testing.TB, into []any, sql string, args ...any) {
	t.Helper()
	if err := o.admin.QueryRow(context.Background(), sql, args...).Scan(into...); err != nil {
		t.Fatalf("fixture: %v", err)
	}
}

// Count reads one number as administrator.
func (o *Office) Count(t testing.TB, sql string, args ...any) int {
	t.Helper()
	var n int
	o.Scan(t, []any{&n}, sql, args...)
	return n
}
