package deadline

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// longAgo is how far back in years something may lie that starts a deadline: more is a slip of the pen.
const longAgo = 10

// Start starts the deadline code of the opened case, from what happened at triggeredAt, by the rules of today, and returns its id. What
// happened once has one deadline: starting it again returns the one there is. A rule that does not exist, is switched off or belongs
// to the other area is refused under "code", a moment that has not been yet under "at".
func Start(ctx context.Context, tx *db.Tx, code string, triggeredAt time.Time) (uuid.UUID, error) {
	return startBefore(ctx, tx, code, triggeredAt, time.Time{})
}

// startBefore is [Start] of a deadline that ends on the day of end at the latest, whatever the rule says. The zero time is no such day.
func startBefore(ctx context.Context, tx *db.Tx, code string, triggeredAt, end time.Time) (uuid.UUID, error) {
	var q RuleRows
	var area *db.Found[string]
	err := tx.Read(ctx, func(b *db.Batch) {
		q, area = AskRules(b), db.Maybe[string](b, `SELECT area FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	})
	if err != nil {
		return uuid.Nil, err
	}
	rules := q.Rules()
	r, _ := rules.Find(code)
	if r.Area != "both" && r.Area != area.Row {
		return uuid.Nil, fault.Invalid{"code": "deadline.error.code"}
	}
	if !end.IsZero() && end.Before(rules.Due(r, triggeredAt)) {
		rules.set(code, i18n.Days(end, triggeredAt), calendar.Days)
	}
	return start(ctx, tx, rules, nil, code, triggeredAt)
}

// StartForReport starts a deadline of a report of concern, for instance UND_24H and UND_RECEIPT from the moment it was
// received (barnets lov §§ 136 and 138), by rules. The transaction has the report open.
func StartForReport(ctx context.Context, tx *db.Tx, rules Rules, reportID uuid.UUID, code string, at time.Time) (uuid.UUID, error) {
	return start(ctx, tx, rules, &reportID, code, at)
}

func start(ctx context.Context, tx *db.Tx, rules Rules, report *uuid.UUID, code string, at time.Time) (uuid.UUID, error) {
	r, known := rules.Find(code)
	bad := fault.Invalid{}
	bad.Check("code", known && r.Active, "deadline.error.code")
	checkTrigger(bad, at, tx.Now, r.Unit)
	if err := bad.Err(); err != nil {
		return uuid.Nil, err
	}
	h, id := rules.Holidays, uuid.New()
	from := countsFrom(at, r.Unit)
	due := rules.Due(r, at)
	args := db.Args{"id": id, "case": db.Null(tx.CaseID), "report": report, "code": r.Code, "name": r.OwnName, "trigger": r.Trigger, "at": at, "from": from, "length": r.Length,
		"unit": string(r.Unit), "basis": r.Basis, "law": reference.LawVersion(), "certainty": r.Certainty, "statutory": r.Statutory, "rule": r.Version, "kind": r.Kind,
		"constitution": h.ConstitutionDay, "christmas": h.ChristmasEve, "newyear": h.NewYearsEve, "due": due, "me": tx.Actor.UserID}
	if report != nil {
		args["case"] = (*uuid.UUID)(nil)
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.deadline (id, case_id, report_id, code, name, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, rule_version, kind,
		       constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES (@id, @case, @report, @code, @name, @trigger, @at, @from, @length, @unit, @basis, @law, @certainty, @statutory, @rule, @kind, @constitution, @christmas, @newyear, @due, @me)
		ON CONFLICT (case_id, report_id, code, counts_from) WHERE status <> 'cancelled' DO NOTHING`, args)
	if err != nil {
		return uuid.Nil, err
	}
	if n == 0 {
		return db.One[uuid.UUID](ctx, tx, `
			SELECT id FROM app.deadline WHERE case_id IS NOT DISTINCT FROM @case AND report_id IS NOT DISTINCT FROM @report AND code = @code AND counts_from = @from AND status <> 'cancelled'`,
			db.Args{"case": args["case"], "report": report, "code": code, "from": from})
	}
	return id, happened(ctx, tx, report, id, key(r.Code, r.OwnName), "started", timeline.DeadlineStarted, "", nil, &due)
}

// Due is when a rule, begun at a moment, ends.
func (r Rules) Due(rule Rule, at time.Time) time.Time {
	return calendar.Add(countsFrom(at, rule.Unit), rule.Length, rule.Unit, r.Holidays.Settings())
}

// checkTrigger refuses a moment at which nothing can have happened.
func checkTrigger(bad fault.Invalid, at, now time.Time, unit calendar.Unit) {
	bad.Check("at", !at.IsZero(), "error.date")
	bad.Check("at", at.IsZero() || !at.After(now) || !unit.HasTime() && !today(at).After(now), "deadline.error.future")
	bad.Check("at", at.IsZero() || at.After(now.AddDate(-longAgo, 0, 0)), "deadline.error.long_ago")
}

// happened keeps what happened to a deadline, and tells it in the case's timeline. Reasons stay in the case: events are listed without opening it.
func happened(ctx context.Context, tx *db.Tx, report *uuid.UUID, id uuid.UUID, deadline, what, kind, reason string, from, to *time.Time) error {
	caseID := db.Null(tx.CaseID)
	if report != nil {
		caseID = nil
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO app.deadline_change (case_id, report_id, deadline_id, what, reason, due_from, due_to, changed_by)
		VALUES (@case, @report, @id, @what, @reason, @from, @to, @me)`,
		db.Args{"case": caseID, "report": report, "id": id, "what": what, "reason": reason, "from": from, "to": to, "me": tx.Actor.UserID})
	if err != nil || report != nil { // what happens to a report is told where the reports are
		return err
	}
	data := timeline.Data{"deadline": deadline}
	if from != nil {
		data["from"] = from.Format(time.RFC3339)
	}
	if to != nil {
		data["to"] = to.Format(time.RFC3339)
	}
	return timeline.Record(ctx, tx, kind, id, data)
}

func today(at time.Time) time.Time { return i18n.Today(at) }
