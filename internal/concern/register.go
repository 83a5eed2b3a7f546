package concern

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
)

// What happens to a report. The sentence for each is the text "concern.event.<kind>".
const (
	EventRegistered = "report.registered"
	EventAssigned   = "report.assigned" // data: to
	EventAssessed   = "report.assessed" // data: acute, late
	EventReceived   = "report.received" // data: from, to (RFC 3339), reason
	EventReceipt    = "report.receipt"  // data: how, assured ("true": nobody knew whether the way was safe, and the sender made sure)
	EventCase       = "report.case"     // data: how ("made" or "joined")
	EventChannel    = "report.channel"  // data: channel
	EventContact    = "report.contact"  // data: channel (what was known of it), reason; never the number
	EventAdded      = "report.added"    // data: text
	EventPhone      = "report.phone"    // data: reason; never the number
	EventChild      = "report.child"
	EventReviewer   = "report.reviewer" // data: to
)

// Data are the words of an event's sentence.
type Data map[string]string

// record leaves a line for the people of the opened report, and one in the trail.
func record(ctx context.Context, tx *db.Tx, report uuid.UUID, kind string, data Data) error {
	if data == nil {
		data = Data{}
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.report_event (report_id, actor, kind, data) VALUES (@report, @me, @kind, @data::jsonb)`,
			db.Args{"report": report, "me": tx.Actor.UserID, "kind": kind, "data": string(raw)})
		if kind != EventReceipt && kind != EventAssigned { // the database has written those itself
			db.Do(b, `SELECT audit.record(@kind, @report, NULL, NULL)`, db.Args{"report": report, "kind": kind})
		}
	})
	if err != nil {
		return fmt.Errorf("record %s: %w", kind, err)
	}
	return nil
}

// Registered is the new report. Whoever registered it may turn out to be one who must not know of it: it is registered all
// the same, and they do not see it.
type Registered struct {
	ID     uuid.UUID
	Ref    string
	Number string
	Rights actor.Rights // of whoever registered it
}

// Kept reports whether whoever registered the report must not know of it.
func (r Registered) Kept() bool { return !r.Rights.May(actor.Read) }

// Register writes a report down, in the transaction of tx, which may go on writing in it. An anonymous reporter leaves no
// trace: what was typed about them is not kept.
//
// It says nothing about the child's cases: their responsible are told, and see it there (AC4, AC5).
func Register(ctx context.Context, tx *db.Tx, k keys.Keys, in Input) (Registered, error) {
	if !tx.Actor.WorksCases() {
		return Registered{}, fault.NotFound
	}
	if err := in.Validate(tx.Actor.UserID, tx.Now); err != nil {
		return Registered{}, err
	}
	if in.Source == Anonymous {
		in.ReporterName, in.ReporterRole, in.ReporterContact, in.ChannelNote, in.Household, in.Channel = "", "", "", "", false, "none"
	}
	if !in.Late(tx.Now) {
		in.LateReason = ""
	}
	rules, err := rulesOf(ctx, tx)
	if err != nil {
		return Registered{}, err
	}
	made, err := db.One[struct {
		ID          uuid.UUID
		Ref, Number string
	}](ctx, tx, `SELECT id, ref, number FROM app.create_report(@area, @source, @received, @late, @assess, @receipt, @exclude)`,
		db.Args{"area": in.Area, "source": in.Source, "received": in.ReceivedAt, "late": in.LateReason, "assess": AssessBy(in.Area, in.ReceivedAt),
			"receipt": ReceiptBy(rules, in.Area, in.Source, in.ReceivedAt), "exclude": append([]uuid.UUID{}, in.Exclude...)})
	if db.Violates(err, "report_exclusion_user_id_fkey") {
		return Registered{}, fault.Invalid{"exclude": "error.choose"}
	}
	if err != nil {
		return Registered{}, fmt.Errorf("create report: %w", err)
	}
	var rights *actor.Rights
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.report_content (report_id, told, where_now, siblings, measures, reporter_name, reporter_role, reporter_contact, reporter_household, channel, channel_note)
			VALUES (@report, @told, @where, @siblings, @measures, @name, @role, @contact, @household, @channel, @note)`,
			db.Args{"report": made.ID, "told": in.Told, "where": in.WhereNow, "siblings": in.Siblings, "measures": in.Measures, "name": in.ReporterName, "role": in.ReporterRole,
				"contact": in.ReporterContact, "household": in.Household, "channel": in.Channel, "note": in.ChannelNote})
		for _, p := range in.People {
			if !p.Blank() {
				addPerson(b, k, made.ID, false, p, in.ReceivedAt)
			}
		}
		addPerson(b, k, made.ID, true, in.Child, in.ReceivedAt) // last: whoever the others exclude is not told of a case of the child's
		rights = db.Get[actor.Rights](b, `SELECT auth.perms(@report)`, db.Args{"report": made.ID})
	})
	if err != nil {
		return Registered{}, err
	}
	for _, code := range clocks(in.Area, in.Source) {
		if _, err := deadline.StartForReport(ctx, tx, rules, made.ID, code, in.ReceivedAt); err != nil && !isRefusal(err) { // a rule that is switched off
			return Registered{}, err
		}
	}
	return Registered{made.ID, made.Ref, made.Number, *rights}, record(ctx, tx, made.ID, EventRegistered, nil)
}

// rulesOf are the deadline rules of the municipality.
func rulesOf(ctx context.Context, tx *db.Tx) (deadline.Rules, error) {
	var q deadline.RuleRows
	err := tx.Read(ctx, func(b *db.Batch) { q = deadline.AskRules(b) })
	if err != nil {
		return deadline.Rules{}, err
	}
	return q.Rules(), nil
}

// clocks are the deadlines that begin with a report.
func clocks(area, source string) []string {
	switch {
	case area != Child:
		return nil
	case source == Anonymous:
		return []string{deadlineAssess}
	}
	return []string{deadlineAssess, deadlineReceipt}
}

// cprCell is where a person's sealed CPR number belongs.
func cprCell(report, person uuid.UUID) keys.Where {
	return keys.Where{Column: "report_person.cpr", CaseID: report, RowID: person}
}

func addPerson(b *db.Batch, k keys.Keys, report uuid.UUID, child bool, p PersonInput, told time.Time) {
	id := uuid.New()
	masked, sealed, blind, phone := "", []byte(nil), []byte(nil), []byte(nil)
	if cpr, ok := keys.ParseCPR(p.CPR); ok {
		masked, sealed, blind = cpr.Masked(), k.Seal(cprCell(report, id), cpr.String()), k.BlindCPR(cpr.Digits)
	}
	if digits, ok := keys.ParsePhone(p.Phone); ok {
		phone = k.BlindPhone(digits)
	}
	var on *time.Time
	if p.told() != nil {
		day := i18n.Today(told)
		on = &day
	}
	db.Do(b, `INSERT INTO app.report_person (id, report_id, is_child, name, born, age, age_on, relation, cpr_masked, cpr_enc, cpr_bidx, phone, phone_bidx, name_folded)
		VALUES (@id, @report, @child, @name, @born, @age, @age_on, @relation, @masked, @sealed, @blind, @phone, @phone_blind, @folded)`,
		db.Args{"id": id, "report": report, "child": child, "name": p.Name, "born": p.born(), "age": p.told(), "age_on": on, "relation": p.Relation, "masked": masked, "sealed": sealed, "blind": blind,
			"phone": p.Phone, "phone_blind": phone, "folded": casefile.Fold(p.Name)})
}
