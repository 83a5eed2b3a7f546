package screening

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// Answer is what somebody said to a suggestion. It rests on the signs that there were.
type Answer struct {
	RuleCode    string
	RuleVersion int
	DA, EN      string // the rule's name then
	Evidence    []uuid.UUID
	Relevant    bool
	Reason      string
	AnsweredBy  string
	AnsweredAt  time.Time
}

// Answers asks for every answer in the opened report or case, the latest first.
func Answers(b *db.Batch) *[]Answer {
	return db.All[Answer](b, `
		SELECT a.rule_code, a.rule_version, r.da, r.en, a.evidence, a.relevant, a.reason, u.display_name AS answered_by, a.answered_at
		  FROM app.suggestion_answer a JOIN app.screening_rule r ON r.code = a.rule_code AND r.version = a.rule_version JOIN auth.user_account u ON u.id = a.answered_by
		 WHERE a.case_id = @id OR a.report_id = @id ORDER BY a.answered_at DESC, a.id LIMIT 200`, db.Args{"id": b.CaseID})
}

// Name is the name that the rule had, in the reader's language.
func (a Answer) Name(ctx context.Context) string { return reference.Item{DA: a.DA, EN: a.EN}.Name(ctx) }

// Suggestion is "Overvej ÆRK/NSK-spor" with its reasons. It suggests; a person answers.
type Suggestion struct {
	Rule   Rule
	Why    Why
	Key    string  // of the rule and its evidence: what a form answers
	Answer *Answer // nil: nobody has answered yet
}

// Open reports whether the question still waits.
func (s Suggestion) Open() bool { return s.Answer == nil }

// Suggest applies the rules to what has been seen. An answer holds until there is a sign that it did not know of: then
// the rule asks again. A sign that was taken back asks nothing new.
func Suggest(rules []Rule, signs []Seen, answers []Answer, f Facts) []Suggestion {
	list := []Suggestion{}
	for _, r := range rules {
		if !r.Active || r.Area != "both" && r.Area != f.Area {
			continue
		}
		why, ok := r.Condition.Match(signs, f)
		if !ok {
			continue
		}
		s := Suggestion{Rule: r, Why: why, Key: key(r.Code, why.Signs)}
		for i, a := range answers {
			knew := func(x Seen) bool { return slices.Contains(a.Evidence, x.ID) }
			if a.RuleCode == r.Code && !slices.ContainsFunc(why.Signs, func(x Seen) bool { return !knew(x) }) {
				s.Answer = &answers[i]
				break
			}
		}
		list = append(list, s)
	}
	return list
}

// Unanswered are the suggestions that still wait.
func Unanswered(all []Suggestion) []Suggestion {
	return slices.DeleteFunc(slices.Clone(all), func(s Suggestion) bool { return !s.Open() })
}

// evidence are the ids of the signs, in order.
func evidence(signs []Seen) []uuid.UUID {
	ids := make([]uuid.UUID, len(signs))
	for i, s := range signs {
		ids[i] = s.ID
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	return ids
}

func key(code string, signs []Seen) string {
	h := sha256.New()
	h.Write([]byte(code))
	for _, id := range evidence(signs) {
		h.Write(id[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// AnswerInput is an answer as a form gives it.
type AnswerInput struct {
	Key      string // the suggestion that was on the screen
	Relevant string // "yes" or "no"; empty: not chosen
	Reason   string // asked for with both: a yes says no more by itself than a no
}

// check refuses an answer in parts; its fields are named after the rule.
func (in AnswerInput) check(bad fault.Invalid, code string) {
	bad.Check("svar-"+code, in.Relevant == "yes" || in.Relevant == "no", "suggestion.error.answer")
	bad.Check("hvorfor-"+code, in.Reason != "", "suggestion.error.reason")
	bad.AtMost("hvorfor-"+code, in.Reason, maxText)
}

// now is everything that is known of the opened report or case at this moment.
type now struct {
	subject     Subject
	suggestions []Suggestion
}

func load(ctx context.Context, tx *db.Tx) (now, error) {
	var (
		subject *Subject
		signs   *[]Seen
		rules   *[]Rule
		answers *[]Answer
	)
	err := tx.Read(ctx, func(b *db.Batch) {
		subject, signs, rules, answers = GetSubject(b), Signs(b), Rules(b), Answers(b)
	})
	if err != nil {
		return now{}, err
	}
	return now{*subject, Suggest(*rules, *signs, *answers, subject.Facts(tx.Now))}, nil
}

// Facts are the free facts of the subject at a moment.
func (s Subject) Facts(at time.Time) Facts { return Facts{Area: s.Area, Born: s.Born, Now: at} }

// AnswerSuggestion answers one suggestion of the opened report or case. It returns [fault.Stale] when the suggestion
// rests on other signs by now than those that were on the screen.
func AnswerSuggestion(ctx context.Context, tx *db.Tx, on On, code string, in AnswerInput) error {
	bad := fault.Invalid{}
	in.check(bad, code)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := load(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range n.suggestions {
		switch {
		case s.Rule.Code != code:
		case s.Key != in.Key:
			return fault.Stale
		case !s.Open():
			return nil // sent twice, or a colleague answered meanwhile: the first answer stands, and shows
		default:
			return s.save(ctx, tx, on, in)
		}
	}
	return fault.Stale // it rested on a sign that has been taken back
}

func (s Suggestion) save(ctx context.Context, tx *db.Tx, on On, in AnswerInput) error {
	report, file := owner(tx, on)
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.suggestion_answer (report_id, case_id, rule_code, rule_version, evidence, relevant, reason, answered_by)
		VALUES (@report, @case, @code, @version, @evidence, @relevant, @reason, @me) ON CONFLICT ON CONSTRAINT answered_once DO NOTHING`,
		db.Args{"report": report, "case": file, "code": s.Rule.Code, "version": s.Rule.Version, "evidence": evidence(s.Why.Signs), "relevant": in.Relevant == "yes",
			"reason": in.Reason, "me": tx.Actor.UserID})
	if err != nil || n == 0 {
		return err
	}
	return record(ctx, tx, on, timeline.SuggestionAnswered, uuid.Nil, timeline.Data{"answer": in.Relevant, "da": s.Rule.DA, "en": s.Rule.EN})
}
