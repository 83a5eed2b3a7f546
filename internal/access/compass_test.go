package access

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/reference"
	"samspil/internal/sharing"
)

// Whatever the compass is asked, the database answers as it does: the rows of the reference data are read twice, and in one way.
func TestTheDatabaseOffersWhatTheCompassOffers(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	now := time.Now()
	day := func(years, days int) *time.Time { at := now.AddDate(-years, 0, days); return &at }
	for what, tr := range map[string]struct {
		born *time.Time
		area string
		all  bool // of every partner type; else of some whose ways are about children
	}{
		"fifteen tomorrow": {day(15, 1), "child", false}, "fifteen today": {day(15, 0), "child", false}, "eighteen tomorrow": {day(18, 1), "child", false}, "eighteen today": {day(18, 0), "child", true},
		"no birthday": {nil, "child", false}, "no birthday, grown up": {nil, "adult", false},
	} {
		c := id("normal")
		w.Exec(t, `UPDATE app.person SET born = $2 WHERE case_id = $1 AND is_citizen`, c, tr.born)
		w.Exec(t, `UPDATE app.citizen_label SET born = NULL WHERE case_id = $1`, c)
		w.Exec(t, `UPDATE app.case_file SET area = $2 WHERE id = $1`, c, tr.area)
		got := map[string]bool{}
		for _, line := range w.names(t, `SELECT b.code || ' ' || p.code || ' ' || t.code || ' ' || x.yes FROM (SELECT code FROM app.reference_item WHERE kind = 'legal_bases') b,
			(SELECT code FROM app.reference_item WHERE kind = 'sharing_purposes') p, (SELECT code FROM app.reference_item WHERE kind = 'partner_types' UNION VALUES ('colleague'), ('cousin')) t, (VALUES (true), (false)) x(yes)
			WHERE ($2 OR t.code IN ('police_district', 'school', 'immigration_service', 'colleague')) AND (x.yes OR b.code IN ('CONSENT','SL_12C','OWN_AUTHORITY')) AND app._compass_offers($1, b.code, p.code, t.code, x.yes)`, c, tr.all) {
			got[line] = true
		}
		want := map[string]bool{}
		partners := []string{"police_district", "school", "immigration_service", reference.Colleague}
		if tr.all {
			partners = []string{reference.Colleague, "cousin"}
			for _, p := range reference.AllPartnerTypes() {
				partners = append(partners, p.Code)
			}
		}
		for _, partner := range partners {
			for _, purpose := range reference.Items(reference.SharingPurposes) {
				for _, consent := range []string{sharing.Consented, sharing.NotAsked} {
					for _, way := range sharing.Decide(sharing.Question{Partner: partner, Purpose: purpose.Code, Age: sharing.AgeOf(tr.born, tr.area, now), Consent: consent}).Ways {
						if consent == sharing.Consented || way.Basis.ConsentNeeded || way.Basis.Code == "OWN_AUTHORITY" {
							want[fmt.Sprintf("%s %s %s %t", way.Basis.Code, purpose.Code, partner, consent == sharing.Consented)] = true
						}
					}
				}
			}
		}
		if !maps.Equal(got, want) || len(want) < 50 {
			for line := range want {
				if got[line] {
					delete(got, line)
				} else {
					t.Errorf("%s: the database does not offer %s", what, line)
				}
			}
			t.Errorf("%s: %d ways; the database alone offers %v", what, len(want), got)
		}
	}
}

// told is a line of the register, as a room of the case writes it.
const told = `INSERT INTO app.sharing (id, case_id, direction, organisation_id, contact_id, to_user, what, legal_basis, purpose, purpose_code, consent, consent_id, compass, compass_fits, off_compass, happened_on, facts_scanned, written_by)
	SELECT $1, $2, 'out', $3, $4, $5, 'x', $6, 'x', $7, $8, $9, CASE WHEN $10::boolean IS NULL THEN '' ELSE '2' END, $10, 'x', '2026-01-02', count(*), $11 FROM app.protected_fact f WHERE f.case_id = $2`

// What leaves by a room of the case is on a way of the compass, whatever the program says: towards this recipient, for this purpose, at
// this age, with this consent. The register itself takes all of it, as what happened.
func TestWhatLeavesByARoomIsOnTheCompass(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	g.Exec(t, `UPDATE app.contact_person SET secure_mail = 'r@p.test'`)
	school := g.Partner(t, "school", "Skolen", "Per")
	consent := uuid.New()
	g.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) VALUES ($1, $2, $3, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', $4)`, consent, g.caseID, g.contact.OrganisationID, id("responsible"))
	me, stranger := id("responsible"), id("stranger")
	meeting, item, open, seat, theirs := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	g.Exec(t, `INSERT INTO app.forum_meeting (id, municipality, frame, starts_at, led_by) VALUES ($1, 999, 'SSP', now() + interval '1 day', $2)`, meeting, me)
	g.Exec(t, `INSERT INTO app.forum_seat (id, meeting_id, user_id, contact_id, added_by) VALUES ($1, $2, NULL, $3, $4), ($5, $2, $6, NULL, $4)`, seat, meeting, g.contact.ID, me, theirs, stranger)
	for i, naming := range map[uuid.UUID]string{item: "named", open: "anonymous"} {
		g.Exec(t, `INSERT INTO app.forum_item (id, meeting_id, naming, title, body, basis, purpose, put_by) VALUES ($1, $2, $3, 'x', 'x', CASE $3 WHEN 'named' THEN 'CRIME_REPORT' ELSE 'ANONYMOUS' END, 'x', $4)`, i, meeting, naming, me)
		g.Exec(t, `INSERT INTO app.forum_item_case (id, case_id) VALUES ($1, $2)`, i, g.caseID)
		g.Exec(t, `INSERT INTO app.forum_slice (item_id, seat_id, meeting_id) VALUES ($1, $2, $4), ($1, $3, $4)`, i, seat, theirs, meeting)
	}
	g.Exec(t, `INSERT INTO app.forum_approval (case_id, item_id, outcome, answered_by) VALUES ($1, $2, 'approved', $3)`, g.caseID, item, id("lead_named"))
	// what each room is handed, and whether it takes it
	rooms := map[string]struct {
		sql  string
		args []any
	}{
		"a link":                 {`SELECT app.guest_send($1, $2, $3, '{}', 14)`, []any{g.part}},
		"a named item":           {`INSERT INTO app.forum_given (case_id, item_id, sharing_id, seat_id, given_by) VALUES ($1, $2, $3, $4, $5)`, []any{item, nil, seat, me}},
		"an item without names":  {`INSERT INTO app.forum_given (case_id, item_id, sharing_id, seat_id, given_by) VALUES ($1, $2, $3, $4, $5)`, []any{open, nil, seat, me}},
		"a fact to one seat":     {`INSERT INTO app.forum_released (case_id, item_id, sharing_id, seat_id, put_by) VALUES ($1, $2, $3, $4, $5)`, []any{item, nil, seat, me}},
		"a question, with names": {`SELECT app.name_sparring($1, $2, 'x', 'CRIME_REPORT', 'x', 'no', (SELECT count(*)::int FROM app.protected_fact) + CASE WHEN $3::uuid IS NULL THEN 0 ELSE 0 END)`, nil},
		"a named item, here":     {`INSERT INTO app.forum_given (case_id, item_id, sharing_id, seat_id, given_by) VALUES ($1, $2, $3, $4, $5)`, []any{item, nil, theirs, me}},
		"a fact to a seat here":  {`INSERT INTO app.forum_released (case_id, item_id, sharing_id, seat_id, put_by) VALUES ($1, $2, $3, $4, $5)`, []any{item, nil, theirs, me}},
		"a question to somebody": {`SELECT app.name_sparring($1, $2, 'x', 'CRIME_REPORT', 'x', 'no', (SELECT count(*)::int FROM app.protected_fact) + CASE WHEN $3::uuid IS NULL THEN 0 ELSE 0 END)`, nil},
		"nothing without a name": {`SELECT $1::uuid, $2::uuid, $3::uuid`, []any{item}},
	}
	out, here := []string{"a link", "a named item", "a fact to one seat", "a question, with names"}, []string{"a named item, here", "a fact to a seat here", "a question to somebody"}
	for what, tr := range map[string]struct {
		rooms []string
		line  []any // basis, purpose, consent, consent id, whether the program says that it fits
		off   bool
		born  string // where it is not fourteen years ago
	}{
		"to the police, of a crime":                {out, []any{"CRIME_REPORT", "crime", "no", nil, true}, false, ""},
		"for something else":                       {out, []any{"CRIME_REPORT", "risk", "no", nil, true}, true, ""},
		"for nothing that is named":                {out, []any{"CRIME_REPORT", "", "no", nil, true}, true, ""},
		"on a way to others":                       {out, []any{"UDL_44C", "travel", "no", nil, true}, true, ""},
		"on what is about children, to children":   {out, []any{"RPL_115_SSP", "prevention", "no", nil, true}, false, ""},
		"on what is about children, of a grown-up": {out, []any{"RPL_115_SSP", "prevention", "no", nil, true}, true, "1990-01-01"},
		"by consent":                               {out, []any{"CONSENT", "risk", "yes", consent, true}, false, ""},
		"by a consent that was declined":           {out, []any{"CONSENT", "risk", "no", consent, true}, true, ""},
		"without the compass":                      {out, []any{"CRIME_REPORT", "crime", "no", nil, nil}, true, ""},
		"off the compass, with a word":             {out, []any{"CRIME_REPORT", "crime", "no", nil, false}, true, ""},
		"with names, on nothing":                   {out[1:], []any{"ANONYMOUS", "advice", "no", nil, true}, true, ""},
		"without names":                            {[]string{"a link", "an item without names"}, []any{"ANONYMOUS", "advice", "no", nil, true}, false, ""},
		"without names, for an investigation":      {[]string{"a link", "an item without names"}, []any{"ANONYMOUS", "investigation", "no", nil, true}, true, ""},
		"to a colleague":                           {here, []any{"OWN_AUTHORITY", "risk", "no", nil, true}, false, ""},
		"to a colleague, as to the police":         {here, []any{"CRIME_REPORT", "crime", "no", nil, true}, true, ""},
		"to a colleague, of SSP":                   {here, []any{"RPL_115_SSP", "prevention", "no", nil, true}, false, ""},
		"to a colleague, for an investigation":     {here, []any{"OWN_AUTHORITY", "investigation", "no", nil, true}, true, ""},
	} {
		born := tr.born
		if born == "" {
			born = time.Now().AddDate(-14, 0, 0).Format(time.DateOnly)
		}
		g.Exec(t, `UPDATE app.person SET born = $2::text::date WHERE case_id = $1 AND is_citizen`, g.caseID, born)
		for _, room := range tr.rooms {
			g.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
				line, thread := uuid.New(), uuid.New()
				organisation, contact, user := any(g.contact.OrganisationID), any(g.contact.ID), any(nil)
				if strings.Contains(room, "here") || strings.Contains(room, "somebody") {
					organisation, contact, user = nil, nil, stranger
				}
				if strings.HasPrefix(room, "a question") {
					asked := [2][]uuid.UUID{{}, {g.contact.ID}}
					if user != nil {
						asked = [2][]uuid.UUID{{stranger}, {}}
					}
					if _, _, err := try(t, tx, `SELECT app.put_sparring($1, $2, NULL, 'Hvad gør jeg?', 'x', NULL, $3, $4, (SELECT count(*)::int FROM app.protected_fact))`, g.caseID, thread, asked[0], asked[1]); err != nil {
						t.Fatal(err)
					}
				}
				if strings.HasPrefix(room, "a fact") { // beside an item that is given
					if _, _, err := try(t, tx, told, line, g.caseID, organisation, contact, user, map[bool]string{true: "CRIME_REPORT", false: "OWN_AUTHORITY"}[user == nil], map[bool]string{true: "crime", false: "risk"}[user == nil], "no", nil, true, me); err != nil {
						t.Fatal(err)
					}
					if _, _, err := try(t, tx, rooms["a named item"].sql, g.caseID, item, line, rooms[room].args[2], me); err != nil {
						t.Fatalf("%s: %s", room, says(err))
					}
					line = uuid.New()
				}
				if _, _, err := try(t, tx, told, append([]any{line, g.caseID, organisation, contact, user}, append(tr.line, me)...)...); err != nil {
					t.Fatalf("%s: the register does not take it: %s", what, says(err))
				}
				args := []any{g.caseID, thread, line}
				if a := rooms[room].args; len(a) > 0 {
					if args[1] = a[0]; len(a) > 2 {
						args = append(args, a[2:]...)
					}
				}
				_, _, err := try(t, tx, rooms[room].sql, args...)
				if tr.off && !strings.Contains(says(err), "compass_offers") || !tr.off && err != nil {
					t.Errorf("%s, %s: %s", room, what, says(err))
				}
				return errBack
			})
		}
	}
	for who, may := range map[string]bool{"responsible": true, "coworker": true, "team_lead": false, "consulted": false} {
		g.in(t, who, "restricted", func(tx pgx.Tx) error {
			if _, _, err := try(t, tx, `INSERT INTO app.forum_item_consent (case_id, item_id, consent_id) VALUES ($1, $2, $3)`, g.caseID, item, consent); (err == nil) != may {
				t.Errorf("%s ties an item to a consent: %s", who, says(err))
			}
			return errBack
		})
	}
	g.in(t, "responsible", "restricted", func(tx pgx.Tx) error { // a contact person of another place than it is made out to
		line := uuid.New()
		if _, _, err := try(t, tx, told, line, g.caseID, school.OrganisationID, g.contact.ID, nil, "SSD_VERIFY", "risk", "no", nil, true, me); err != nil {
			t.Fatal(err)
		}
		if _, _, err := try(t, tx, rooms["a link"].sql, g.caseID, g.part, line); !strings.Contains(says(err), "compass_offers") {
			t.Errorf("made out to a school: %s", says(err))
		}
		return errBack
	})
}

// A link goes on telling what was told: with the consent that it rests on it opens, without it no more, and it is not sent anew.
func TestALinkEndsWithItsConsentInTheDatabaseToo(t *testing.T) {
	t.Parallel()
	g := newGuestTown(t)
	g.Exec(t, `UPDATE app.contact_person SET secure_mail = 'r@p.test'`)
	consent, line := uuid.New(), uuid.New()
	g.Exec(t, `INSERT INTO app.consent (id, case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) VALUES ($1, $2, $3, 'x', 'x', 'orally', '2026-01-01', '2099-01-01', $4)`, consent, g.caseID, g.contact.OrganisationID, id("responsible"))
	g.Exec(t, told, line, g.caseID, g.contact.OrganisationID, g.contact.ID, nil, "CONSENT", "risk", "yes", consent, true, id("responsible"))
	g.Exec(t, `INSERT INTO app.guest_request VALUES ($1, $2, $3)`, g.caseID, g.link.ID, line)
	who := g.EnterGuest(t, g.link)
	sends := func() (err error) {
		g.in(t, "responsible", "restricted", func(tx pgx.Tx) error {
			_, _, err = try(t, tx, `SELECT app.guest_send($1, $2, $3, '{}', 14)`, g.caseID, g.part, line)
			return errBack
		})
		return err
	}
	for _, step := range []struct {
		what, sql string
		holds     bool
	}{
		{"while it holds", `SELECT $1::uuid`, true},
		{"on its last day", `UPDATE app.consent SET expires_on = (now() AT TIME ZONE 'Europe/Copenhagen')::date WHERE id = $1`, true},
		{"when it has run out", `UPDATE app.consent SET expires_on = (now() AT TIME ZONE 'Europe/Copenhagen')::date - 1 WHERE id = $1`, false},
		{"when it is withdrawn", `UPDATE app.consent SET expires_on = '2099-01-01', withdrawn_on = given_on, withdrawn_words = 'x', withdrawn_by = written_by, withdrawn_at = now() WHERE id = $1`, false},
	} {
		g.Exec(t, step.sql, consent)
		if g.begins(t, who) != step.holds {
			t.Errorf("%s: it opens is %t", step.what, !step.holds)
		}
		if err := sends(); (err == nil) != step.holds {
			t.Errorf("%s: sent anew: %v", step.what, err)
		}
	}
}
