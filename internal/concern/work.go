package concern

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

// Assign gives the opened report to a colleague of its desk; taking it is assigning it to oneself. was is whom the form
// saw it with, zero for nobody: if it is somebody else's by now, the answer is [fault.Stale]. A colleague who cannot have
// it, and one who must not know of it, are refused alike.
func Assign(ctx context.Context, tx *db.Tx, to, was uuid.UUID) error {
	before, err := db.One[*uuid.UUID](ctx, tx, `SELECT assigned_to FROM app.report WHERE id = @report`, db.Args{"report": tx.CaseID})
	if err != nil {
		return err
	}
	given, err := db.One[*bool](ctx, tx, `SELECT app.assign_report(@report, @to, @was)`, db.Args{"report": tx.CaseID, "to": to, "was": db.Null(was)})
	switch {
	case err != nil:
		return err
	case given == nil:
		return fault.Stale
	case !*given:
		return fault.Invalid{"to": "concern.assign.nobody"}
	case before != nil && *before == to:
		return nil // sent twice
	}
	name, err := nameOf(ctx, tx, to)
	if err != nil {
		return err
	}
	return record(ctx, tx, tx.CaseID, EventAssigned, Data{"to": name})
}

// Assessment is whether there is need for help now, and why (§ 136).
type Assessment struct {
	Acute  string // "yes" or "no"
	Reason string
}

// Validate refuses an assessment without an answer or without its reason.
func (a Assessment) Validate() error {
	bad := fault.Invalid{}
	bad.Check("acute", a.Acute == "yes" || a.Acute == "no", "concern.acute.missing")
	bad.Check("reason", visible(a.Reason), "concern.reason.missing")
	bad.AtMost("reason", a.Reason, maxText)
	return bad.Err()
}

// Assess writes the assessment of the opened report, by the one who makes it. It may be made anew while the report is
// open; the clock keeps the first. Who assesses a report that nobody has, takes it.
func Assess(ctx context.Context, tx *db.Tx, version int, in Assessment) error {
	if err := in.Validate(); err != nil {
		return err
	}
	was, err := db.One[Report](ctx, tx, `SELECT `+reportColumns+` WHERE x.id = @report`, db.Args{"report": tx.CaseID})
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.report SET acute = @acute, assessed_at = coalesce(assessed_at, now()), assessed_by = @me, version = version + 1
		WHERE id = @report AND version = @version AND concluded_at IS NULL`, db.Args{"acute": in.Acute == "yes", "me": tx.Actor.UserID, "report": tx.CaseID, "version": version})
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "report", tx.CaseID, version)
	}
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE app.report_content SET assess_reason = @reason, version = version + 1, changed_at = now() WHERE report_id = @report`,
		db.Args{"reason": in.Reason, "report": tx.CaseID}); err != nil {
		return err
	}
	if err := deadline.MeetForReport(ctx, tx, tx.CaseID, tx.Now, deadlineAssess); err != nil {
		return err
	}
	clock := was.Clock(tx.Now)
	if err := record(ctx, tx, tx.CaseID, EventAssessed, Data{"acute": in.Acute, "late": strconv.FormatBool(clock.Over())}); err != nil {
		return err
	}
	if was.AssignedTo == nil {
		// not of the desk: the report stays with it
		if err := Assign(ctx, tx, tx.Actor.UserID, uuid.Nil); err != nil && !isRefusal(err) {
			return err
		}
	}
	return nil
}

func isRefusal(err error) bool {
	var bad fault.Invalid
	return errors.As(err, &bad) || errors.Is(err, fault.Stale)
}

// Why a receipt is not sent. The text of each is "concern.receipt.blocked.<reason>".
const (
	BlockedAnonymous = "anonymous"
	BlockedUnsafe    = "unsafe"
	BlockedHousehold = "household" // lives with the child, and nobody has said that the channel is safe
)

// Blocked says why the reporter must not be answered now, or "" where they may (domain.md 7, no. 8).
func (f Full) Blocked() string {
	switch {
	case f.Source == Anonymous:
		return BlockedAnonymous
	case f.Channel == "unsafe", f.Channel == "none":
		return BlockedUnsafe
	case f.Channel == "unknown" && f.ReporterHousehold:
		return BlockedHousehold
	}
	return ""
}

// Unsure reports whether nobody knows if the reporter may be answered on the channel, as the form of a report begins: whoever
// answers then makes sure of it themselves, and says so.
func (f Full) Unsure() bool { return f.Blocked() == "" && f.Channel != "safe" }

// SendReceipt notes that the reporter has had their receipt, and how (§ 138). assured is the word of who sends it that the answer
// reaches the reporter only; it is asked for where nobody knows ([Full.Unsure]). The database refuses where it could reach
// somebody who must not know; a second time changes nothing.
func SendReceipt(ctx context.Context, tx *db.Tx, how string, assured bool) error {
	if !slices.Contains(ReceiptWays, how) {
		return fault.Invalid{"how": "concern.receipt.how.missing"}
	}
	switch said, err := db.One[string](ctx, tx, `SELECT app.send_receipt(@report, @how, @assured)`, db.Args{"report": tx.CaseID, "how": how, "assured": assured}); {
	case err != nil:
		return err
	case said == "blocked":
		return fault.Invalid{"how": "concern.receipt.blocked"}
	case said == "unsure":
		return fault.Invalid{"assured": "concern.receipt.assured.missing"}
	case said == "already":
		return nil
	}
	if err := deadline.MeetForReport(ctx, tx, tx.CaseID, tx.Now, deadlineReceipt); err != nil {
		return err
	}
	kept, err := db.One[bool](ctx, tx, `SELECT receipt_assured FROM app.report WHERE id = @report`, db.Args{"report": tx.CaseID})
	if err != nil {
		return err
	}
	return record(ctx, tx, tx.CaseID, EventReceipt, Data{"how": how, "assured": strconv.FormatBool(kept)})
}

// SetChannel notes what was found out about where the reporter may be answered.
func SetChannel(ctx context.Context, tx *db.Tx, version int, channel, note string) error {
	bad := fault.Invalid{}
	bad.Check("channel", slices.Contains(Channels, channel), "concern.channel.missing")
	bad.Check("channel_note", channel != "safe" || visible(note), "concern.channel_note.missing")
	bad.AtMost("channel_note", note, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.report_content SET channel = @channel, channel_note = @note, version = version + 1, changed_at = now()
		WHERE report_id = @report AND version = @version AND channel <> 'none'`, db.Args{"channel": channel, "note": note, "report": tx.CaseID, "version": version})
	if err == nil && n == 0 {
		err = tx.WhyNotBy(ctx, "report_content", "report_id", tx.CaseID, version)
	}
	if err != nil {
		return err
	}
	return record(ctx, tx, tx.CaseID, EventChannel, Data{"channel": channel})
}

// receiptText is a letter of the municipality, so it is Danish whoever prints it. It has the day and the municipality.
const receiptText = `Tak for din henvendelse.

Vi modtog henvendelsen %s.

Kommunen vurderer alle henvendelser og tager stilling til, hvad der videre skal ske. Vi har tavshedspligt og kan derfor ikke fortælle, hvad vi gør.

Du er velkommen til at kontakte os, hvis du får brug for at fortælle mere.

Venlig hilsen
%s`

// ReceiptText is what the reporter gets: that the municipality has received something, when, and what it does with it.
// It names neither the child nor what was told, so that whoever reads it besides learns nothing.
func ReceiptText(r Report, municipality string) string {
	return fmt.Sprintf(receiptText, i18n.LongDate(i18n.With(context.Background(), "da"), r.ReceivedAt), municipality)
}
