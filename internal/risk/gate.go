package risk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/timeline"
)

// Shut is the text key of the refusal while the gate is shut; it says what opens it.
const Shut = "gate.shut"

// ErrShut is the refusal of anything that reaches parents or network while the risk is not assessed (barnets lov § 18, stk. 3; R1).
var ErrShut = fault.Invalid{"gate": Shut}

// Demand refuses with [ErrShut] while the gate of the opened case is shut.
func Demand(ctx context.Context, tx *db.Tx) error {
	state, err := db.One[string](ctx, tx, `SELECT state FROM app.gate(@case)`, db.Args{"case": tx.CaseID})
	if err == nil && casefile.GateState(state) == casefile.GateShut {
		return ErrShut
	}
	return err
}

// Refused turns the database's own refusal at the gate into [ErrShut], and leaves every other error as it is: the
// rule holds in the database too, where a forgotten [Demand] cannot undo it.
func Refused(err error) error {
	if db.Violates(err, "risk_before_family") {
		return ErrShut
	}
	return err
}

// At reports whether err says that the gate is shut.
func At(err error) bool {
	var bad fault.Invalid
	return errors.As(err, &bad) && bad["gate"] == Shut
}

// MinReason is how many characters a lead's reason has at least.
const MinReason = 20

// maxText is how many characters a free text holds.
const maxText = 8000

// OpeningDays are for how long a lead may open the gate, in days: the shortest is offered first.
var OpeningDays = []int{1, 3, 7, 14}

// Opening is one time that a lead opened the gate.
type Opening struct {
	ID       uuid.UUID
	Reason   string
	By       string
	At       time.Time
	Until    time.Time
	ClosedAt *time.Time
	ClosedBy string
}

// Live reports whether the opening holds.
func (o Opening) Live(now time.Time) bool { return o.ClosedAt == nil && o.Until.After(now) }

// Openings asks for every time that a lead opened the gate of the opened case, newest first.
func Openings(b *db.Batch) *[]Opening {
	return db.All[Opening](b, `
		SELECT g.id, g.reason, u.display_name AS by, g.opened_at AS at, g.until, g.closed_at, coalesce(c.display_name, '') AS closed_by
		  FROM app.gate_opening g JOIN auth.user_account u ON u.id = g.opened_by LEFT JOIN auth.user_account c ON c.id = g.closed_by
		 WHERE g.case_id = @case ORDER BY g.opened_at DESC, g.id LIMIT 20`, db.Args{"case": b.CaseID})
}

// MayOpen reports whether who may open the gate of a case where they have rights: a team lead who manages it.
func MayOpen(who actor.Actor, rights actor.Rights) bool {
	return who.Role == actor.TeamLead && rights.May(actor.Manage|actor.Note)
}

// OpenGate lets the family be involved although the risk is not assessed, until the end of a day some days from now, with the
// lead's written reason (R1). It is on the record, the responsible is told, and it shows on Overblik. Nobody but a lead may.
func OpenGate(ctx context.Context, tx *db.Tx, reason string, days int) error {
	if !MayOpen(tx.Actor, tx.Rights) {
		return fault.Forbidden
	}
	reason = strings.TrimSpace(reason)
	bad := fault.Invalid{}
	bad.Check("reason", utf8.RuneCountInString(reason) >= MinReason, "gate.error.reason")
	bad.AtMost("reason", reason, maxText)
	bad.Check("days", days >= OpeningDays[0] && days <= OpeningDays[len(OpeningDays)-1], "error.choose")
	if err := bad.Err(); err != nil {
		return err
	}
	until := i18n.Today(tx.Now).AddDate(0, 0, days+1).Add(-time.Second)
	id, err := db.One[uuid.UUID](ctx, tx, `SELECT app.open_gate(@case, @reason, @until)`, db.Args{"case": tx.CaseID, "reason": reason, "until": until})
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.GateOpened, id, timeline.Data{"until": until.Format(time.RFC3339)})
}

// ShutGate ends a lead's opening before its time. Nothing open is no fault: what was wanted is so.
func ShutGate(ctx context.Context, tx *db.Tx) error {
	was, err := db.One[bool](ctx, tx, `SELECT app.shut_gate(@case)`, db.Args{"case": tx.CaseID})
	if err != nil || !was {
		return err
	}
	return timeline.Record(ctx, tx, timeline.GateShut, uuid.Nil, nil)
}
