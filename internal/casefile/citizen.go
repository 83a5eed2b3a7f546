package casefile

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// CitizenInput is who the case is about. All of it may be unknown: advice can be given to somebody
// who has not said their name (serviceloven §§ 10, 12).
type CitizenInput struct {
	Name        string
	CallingName string // what lists call the citizen, "Amira S."; never the whole name of a protected person
	Born        *time.Time
	CPR         string // as typed; empty leaves what is there
}

// Citizen is who the case is about, as the form shows it.
type Citizen struct {
	ID          uuid.UUID // zero where nobody has been entered
	Name        string
	CallingName string
	Born        *time.Time
	CPRMasked   string
	Version     int
}

// GetCitizen asks who the opened case is about.
func GetCitizen(b *db.Batch) *Citizen {
	return db.Get[Citizen](b, `
		SELECT coalesce(p.id, '00000000-0000-0000-0000-000000000000') AS id, coalesce(p.name, '') AS name, coalesce(l.calling_name, '') AS calling_name,
		       coalesce(p.born, l.born) AS born, coalesce(p.cpr_masked, '') AS cpr_masked, coalesce(p.version, 0) AS version
		  FROM app.case_file f LEFT JOIN app.citizen_label l ON l.case_id = f.id LEFT JOIN app.person p ON p.case_id = f.id AND p.is_citizen
		 WHERE f.id = @case`, db.Args{"case": b.CaseID})
}

// Validate refuses what cannot be known about a citizen.
func (in CitizenInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.AtMost("name", in.Name, 200)
	bad.Check("calling_name", in.CallingName != "", "citizen.error.calling")
	bad.AtMost("calling_name", in.CallingName, 60)
	checkBorn(bad, in.Born, now)
	checkCPR(bad, "cpr", in.CPR, now)
	return bad.Err()
}

// ChangeCitizen writes who the case is about, expected at version (0: nobody yet).
func ChangeCitizen(ctx context.Context, tx *db.Tx, k keys.Keys, version int, in CitizenInput) error {
	if err := in.Validate(tx.Now); err != nil {
		return err
	}
	rows, err := db.Many[uuid.UUID](ctx, tx, `
		INSERT INTO app.person AS p (id, case_id, is_citizen, name, born, name_folded) VALUES (gen_random_uuid(), @case, true, @name, @born, @folded)
		ON CONFLICT (case_id) WHERE is_citizen DO UPDATE
		SET name = @name, born = @born, name_folded = @folded, version = p.version + 1, changed_at = @now
		WHERE p.version = @version RETURNING id`,
		db.Args{"case": tx.CaseID, "name": in.Name, "born": in.Born, "folded": Fold(in.Name), "now": tx.Now, "version": version})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fault.Stale // somebody else wrote it: insert and update were both possible
	}
	id := rows[0]
	if _, err := db.Exec(ctx, tx, `UPDATE app.citizen_label SET calling_name = @calling, born = @born WHERE case_id = @case`,
		db.Args{"case": tx.CaseID, "calling": in.CallingName, "born": in.Born}); err != nil {
		return err
	}
	if err := setCPR(ctx, tx, k, id, in.CPR); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.CaseChanged, id, nil)
}
