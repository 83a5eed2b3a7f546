// Package journal is the notes of a case, and the one write: a note, the steps that it ticks or adds, and
// whom one spoke to, saved together or not at all.
//
// Notes are signed and stay as they are. A correction is a new note that points back (R13): the public
// records law asks for what was noted, and when (offentlighedsloven § 13).
package journal

import (
	"cmp"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// Kinds are the kinds of notes, in the order of the form. Their names are the texts notekind.<kind>.
var Kinds = []string{"phone", "meeting", "home_visit", "conversation", "sparring", "observation", "written", "letter", "hearing", "decision", "other"}

// FamilyKinds are the kinds of notes that are about contact with parents or network: while the gate is shut there is none to
// note (barnets lov § 18, stk. 3; R1).
var FamilyKinds = []string{"home_visit", "letter", "hearing"}

// PageSize is how much of a journal one page shows.
const PageSize = 50

// MaxBody is how many characters a note holds.
const MaxBody = 100_000

// maxExcerpt is how much of a long note a list shows.
const maxExcerpt = 500

// Note is what somebody has written down about a case.
type Note struct {
	ID          uuid.UUID
	Kind        string
	Body        string
	Length      int       // of the whole text; a list shows its beginning
	HappenedAt  time.Time // when the call or meeting was
	CreatedAt   time.Time // when it was written down
	AuthorID    uuid.UUID
	Author      string // display name
	PhotoID     *uuid.UUID
	Family      Family // whether it reached parents or network; empty: nobody was asked, the gate was open
	Outside     string // what the rules of safe contact had against the contact, as [casefile.Verdict] says it; empty: nothing
	Spoken      []Spoken
	Steps       []Touched
	Corrects    *Pointer  // the note that this one corrects
	Corrections []Pointer // the notes that correct this one, oldest first
}

// Excerpt reports whether Body is only the beginning of the note.
func (n Note) Excerpt() bool { return n.Length > len([]rune(n.Body)) }

// Done lists the steps that were ticked together with the note.
func (n Note) Done() []Touched { return n.touched("done") }

// Added lists the steps that were added together with the note.
func (n Note) Added() []Touched { return n.touched("added") }

func (n Note) touched(action string) []Touched {
	var list []Touched
	for _, t := range n.Steps {
		if t.Action == action {
			list = append(list, t)
		}
	}
	return list
}

// Touched is a step that a note has ticked or added.
type Touched struct {
	ID     uuid.UUID `json:"id"`
	Title  string    `json:"title"`
	Action string    `json:"action"` // "done" or "added"
}

// Pointer leads from a note to its correction, or back.
type Pointer struct {
	ID uuid.UUID `json:"id"`
	At time.Time `json:"at"` // when it was written; of a corrected note, when it happened
	By string    `json:"by"`
}

// Filter chooses among the notes of a case. The zero Filter is all of them.
type Filter struct {
	Kind   string
	Author uuid.UUID
	// Partners leaves only the notes of which a partner was spoken to.
	Partners bool
	Before   timeline.Mark
	Limit    int // zero: [PageSize]
}

const columns = `
	SELECT n.id, n.kind, left(n.body, @cut::int) AS body, length(n.body) AS length, n.happened_at, n.created_at, n.author AS author_id, u.display_name AS author, u.photo_id, coalesce(n.family, '') AS family, coalesce(n.outside, '') AS outside,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('contact_id', s.contact_id, 'person_id', s.person_id, 'citizen', coalesce(p.is_citizen, false),
	                   'name', coalesce(CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, p.name, ''), 'relation', coalesce(p.relation, ''),
	                   'title', coalesce(c.title, ''), 'organisation', coalesce(o.name, ''), 'external', coalesce(o.kind = 'external', false), 'photo_id', c.photo_id)
	                   ORDER BY coalesce(p.is_citizen, false) DESC, s.contact_id IS NOT NULL, c.name, p.name)
	            FROM app.note_spoken s LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
	            LEFT JOIN app.person p ON p.id = s.person_id AND p.case_id = s.case_id
	           WHERE s.case_id = n.case_id AND s.note_id = n.id), '[]') AS spoken,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title, 'action', k.action) ORDER BY t.position, t.id)
	            FROM app.note_step k JOIN app.plan_step t ON t.id = k.step_id AND t.case_id = k.case_id
	           WHERE k.case_id = n.case_id AND k.note_id = n.id), '[]') AS steps,
	       (SELECT jsonb_build_object('id', x.id, 'at', x.happened_at, 'by', y.display_name) FROM app.note x JOIN auth.user_account y ON y.id = x.author
	           WHERE x.case_id = n.case_id AND x.id = n.corrects) AS corrects,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('id', x.id, 'at', x.created_at, 'by', y.display_name) ORDER BY x.created_at, x.id)
	            FROM app.note x JOIN auth.user_account y ON y.id = x.author
	           WHERE x.case_id = n.case_id AND x.corrects = n.id), '[]') AS corrections
	  FROM app.note n JOIN auth.user_account u ON u.id = n.author
	 WHERE n.case_id = @case`

// Notes asks for the notes of the opened case, newest first: one page and one more, which tells that
// there are older ones.
func Notes(b *db.Batch, f Filter) *[]Note {
	return db.All[Note](b, columns+`
	   AND (@kind = '' OR n.kind = @kind) AND (@author::uuid IS NULL OR n.author = @author)
	   AND (NOT @partners OR EXISTS (SELECT FROM app.note_spoken s WHERE s.case_id = n.case_id AND s.note_id = n.id AND s.contact_id IS NOT NULL))
	   AND n.happened_at <= @at AND (n.happened_at < @at OR n.id > @id)
	 ORDER BY n.happened_at DESC, n.id LIMIT @limit`,
		db.Args{"case": b.CaseID, "cut": maxExcerpt, "kind": f.Kind, "author": db.Null(f.Author), "partners": f.Partners,
			"at": f.Before.Time(), "id": f.Before.ID, "limit": cmp.Or(f.Limit, PageSize) + 1})
}

// Get asks for one note of the opened case, with its whole text.
func Get(b *db.Batch, id uuid.UUID) *Note {
	return db.Get[Note](b, columns+` AND n.id = @id`, db.Args{"case": b.CaseID, "cut": MaxBody, "id": id})
}

// Author is somebody who has written in a journal.
type Author struct {
	ID   uuid.UUID
	Name string
}

// Authors asks who has written in the journal of the opened case.
func Authors(b *db.Batch) *[]Author {
	return db.All[Author](b, `
		SELECT u.id, u.display_name AS name FROM auth.user_account u
		 WHERE u.id IN (SELECT n.author FROM app.note n WHERE n.case_id = @case) ORDER BY u.display_name, u.id`, db.Args{"case": b.CaseID})
}
