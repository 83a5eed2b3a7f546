package casefile

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// Registration is everything that is known when a case is registered.
type Registration struct {
	NewCitizen
	Around []Around
	Matter
	AccessPlan
}

// NewCitizen is who the case is about, and how they can be reached without harm.
type NewCitizen struct {
	Anonymous   bool
	Name        string
	CallingName string // what lists call them; empty: first name and initial
	CPR         string // as typed
	Born        time.Time

	// Three separate flags, of which the case's own level is the third (see AccessPlan).
	NameAddressProtection    bool      // ordinary, for a time
	NameAddressUntil         time.Time // zero: until further notice
	SpecialAddressProtection bool      // CPR-loven § 6, stk. 6

	SafeContact
}

// Around is somebody around the citizen. There is never one "perpetrator", but several persons, each with a part
// in the conflict (domain.md 1.8).
type Around struct {
	Name         string
	Relation     string // "mor", "storebror"
	ConflictRole string // one of [ConflictRoles]
	MayKnow      string // one of [MayKnowAnswers]
	CPR          string // as typed
}

// Blank reports whether nothing has been written about the person.
func (a Around) Blank() bool { return a.Name == "" && a.Relation == "" && a.CPR == "" }

// Matter is what the case is about.
type Matter struct {
	Situation      string
	Origin         string // code of [reference.Origins], or "other"
	Certainty      string // code of [reference.Certainties]
	Severity       string // code of [reference.Severities], chosen by a person (R8); empty: not assessed yet
	SeverityReason string
}

// AccessPlan says who works on the case, and who must not know of it (R10; AC1 of security.md).
type AccessPlan struct {
	TeamID          uuid.UUID
	Responsible     uuid.UUID
	CoResponsible   []uuid.UUID
	Confidentiality Confidentiality
	FromReport      bool // the intake desk gives it to a colleague, and the database knows who may

	// The question that must be answered: who in the municipality must not know of the case?
	// Nobody says that it was asked, and the answer is no one.
	Nobody  bool
	Exclude []uuid.UUID
}

// Registered is the new case.
type Registered struct {
	ID     uuid.UUID
	Ref    string
	Number string
}

// Register makes the case with everything in it, in the transaction of tx, which may go on writing in it.
//
// It says nothing about other cases of the same citizen: the responsible of such a case is told instead (AC5).
// A relative of a party among the employees is excluded by the database. If that hits the one who registers, the
// responsible or a co-responsible, nothing is registered, and the answer is a [fault.Invalid].
func Register(ctx context.Context, tx *db.Tx, k keys.Keys, in Registration) (Registered, error) {
	if err := in.Validate(tx.Actor, tx.Now); err != nil {
		return Registered{}, err
	}
	born := in.born()
	if in.CallingName == "" && !in.Anonymous {
		in.CallingName = CallingName(in.Name)
	}
	exclude := append([]uuid.UUID{}, in.Exclude...) // never NULL
	made, err := db.One[Registered](ctx, tx, `SELECT id, ref, number FROM app.create_case(@team, @responsible, @level::int::smallint, @calling, @born, @exclude)`,
		db.Args{"team": in.TeamID, "responsible": in.Responsible, "level": int(in.Confidentiality), "calling": in.CallingName, "born": born, "exclude": exclude})
	if err != nil {
		return Registered{}, fmt.Errorf("create case: %w", err)
	}
	tx.CaseID, tx.Rights = made.ID, actor.Header|actor.Read|actor.Addresses|actor.Write|actor.Note|actor.Manage|actor.Export
	if err := in.write(ctx, tx, k, born); err != nil {
		return Registered{}, err
	}
	if err := in.share(ctx, tx); err != nil {
		return Registered{}, err
	}
	if err := timeline.Record(ctx, tx, timeline.CaseRegistered, uuid.Nil, nil); err != nil || in.Severity == "" {
		return made, err
	}
	return made, SetSeverity(ctx, tx, 1, SeverityInput{Level: in.Severity, Reason: in.SeverityReason})
}

// write fills the new case in one round trip.
func (in Registration) write(ctx context.Context, tx *db.Tx, k keys.Keys, born *time.Time) error {
	var until *time.Time
	if !in.NameAddressUntil.IsZero() {
		until = &in.NameAddressUntil
	}
	return tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `UPDATE app.case_file SET origin = @origin, certainty = @certainty WHERE id = @case`,
			db.Args{"case": tx.CaseID, "origin": in.Origin, "certainty": in.Certainty})
		// the citizen knows of the case: whether they may be reached is what safe contact says
		queuePerson(b, tx, k, true, PersonInput{Name: in.Name, Born: born, ConflictRole: "unknown", MayKnow: "yes", CPR: in.CPR})
		for _, a := range in.Around {
			if !a.Blank() {
				p := PersonInput{Name: a.Name, Relation: a.Relation, ConflictRole: a.ConflictRole, MayKnow: a.MayKnow, CPR: a.CPR}
				if cpr, ok := keys.ParseCPR(a.CPR); ok {
					p.Born = &cpr.Born
				}
				queuePerson(b, tx, k, false, p)
			}
		}
		db.Do(b, `INSERT INTO app.case_profile (case_id, situation, anonymous, name_address_protection, name_address_until, special_address_protection, changed_by)
			VALUES (@case, @situation, @anonymous, @protected, @until, @special, @me)`,
			db.Args{"case": tx.CaseID, "situation": in.Situation, "anonymous": in.Anonymous, "protected": in.NameAddressProtection, "until": until,
				"special": in.SpecialAddressProtection, "me": tx.Actor.UserID})
		db.Do(b, `INSERT INTO app.safe_contact (case_id, policy, channel, hours, never, cover, changed_by) VALUES (@case, @policy, @channel, @hours, @never, @cover, @me)`,
			db.Args{"case": tx.CaseID, "policy": in.Policy, "channel": in.Channel, "hours": in.Hours, "never": in.Never, "cover": in.Cover, "me": tx.Actor.UserID})
	})
}

// queuePerson adds a person to the new case; whoever is a relative of theirs here is excluded by the database.
func queuePerson(b *db.Batch, tx *db.Tx, k keys.Keys, citizen bool, p PersonInput) {
	id := uuid.New()
	c := sealCPR(tx, k, id, p.CPR)
	db.Do(b, `INSERT INTO app.person (id, case_id, is_citizen, name, born, relation, conflict_role, may_know, cpr_masked, cpr_enc, cpr_bidx, name_folded)
		VALUES (@id, @case, @citizen, @name, @born, @relation, @role, @know, @masked, @sealed, @blind, @folded)`,
		db.Args{"id": id, "case": b.CaseID, "citizen": citizen, "name": p.Name, "born": p.Born, "relation": p.Relation, "role": p.ConflictRole, "know": p.MayKnow,
			"masked": c.masked, "sealed": c.sealed, "blind": c.blind, "folded": Fold(p.Name)})
}

// share gives the co-responsible their access, after the database has excluded the relatives.
func (in Registration) share(ctx context.Context, tx *db.Tx) error {
	excluded, err := db.Many[uuid.UUID](ctx, tx, `SELECT user_id FROM app.case_exclusion WHERE case_id = @case AND lifted_at IS NULL`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	for _, id := range excluded {
		switch {
		case id == tx.Actor.UserID:
			return fault.Invalid{"": "register.self_related"}
		case id == in.Responsible:
			return fault.Invalid{"responsible": "register.responsible.barred"}
		}
	}
	for _, id := range in.CoResponsible {
		given, err := db.One[bool](ctx, tx, `SELECT app.grant_access(@case, @user, 'coworker', NULL, 'created')`, db.Args{"case": tx.CaseID, "user": id})
		if err != nil {
			return fmt.Errorf("share new case: %w", err)
		}
		if !given {
			return fault.Invalid{"co": "register.co.barred"}
		}
	}
	return nil
}
