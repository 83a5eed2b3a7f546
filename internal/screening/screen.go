package screening

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// The outcomes that are asked for by name.
const (
	NoFurther  = "no_further"
	Assessment = "assessment" // a child assessment, barnets lov § 20
)

// Outcomes are the lawful outcomes of a screening: for a child exactly the three of barnets lov § 18, stk. 1-2; for an adult
// advice, or the offer of a plan (serviceloven § 12 a).
func Outcomes(area string) []string {
	if area == "child" {
		return []string{NoFurther, "clarification", Assessment}
	}
	return []string{NoFurther, "adult_advice", "adult_plan"}
}

// Mandatory are the situations of barnets lov § 20, stk. 1 in which the municipality must decide on an assessment: serious or
// complex; abuse or suspicion of it; a parent goes back with the child to a home with violence.
var Mandatory = []string{"serious", "abuse", "returned"}

// NoneOfThem is the answer that none of [Mandatory] holds: not answering is not a no (R8).
const NoneOfThem = "none"

// Input is a screening as somebody writes it.
type Input struct {
	ID         uuid.UUID // the form's own: one that is sent twice is one screening
	Outcome    string
	Reason     string
	Honour     string // the honour track: "suspected" or "not"
	HonourWhy  string
	Certainty  string   // of a case: code of [reference.Certainties]
	Mandatory  []string // of a child: some of [Mandatory], or [NoneOfThem]
	LighterWhy string   // of a child: why a lighter outcome all the same
	Version    int      // of the report or the case
	Answers    map[string]AnswerInput
}

// Screening is one that was made.
type Screening struct {
	ID         uuid.UUID
	FromReport bool
	Outcome    string
	Reason     string
	Honour     bool
	HonourWhy  string
	Certainty  string
	Mandatory  []string
	LighterWhy string
	ScreenedBy string
	ScreenedAt time.Time
}

// Screenings asks for the screenings of the opened report or case, the newest first.
func Screenings(b *db.Batch) *[]Screening {
	return db.All[Screening](b, `
		SELECT s.id, s.report_id IS NOT NULL AS from_report, s.outcome, s.reason, s.honour, s.honour_why, s.certainty, s.mandatory, s.lighter_why, u.display_name AS screened_by, s.screened_at
		  FROM app.screening s JOIN auth.user_account u ON u.id = s.screened_by
		 WHERE s.case_id = @id OR s.report_id = @id ORDER BY s.screened_at DESC, s.id LIMIT 50`, db.Args{"id": b.CaseID})
}

// Validate refuses a screening that is not whole. open are the suggestions that wait for an answer.
func (in Input) Validate(on On, s Subject, open []Suggestion) error {
	bad := fault.Invalid{}
	for _, o := range open {
		a := in.Answers[o.Rule.Code]
		if a.Key != "" && a.Key != o.Key {
			bad.Check("svar-"+o.Rule.Code, false, "suggestion.error.changed")
		}
		a.check(bad, o.Rule.Code)
	}
	bad.Check("honour", in.Honour == "suspected" || in.Honour == "not", "screening.error.honour")
	bad.Check("honour_why", in.HonourWhy != "", "screening.error.honour_why")
	if on == Case {
		bad.Check("certainty", reference.Known(reference.Certainties, in.Certainty), "screening.error.certainty")
		suspects := in.Certainty == "suspicion" || in.Certainty == "confirmed"
		bad.Check("certainty", bad["honour"] != "" || in.Certainty == "concern" || suspects == (in.Honour == "suspected"), "screening.error.certainty_honour")
		bad.Check("certainty", in.Certainty != casefile.RuledOut || !in.findsRelevant(open), "screening.error.certainty_relevant")
		bad.Check("honour_why", in.Certainty != casefile.RuledOut || bad["certainty"] != "" || utf8.RuneCountInString(strings.TrimSpace(in.HonourWhy)) >= MinRuledOut, "screening.error.ruled_out_why") // the gate falls with it (R1)
	}
	bad.Check("honour", in.Honour != "not" || !in.findsRelevant(open), "screening.error.honour_relevant")
	bad.Check("outcome", slices.Contains(Outcomes(s.Area), in.Outcome), "screening.error.outcome")
	bad.Check("outcome", s.Area != "child" || on == Case || s.Assessed, "screening.error.not_assessed")
	bad.Check("outcome", s.Concluded == nil, "screening.error.concluded")
	if s.Area == "child" {
		bad.Check("mandatory", len(in.Mandatory) > 0, "screening.error.mandatory")
		for _, m := range in.Mandatory {
			bad.Check("mandatory", slices.Contains(Mandatory, m) || m == NoneOfThem && len(in.Mandatory) == 1, "screening.error.mandatory_both")
		}
		bad.Check("lighter_why", !in.Lighter() || strings.TrimSpace(in.LighterWhy) != "", "screening.error.lighter")
	}
	bad.Check("reason", in.Reason != "", "screening.error.reason")
	for field, text := range map[string]string{"reason": in.Reason, "honour_why": in.HonourWhy, "lighter_why": in.LighterWhy} {
		bad.AtMost(field, text, maxText)
	}
	return bad.Err()
}

// situations are the ones that hold.
func (in Input) situations() []string {
	return slices.DeleteFunc(slices.Clone(in.Mandatory), func(m string) bool { return m == NoneOfThem })
}

// MinRuledOut is how many characters say why honour conflict is ruled out: it ends what protects the child from contact with the family.
const MinRuledOut = 20

// findsRelevant reports whether a suggestion that waited is answered as relevant here: then there is a suspicion.
func (in Input) findsRelevant(open []Suggestion) bool {
	return slices.ContainsFunc(open, func(s Suggestion) bool { return in.Answers[s.Rule.Code].Relevant == "yes" })
}

// Lighter reports whether less is chosen than § 20, stk. 1 asks for, or nothing although honour conflict is suspected: both ask why.
func (in Input) Lighter() bool {
	return len(in.situations()) > 0 && in.Outcome != "" && in.Outcome != Assessment || in.Honour == "suspected" && in.Outcome == NoFurther
}

// Screen decides what comes of the opened report or case, answers the suggestions that were still open, and keeps all of
// it. A report is thereby concluded; a case gets its certainty.
func Screen(ctx context.Context, tx *db.Tx, on On, in Input) error {
	in.ID = db.KeyOf(in.ID, in)
	before, err := db.One[int](ctx, tx, `SELECT count(*)::int FROM app.screening WHERE id = @id`, db.Args{"id": in.ID})
	if err != nil || before > 0 {
		return err // sent twice
	}
	n, err := load(ctx, tx)
	if err != nil {
		return err
	}
	open := Unanswered(n.suggestions)
	if err := in.Validate(on, n.subject, open); err != nil {
		return err
	}
	for _, s := range open {
		if err := s.save(ctx, tx, on, in.Answers[s.Rule.Code]); err != nil {
			return err
		}
	}
	lighter := ""
	if in.Lighter() {
		lighter = in.LighterWhy
	}
	certainty := ""
	if on == Case {
		certainty = in.Certainty
	}
	situations := in.situations()
	if n.subject.Area != "child" {
		situations, lighter = nil, ""
	}
	report, file := owner(tx, on)
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.screening (id, report_id, case_id, outcome, reason, honour, honour_why, certainty, mandatory, lighter_why, screened_by)
		VALUES (@id, @report, @case, @outcome, @reason, @honour, @honour_why, @certainty, coalesce(@mandatory::text[], '{}'), @lighter_why, @me)`,
		db.Args{"id": in.ID, "report": report, "case": file, "outcome": in.Outcome, "reason": in.Reason, "honour": in.Honour == "suspected", "honour_why": in.HonourWhy,
			"certainty": certainty, "mandatory": situations, "lighter_why": lighter, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	if on == Report {
		err = conclude(ctx, tx, in)
	} else {
		err = settle(ctx, tx, in)
	}
	if err != nil {
		return err
	}
	if on == Case && in.Outcome == Assessment { // of a report it begins when the case is made
		if err := deadline.ChildAssessmentDecided(ctx, tx, n.subject.Received); err != nil {
			return err
		}
	}
	return record(ctx, tx, on, timeline.ScreeningMade, in.ID, in.said())
}

// said is what the line about the screening tells.
func (in Input) said() timeline.Data {
	return timeline.Data{"outcome": in.Outcome, "honour": in.Honour}
}

// conclude ends a report with what the screening came to.
func conclude(ctx context.Context, tx *db.Tx, in Input) error {
	n, err := db.Exec(ctx, tx, `UPDATE app.report SET outcome = @outcome, concluded_at = @now, concluded_by = @me, version = version + 1
		WHERE id = @report AND version = @version AND concluded_at IS NULL`,
		db.Args{"report": tx.CaseID, "outcome": in.Outcome, "now": tx.Now, "me": tx.Actor.UserID, "version": in.Version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "report", tx.CaseID, in.Version)
	}
	_, err = db.Exec(ctx, tx, `UPDATE app.report_content SET outcome_reason = @reason, version = version + 1, changed_at = @now WHERE report_id = @report`,
		db.Args{"report": tx.CaseID, "reason": in.Reason, "now": tx.Now})
	return err
}

// settle writes how certain it is that this is honour conflict into the case, and concludes the reports that the case has taken up:
// they are about the same child, and what follows has been decided.
func settle(ctx context.Context, tx *db.Tx, in Input) error {
	n, err := db.Exec(ctx, tx, `UPDATE app.case_file SET certainty = @certainty, version = version + 1 WHERE id = @case AND version = @version`,
		db.Args{"case": tx.CaseID, "certainty": in.Certainty, "version": in.Version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNot(ctx, "case_file", tx.CaseID, in.Version)
	}
	data, err := json.Marshal(in.said())
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `SELECT app.conclude_reports(@case, @outcome, @reason, @data::jsonb)`,
		db.Args{"case": tx.CaseID, "outcome": in.Outcome, "reason": in.Reason, "data": string(data)})
	return err
}
