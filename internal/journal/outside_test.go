package journal_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/internal/testkit"
)

func TestANoteTellsOfAContactOutsideTheRulesAndIsMarked(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c, brother, mother := o.Case(t, o.Mette, 1), uuid.New(), uuid.New()
	o.Assess(t, c, "yellow")
	o.Exec(t, `UPDATE app.risk_assessment SET signed_at = signed_at - interval '30 days', valid_until = valid_until - interval '30 days'`)
	o.Exec(t, `UPDATE app.case_file SET opened_at = opened_at - interval '40 days'`)
	o.Exec(t, `INSERT INTO app.person (id, case_id, relation, conflict_role, may_know, may_contact) VALUES ($1, $3, 'storebror', 'threatens', 'yes', 'ask'), ($2, $3, 'mor', 'supports', 'yes', 'yes')`, brother, mother, c.ID)
	o.Exec(t, `UPDATE app.safe_contact SET policy = 'normal', may_use = '{phone}', must_not = '{visit,letter,digital_post}', windows = '[{"days": "1234567", "from": "09:00", "to": "15:00"}]' WHERE case_id = $1`, c.ID)
	yesterday := i18n.Today(time.Now()).AddDate(0, 0, -1)
	inHours, evening := yesterday.Add(10*time.Hour), yesterday.Add(20*time.Hour)
	citizen, partner := []uuid.UUID{c.CitizenID}, o.Partner(t, "school", "Åskolen", "Anders Møller")
	write := func(in journal.Input) (s journal.Saved, err error) {
		in.Body = "Samtale"
		err = o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) (err error) { s, err = journal.Write(t.Context(), tx, in); return err })
		return s, err
	}
	mark := func(s journal.Saved) (n *journal.Note) {
		t.Helper()
		if _, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { n = journal.Get(b, s.ID) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, in := range map[string]struct {
		in  journal.Input
		why string
	}{
		"a call in the evening":            {journal.Input{Kind: "phone", HappenedAt: evening, People: citizen}, "hours"},
		"a visit":                          {journal.Input{Kind: "home_visit", HappenedAt: inHours, People: citizen}, "never"},
		"a visit to nobody named":          {journal.Input{Kind: "home_visit", HappenedAt: inHours}, "never"},
		"a letter":                         {journal.Input{Kind: "letter", HappenedAt: inHours, People: citizen}, "never"},
		"the brother who threatens":        {journal.Input{Kind: "phone", HappenedAt: inHours, People: []uuid.UUID{brother}}, "threat"},
		"among those who may be contacted": {journal.Input{Kind: "phone", HappenedAt: inHours, People: []uuid.UUID{mother, c.CitizenID, brother}}, "threat"},
	} {
		_, err := write(in.in)
		refused(t, err, "outside_ok", "contact.why."+in.why)
		in.in.OutsideOK = true
		s, err := write(in.in)
		if err != nil {
			t.Fatalf("%s, as it was: %v", what, err)
		}
		if n := mark(s); n.Outside != in.why || !n.Forbidden() {
			t.Errorf("%s: marked %q", what, n.Outside)
		}
		s, err = write(journal.Input{Corrects: s.ID})
		if n := mark(s); err != nil || n.Outside != in.why {
			t.Errorf("%s, corrected: marked %q, %v", what, n.Outside, err)
		}
	}
	for what, in := range map[string]struct {
		in  journal.Input
		why string
	}{
		"a call in the hours":          {journal.Input{Kind: "phone", HappenedAt: inHours, People: citizen}, ""},
		"the mother, who may":          {journal.Input{Kind: "phone", HappenedAt: evening, People: []uuid.UUID{mother}}, ""},
		"a partner, in the evening":    {journal.Input{Kind: "phone", HappenedAt: evening, Contacts: []uuid.UUID{partner.ID}}, ""},
		"a letter to the mother":       {journal.Input{Kind: "letter", HappenedAt: evening, People: []uuid.UUID{mother}}, ""},
		"a letter to a partner":        {journal.Input{Kind: "letter", HappenedAt: inHours, Contacts: []uuid.UUID{partner.ID}}, ""},
		"a talk at school":             {journal.Input{Kind: "conversation", HappenedAt: evening, People: citizen}, ""},
		"something written, unsettled": {journal.Input{Kind: "written", HappenedAt: inHours, People: citizen}, "unsettled"},
		"the brother rang us":          {journal.Input{Kind: "phone", HappenedAt: evening, People: []uuid.UUID{brother}, Family: journal.FamilyCame}, ""},
	} {
		s, err := write(in.in)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if n := mark(s); n.Outside != in.why || n.Forbidden() {
			t.Errorf("%s: marked %q", what, n.Outside)
		}
	}
}
