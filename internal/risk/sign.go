package risk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// Form is the name of the draft of an assessment.
const Form = "risk"

// Input is what somebody signs.
type Input struct {
	Key         uuid.UUID // of the form: sent twice, it is one assessment; with something else in it, [fault.Stale]
	Base        uuid.UUID // the newest assessment that the writer has seen; zero for none
	Answers     []Answer  // one of every factor
	Persons     []Concern
	Scenario    string
	WouldChange string
	Level       string
	Reason      string
	Lower       bool // said in so many words that the level goes down (R8)
}

// Validate reports everything that is wrong with the input by itself. A factor that is refused stands under its own code.
func (in Input) Validate(now time.Time) error {
	bad := fault.Invalid{}
	for _, f := range reference.RiskFactors("") {
		a, ok := Assessment{Answers: in.Answers}.Answered(f.Code)
		bad.Check(f.Code, ok && reference.Known(reference.RiskAnswers, a.Answer), "risk.error.answer")
		there := a.Answer == "present_now" || a.Answer == "earlier"
		bad.Check("e."+f.Code, !there || strings.TrimSpace(a.Evidence) != "", "risk.error.evidence")
		bad.AtMost("e."+f.Code, a.Evidence, maxText)
		bad.AtMost("s."+f.Code, a.Source, 200)
		bad.Check("d."+f.Code, !a.Day().After(i18n.Today(now)), "error.date_future")
	}
	known := slices.ContainsFunc(in.Answers, func(a Answer) bool { return a.Answer != "unknown" })
	bad.Check("level", known || bad.Err() != nil, "risk.error.nothing_known") // the gate would open on nothing
	for _, p := range in.Persons {
		bad.Check("c."+p.PersonID.String(), strings.TrimSpace(p.Concern) != "", "risk.error.concern")
	}
	bad.Check("scenario", strings.TrimSpace(in.Scenario) != "", "risk.error.scenario")
	bad.Check("level", reference.Known(reference.Severities, in.Level), "severity.error.level")
	bad.Check("reason", strings.TrimSpace(in.Reason) != "", "severity.error.reason")
	for field, text := range map[string]string{"scenario": in.Scenario, "would_change": in.WouldChange, "reason": in.Reason} {
		bad.AtMost(field, text, maxText)
	}
	return bad.Err()
}

// Sign signs an assessment in the opened case, and so sets its level. It opens the gate for as long as it holds. An assessment
// that somebody else has signed since the writer began is [fault.Stale]: theirs is to be read first. So is one that the writer
// has signed under the same key and then changed after "Back": a signature is to what was on the page.
func Sign(ctx context.Context, tx *db.Tx, in Input) (uuid.UUID, error) {
	if !tx.Rights.May(actor.Write) {
		return uuid.Nil, fault.Forbidden
	}
	if err := in.Validate(tx.Now); err != nil {
		return uuid.Nil, err
	}
	type head struct {
		Latest  uuid.UUID
		Version int
		Signed  *uuid.UUID
	}
	h, err := db.One[head](ctx, tx, `
		SELECT coalesce((SELECT a.id FROM app.risk_assessment a WHERE a.case_id = f.id ORDER BY a.signed_at DESC, a.id DESC LIMIT 1), '00000000-0000-0000-0000-000000000000') AS latest, f.version,
		       (SELECT a.id FROM app.risk_assessment a WHERE a.case_id = f.id AND a.signed_by = @me AND a.request_key = @key) AS signed
		  FROM app.case_file f WHERE f.id = @case FOR UPDATE OF f`, db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	switch {
	case err != nil:
		return uuid.Nil, err
	case h.Signed != nil:
		var was *Assessment
		if err := tx.Read(ctx, func(b *db.Batch) { was = Get(b, *h.Signed) }); err != nil {
			return uuid.Nil, err
		}
		if !was.says(in) {
			return uuid.Nil, fault.Stale
		}
		return was.ID, nil // the same form, sent twice
	case h.Latest != in.Base:
		return uuid.Nil, fault.Stale
	}
	a := Assessment{ID: uuid.New(), Kind: Own, Level: in.Level, Reason: in.Reason, Scenario: in.Scenario, WouldChange: in.WouldChange, ValidUntil: HoldsUntil(in.Level, tx.Now)}
	err = tx.Read(ctx, func(b *db.Batch) {
		insert(b, a, in.Key)
		for _, x := range in.Answers {
			var day *string
			if x.SeenOn != "" {
				day = &x.SeenOn
			}
			db.Do(b, `INSERT INTO app.risk_answer (case_id, assessment_id, factor, answer, evidence, source, seen_on) VALUES (@case, @id, @factor, @answer, @evidence, @source, @day::text::date)`,
				db.Args{"case": b.CaseID, "id": a.ID, "factor": x.Factor, "answer": x.Answer, "evidence": strings.TrimSpace(x.Evidence), "source": strings.TrimSpace(x.Source), "day": day})
		}
		for _, p := range in.Persons {
			db.Do(b, `INSERT INTO app.risk_person (case_id, assessment_id, person_id, concern, reach) VALUES (@case, @id, @person, @concern, @reach)`,
				db.Args{"case": b.CaseID, "id": a.ID, "person": p.PersonID, "concern": strings.TrimSpace(p.Concern), "reach": strings.TrimSpace(p.Reach)})
		}
	})
	if err != nil {
		return uuid.Nil, err
	}
	if err := draft.Discard(ctx, tx, Form); err != nil {
		return uuid.Nil, err
	}
	return a.ID, settle(ctx, tx, a, h.Version, in.Lower)
}

// says reports whether the assessment is what the form says.
func (a Assessment) says(in Input) bool {
	if a.Level != in.Level || a.Reason != strings.TrimSpace(in.Reason) || a.Scenario != strings.TrimSpace(in.Scenario) || a.WouldChange != strings.TrimSpace(in.WouldChange) {
		return false
	}
	for _, x := range in.Answers {
		was, _ := a.Answered(x.Factor)
		if x.Evidence, x.Source = strings.TrimSpace(x.Evidence), strings.TrimSpace(x.Source); was != x {
			return false
		}
	}
	for _, p := range in.Persons {
		if !slices.ContainsFunc(a.Persons, func(was Concern) bool {
			return was.PersonID == p.PersonID && was.Concern == strings.TrimSpace(p.Concern) && was.Reach == strings.TrimSpace(p.Reach)
		}) {
			return false
		}
	}
	return len(in.Persons) == len(a.Persons)
}

func insert(b *db.Batch, a Assessment, key uuid.UUID) {
	var made *string
	if a.MadeOn != nil {
		s := a.MadeOn.Format(time.DateOnly)
		made = &s
	}
	db.Do(b, `
		INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, scenario, would_change, made_by, made_on, valid_until, signed_by, request_key)
		VALUES (@id, @case, @kind, @level, @reason, @scenario, @change, @by, @made::text::date, @until, @me, @key)`,
		db.Args{"id": a.ID, "case": b.CaseID, "kind": a.Kind, "level": a.Level, "reason": strings.TrimSpace(a.Reason), "scenario": strings.TrimSpace(a.Scenario),
			"change": strings.TrimSpace(a.WouldChange), "by": strings.TrimSpace(a.MadeBy), "made": made, "until": a.ValidUntil, "me": b.Actor.UserID, "key": db.Null(key)})
}

// settle sets the case's level to that of the assessment, and tells what has happened.
func settle(ctx context.Context, tx *db.Tx, a Assessment, version int, lower bool) error {
	if err := casefile.SetSeverity(ctx, tx, version, casefile.SeverityInput{Level: a.Level, Reason: a.Reason, Lower: lower}); err != nil {
		return err
	}
	made := tx.Now
	if a.MadeOn != nil {
		made = *a.MadeOn
	}
	if err := deadline.RiskSigned(ctx, tx, a.Level, made, a.ValidUntil); err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.RiskSigned, a.ID, timeline.Data{"level": a.Level, "kind": a.Kind})
}

// ExternalInput is what is kept of an assessment that was made elsewhere, by a security consultant for instance: level,
// conclusion and how long it holds. The items of the instrument are never copied (domain.md 5.4).
type ExternalInput struct {
	Key        uuid.UUID
	Base       uuid.UUID
	MadeBy     string // who made it, and with what
	MadeOn     time.Time
	Level      string
	Conclusion string
	ValidUntil time.Time // zero: as long as the level allows
	Lower      bool
}

// validate reports everything that is wrong with the input by itself, and returns until when it holds.
func (in ExternalInput) validate(now time.Time) (time.Time, error) {
	bad := fault.Invalid{}
	bad.Check("made_by", strings.TrimSpace(in.MadeBy) != "", "risk.error.made_by")
	bad.AtMost("made_by", in.MadeBy, 200)
	bad.Check("made_on", !in.MadeOn.IsZero(), "risk.error.made_on")
	bad.Check("made_on", !in.MadeOn.After(now), "error.date_future")
	bad.Check("level", reference.Known(reference.Severities, in.Level), "severity.error.level")
	bad.Check("reason", strings.TrimSpace(in.Conclusion) != "", "risk.error.conclusion")
	bad.AtMost("reason", in.Conclusion, maxText)
	if bad["level"] != "" || bad["made_on"] != "" {
		return time.Time{}, bad.Err()
	}
	most := HoldsUntil(in.Level, in.MadeOn)
	until := most
	if !in.ValidUntil.IsZero() {
		until = i18n.Today(in.ValidUntil).AddDate(0, 0, 1).Add(-time.Second)
		bad.Check("valid_until", !i18n.Today(until).After(i18n.Today(most)), "risk.error.too_long_valid")
		if until.After(most) {
			until = most
		}
	}
	bad.Check("made_on", most.After(now), "risk.error.expired")
	bad.Check("valid_until", bad["made_on"] != "" || until.After(now), "risk.error.expired")
	return until, bad.Err()
}

// CheckExternal reports everything that is wrong with an assessment from outside by itself.
func CheckExternal(in ExternalInput, now time.Time) error {
	_, err := in.validate(now)
	return err
}

// SignExternal records an assessment that was made elsewhere; it counts as one of our own. One that is sent again under its key
// with something else in it is [fault.Stale].
func SignExternal(ctx context.Context, tx *db.Tx, in ExternalInput) (uuid.UUID, error) {
	if !tx.Rights.May(actor.Write) {
		return uuid.Nil, fault.Forbidden
	}
	until, err := in.validate(tx.Now)
	if err != nil {
		return uuid.Nil, err
	}
	version, err := db.One[int](ctx, tx, `SELECT version FROM app.case_file WHERE id = @case FOR UPDATE`, db.Args{"case": tx.CaseID})
	if err != nil {
		return uuid.Nil, err
	}
	made := i18n.Today(in.MadeOn)
	was, err := SignedAs(ctx, tx, in.Key)
	switch {
	case err != nil:
		return uuid.Nil, err
	case was.OK && !was.Row.tells(in, made, until):
		return uuid.Nil, fault.Stale
	case was.OK:
		return was.Row.ID, nil // the same form, sent twice
	}
	newer, err := db.Many[string](ctx, tx, `
		SELECT a.level FROM app.risk_assessment a WHERE a.case_id = @case AND coalesce(a.made_on, (a.signed_at AT TIME ZONE 'Europe/Copenhagen')::date) > @made::text::date
		 ORDER BY a.signed_at DESC, a.id DESC LIMIT 1`, db.Args{"case": tx.CaseID, "made": made.Format(time.DateOnly)})
	if err != nil {
		return uuid.Nil, err
	}
	if len(newer) > 0 && casefile.Lowers(newer[0], in.Level) { // R8: what is older takes nothing back
		return uuid.Nil, fault.Invalid{"made_on": "risk.error.older"}
	}
	a := Assessment{ID: uuid.New(), Kind: External, Level: in.Level, Reason: in.Conclusion, MadeBy: in.MadeBy, MadeOn: &made, ValidUntil: until}
	if err := tx.Read(ctx, func(b *db.Batch) { insert(b, a, in.Key) }); err != nil {
		return uuid.Nil, err
	}
	return a.ID, settle(ctx, tx, a, version, in.Lower)
}

// tells reports whether the assessment is what the form notes of one from outside.
func (a Assessment) tells(in ExternalInput, made, until time.Time) bool {
	return a.Kind == External && a.Level == in.Level && a.Reason == strings.TrimSpace(in.Conclusion) && a.MadeBy == strings.TrimSpace(in.MadeBy) &&
		a.MadeOn != nil && a.MadeOn.Format(time.DateOnly) == made.Format(time.DateOnly) && a.ValidUntil.Equal(until)
}

// ConfirmInput is what a second person says of an assessment.
type ConfirmInput struct {
	Outcome string // code of [reference.Confirmations]
	Remarks string
}

// Confirm says what a second person thinks of an assessment (R8). Who signed it is refused; saying it again is no fault.
func Confirm(ctx context.Context, tx *db.Tx, id uuid.UUID, in ConfirmInput) error {
	bad := fault.Invalid{}
	in.Remarks = strings.TrimSpace(in.Remarks)
	bad.Check("outcome", reference.Known(reference.Confirmations, in.Outcome), "risk.error.outcome")
	bad.Check("remarks", in.Outcome == "confirm" || bad["outcome"] != "" || in.Remarks != "", "risk.error.remarks")
	bad.AtMost("remarks", in.Remarks, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	signer, err := db.One[uuid.UUID](ctx, tx, `SELECT signed_by FROM app.risk_assessment WHERE case_id = @case AND id = @id`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil {
		return err
	}
	if signer == tx.Actor.UserID {
		return fault.Invalid{"outcome": "risk.error.second"}
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.risk_confirmation (case_id, assessment_id, outcome, remarks, confirmed_by) VALUES (@case, @id, @outcome, @remarks, @me)
		ON CONFLICT (case_id, assessment_id, confirmed_by) DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": id, "outcome": in.Outcome, "remarks": in.Remarks, "me": tx.Actor.UserID})
	if err != nil || n == 0 {
		return err
	}
	return timeline.Record(ctx, tx, timeline.RiskConfirmed, id, timeline.Data{"outcome": in.Outcome})
}

// SignedAs asks for what who acts has signed with the form that has a key, if anything.
func SignedAs(ctx context.Context, tx *db.Tx, key uuid.UUID) (was *db.Found[Assessment], err error) {
	err = tx.Read(ctx, func(b *db.Batch) {
		was = db.Maybe[Assessment](b, columns+` AND a.signed_by = @me AND a.request_key = @key`, db.Args{"case": b.CaseID, "whole": true, "me": b.Actor.UserID, "key": db.Null(key)})
	})
	return was, err
}
