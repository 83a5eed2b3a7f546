package journal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/journal"
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
	_, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{mother}})
	refused(t, err, "spoken", "gate.spoken")
	if _, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{c.CitizenID}}); err != nil {
		t.Errorf("a talk with the child: %v", err)
	}
	came, err := write(journal.Input{Kind: "phone", People: []uuid.UUID{mother}, CameToUs: true})
	if err != nil {
		t.Fatalf("the mother rings: %v", err)
	}
	var n *journal.Note
	if _, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { n = journal.Get(b, came.ID) }); err != nil {
		t.Fatal(err)
	}
	if len(n.Spoken) != 1 || !n.Spoken[0].CameToUs {
		t.Errorf("the note does not say who began: %+v", n.Spoken)
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

func refused(t testing.TB, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("got %v (%v), want %s: %s", err, bad, field, key)
	}
}
