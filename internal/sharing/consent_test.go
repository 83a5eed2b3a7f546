package sharing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/sharing"
)

// yes is a consent of the citizen towards the partner, from yesterday, for a month.
func (d desk) yes() sharing.ConsentInput {
	return sharing.ConsentInput{Key: uuid.New(), FromCitizen: true, OrganisationID: d.partner.OrganisationID, What: "Truslerne", Purpose: "At politiet vurderer dem", How: sharing.Written,
		GivenOn: time.Now().AddDate(0, 0, -1), ExpiresOn: time.Now().AddDate(0, 1, 0)}
}

func (d desk) record(t *testing.T, who actor.Actor, in sharing.ConsentInput) (id uuid.UUID, err error) {
	t.Helper()
	err = d.in(t, who, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = in.Record(ctx, tx, d.Keys)
		return err
	})
	return id, err
}

func (d desk) withdraw(t *testing.T, id uuid.UUID, on time.Time, words string) error {
	t.Helper()
	return d.in(t, d.Mette, func(ctx context.Context, tx *db.Tx) error { return sharing.Withdraw(ctx, tx, id, on, words) })
}

// by is a letter that rests on a consent.
func (d desk) by(consent uuid.UUID) sharing.Input {
	in := d.letter("Hun er blevet truet.")
	in.LegalBasis, in.Consent, in.ConsentID = "CONSENT", sharing.Consented, consent
	return in
}

func refusedFor(t *testing.T, what string, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("%s: %v, should say %s: %s", what, err, field, key)
	}
}

func TestNothingIsSharedOnAConsentThatDoesNotHold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	good, err := d.record(t, d.Mette, d.yes())
	if err != nil {
		t.Fatal(err)
	}
	past := d.yes()
	past.GivenOn, past.ExpiresOn = time.Now().AddDate(0, 0, -20), time.Now().AddDate(0, 0, -3)
	over, err := d.record(t, d.Mette, past)
	if err != nil {
		t.Fatal(err)
	}
	school := d.Partner(t, "school", "Prøveskolen", "Anders Møller")
	other := d.yes()
	other.OrganisationID = school.OrganisationID
	elsewhere, err := d.record(t, d.Mette, other)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := d.record(t, d.Mette, d.yes())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.withdraw(t, gone, time.Now(), "Ikke mere"); err != nil {
		t.Fatal(err)
	}
	for what, tr := range map[string]struct {
		consent uuid.UUID
		change  func(*sharing.Input)
		key     string
	}{
		"none is named":            {uuid.Nil, func(*sharing.Input) {}, "sharing.error.consent_named"},
		"it has run out":           {over, func(*sharing.Input) {}, "sharing.error.consent_over"},
		"it was for somebody else": {elsewhere, func(*sharing.Input) {}, "sharing.error.consent_over"},
		"it was withdrawn":         {gone, func(*sharing.Input) {}, "sharing.error.consent_over"},
		"it was withdrawn, and it is said to have been before": {gone, func(in *sharing.Input) { in.HappenedOn = time.Now().AddDate(0, 0, -1) }, "sharing.error.consent_over"},
		"before it was given":                    {good, func(in *sharing.Input) { in.HappenedOn = time.Now().AddDate(0, 0, -5) }, "sharing.error.consent_over"},
		"there is none of that number":           {uuid.New(), func(*sharing.Input) {}, "sharing.error.consent_over"},
		"it is named, and the citizen said no":   {good, func(in *sharing.Input) { in.LegalBasis, in.Consent = "VITAL_INTEREST", sharing.Declined }, "sharing.error.consent_no"},
		"withdrawn, on another basis beside law": {gone, func(in *sharing.Input) { in.LegalBasis = "VITAL_INTEREST" }, "sharing.error.consent_over"},
	} {
		in := d.by(tr.consent)
		tr.change(&in)
		_, err := d.share(t, d.Mette, in)
		refusedFor(t, what, err, "consent_id", tr.key)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Fatalf("%d have left", n)
	}
	if out, err := d.share(t, d.Mette, d.by(good)); err != nil || out.ID == uuid.Nil {
		t.Errorf("on a consent that holds: %+v, %v", out, err)
	}
	late := d.by(over)
	late.HappenedOn = time.Now().AddDate(0, 0, -4) // written down late, told while it held
	if out, err := d.share(t, d.Mette, late); err != nil || out.ID == uuid.Nil {
		t.Errorf("while it held: %+v, %v", out, err)
	}
}

func TestWithdrawingSaysWhatRestsOnItAndStopsWhatWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, err := d.record(t, d.Mette, d.yes())
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.share(t, d.Mette, d.by(id))
	if err != nil {
		t.Fatal(err)
	}
	in := d.by(id)
	in.Text, in.Ask, in.AskedID, in.AskReason = "Hun bor på "+secret, true, d.Dennis.UserID, "De skal derhen"
	waits, err := d.share(t, d.Mette, in)
	if err != nil || !waits.Held {
		t.Fatalf("%+v, %v", waits, err)
	}
	refusedFor(t, "without a word", d.withdraw(t, id, time.Now(), " "), "words", "consent.error.words")
	refusedFor(t, "tomorrow", d.withdraw(t, id, time.Now().AddDate(0, 0, 1), "x"), "on", "sharing.error.future")
	refusedFor(t, "before it was given", d.withdraw(t, id, time.Now().AddDate(0, 0, -9), "x"), "on", "consent.error.before")
	if err := d.withdraw(t, id, time.Now(), "Jeg vil ikke mere"); err != nil {
		t.Fatal(err)
	}
	if err := d.withdraw(t, id, time.Now(), "Jeg vil ikke mere"); !errors.Is(err, fault.Stale) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id = $1 AND rule = $2 AND key = $3`, d.c.ID, sharing.ConsentWithdrawn, id.String()); n != 1 {
		t.Errorf("%d prompts", n)
	}
	if d.trail(t, "consent.given") != 1 || d.trail(t, "consent.withdrawn") != 1 {
		t.Error("the trail lacks a line")
	}
	var c *sharing.Consent
	var rest *[]sharing.Sharing
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("samtykker"), func(b *db.Batch) { c, rest = sharing.ConsentByID(b, id), sharing.RestOn(b, id) }); err != nil {
		t.Fatal(err)
	}
	if c.Uses != 2 || len(*rest) != 2 || (*rest)[0].ID != waits.ID || (*rest)[1].ID != sent.ID || c.Holds(time.Now()) || c.WithdrawnWords != "Jeg vil ikke mere" {
		t.Errorf("%+v, %d rest on it", c, len(*rest))
	}
	err = d.in(t, d.Dennis, func(ctx context.Context, tx *db.Tx) error {
		return sharing.Answer(ctx, tx, d.Keys, waits.ID, true, "Politiet skal kende stedet", 1)
	})
	refusedFor(t, "what waits is released", err, "outcome", "sharing.error.consent_over")
	fix := d.by(id)
	fix.Corrects, fix.Text = sent.ID, "Hun er blevet truet to gange."
	if _, err := d.share(t, d.Mette, fix); err != nil {
		t.Errorf("a correction of what was told while it held: %v", err)
	}
	if none, err := d.record(t, d.Mette, d.yes()); err != nil || d.withdraw(t, none, time.Now(), "x") != nil {
		t.Errorf("%v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.prompt WHERE rule = $1`, sharing.ConsentWithdrawn); n != 1 {
		t.Errorf("%d prompts, one of them for nothing", n)
	}
}

func TestNobodyAsksAParentBeforeTheRiskIsAssessed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	mother := uuid.New()
	d.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ($1, $2, 'Noor', 'mor')`, mother, d.c.ID)
	in := d.yes()
	in.FromCitizen, in.PersonID = false, mother
	_, err := d.record(t, d.Mette, in)
	refusedFor(t, "while the gate is shut", err, "from", "consent.error.gate")
	in.PersonID = uuid.New()
	_, err = d.record(t, d.Mette, in)
	if err == nil {
		t.Error("somebody who is not in the case has consented")
	}
	d.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES (gen_random_uuid(), $1, 'own', 'yellow', 'x', now() - interval '3 days', now() + interval '30 days', $2)`, d.c.ID, d.Mette.UserID)
	in.PersonID = mother
	if _, err := d.record(t, d.Mette, in); err != nil {
		t.Errorf("after the risk was assessed: %v", err)
	}
	in.Key, in.GivenOn = uuid.New(), time.Now().AddDate(0, 0, -6)
	_, err = d.record(t, d.Mette, in)
	refusedFor(t, "asked before it was assessed", err, "from", "consent.error.gate")
}

func TestAConsentIsSpecificAndEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for what, tr := range map[string]struct {
		field, key string
		change     func(*sharing.ConsentInput)
	}{
		"from nobody":             {"from", "consent.error.from", func(in *sharing.ConsentInput) { in.FromCitizen = false }},
		"towards nobody":          {"to", "sharing.error.to", func(in *sharing.ConsentInput) { in.OrganisationID = uuid.Nil }},
		"towards no partner":      {"to", "sharing.error.to", func(in *sharing.ConsentInput) { in.OrganisationID = uuid.New() }},
		"to nothing":              {"what", "consent.error.what", func(in *sharing.ConsentInput) { in.What = " " }},
		"for nothing":             {"purpose", "consent.error.purpose", func(in *sharing.ConsentInput) { in.Purpose = "" }},
		"by a nod":                {"how", "error.choose", func(in *sharing.ConsentInput) { in.How = "nod" }},
		"tomorrow":                {"given_on", "sharing.error.future", func(in *sharing.ConsentInput) { in.GivenOn = time.Now().AddDate(0, 0, 1) }},
		"for ever":                {"expires_on", "consent.error.expires", func(in *sharing.ConsentInput) { in.ExpiresOn = time.Time{} }},
		"over before it is given": {"expires_on", "consent.error.order", func(in *sharing.ConsentInput) { in.ExpiresOn = time.Now().AddDate(0, 0, -5) }},
	} {
		in := d.yes()
		tr.change(&in)
		_, err := d.record(t, d.Mette, in)
		refusedFor(t, what, err, tr.field, tr.key)
	}
	in := d.yes()
	first, err := d.record(t, d.Mette, in)
	if again, err2 := d.record(t, d.Mette, in); err != nil || err2 != nil || again != first {
		t.Errorf("sent twice: %v, %v", err, err2)
	}
	d.Grant(t, d.c, d.Sara, "consulted")
	if _, err := d.record(t, d.Sara, d.yes()); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice: %v", err)
	}
	if err := d.in(t, d.Sara, func(ctx context.Context, tx *db.Tx) error { return sharing.Withdraw(ctx, tx, first, time.Now(), "x") }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who is asked for advice withdraws: %v", err)
	}
}

func TestABasisThatTheCompassDoesNotKnowAsksForAWord(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.letter("Hun er blevet truet.")
	in.LegalBasis = "SSD_VERIFY" // the police are none of that circle
	_, err := d.share(t, d.Mette, in)
	refusedFor(t, "without a word", err, "off_compass", "sharing.error.off_compass")
	in.LegalBasis, in.PurposeCode = "VITAL_INTEREST", "prevention"
	_, err = d.share(t, d.Mette, in)
	refusedFor(t, "for another purpose", err, "off_compass", "sharing.error.off_compass")
	in.OffCompass = "Se Skovtroldevej 12"
	_, err = d.share(t, d.Mette, in)
	refusedFor(t, "with a protected address in the word", err, "off_compass", "sharing.error.open")
	in.OffCompass = "Juristen har sagt ja i dag"
	if _, err := d.share(t, d.Mette, in); err != nil {
		t.Fatal(err)
	}
	fits := d.letter("Hun er blevet truet.")
	fits.PurposeCode, fits.OffCompass = "danger", "Til overflod"
	if _, err := d.share(t, d.Mette, fits); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing WHERE compass = '2' AND age_group <> '' AND (NOT compass_fits AND off_compass = 'Juristen har sagt ja i dag' OR compass_fits AND off_compass = '' AND purpose_code = 'danger')`); n != 2 {
		t.Errorf("%d say what the compass said", n)
	}
}
