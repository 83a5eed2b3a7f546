package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// maxText is how long one free text of a case may be.
const maxText = 5000

// ProfileInput is the case in short: what can be said about it on half a page, and its protections.
// The three protections are three flags, never one: an address can be protected for a time, or by the
// police's notice (CPR-loven § 6, stk. 6), and neither says how widely the case itself is known.
type ProfileInput struct {
	Situation                string
	CitizenWish              string // in the citizen's own words
	LegalGround              string
	Interpreter              string
	ControlTypes             []string // codes of [reference.ControlTypes]
	Anonymous                bool     // the citizen has not said who they are (serviceloven §§ 10, 12)
	NameAddressProtection    bool
	NameAddressUntil         *time.Time // ordinary protection ends; the special one does not by itself
	SpecialAddressProtection bool
	Phase                    string // code of [reference.Phases]
	ConflictPhase            string // code of [reference.ConflictPhases], or empty
}

// Profile is the case in short as it stands, with who changed it last.
type Profile struct {
	ProfileInput
	Certainty      string // code of [reference.Certainties]; a screening changes it, never this form
	Origin         string // code of [reference.Origins]
	SeverityReason string
	Version        int // 0: nothing has been written yet
	ChangedAt      *time.Time
	ChangedBy      string // display name; empty: nobody since it was registered
}

// GetProfile asks for the opened case in short.
func GetProfile(b *db.Batch) *Profile {
	return db.Get[Profile](b, `
		SELECT coalesce(p.situation, '') AS situation, coalesce(p.citizen_wish, '') AS citizen_wish, coalesce(p.legal_ground, '') AS legal_ground,
		       coalesce(p.interpreter, '') AS interpreter, coalesce(p.control_types, '{}') AS control_types, coalesce(p.anonymous, false) AS anonymous,
		       coalesce(p.name_address_protection, false) AS name_address_protection, p.name_address_until,
		       coalesce(p.special_address_protection, false) AS special_address_protection,
		       f.phase, coalesce(f.conflict_phase, '') AS conflict_phase, f.certainty, f.origin, coalesce(p.severity_reason, '') AS severity_reason,
		       coalesce(p.version, 0) AS version, p.changed_at, coalesce(u.display_name, '') AS changed_by
		  FROM app.case_file f LEFT JOIN app.case_profile p ON p.case_id = f.id LEFT JOIN auth.user_account u ON u.id = p.changed_by
		 WHERE f.id = @case`, db.Args{"case": b.CaseID})
}

// Validate refuses what cannot stand in a profile.
func (in ProfileInput) Validate() error {
	bad := fault.Invalid{}
	for field, text := range map[string]string{"situation": in.Situation, "citizen_wish": in.CitizenWish, "legal_ground": in.LegalGround, "interpreter": in.Interpreter} {
		bad.AtMost(field, text, maxText)
	}
	for _, code := range in.ControlTypes {
		bad.Check("control_types", reference.Known(reference.ControlTypes, code), "error.choose")
	}
	bad.Check("phase", reference.Known(reference.Phases, in.Phase), "error.choose")
	bad.Check("conflict_phase", in.ConflictPhase == "" || reference.Known(reference.ConflictPhases, in.ConflictPhase), "error.choose")
	bad.Check("name_address_until", in.NameAddressUntil == nil || in.NameAddressProtection, "profile.error.until")
	return bad.Err()
}

// ChangeProfile writes the case in short, expected at version. The phase stands on the case itself,
// but is only ever written here, so the one version guards it too. How certain the honour conflict is, a screening says (R1).
func ChangeProfile(ctx context.Context, tx *db.Tx, version int, in ProfileInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	was, err := db.One[string](ctx, tx, `SELECT phase FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	if in.ControlTypes == nil {
		in.ControlTypes = []string{}
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.case_profile AS p (case_id, situation, citizen_wish, legal_ground, interpreter, control_types, anonymous,
		       name_address_protection, name_address_until, special_address_protection, changed_at, changed_by)
		VALUES (@case, @situation, @wish, @ground, @interpreter, @control, @anonymous, @protected, @until, @special, @now, @me)
		ON CONFLICT (case_id) DO UPDATE
		SET situation = excluded.situation, citizen_wish = excluded.citizen_wish, legal_ground = excluded.legal_ground, interpreter = excluded.interpreter,
		    control_types = excluded.control_types, anonymous = excluded.anonymous, name_address_protection = excluded.name_address_protection,
		    name_address_until = excluded.name_address_until, special_address_protection = excluded.special_address_protection,
		    version = p.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
		WHERE p.version = @version`,
		db.Args{"case": tx.CaseID, "situation": in.Situation, "wish": in.CitizenWish, "ground": in.LegalGround, "interpreter": in.Interpreter,
			"control": in.ControlTypes, "anonymous": in.Anonymous, "protected": in.NameAddressProtection, "until": in.NameAddressUntil,
			"special": in.SpecialAddressProtection, "now": tx.Now, "me": tx.Actor.UserID, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNotBy(ctx, "case_profile", "case_id", tx.CaseID, version)
	}
	_, err = db.Exec(ctx, tx, `UPDATE app.case_file SET phase = @phase, conflict_phase = nullif(@conflict, '') WHERE id = @case`,
		db.Args{"case": tx.CaseID, "phase": in.Phase, "conflict": in.ConflictPhase})
	if err != nil {
		return err
	}
	if was != in.Phase {
		if err := timeline.Record(ctx, tx, timeline.PhaseChanged, uuid.Nil, timeline.Data{"from": was, "to": in.Phase}); err != nil {
			return err
		}
	}
	return timeline.Record(ctx, tx, timeline.CaseChanged, uuid.Nil, nil)
}
