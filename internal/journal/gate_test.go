package journal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/journal"
	"samspil/internal/risk"
	"samspil/internal/testkit"
)

// While the risk is not assessed there is no contact with parents or network to note, but for what came from themselves: that
// must be noted (offentlighedsloven § 13).
func TestNoNoteOfContactWithTheFamilyBeforeTheRiskIsAssessed(t *testing.T) {
	o := testkit.NewOffice(t)
	c, mother := o.Case(t, o.Mette, 1), uuid.New()
	o.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ($1, $2, 'Huda Saleh', 'mor')`, mother, c.ID)
	write := func(in journal.Input) (s journal.Saved, err error) {
		in.Body = "Samtale"
		err = o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) (err error) { s, err = journal.Write(t.Context(), tx, in); return err })
		return s, err
	}
	for _, kind := range journal.FamilyKinds {
		_, err := write(journal.Input{Kind: kind})
		refused(t, err, "kind", "gate.note")
	}
	for family, key := range map[journal.Family]string{"": "gate.family", journal.FamilyNo: "gate.around", journal.FamilyOurs: "gate.spoken", "x": "error.choose"} {
		_, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{mother}, Family: family})
		refused(t, err, "family", key)
	}
	for family, key := range map[journal.Family]string{"": "gate.family", journal.FamilyOurs: "gate.spoken"} { // a father who does not stand in the case
		_, err := write(journal.Input{Kind: "phone", Family: family})
		refused(t, err, "family", key)
	}
	if _, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{c.CitizenID}, Family: journal.FamilyNo}); err != nil {
		t.Errorf("a talk with the child: %v", err)
	}
	came, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{mother}, Family: journal.FamilyCame})
	if err != nil {
		t.Fatalf("the mother rings: %v", err)
	}
	var n *journal.Note
	if _, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { n = journal.Get(b, came.ID) }); err != nil {
		t.Fatal(err)
	}
	if len(n.Spoken) != 1 || n.Family != journal.FamilyCame {
		t.Errorf("the note does not say who began: %+v", n)
	}
	o.Assess(t, c, "yellow")
	for _, kind := range journal.FamilyKinds {
		if _, err := write(journal.Input{Kind: kind, People: []uuid.UUID{mother}}); err != nil {
			t.Errorf("%s when the risk is assessed: %v", kind, err)
		}
	}
	_, err = write(journal.Input{Kind: "home_visit", HappenedAt: time.Now().Add(-time.Hour)})
	refused(t, err, "kind", "gate.note") // an hour ago it was not
}

// A correction is a note that nobody reads before it is saved: it stands at the gate too.
func TestACorrectionDoesNotGoAroundTheGate(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	write := func(in journal.Input) (s journal.Saved, err error) {
		in.Body = "Samtale"
		err = o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) (err error) { s, err = journal.Write(t.Context(), tx, in); return err })
		return s, err
	}
	note, err := write(journal.Input{Kind: "phone", Family: journal.FamilyNo})
	if err != nil {
		t.Fatal(err)
	}
	for family, key := range map[journal.Family]string{"": "gate.family", journal.FamilyOurs: "gate.spoken"} {
		_, err := write(journal.Input{Corrects: note.ID, Family: family})
		refused(t, err, "family", key)
	}
	if _, err := write(journal.Input{Corrects: note.ID, Family: journal.FamilyCame}); err != nil {
		t.Errorf("they rang: %v", err)
	}
	o.Assess(t, c, "yellow")
	letter, err := write(journal.Input{Kind: "letter"})
	if err != nil {
		t.Fatal(err)
	}
	o.Exec(t, `UPDATE app.risk_assessment SET signed_at = now() - interval '91 days', valid_until = now() - interval '1 day' WHERE case_id = $1`, c.ID)
	if _, err := write(journal.Input{Corrects: letter.ID, Family: journal.FamilyOurs}); err != nil {
		t.Errorf("a letter that was sent while the gate was open cannot be corrected: %v", err)
	}
}

// What has happened although it should not must be told: a lead who opens the gate, with a reason, lets it be noted.
func TestContactThatShouldNotHaveBeenIsNotedWhenALeadHasLookedAtIt(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	rang := func() error {
		return o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) error {
			_, err := journal.Write(t.Context(), tx, journal.Input{Kind: "phone", Body: "En vikar ringede til far.", HappenedAt: tx.Now.Add(-3 * time.Hour), Family: journal.FamilyOurs})
			return err
		})
	}
	refused(t, rang(), "family", "gate.spoken")
	o.Assess(t, c, "yellow")
	refused(t, rang(), "family", "gate.spoken") // an assessment afterwards does not make it right
	if err := o.DB.InCase(t.Context(), o.Jonas, c.At("risk"), func(tx *db.Tx) error {
		return risk.OpenGate(t.Context(), tx, "En vikar har ringet til far. Det skal stå i sagen.", 1)
	}); err != nil {
		t.Fatal(err)
	}
	if err := rang(); err != nil {
		t.Errorf("it cannot be told: %v", err)
	}
}

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, bad, field, key)
	}
}
