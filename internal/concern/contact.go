package concern

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// ContactWaits reports whether the number or the address of the reporter is kept back: there is one, and nobody has said that an
// answer there reaches the reporter only. A way that nobody has settled counts as one that is not safe.
func (f Full) ContactWaits() bool { return f.ReporterContact != "" && f.Channel != "safe" }

// ShowContact returns where the reporter is reached. Where the way is not known to be safe it takes a reason, which stays on the
// record each time.
func ShowContact(ctx context.Context, tx *db.Tx, reason string) (string, error) {
	c, err := db.One[struct{ ReporterContact, Channel string }](ctx, tx, `SELECT reporter_contact, channel FROM app.report_content WHERE report_id = @report`, db.Args{"report": tx.CaseID})
	switch {
	case err != nil:
		return "", err
	case c.ReporterContact == "":
		return "", fault.NotFound
	case c.Channel == "safe":
		return c.ReporterContact, nil
	}
	bad, reason := fault.Invalid{}, strings.TrimSpace(reason)
	bad.Check("reason", visible(reason), "contact.error.reason")
	bad.AtMost("reason", reason, maxText)
	if err := bad.Err(); err != nil {
		return "", err
	}
	return c.ReporterContact, record(ctx, tx, tx.CaseID, EventContact, Data{"channel": c.Channel, "reason": reason})
}

// ShowPhone returns the number of somebody in the opened report. Nobody has settled that it is safe to call: it takes a reason, which stays
// on the record each time (R1, R3).
func ShowPhone(ctx context.Context, tx *db.Tx, person uuid.UUID, reason string) (string, error) {
	phone, err := db.One[string](ctx, tx, `SELECT phone FROM app.report_person WHERE report_id = @report AND id = @person AND phone <> ''`, db.Args{"report": tx.CaseID, "person": person})
	if err != nil {
		return "", err
	}
	bad, reason := fault.Invalid{}, strings.TrimSpace(reason)
	bad.Check("reason", visible(reason), "contact.error.reason")
	bad.Check("reason", len([]rune(reason)) >= 15 && len(strings.Fields(reason)) > 1, "contact.error.sentence") // as in a case
	bad.AtMost("reason", reason, maxText)
	if err := bad.Err(); err != nil {
		return "", err
	}
	return phone, record(ctx, tx, tx.CaseID, EventPhone, Data{"reason": reason})
}
