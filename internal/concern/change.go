package concern

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
)

// Add writes down what comes later: the reporter calls again, the school calls back. What was told first stays as it was.
// Sent twice, it stands there once.
func Add(ctx context.Context, tx *db.Tx, text string) error {
	bad := fault.Invalid{}
	bad.Check("text", visible(text), "concern.add.missing")
	bad.AtMost("text", text, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	twice, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM app.report_event WHERE report_id = @report AND actor = @me AND kind = @kind AND data->>'text' = @text AND at > now() - interval '10 minutes')`,
		db.Args{"report": tx.CaseID, "me": tx.Actor.UserID, "kind": EventAdded, "text": text})
	if err != nil || twice {
		return err
	}
	return record(ctx, tx, tx.CaseID, EventAdded, Data{"text": text})
}

// ChangeChild corrects whom the opened report is about. A number that is not typed leaves the one that is there; one that
// is new may tell the people of a case, and exclude a relative.
func ChangeChild(ctx context.Context, tx *db.Tx, k keys.Keys, person uuid.UUID, version int, in PersonInput) error {
	bad := fault.Invalid{}
	in.validate(bad, "", tx.Now)
	bad.Check("name", in.Name == "" || visible(in.Name), "register.name.missing")
	if err := bad.Err(); err != nil {
		return err
	}
	var masked *string
	var sealed, blind, phone []byte
	if cpr, ok := keys.ParseCPR(in.CPR); ok {
		text := cpr.Masked()
		masked, sealed, blind = &text, k.Seal(cprCell(tx.CaseID, person), cpr.String()), k.BlindCPR(cpr.Digits)
	}
	if digits, ok := keys.ParsePhone(in.Phone); ok {
		phone = k.BlindPhone(digits)
	}
	sql := `UPDATE app.report_person SET name = @name, born = coalesce(@born, born),
		age = CASE WHEN coalesce(@born, born) IS NULL THEN @age::int END, age_on = CASE WHEN coalesce(@born, born) IS NULL AND age = @age::int THEN age_on WHEN coalesce(@born, born) IS NULL AND @age::int IS NOT NULL THEN @today::date END,
		phone = @phone, phone_bidx = @blind_phone, name_folded = @folded, version = version + 1
		WHERE id = @id AND report_id = @report AND is_child AND version = @version`
	args := db.Args{"name": in.Name, "born": in.born(), "age": in.told(), "today": i18n.Today(tx.Now), "phone": in.Phone, "blind_phone": phone, "folded": casefile.Fold(in.Name), "id": person, "report": tx.CaseID, "version": version}
	n, err := db.Exec(ctx, tx, sql, args)
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "report_person", person, version)
	}
	if err != nil {
		return err
	}
	if masked != nil {
		if _, err := db.Exec(ctx, tx, `UPDATE app.report_person SET cpr_masked = @masked, cpr_enc = @sealed, cpr_bidx = @blind WHERE id = @id AND report_id = @report`,
			db.Args{"masked": *masked, "sealed": sealed, "blind": blind, "id": person, "report": tx.CaseID}); err != nil {
			return err
		}
	}
	return record(ctx, tx, tx.CaseID, EventChild, nil)
}
