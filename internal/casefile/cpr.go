package casefile

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/keys"
)

// sealedCPR is a CPR number as the database keeps it: masked to show, sealed to reveal, blind to compare.
type sealedCPR struct {
	masked        string
	sealed, blind []byte
}

// cprCell is where a person's sealed CPR number belongs.
func cprCell(caseID, person uuid.UUID) keys.Where {
	return keys.Where{Column: "person.cpr", CaseID: caseID, RowID: person}
}

func sealCPR(tx *db.Tx, k keys.Keys, person uuid.UUID, typed string) sealedCPR {
	cpr, ok := keys.ParseCPR(typed)
	if !ok {
		return sealedCPR{}
	}
	return sealedCPR{cpr.Masked(), k.Seal(cprCell(tx.CaseID, person), cpr.String()), k.BlindCPR(cpr.Digits)}
}

// setCPR writes a person's CPR number. Nothing typed leaves what is there: a masked number is never typed back.
func setCPR(ctx context.Context, tx *db.Tx, k keys.Keys, person uuid.UUID, typed string) error {
	c := sealCPR(tx, k, person, typed)
	if c.sealed == nil {
		return nil
	}
	_, err := db.Exec(ctx, tx, `UPDATE app.person SET cpr_masked = @masked, cpr_enc = @enc, cpr_bidx = @bidx WHERE id = @id AND case_id = @case`,
		db.Args{"id": person, "case": tx.CaseID, "masked": c.masked, "enc": c.sealed, "bidx": c.blind})
	return err
}

// RevealCPR returns the whole CPR number of a person of the opened case, and leaves a line about it (R11).
func RevealCPR(ctx context.Context, tx *db.Tx, k keys.Keys, person uuid.UUID) (string, error) {
	sealed, err := db.One[[]byte](ctx, tx, `SELECT c FROM app.reveal_cpr(@case, @person) c WHERE c IS NOT NULL`, db.Args{"case": tx.CaseID, "person": person})
	if err != nil {
		return "", err
	}
	return k.Unseal(cprCell(tx.CaseID, person), sealed)
}
