package screening

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Areas are where a rule looks.
var Areas = []string{"both", "child", "adult"}

// RuleInput is what an admin writes in a rule.
type RuleInput struct {
	DA, EN    string
	Area      string // one of [Areas]
	Condition Condition
	Active    bool
}

// Rule is one version of a rule. What came with the program is the house's proposal and not law.
type Rule struct {
	Code    string
	Version int
	RuleInput
	ChangedBy string // empty: came with the program
	ChangedAt time.Time
}

// Name is the rule's name in the reader's language.
func (r RuleInput) Name(ctx context.Context) string {
	return reference.Item{DA: r.DA, EN: r.EN}.Name(ctx)
}

const ruleColumns = `r.code, r.version, r.da, r.en, r.area, r.condition, r.active, coalesce(u.display_name, '') AS changed_by, r.changed_at`

// Rules asks for the rules in force and those that are turned off, each in its newest version.
func Rules(b *db.Batch) *[]Rule {
	return db.All[Rule](b, `SELECT `+ruleColumns+` FROM app.screening_rule r LEFT JOIN auth.user_account u ON u.id = r.changed_by
		WHERE r.version = (SELECT max(x.version) FROM app.screening_rule x WHERE x.code = r.code) ORDER BY r.active DESC, r.da, r.id`, db.Args{})
}

// RuleHistory asks for every version of a rule, the newest first.
func RuleHistory(b *db.Batch, code string) *[]Rule {
	return db.All[Rule](b, `SELECT `+ruleColumns+` FROM app.screening_rule r LEFT JOIN auth.user_account u ON u.id = r.changed_by
		WHERE r.code = @code ORDER BY r.version DESC, r.id`, db.Args{"code": code})
}

// Validate refuses a rule without names, or one that could never ask.
func (in RuleInput) Validate() error {
	bad := fault.Invalid{}
	for field, text := range map[string]string{"da": in.DA, "en": in.EN} {
		bad.Check(field, text != "", "rule.error.name")
		bad.AtMost(field, text, 120)
	}
	bad.Check("area", slices.Contains(Areas, in.Area), "rule.error.area")
	if err := bad.Merge("", in.Condition.Validate()); err != nil {
		return err
	}
	for _, code := range in.Condition.Signs {
		sign, _ := reference.SignByCode(code)
		bad.Check("signs", in.Condition.Form != AnySign || sign.In(in.Area), "rule.error.sign_area")
	}
	return bad.Err()
}

// AddRule makes a new rule and returns its code. id is the form's own: one that is sent twice is one rule.
func AddRule(ctx context.Context, tx *db.Tx, id uuid.UUID, in RuleInput) (string, error) {
	if id == uuid.Nil {
		id = uuid.New()
	}
	code := "own_" + strings.ReplaceAll(id.String(), "-", "")[:12]
	err := writeRule(ctx, tx, code, 0, in)
	if err == fault.Stale { // sent twice
		err = nil
	}
	return code, err
}

// ChangeRule writes a new version of a rule, expected at version; the old ones stay.
func ChangeRule(ctx context.Context, tx *db.Tx, code string, version int, in RuleInput) error {
	known, err := db.One[int](ctx, tx, `SELECT coalesce(max(version), 0)::int FROM app.screening_rule WHERE code = @code`, db.Args{"code": code})
	switch {
	case err != nil:
		return err
	case known == 0:
		return fault.NotFound
	case known != version:
		if err := in.Validate(); err != nil {
			return err
		}
		return fault.Stale
	}
	return writeRule(ctx, tx, code, version, in)
}

func writeRule(ctx context.Context, tx *db.Tx, code string, version int, in RuleInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	in.Condition = in.Condition.plain()
	condition, err := json.Marshal(in.Condition)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.screening_rule (code, version, da, en, area, condition, active, changed_by)
		VALUES (@code, @version, @da, @en, @area, @condition::jsonb, @active, @me) ON CONFLICT (code, version) DO NOTHING`,
		db.Args{"code": code, "version": version + 1, "da": in.DA, "en": in.EN, "area": in.Area, "condition": string(condition), "active": in.Active, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale
	}
	if _, err := db.Exec(ctx, tx, `SELECT audit.record('rule.changed', NULL, @code, NULL)`, db.Args{"code": fmt.Sprintf("%s:%d", code, version+1)}); err != nil {
		return err
	}
	return nil
}

// Quarter is how a rule did in three months, in numbers that tell of nobody (R14): the count of answers rounded to five, the
// share rounded to ten, and neither where it would tell of fewer than five.
type Quarter struct {
	Code     string
	Quarter  time.Time // its first day
	Answered *int      // nil: fewer than five
	Percent  *int      // of the answers that were "relevant"; nil where one of the two answers was given fewer than five times
	Side     string    // then "most" or "least": see [Quarter.Bound]
}

// few is how many answers are too few to be told.
const few = 5

// Bound is what may still be said where the share is hidden: at most so many percent were relevant ("most"), or at least ("least").
// It follows from the rounded count alone. Without a side, nothing may be said.
func (q Quarter) Bound() (percent int, ok bool) {
	if q.Answered == nil || q.Side == "" || *q.Answered <= few {
		return 0, false
	}
	rare := (few - 1) * 100 / *q.Answered
	if q.Side == "most" {
		return (rare + 9) / 10 * 10, true
	}
	return (100 - rare) / 10 * 10, true
}

// Precision asks how the rules did, quarter by quarter in two years, the oldest first. Only an admin gets an answer.
func Precision(b *db.Batch) *[]Quarter {
	return db.All[Quarter](b, `SELECT p.code, p.quarter, p.answered, p.percent, p.side FROM app.rule_precision() p ORDER BY p.code, p.quarter`, db.Args{})
}
