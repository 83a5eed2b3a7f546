package overview_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/overview"
	"samspil/internal/testkit"
)

func (d desk) lines(who actor.Actor, q overview.LineQuery) []overview.Line {
	d.t.Helper()
	return read(d, who, func(b *db.Batch) *[]overview.Line { return overview.Lines(b, q) })
}

// open looks at a case the way a page does.
func (d desk) open(who actor.Actor, c testkit.CaseFile) {
	_, _ = d.DB.Open(d.t.Context(), who, c.At("journal"))
}

func TestAuditorReadsWhoLookedAndWhoWasRefused(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.open(d.Mette, c)
	d.open(d.Dennis, c)
	denied := d.lines(d.Karen, overview.LineQuery{Kind: overview.Denied})
	if len(denied) != 1 || denied[0].Actor != "Dennis Kjær" || denied[0].CaseID == nil || *denied[0].CaseID != c.ID {
		t.Fatalf("refused: %+v", denied)
	}
	if n := read(d, d.Karen, overview.DeniedLately); n != (overview.Refusals{Lines: 1, People: 1}) {
		t.Errorf("lately: %+v", n)
	}
	if got := d.lines(d.Karen, overview.LineQuery{Kind: overview.Openings, Who: d.Mette.UserID}); len(got) != 1 || got[0].Object != "task:journal" {
		t.Errorf("Mette's openings: %+v", got)
	}
	if got := d.lines(d.Karen, overview.LineQuery{Case: uuid.New()}); len(got) != 0 {
		t.Errorf("a case that does not exist: %+v", got)
	}
	for _, l := range d.lines(d.Karen, overview.LineQuery{Case: c.ID}) {
		if *l.CaseID != c.ID {
			t.Errorf("another case: %+v", l)
		}
	}
	for _, who := range []actor.Actor{d.Mette, d.Jonas, d.Sara, d.Lone} {
		if got := d.lines(who, overview.LineQuery{}); len(got) != 0 {
			t.Errorf("%s reads %d lines", who.Name, len(got))
		}
	}
}

func TestAnAuditorWhoIsExcludedReadsNoLineOfTheCase(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1, d.Karen)
	d.open(d.Mette, c)
	d.open(d.Dennis, c)
	if got := d.lines(d.Karen, overview.LineQuery{Case: c.ID}); len(got) != 0 {
		t.Errorf("Karen reads %+v", got)
	}
}

func TestASignInStandsUnderThePersonsName(t *testing.T) {
	d := newDesk(t)
	d.Exec(t, `SELECT audit._append('user:' || $1::uuid, 'sign_in', NULL, NULL, NULL)`, d.Mette.UserID)
	got := d.lines(d.Karen, overview.LineQuery{Who: d.Mette.UserID})
	if len(got) != 1 || got[0].Actor != "Mette Lindhardt" || got[0].Action != "sign_in" {
		t.Errorf("Mette's lines: %+v", got)
	}
	if other := d.lines(d.Karen, overview.LineQuery{Who: d.Dennis.UserID}); len(other) != 0 {
		t.Errorf("Dennis' lines: %+v", other)
	}
}

func TestPagesOfTheTrailShowEveryLineOnce(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	for range 2*overview.PageOfLines + 7 {
		d.open(d.Mette, c)
	}
	all := d.Count(t, `SELECT count(*) FROM audit.event`)
	seen := map[int64]bool{}
	for q, pages := (overview.LineQuery{}), 0; ; pages++ {
		lines := d.lines(d.Karen, q)
		more := len(lines) > overview.PageOfLines
		for _, l := range lines[:min(len(lines), overview.PageOfLines)] {
			if seen[l.ID] {
				t.Fatalf("line %d stands twice", l.ID)
			}
			seen[l.ID] = true
			q.AfterAt, q.AfterID = l.At, l.ID
		}
		if !more || pages > 9 {
			break
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d lines", len(seen), all)
	}
	if got := d.lines(d.Karen, overview.LineQuery{Until: time.Now().Add(-time.Hour)}); len(got) != 0 {
		t.Errorf("lines before there were any: %d", len(got))
	}
	if got := d.lines(d.Karen, overview.LineQuery{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}); len(got) != overview.PageOfLines+1 {
		t.Errorf("lines of the last hour: %d", len(got))
	}
}

func TestReadingTheTrailLeavesALine(t *testing.T) {
	d := newDesk(t)
	_, err := d.DB.Read(t.Context(), d.Karen, func(b *db.Batch) { overview.NoteReading(b, overview.LineQuery{Who: d.Mette.UserID}) })
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE actor = $1 AND action = 'trail.read' AND object = $2`, d.Karen.UserID, "user:"+d.Mette.UserID.String()); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestTheDirectoryNamesWhatIsStale(t *testing.T) {
	d := newDesk(t)
	fresh, old, never, gone := d.Partner(t, "school", "A", "Frisk"), d.Partner(t, "school", "B", "Gammel"), d.Partner(t, "ssp", "C", "Aldrig"), d.Partner(t, "ssp", "D", "Væk")
	d.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 181 WHERE id = $1`, old.ID)
	d.Exec(t, `UPDATE app.contact_person SET verified_on = NULL WHERE id = $1`, never.ID)
	d.Exec(t, `UPDATE app.contact_person SET verified_on = NULL, active = false WHERE id = $1`, gone.ID)
	d.Exec(t, `INSERT INTO app.correction (organisation_id, contact_id, proposal, proposed_by) VALUES ($1, $2, 'Nyt nummer', $3)`, fresh.OrganisationID, fresh.ID, d.Mette.UserID)
	var names []string
	for _, c := range read(d, d.Lone, func(b *db.Batch) *[]overview.StaleContact { return overview.StaleContacts(b, 10) }) {
		names = append(names, c.Name)
	}
	equal(t, "stale", names, []string{"Aldrig", "Gammel"})
	if got := read(d, d.Lone, overview.Directory); got != (overview.DirectoryCounts{Organisations: 4, External: 4, Contacts: 3, Stale: 2, Corrections: 1}) {
		t.Errorf("counts: %+v", got)
	}
	if got := read(d, d.Lone, func(b *db.Batch) *[]overview.Correction { return overview.Corrections(b, 10) }); len(got) != 1 || got[0].Proposal != "Nyt nummer" || got[0].Contact != "Frisk" || got[0].ProposedBy != "Mette Lindhardt" {
		t.Errorf("corrections: %+v", got)
	}
	for _, c := range read(d, d.Lone, overview.Covered) {
		if c.PartnerType == "school" && (c.Contacts != 2 || c.Verified != 1) || c.PartnerType == "ssp" && c.Verified != 0 {
			t.Errorf("covered: %+v", c)
		}
	}
}
