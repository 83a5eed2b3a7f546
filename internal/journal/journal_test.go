package journal_test

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/journal"
	"samspil/internal/plan"
	"samspil/internal/testkit"
)

func write(t *testing.T, o *testkit.Office, who actor.Actor, c testkit.CaseFile, in journal.Input) (journal.Saved, error) {
	t.Helper()
	var s journal.Saved
	err := o.DB.InCase(t.Context(), who, c.At("journal"), func(tx *db.Tx) (err error) { s, err = journal.Write(t.Context(), tx, in); return err })
	return s, err
}

func phoned(body string) journal.Input {
	return journal.Input{Kind: "phone", Body: body, Family: journal.FamilyNo}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func notes(t *testing.T, o *testkit.Office, who actor.Actor, c testkit.CaseFile, f journal.Filter) []journal.Note {
	t.Helper()
	var list *[]journal.Note
	_, err := o.DB.ReadCase(t.Context(), who, c.At("journal"), func(b *db.Batch) { list = journal.Notes(b, f) })
	must(t, err)
	return *list
}

// step starts the plan of a case if need be, and adds a step to it.
func step(t *testing.T, o *testkit.Office, c testkit.CaseFile, title string) journal.Tick {
	t.Helper()
	var id uuid.UUID
	must(t, o.DB.InCase(t.Context(), o.Mette, c.At("handlingsplan"), func(tx *db.Tx) (err error) {
		var started fault.Invalid
		if err := plan.Start(t.Context(), tx, ""); err != nil && !errors.As(err, &started) {
			return err
		}
		id, err = plan.AddStep(t.Context(), tx, plan.StepInput{Title: title, Responsible: plan.ByUser(o.Mette.UserID)})
		return err
	}))
	return journal.Tick{ID: id, Version: 1}
}

// state counts everything that the one write touches.
func state(t *testing.T, o *testkit.Office) [6]int {
	t.Helper()
	var n [6]int
	o.Scan(t, []any{&n[0], &n[1], &n[2], &n[3], &n[4], &n[5]}, `SELECT (SELECT count(*) FROM app.note), (SELECT count(*) FROM app.note_spoken), (SELECT count(*) FROM app.note_step),
		(SELECT count(*) FROM app.plan_step), (SELECT count(*) FROM app.plan_step WHERE status = 'done'), (SELECT count(*) FROM app.case_event)`)
	return n
}

func TestOneWriteSavesNoteStepsAndPeopleTogether(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p := o.Case(t, o.Mette, 1), o.Partner(t, "police_district", "Fjordegnens Politi", "Rikke Holm")
	tick := step(t, o, c, "Afklar pas og rejseplaner")
	at := time.Now().Add(-26 * time.Hour).Truncate(time.Microsecond)
	in := journal.Input{Key: uuid.New(), Family: journal.FamilyNo, Kind: "phone", Body: "Politiet har passet.\nVi taler igen fredag.", HappenedAt: at, Contacts: []uuid.UUID{p.ID, p.ID}, People: []uuid.UUID{c.CitizenID},
		Done: []journal.Tick{tick}, Next: &plan.StepInput{Title: "Ring til politiet igen", Responsible: plan.ByContact(p.ID), Due: time.Now().AddDate(0, 0, 3)}}
	s, err := write(t, o, o.Mette, c, in)
	must(t, err)
	if s.Done != 1 || s.Added != 1 {
		t.Errorf("saved: %+v", s)
	}
	n := notes(t, o, o.Mette, c, journal.Filter{})[0]
	if n.ID != s.ID || n.Kind != "phone" || n.Body != in.Body || !n.HappenedAt.Equal(at) || n.AuthorID != o.Mette.UserID || n.Author != "Mette Lindhardt" || n.Excerpt() {
		t.Errorf("note: %+v", n)
	}
	if len(n.Spoken) != 2 || !n.Spoken[0].Citizen || n.Spoken[0].Name != "Amira Saleh" || n.Spoken[1].Name != "Rikke Holm" || n.Spoken[1].Organisation != "Fjordegnens Politi" || !n.Spoken[1].External {
		t.Errorf("spoken to: %+v", n.Spoken)
	}
	if len(n.Done()) != 1 || n.Done()[0].Title != "Afklar pas og rejseplaner" || len(n.Added()) != 1 || n.Added()[0].Title != "Ring til politiet igen" {
		t.Errorf("steps: %+v", n.Steps)
	}
	var open *[]plan.Step
	_, err = o.DB.ReadCase(t.Context(), o.Mette, c.At("handlingsplan"), func(b *db.Batch) { open = plan.OpenSteps(b) })
	must(t, err)
	if len(*open) != 1 || (*open)[0].Title != "Ring til politiet igen" || (*open)[0].Person != "Rikke Holm" {
		t.Errorf("open steps: %+v", *open)
	}
}

func TestOneWriteIsAllOrNothing(t *testing.T) {
	o := testkit.NewOffice(t)
	c, other := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 1)
	mine, foreign := step(t, o, c, "Kontakt skolen"), step(t, o, other, "Kontakt politiet")
	next := &plan.StepInput{Title: "Ring igen", Responsible: plan.ByUser(o.Mette.UserID)}
	before := state(t, o)
	for name, in := range map[string]journal.Input{
		"a step of another case":       {Kind: "phone", Body: "x", Done: []journal.Tick{mine, foreign}, Next: next, People: []uuid.UUID{c.CitizenID}},
		"a step that was changed":      {Kind: "phone", Body: "x", Done: []journal.Tick{{ID: mine.ID, Version: 7}}, Next: next},
		"a person of another case":     {Kind: "phone", Body: "x", Done: []journal.Tick{mine}, People: []uuid.UUID{other.CitizenID}},
		"a contact who does not exist": {Kind: "phone", Body: "x", Done: []journal.Tick{mine}, Contacts: []uuid.UUID{uuid.New()}},
		"a new step without anybody":   {Kind: "phone", Body: "x", Done: []journal.Tick{mine}, Next: &plan.StepInput{Title: "Ring igen"}},
		"a responsible who is gone":    {Kind: "phone", Body: "x", Done: []journal.Tick{mine}, Next: &plan.StepInput{Title: "Ring igen", Responsible: plan.ByUser(o.Huseyin.UserID)}},
		"an empty form":                {},
		"a future date":                {Kind: "phone", Body: "x", HappenedAt: time.Now().Add(time.Hour), Done: []journal.Tick{mine}},
		"an unknown kind":              {Kind: "fax", Body: "x", Done: []journal.Tick{mine}},
		"a text that is too long":      {Kind: "phone", Body: strings.Repeat("x", journal.MaxBody+1), Done: []journal.Tick{mine}},
	} {
		_, err := write(t, o, o.Mette, c, in)
		var bad fault.Invalid
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
		if after := state(t, o); after != before {
			t.Errorf("%s left something: %v, was %v", name, after, before)
		}
	}
	if _, err := write(t, o, o.Mette, c, journal.Input{Body: "x", Corrects: uuid.New()}); !errors.Is(err, fault.NotFound) || state(t, o) != before {
		t.Errorf("correction of nothing: %v", err)
	}
}

func TestFormSentThirtyTimesIsOneNote(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	tick := step(t, o, c, "Kontakt skolen")
	in := journal.Input{Key: uuid.New(), Family: journal.FamilyNo, Kind: "meeting", Body: "Møde på skolen", Done: []journal.Tick{tick}, Next: &plan.StepInput{Title: "Nyt møde", Responsible: plan.ByUser(o.Mette.UserID)}}
	var wg sync.WaitGroup
	ids := make([]journal.Saved, 30)
	for i := range ids {
		wg.Go(func() {
			err := errors.New("not tried")
			for range 20 { // the office's pool of four is asked by thirty
				if ids[i], err = write(t, o, o.Mette, c, in); !errors.Is(err, fault.Busy) {
					break
				}
			}
			if err != nil {
				t.Errorf("post %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	for _, s := range ids {
		if s != ids[0] || s.Done != 1 || s.Added != 1 {
			t.Fatalf("answers differ: %+v and %+v", s, ids[0])
		}
	}
	if got := state(t, o); got[0] != 1 || got[2] != 2 || got[3] != 2 || got[4] != 1 {
		t.Errorf("left: %v", got)
	}
}

func TestTextComesBackAsItWasWritten(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	for _, body := range []string{strings.Repeat("Æøå €\n", 20000)[:100000], strings.Repeat("🙂", journal.MaxBody), "سلمى قالت إنها خائفة", "<script>alert(1)</script> & \"'", "a\u0301 \u200d👩‍👩‍👧"} {
		body = strings.TrimSpace(strings.ToValidUTF8(body, ""))
		s, err := write(t, o, o.Mette, c, phoned(body))
		must(t, err)
		var n *journal.Note
		_, err = o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { n = journal.Get(b, s.ID) })
		must(t, err)
		if n.Body != body || n.Excerpt() {
			t.Errorf("%.20q came back as %.20q", body, n.Body)
		}
	}
	if list := notes(t, o, o.Mette, c, journal.Filter{}); len(list) != 5 || !list[4].Excerpt() {
		t.Errorf("the list shows long notes whole")
	}
}

func TestCorrectionIsAddedAndTheOriginalStays(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	first, err := write(t, o, o.Mette, c, phoned("Mødet er den 14."))
	must(t, err)
	second, err := write(t, o, o.Jonas, c, journal.Input{Family: journal.FamilyNo, Body: "Mødet er den 15.", Corrects: first.ID})
	must(t, err)
	third, err := write(t, o, o.Mette, c, journal.Input{Family: journal.FamilyNo, Body: "Mødet er den 16.", Corrects: second.ID})
	must(t, err)
	get := func(id uuid.UUID) (n *journal.Note) {
		_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { n = journal.Get(b, id) })
		must(t, err)
		return n
	}
	a, b, last := get(first.ID), get(second.ID), get(third.ID)
	if a.Body != "Mødet er den 14." || a.Corrects != nil || len(a.Corrections) != 1 || a.Corrections[0].ID != second.ID || a.Corrections[0].By != "Jonas Brandt-Holm" {
		t.Errorf("original: %+v", a)
	}
	if b.Kind != "phone" || b.Corrects == nil || b.Corrects.ID != first.ID || len(b.Corrections) != 1 || b.Corrections[0].ID != third.ID {
		t.Errorf("correction: %+v", b)
	}
	if last.Corrects == nil || last.Corrects.ID != second.ID || len(last.Corrections) != 0 {
		t.Errorf("correction of the correction: %+v", last)
	}
	err = o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.note SET body = 'noget andet' WHERE id = @id`, db.Args{"id": first.ID})
		return err
	})
	if !errors.Is(err, fault.Forbidden) {
		t.Errorf("a note could be rewritten: %v", err)
	}
}

func TestWhoMayWriteInTheJournal(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1, o.Dennis)
	o.Grant(t, c, o.Sara, "consulted")
	tick := step(t, o, c, "Kontakt skolen")
	for name, who := range o.People() {
		_, err := write(t, o, who, c, phoned("Et notat"))
		want := map[string]error{"mette": nil, "jonas": nil, "sara": nil, "nobody": fault.SignedOut}
		if e, ok := want[name]; !ok && !errors.Is(err, fault.NotFound) || ok && !errors.Is(err, e) {
			t.Errorf("%s writes a note: %v", name, err)
		}
	}
	before := state(t, o)
	with := phoned("Med trin")
	with.Done = []journal.Tick{tick}
	if _, err := write(t, o, o.Sara, c, with); !errors.Is(err, fault.Forbidden) || state(t, o) != before {
		t.Errorf("consulted ticks a step: %v", err)
	}
	with = phoned("Med trin")
	with.Next = &plan.StepInput{Title: "Nyt", Responsible: plan.ByUser(o.Sara.UserID)}
	if _, err := write(t, o, o.Sara, c, with); !errors.Is(err, fault.Forbidden) || state(t, o) != before {
		t.Errorf("consulted adds a step: %v", err)
	}
	// Even around our own check the database refuses.
	err := o.DB.InCase(t.Context(), o.Sara, c.At("journal"), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE app.plan_step SET status = 'done', done_at = now() WHERE id = @id`, db.Args{"id": tick.ID})
		if err != nil {
			return err
		}
		_, err = db.Exec(t.Context(), tx, `INSERT INTO app.note_step (case_id, note_id, step_id, action) SELECT case_id, id, @step, 'done' FROM app.note WHERE author = @me`, db.Args{"step": tick.ID, "me": o.Sara.UserID})
		return err
	})
	if !errors.Is(err, fault.Forbidden) || state(t, o) != before {
		t.Errorf("consulted ticks a step by SQL: %v", err)
	}
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, c.ID)
	if _, err := write(t, o, o.Mette, c, phoned("For sent")); !errors.Is(err, fault.Forbidden) || state(t, o) != before {
		t.Errorf("note in a closed case: %v", err)
	}
	if len(notes(t, o, o.Mette, c, journal.Filter{})) != 3 {
		t.Error("the journal of a closed case cannot be read")
	}
}

func TestDraftIsKeptForItsAuthorUntilTheNoteIsSaved(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	fields, key := map[string][]string{"body": {"Jeg var ved at skrive \"dette\"\n🙂"}, "people": {"a", "b"}, "kind": {"phone"}}, uuid.New()
	save := func(who actor.Actor, key uuid.UUID) error {
		return o.DB.InCase(t.Context(), who, c.At("journal"), func(tx *db.Tx) error {
			return journal.SaveDraft(t.Context(), tx, journal.NewNote, key, fields)
		})
	}
	load := func(who actor.Actor) *db.Found[draft.Draft] {
		var d *db.Found[draft.Draft]
		_, err := o.DB.ReadCase(t.Context(), who, c.At("journal"), func(b *db.Batch) { d = draft.Load(b, journal.NewNote) })
		must(t, err)
		return d
	}
	must(t, save(o.Mette, key))
	fields["body"] = []string{"Jeg skrev videre"}
	must(t, save(o.Mette, key))
	o.Exec(t, `UPDATE auth.session SET expires_at = now() WHERE user_id = $1`, o.Mette.UserID) // the session ends
	if err := save(o.Mette, key); !errors.Is(err, fault.SignedOut) {
		t.Errorf("a dead session saves: %v", err)
	}
	o.Exec(t, `UPDATE auth.session SET expires_at = now() + interval '1 h' WHERE user_id = $1`, o.Mette.UserID)
	if d := load(o.Mette); !d.OK || !reflect.DeepEqual(d.Row.Fields, fields) || d.Row.SavedAt.IsZero() {
		t.Errorf("draft: %+v", d)
	}
	if d := load(o.Jonas); d.OK {
		t.Error("the team lead reads somebody's draft")
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event`); n != 0 {
		t.Errorf("a draft left %d events", n)
	}
	in := phoned("Jeg skrev videre")
	in.Key = key
	_, err := write(t, o, o.Mette, c, in)
	must(t, err)
	must(t, save(o.Mette, key)) // the last autosave was slower than the note
	if load(o.Mette).OK {
		t.Error("the draft is still there after the note was saved")
	}
	must(t, save(o.Mette, uuid.New()))
	must(t, o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) error { return draft.Discard(t.Context(), tx, journal.NewNote) }))
	if load(o.Mette).OK {
		t.Error("the draft is still there after it was discarded")
	}
	fields["body"] = []string{strings.Repeat("x", 250_000)}
	var bad fault.Invalid
	if err := save(o.Mette, uuid.New()); !errors.As(err, &bad) {
		t.Errorf("a draft of 250,000 characters: %v", err)
	}
	fields["body"] = []string{strings.Repeat("🙂", journal.MaxBody)}
	must(t, save(o.Mette, uuid.New()))
	o.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, c.ID)
	if err := save(o.Mette, uuid.New()); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a draft in a closed case: %v", err)
	}
}

func TestChoicesOfWhoWasSpokenTo(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p, q := o.Case(t, o.Mette, 1), o.Partner(t, "school", "Åskolen", "Anders Møller"), o.Partner(t, "crisis_centre", "Birkely", "Line Overgaard")
	o.Exec(t, `UPDATE app.contact_person SET first_name_only = true WHERE id = $1`, q.ID)
	o.Exec(t, `INSERT INTO app.person (case_id, name, relation) VALUES ($1, 'Huda Saleh', 'Mor')`, c.ID)
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'Skolen', 'ad_hoc', $4)`, c.ID, p.OrganisationID, p.ID, o.Mette.UserID)
	var people, involved, others *[]journal.Spoken
	_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) {
		people, involved, others = journal.People(b), journal.Involved(b), journal.Others(b)
	})
	must(t, err)
	if len(*people) != 2 || !(*people)[0].Citizen || (*people)[1].Relation != "Mor" || len(*involved) != 1 || (*involved)[0].Name != "Anders Møller" || len(*others) != 2 || (*others)[0].Name != "Line" {
		t.Errorf("people %+v, involved %+v, others %+v", *people, *involved, *others)
	}
	in := phoned("Talte med en, der ikke er med i sagen")
	in.Contacts = []uuid.UUID{q.ID}
	_, err = write(t, o, o.Mette, c, in)
	must(t, err)
	if n := notes(t, o, o.Mette, c, journal.Filter{Partners: true}); len(n) != 1 || n[0].Spoken[0].Name != "Line" {
		t.Errorf("spoken: %+v", n)
	}
	o.Exec(t, `UPDATE app.contact_person SET active = false`)
	in.Contacts = []uuid.UUID{p.ID} // retired, but of the case
	_, err = write(t, o, o.Mette, c, in)
	must(t, err)
	in.Contacts = []uuid.UUID{q.ID}
	var bad fault.Invalid
	if _, err = write(t, o, o.Mette, c, in); !errors.As(err, &bad) || bad["spoken"] == "" {
		t.Errorf("a retired stranger: %v", err)
	}
}

// A note was saved, "Back" brought the form with its old key, and somebody wrote on in it.
func TestWhatIsWrittenAfterBackIsANoteOfItsOwn(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	tick := step(t, o, c, "Kontakt skolen")
	first := phoned("Mor ringede.")
	first.Key, first.People = uuid.New(), []uuid.UUID{c.CitizenID}
	second := first
	second.Body = "Mor ringede igen: rejsen er på fredag."
	third := first
	third.Done = []journal.Tick{tick}
	ids := map[uuid.UUID]bool{}
	for _, in := range []journal.Input{first, second, third, third, second, first} {
		s, err := write(t, o, o.Mette, c, in)
		must(t, err)
		ids[s.ID] = true
	}
	if got := state(t, o); len(ids) != 3 || got[0] != 3 || got[1] != 3 || got[4] != 1 {
		t.Errorf("%d notes are told of, left: %v", len(ids), got)
	}
	kept := func(body string) bool {
		must(t, o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) error {
			return journal.SaveDraft(t.Context(), tx, journal.NewNote, first.Key, draft.Fields{"body": {body}})
		}))
		return o.Count(t, `SELECT count(*) FROM app.draft`) == 1
	}
	if kept("Mor ring") || !kept("Mor ringede. Hun vil") {
		t.Error("a late saving leaves a draft, or what is written on is not kept")
	}
}
