package casefile

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// FactKinds are the kinds of facts that must not leave the case (R12).
var FactKinds = []string{"address", "place_of_stay", "school", "workplace", "phone", "email", "code_word", "name", "other"}

// RevealPurposes are the reasons for which a protected fact is shown; the citizen may be told them (R11).
var RevealPurposes = []string{"contact", "protection", "cooperation", "control"}

// Fact is a protected fact without its text: it is shown one at a time, to who says why.
type Fact struct {
	ID       uuid.UUID
	PersonID uuid.UUID
	Person   string // the name or the relation of whom it is about; empty for the citizen
	Kind     string // one of [FactKinds]
	SetBy    string
	SetAt    time.Time
	Citizen  bool // it is about the citizen
	Reach         // of somebody else
}

// Rules are the rules for using the fact to reach whom it is about, in a case with header h.
func (f Fact) Rules(h Header) Rules {
	if f.Citizen {
		return h.Rules(nil)
	}
	return h.Rules(&f.Reach)
}

// FactInput is a fact to be protected.
type FactInput struct {
	ID       uuid.UUID // zero: any
	PersonID uuid.UUID
	Kind     string
	Text     string
}

// Facts asks for the protected facts of the opened case that are in force. Who may not read them gets none.
func Facts(b *db.Batch) *[]Fact {
	return db.All[Fact](b, `
		SELECT f.id, f.person_id, CASE WHEN p.is_citizen THEN '' WHEN p.name <> '' THEN p.name ELSE p.relation END AS person, f.kind, u.display_name AS set_by, f.set_at,
		       p.is_citizen AS citizen, p.conflict_role, p.may_know, p.may_contact
		  FROM app.protected_fact f JOIN app.person p ON p.id = f.person_id AND p.case_id = f.case_id JOIN auth.user_account u ON u.id = f.set_by
		 WHERE f.case_id = @case AND f.retired_at IS NULL ORDER BY p.is_citizen DESC, f.set_at, f.id`, db.Args{"case": b.CaseID})
}

// FactCell is where the text of a protected fact is sealed.
func FactCell(caseID, fact uuid.UUID) keys.Where {
	return keys.Where{Column: "protected_fact", CaseID: caseID, RowID: fact}
}

// AddFact seals a fact and stores it apart from everything else. Pages call sharing.Protect, which also looks whether it has left
// already.
func AddFact(ctx context.Context, tx *db.Tx, k keys.Keys, in FactInput) error {
	bad := fault.Invalid{}
	bad.Check("kind", slices.Contains(FactKinds, in.Kind), "error.choose")
	bad.Check("text", in.Text != "", "fact.error.text")
	bad.AtMost("text", in.Text, maxLine)
	bad.Check("person", in.PersonID != uuid.Nil, "error.choose")
	if err := bad.Err(); err != nil {
		return err
	}
	id := in.ID
	if id == uuid.Nil {
		id = uuid.New()
	}
	var phone []byte // who calls with this number can be found by it; nobody can read it
	if digits, ok := keys.ParsePhone(in.Text); ok && in.Kind == "phone" {
		phone = k.BlindPhone(digits)
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, phone_bidx, set_by)
		SELECT @id::uuid, p.case_id, p.id, @kind, @sealed, @phone, @me::uuid FROM app.person p WHERE p.id = @person AND p.case_id = @case`,
		db.Args{"id": id, "case": tx.CaseID, "person": in.PersonID, "kind": in.Kind, "sealed": k.Seal(FactCell(tx.CaseID, id), in.Text), "phone": phone, "me": tx.Actor.UserID})
	switch {
	case err != nil:
		return err
	case n == 0:
		return fault.Invalid{"person": "error.choose"}
	}
	return timeline.Record(ctx, tx, timeline.FactAdded, id, timeline.Data{"kind": in.Kind})
}

// RevealFact returns the text of a protected fact, and leaves a line with the purpose (R11, R12).
func RevealFact(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, purpose string) (string, error) {
	if !slices.Contains(RevealPurposes, purpose) {
		return "", fault.Invalid{"purpose": "fact.error.purpose"}
	}
	sealed, err := db.One[[]byte](ctx, tx, `SELECT c FROM app.reveal_fact(@case, @fact, @purpose) c WHERE c IS NOT NULL`,
		db.Args{"case": tx.CaseID, "fact": id, "purpose": purpose})
	if err != nil {
		return "", err
	}
	return k.Unseal(FactCell(tx.CaseID, id), sealed)
}

// RetireFact takes a fact out of force: it does not hold any more, and is kept (R13).
func RetireFact(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	kind, err := db.One[string](ctx, tx, `SELECT kind FROM app.protected_fact WHERE id = @id AND case_id = @case AND retired_at IS NULL`,
		db.Args{"id": id, "case": tx.CaseID})
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.protected_fact SET retired_at = @now WHERE id = @id AND case_id = @case AND retired_at IS NULL`,
		db.Args{"id": id, "case": tx.CaseID, "now": tx.Now})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Forbidden
	}
	return timeline.Record(ctx, tx, timeline.FactRetired, id, timeline.Data{"kind": kind})
}
