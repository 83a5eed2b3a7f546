package concern

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/keys"
)

// Words are what one searches for before a report is made: who the child may be.
type Words struct{ Name, CPR, Phone string }

// Empty reports whether there is nothing to search for.
func (w Words) Empty() bool {
	_, cpr := keys.ParseCPR(w.CPR)
	_, phone := keys.ParsePhone(w.Phone)
	return !cpr && !phone && len([]rune(casefile.Fold(w.Name))) < 2
}

// Key tells whether the same words were searched for before. It is kept sealed, with the draft.
func (w Words) Key() string {
	cpr, _ := keys.ParseCPR(w.CPR)
	phone, _ := keys.ParsePhone(w.Phone)
	return casefile.Fold(w.Name) + "|" + cpr.Digits + "|" + phone
}

// KeepWords puts what is searched for under id, the draft's, for its writer alone and for ten minutes.
func KeepWords(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, w Words) error {
	var cpr, phone []byte
	if n, ok := keys.ParseCPR(w.CPR); ok {
		cpr = k.BlindCPR(n.Digits)
	}
	if digits, ok := keys.ParsePhone(w.Phone); ok {
		phone = k.BlindPhone(digits)
	}
	_, err := db.Exec(ctx, tx, `SELECT app.keep_candidates(@id, @name, @cpr, @phone)`, db.Args{"id": id, "name": casefile.Fold(w.Name), "cpr": cpr, "phone": phone})
	return err
}

// Candidate is a person of a case or a report who may be the child: always of one that the searcher may read. Others do
// not count, not even as a number (AC4).
type Candidate struct {
	Kind     string // "case" or "report"
	ID       uuid.UUID
	Ref      string
	Number   string
	Area     string
	Live     bool // open, not concluded
	Worker   string
	WorkerID *uuid.UUID
	PhotoID  *uuid.UUID
	Name     string
	Born     *time.Time
	Age      *int       // as it was told to a report, where no date of birth is known
	AgeOn    *time.Time // the day on which it was told
	Relation string
	About    bool   // the case or report is about this person; else they are named in it
	FoundBy  string // "cpr", "phone", "name" or "sound"
	At       time.Time
}

// MaxCandidates is how many a search shows at most.
const MaxCandidates = 20

// Candidates asks who the words kept under id may be; the question leaves a line in the trail.
func Candidates(b *db.Batch, id uuid.UUID) *[]Candidate {
	return db.All[Candidate](b, candidates+` ORDER BY c.place`, db.Args{"id": id})
}

const candidates = `
	WITH c AS MATERIALIZED (SELECT * FROM app.found_candidates(@id) WITH ORDINALITY AS f (kind, id, ref, number, area, live, worker_id, name, born, relation, about, found_by, at, place))
	SELECT c.kind, c.id, c.ref, c.number, c.area, c.live, coalesce(u.display_name, '') AS worker, c.worker_id, u.photo_id, c.name, c.born, a.age, a.age_on, c.relation, c.about, c.found_by, c.at
	  FROM c LEFT JOIN app.told_ages(ARRAY(SELECT r.id FROM c r WHERE r.kind = 'report')) a ON c.kind = 'report' AND c.about AND a.report_id = c.id
	  LEFT JOIN auth.user_account u ON u.id = c.worker_id`

// FindCandidates is [Candidates] in a transaction that has just kept the words.
func FindCandidates(ctx context.Context, tx *db.Tx, id uuid.UUID) ([]Candidate, error) {
	return db.Many[Candidate](ctx, tx, candidates+` ORDER BY c.place`, db.Args{"id": id})
}

// Searched asks whether the search under id is still there; after ten minutes it is gone.
func Searched(b *db.Batch, id uuid.UUID) *db.Found[uuid.UUID] {
	return db.Maybe[uuid.UUID](b, `SELECT id FROM app.search_token WHERE id = @id`, db.Args{"id": id})
}

// SameChild asks which cases the child of the opened report may have, of those that the reader may read: by name as it is
// written and by its sound. The number has matched already, by the database's own hand.
func SameChild(b *db.Batch) *[]Candidate {
	return db.All[Candidate](b, `
		SELECT c.kind, c.id, c.ref, c.number, c.area, c.live, coalesce(u.display_name, '') AS worker, c.worker_id, u.photo_id, c.name, c.born, NULL::int AS age, NULL::date AS age_on, c.relation, c.about, c.found_by, c.at
		  FROM app.candidates_of(@report) WITH ORDINALITY AS c (kind, id, ref, number, area, live, worker_id, name, born, relation, about, found_by, at, place)
		  LEFT JOIN auth.user_account u ON u.id = c.worker_id WHERE c.kind = 'case' AND c.about ORDER BY c.place`, db.Args{"report": b.CaseID})
}
