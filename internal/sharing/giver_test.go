package sharing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/sharing"
)

func TestWhoThreatensOrMustNotKnowIsNotAskedForAConsent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES (gen_random_uuid(), $1, 'own', 'yellow', 'x', now() - interval '3 days', now() + interval '30 days', $2)`, d.c.ID, d.Mette.UserID)
	person := func(role, mayKnow string, born *time.Time) uuid.UUID {
		id := uuid.New()
		d.Exec(t, `INSERT INTO app.person (id, case_id, name, relation, conflict_role, may_know, born) VALUES ($1, $2, 'Sami', 'bror', $3, $4, $5)`, id, d.c.ID, role, mayKnow, born)
		return id
	}
	grown, small := time.Now().AddDate(-40, 0, 0), time.Now().AddDate(-18, 0, 1)
	mother := person("neutral", "unknown", &grown)
	from := func(who uuid.UUID) error {
		in := d.yes()
		in.FromCitizen, in.PersonID = false, who
		_, err := d.record(t, d.Mette, in)
		return err
	}
	refusedFor(t, "the brother who threatens", from(person("threatens", "unknown", &grown)), "from", "consent.error.must_not_know")
	refusedFor(t, "the aunt who must not know", from(person("neutral", "no", nil)), "from", "consent.error.must_not_know")
	refusedFor(t, "the little sister", from(person("supports", "yes", &small)), "from", "consent.error.child")
	var offered *[]sharing.Custodian
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("samtykker"), func(b *db.Batch) { offered = sharing.Custodians(b) }); err != nil || len(*offered) != 1 || (*offered)[0].ID != mother {
		t.Errorf("%v: offered are %+v", err, offered)
	}
	if err := from(mother); err != nil {
		t.Errorf("the mother of a child: %v", err)
	}
	d.Exec(t, `UPDATE app.person SET born = $2 WHERE case_id = $1 AND is_citizen`, d.c.ID, time.Now().AddDate(-18, 0, -2))
	refusedFor(t, "the mother of an adult", from(mother), "from", "consent.error.adult")
}

func TestNothingProtectedStandsInAConsent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.yes()
	in.What = "At hun bor på skovtroldevej 12"
	_, err := d.record(t, d.Mette, in)
	refusedFor(t, "the address in the words", err, "what", "sharing.error.open")
	in = d.yes()
	in.GivenOn = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = d.record(t, d.Mette, in)
	refusedFor(t, "given in 1900", err, "given_on", "sharing.error.year")
	in = d.yes()
	in.ExpiresOn = in.GivenOn.AddDate(60, 0, 0)
	_, err = d.record(t, d.Mette, in)
	refusedFor(t, "for sixty years", err, "expires_on", "consent.error.long")
}

func TestNobodyReleasesAProtectedFactWithoutABasis(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.letter("Mød hende på " + secret)
	in.LegalBasis, in.Purpose, in.What, in.OffCompass = sharing.Anonymous, "Råd", "Et møde", "Uden navn"
	in.Ask, in.AskedID, in.AskReason = true, d.Dennis.UserID, "De skal derhen"
	out, err := d.share(t, d.Mette, in)
	if err != nil || out.ID != uuid.Nil || out.Held || len(out.Found) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Errorf("%d stand in the register", n)
	}
	err = d.in(t, d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, what, text_enc, legal_basis, purpose, consent, happened_on, facts_scanned, hits, written_by, age_group, compass, compass_fits, asked_user, ask_reason)
				VALUES (gen_random_uuid(), @case, 'out', 'held', @to, 'x', '\x00', 'ANONYMOUS', 'x', 'not_asked', now()::date, 1, 1, @me, 'minor', 'x', true, @asked, 'x')`,
			db.Args{"case": tx.CaseID, "to": d.partner.OrganisationID, "asked": d.Dennis.UserID, "me": d.Mette.UserID})
		return err
	})
	if !db.Violates(err, "nothing_protected_without_a_basis") {
		t.Errorf("past the program: %v", err)
	}
	// what was held before the rule was there is kept back
	held := d.held(t)
	d.Exec(t, `ALTER TABLE app.sharing DISABLE TRIGGER USER`)
	d.Exec(t, `ALTER TABLE app.sharing DROP CONSTRAINT nothing_protected_without_a_basis`)
	d.Exec(t, `UPDATE app.sharing SET legal_basis = 'ANONYMOUS' WHERE id = $1`, held)
	d.Exec(t, `ALTER TABLE app.sharing ADD CONSTRAINT nothing_protected_without_a_basis CHECK (direction <> 'out' OR status = 'kept_back' OR legal_basis <> 'ANONYMOUS' OR hits <= unread::int) NOT VALID`)
	d.Exec(t, `ALTER TABLE app.sharing ENABLE TRIGGER USER`)
	answer := func(release bool) error {
		return d.in(t, d.Dennis, func(ctx context.Context, tx *db.Tx) error {
			return sharing.Answer(ctx, tx, d.Keys, held, release, "De kender det ikke", 1)
		})
	}
	refusedFor(t, "released", answer(true), "outcome", "sharing.error.no_basis")
	if err := answer(false); err != nil {
		t.Errorf("kept back: %v", err)
	}
}

// A consent is given towards an organisation. A colleague is none, and no consent passes for them.
func TestAConsentTowardsThePoliceIsNoneTowardsAColleague(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, err := d.record(t, d.Mette, d.yes())
	if err != nil {
		t.Fatal(err)
	}
	in := d.by(id)
	in.OrganisationID, in.ContactID, in.UserID, in.OffCompass = uuid.Nil, uuid.Nil, d.Huseyin.UserID, "x"
	_, err = d.share(t, d.Mette, in)
	refusedFor(t, "told to a colleague", err, "consent_id", "sharing.error.consent_over")
}
