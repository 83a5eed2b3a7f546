package journal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/journal"
	"samspil/internal/testkit"
	"samspil/internal/timeline"
)

func TestJournalIsReadNewestFirstPageByPage(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	o.Exec(t, `INSERT INTO app.note (case_id, kind, body, author, happened_at) SELECT $1, CASE WHEN i % 2 = 0 THEN 'phone' ELSE 'meeting' END, 'nr. ' || i, CASE WHEN i % 3 = 0 THEN $3::uuid ELSE $2::uuid END,
		now() - (i / 2) * interval '1 h' FROM generate_series(1, 120) i`, c.ID, o.Mette.UserID, o.Jonas.UserID)
	o.Exec(t, `INSERT INTO app.case_event (case_id, actor, kind, at) SELECT $1, $2, 'case.changed', now() - i * interval '2 h' FROM generate_series(1, 20) i`, c.ID, o.Mette.UserID)
	walk := func(q journal.Query) int {
		seen, last := map[uuid.UUID]bool{}, time.Now().Add(time.Hour)
		for range 10 {
			var f *journal.Feed
			_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { f = journal.Read(b, q) })
			must(t, err)
			list, more := f.Page()
			for _, e := range list {
				m := e.Mark()
				if seen[m.ID] || m.At.After(last) || len(list) > journal.PageSize {
					t.Fatalf("%+v: %v comes twice, or in the wrong place", q, m)
				}
				seen[m.ID], last = true, m.At
			}
			if more.At.IsZero() {
				return len(seen)
			}
			q.Before = timeline.ParseMark(more.String())
		}
		t.Fatal("no end")
		return 0
	}
	for q, want := range map[journal.Query]int{{}: 140, {View: journal.OnlyNotes}: 120, {View: journal.OnlyNotes, Kind: "phone"}: 60,
		{View: journal.OnlyNotes, Author: o.Jonas.UserID}: 40, {View: journal.OnlyNotes, Kind: "meeting", Author: o.Jonas.UserID}: 20, {View: journal.Plan}: 0, {View: journal.Access}: 0} {
		if n := walk(q); n != want {
			t.Errorf("%+v: %d entries, want %d", q, n, want)
		}
	}
	var authors *[]journal.Author
	_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { authors = journal.Authors(b) })
	must(t, err)
	if len(*authors) != 2 || (*authors)[0].Name != "Jonas Brandt-Holm" {
		t.Errorf("authors: %+v", *authors)
	}
}

func TestViewsOfTheJournal(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p := o.Case(t, o.Mette, 1), o.Partner(t, "school", "Åskolen", "Anders Møller")
	tick := step(t, o, c, "Kontakt skolen")
	step(t, o, c, "Kontakt politiet")
	in := journal.Input{Family: journal.FamilyNo, Kind: "phone", Body: "Talte med skolen", Contacts: []uuid.UUID{p.ID}, Done: []journal.Tick{tick}}
	_, err := write(t, o, o.Mette, c, in)
	must(t, err)
	_, err = write(t, o, o.Mette, c, phoned("Talte med ingen"))
	must(t, err)
	must(t, o.DB.InCase(t.Context(), o.Mette, c.At("adgang"), func(tx *db.Tx) error {
		return errors.Join(timeline.Record(t.Context(), tx, timeline.AccessGranted, uuid.Nil, timeline.Data{"name": "Sara", "kind": "consulted"}),
			timeline.Record(t.Context(), tx, timeline.CaseHandedOver, uuid.Nil, nil),
			timeline.Record(t.Context(), tx, timeline.InvolvementAccepted, uuid.Nil, timeline.Data{"organisation": "Åskolen"}),
			timeline.Record(t.Context(), tx, timeline.CaseChanged, uuid.Nil, nil))
	}))
	for view, want := range map[journal.View][2]int{ // notes, events
		journal.All:       {2, 7}, // plan started, two steps added, four more; the tick is told by its note
		journal.OnlyNotes: {2, 0},
		journal.Plan:      {0, 4},
		journal.Partners:  {1, 1},
		journal.Access:    {0, 2},
	} {
		var f *journal.Feed
		_, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("journal"), func(b *db.Batch) { f = journal.Read(b, journal.Query{View: view}) })
		must(t, err)
		list, _ := f.Page()
		var got [2]int
		for _, e := range list {
			if e.Note != nil {
				got[0]++
			} else {
				got[1]++
			}
		}
		if got != want {
			t.Errorf("view %q: %v, want %v", view, got, want)
		}
	}
}

func TestMarkSurvivesTheAddress(t *testing.T) {
	m := timeline.Mark{At: time.Now().Truncate(time.Microsecond), ID: uuid.New()}
	if got := timeline.ParseMark(m.String()); !got.At.Equal(m.At) || got.ID != m.ID {
		t.Errorf("%v came back as %v", m, got)
	}
	for _, s := range []string{"", "x", "zzzzzzzzzzzzzzzzz." + uuid.NewString(), "zzzzzzzzzzzz." + uuid.NewString(), "1.2.3", m.String() + "x"} {
		if got := timeline.ParseMark(s); got != (timeline.Mark{}) {
			t.Errorf("%q is %v", s, got)
		}
	}
}
