package journal

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// View is a way to look at what happened in a case.
type View string

// All mixes notes with everything else. The others are parts of it: the notes, the plan, the partners with
// the notes of talks with them, and who was given access.
const (
	All       View = ""
	OnlyNotes View = "notater"
	Plan      View = "plan"
	Partners  View = "partnere"
	Access    View = "adgang"
)

// Views are all ways to look, in the order of the page.
var Views = []View{All, OnlyNotes, Plan, Partners, Access}

// families are the events of a view, by the first part of their kind; kinds are single ones.
var (
	families = map[View][]string{Plan: {"plan", "step", "suggestion", "safety_plan", "check_in", "prompt", "decision"}, Partners: {"involvement", "guest"}, Access: {"access"}}
	kinds    = map[View][]string{Access: {timeline.CaseHandedOver, timeline.LevelChanged}}
)

// Entry is one thing in the journal: a note, or something else that happened.
type Entry struct {
	Note  *Note
	Event timeline.Event // where Note is nil
}

// Mark is the entry's place in the list.
func (e Entry) Mark() timeline.Mark {
	if e.Note != nil {
		return timeline.Mark{At: e.Note.HappenedAt, ID: e.Note.ID}
	}
	return timeline.Mark{At: e.Event.At, ID: e.Event.ID}
}

// Feed is one page of a view, filled when its batch has run.
type Feed struct {
	notes  *[]Note
	events *[]timeline.Event
	limit  int
}

// Query chooses what of a journal is shown.
type Query struct {
	View   View
	Kind   string    // of notes
	Author uuid.UUID // of notes
	Before timeline.Mark
	Limit  int // of entries; zero: [PageSize]
}

func (q Query) limit() int { return cmp.Or(q.Limit, PageSize) }

// Read asks for one page of the journal of the opened case, newest first.
func Read(b *db.Batch, q Query) *Feed {
	f := &Feed{notes: &[]Note{}, events: &[]timeline.Event{}, limit: q.limit()}
	if q.View == All || q.View == OnlyNotes || q.View == Partners {
		f.notes = Notes(b, Filter{Kind: q.Kind, Author: q.Author, Partners: q.View == Partners, Before: q.Before, Limit: q.limit()})
	}
	if q.View != OnlyNotes {
		f.events = events(b, q)
	}
	return f
}

// events asks for everything but notes. Together with the notes, a step that was ticked or added in the
// same write is told by its note.
func events(b *db.Batch, q Query) *[]timeline.Event {
	return db.All[timeline.Event](b, `
		SELECT`+timeline.Columns+`
		  FROM app.case_event e`+timeline.People+`
		 WHERE e.case_id = @case AND split_part(e.kind, '.', 1) <> 'note'
		   AND (NOT @all OR NOT EXISTS (SELECT FROM app.note_step k JOIN app.note n ON n.id = k.note_id
		         WHERE k.case_id = e.case_id AND k.step_id = e.object_id AND 'step.' || k.action = e.kind AND n.created_at = e.at))
		   AND (@all OR split_part(e.kind, '.', 1) = ANY (@families::text[]) OR e.kind = ANY (@kinds::text[]))
		   AND e.at <= @at AND (e.at < @at OR e.id > @id)
		 ORDER BY e.at DESC, e.id LIMIT @limit`,
		db.Args{"case": b.CaseID, "all": q.View == All, "families": families[q.View], "kinds": kinds[q.View],
			"at": q.Before.Time(), "id": q.Before.ID, "limit": q.limit() + 1})
}

// Page returns the entries of the page, and the mark after which the older ones begin; the zero mark where
// there are none.
func (f *Feed) Page() ([]Entry, timeline.Mark) {
	list := make([]Entry, 0, len(*f.notes)+len(*f.events))
	for i := range *f.notes {
		list = append(list, Entry{Note: &(*f.notes)[i]})
	}
	for _, e := range *f.events {
		list = append(list, Entry{Event: e})
	}
	slices.SortFunc(list, func(a, b Entry) int {
		x, y := a.Mark(), b.Mark()
		return cmp.Or(y.At.Compare(x.At), slices.Compare(x.ID[:], y.ID[:]))
	})
	if len(list) <= f.limit {
		return list, timeline.Mark{}
	}
	list = list[:f.limit]
	return list, list[f.limit-1].Mark()
}
