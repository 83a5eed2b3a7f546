package casefile

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// ConflictRoles are the parts somebody around the citizen may play, in the order of danger. Several
// persons may each have one; nobody is ever called the perpetrator (domain.md 1.8).
var ConflictRoles = []string{"threatens", "pressures", "neutral", "supports", "unknown"}

// MayKnowAnswers say whether a person may know that there is a case.
var MayKnowAnswers = []string{"no", "yes", "unknown"}

// PersonInput is what is written about somebody around the citizen.
type PersonInput struct {
	Name         string
	Born         *time.Time
	Relation     string // to the citizen: "mor", "storebror"
	ConflictRole string // one of [ConflictRoles]
	MayKnow      string // one of [MayKnowAnswers]
	MayContact   string // one of [MayContactAnswers]; empty: "ask"
	Note         string
	CPR          string // as typed; empty leaves what is there
}

// Person is somebody around the citizen.
type Person struct {
	ID           uuid.UUID
	Name         string
	Born         *time.Time
	Relation     string
	ConflictRole string
	MayKnow      string
	MayContact   string
	Note         string
	CPRMasked    string
	Version      int
}

const personColumns = `SELECT id, name, born, relation, conflict_role, may_know, may_contact, note, cpr_masked, version FROM app.person WHERE case_id = @case AND NOT is_citizen`

// People asks for everybody around the citizen of the opened case: those to beware of first.
func People(b *db.Batch) *[]Person {
	return db.All[Person](b, personColumns+` ORDER BY array_position(ARRAY['threatens','pressures','neutral','supports','unknown'], conflict_role), born NULLS LAST, name, id`,
		db.Args{"case": b.CaseID})
}

// Reach is what decides whether the person may be contacted.
func (p Person) Reach() *Reach {
	return &Reach{ConflictRole: p.ConflictRole, MayKnow: p.MayKnow, MayContact: p.MayContact}
}

// GetPerson asks for one of them.
func GetPerson(b *db.Batch, id uuid.UUID) *Person {
	return db.Get[Person](b, personColumns+` AND id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Validate refuses what cannot be written about a person.
func (in PersonInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("name", in.Name != "" || in.Relation != "", "person.error.name")
	bad.AtMost("name", in.Name, 200)
	bad.Check("relation", in.Relation != "", "person.error.relation")
	bad.AtMost("relation", in.Relation, 100)
	bad.Check("conflict_role", slices.Contains(ConflictRoles, in.ConflictRole), "error.choose")
	bad.Check("may_know", slices.Contains(MayKnowAnswers, in.MayKnow), "error.choose")
	bad.Check("may_contact", in.MayContact == "" || slices.Contains(MayContactAnswers, in.MayContact), "error.choose")
	bad.Check("may_contact", in.MayContact != "yes" || in.ConflictRole != "threatens" && in.MayKnow != "no", "person.error.contact")
	bad.AtMost("note", in.Note, maxText)
	checkBorn(bad, in.Born, now)
	checkCPR(bad, "cpr", in.CPR, now)
	return bad.Err()
}

func checkBorn(bad fault.Invalid, born *time.Time, now time.Time) {
	bad.Check("born", born == nil || !born.After(now), "error.date_future")
	bad.Check("born", born == nil || born.Year() >= 1900, "error.date")
}

// AddPerson adds somebody around the citizen.
func AddPerson(ctx context.Context, tx *db.Tx, k keys.Keys, in PersonInput) (uuid.UUID, error) {
	if err := in.Validate(tx.Now); err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	c := sealCPR(tx, k, id, in.CPR)
	_, err := db.Exec(ctx, tx, `
		INSERT INTO app.person (id, case_id, name, born, relation, conflict_role, may_know, may_contact, note, cpr_masked, cpr_enc, cpr_bidx, name_folded)
		VALUES (@id, @case, @name, @born, @relation, @role, @may_know, @may_contact, @note, @masked, @enc, @bidx, @folded)`,
		db.Args{"id": id, "case": tx.CaseID, "name": in.Name, "born": in.Born, "relation": in.Relation, "role": in.ConflictRole, "may_know": in.MayKnow,
			"may_contact": cmp.Or(in.MayContact, "ask"), "note": in.Note, "masked": c.masked, "enc": c.sealed, "bidx": c.blind, "folded": Fold(in.Name)})
	if err != nil {
		return uuid.Nil, err
	}
	return id, timeline.Record(ctx, tx, timeline.PersonAdded, id, timeline.Data{"relation": in.Relation})
}

// ChangePerson writes anew what is known about somebody around the citizen.
func ChangePerson(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, version int, in PersonInput) error {
	if err := in.Validate(tx.Now); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.person SET name = @name, born = @born, relation = @relation, conflict_role = @role, may_know = @may_know, may_contact = @may_contact, note = @note,
		       name_folded = @folded, version = version + 1, changed_at = @now
		 WHERE id = @id AND case_id = @case AND NOT is_citizen AND version = @version`,
		db.Args{"id": id, "case": tx.CaseID, "version": version, "now": tx.Now, "name": in.Name, "born": in.Born, "relation": in.Relation,
			"role": in.ConflictRole, "may_know": in.MayKnow, "may_contact": cmp.Or(in.MayContact, "ask"), "note": in.Note, "folded": Fold(in.Name)})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "person", id, version)
	}
	if err := setCPR(ctx, tx, k, id, in.CPR); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.PersonChanged, id, timeline.Data{"relation": in.Relation})
}
