package planrule

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Areas are where a rule looks.
var Areas = []string{"both", "child", "adult"}

// Units are what a rule's time is counted in: clock hours, days, or the days of the office.
var Units = []calendar.Unit{calendar.Hours, calendar.Days, calendar.Hverdage, calendar.Arbejdsdage}

// Certainties are the marks of domain.md: a rule of the law names its paragraph; a proposal is not law, and says so.
var Certainties = []string{"proposal", "sourced"}

// longest is the longest time of each unit: a year, more or less.
const longest = 2000

// Input is what an admin writes in a rule.
type Input struct {
	DA, EN       string
	Area         string // one of [Areas]
	Condition    Condition
	PartnerTypes []string // codes of [reference.PartnerTypes]; the first is suggested, any of them is enough
	Length       int      // within how long, in Unit
	Unit         calendar.Unit
	Certainty    string // one of [Certainties]
	Law          string // the paragraph, where there is one
	Active       bool
}

// Rule is one version of a rule. Where nobody has changed it, it came with the program as the house's proposal.
type Rule struct {
	ID      uuid.UUID
	Code    string
	Version int
	Input
	ChangedBy string
	ChangedAt time.Time
}

// Name is the rule's name in the reader's language.
func (in Input) Name(ctx context.Context) string {
	return reference.Item{DA: in.DA, EN: in.EN}.Name(ctx)
}

// PartnerType is whom the rule suggests.
func (in Input) PartnerType() string {
	if len(in.PartnerTypes) == 0 {
		return ""
	}
	return in.PartnerTypes[0]
}

// Within24 reports whether the rule asks at once: within a day.
func (in Input) Within24() bool {
	return in.Unit == calendar.Hours && in.Length <= 24 || in.Unit == calendar.Days && in.Length <= 1
}

const columns = `r.id, r.code, r.version, r.da, r.en, r.area, r.condition, r.partner_types, r.length, r.unit, r.certainty, r.law, r.active`

const selectRule = `SELECT ` + columns + `, coalesce(u.display_name, '') AS changed_by, r.changed_at FROM app.plan_rule r LEFT JOIN auth.user_account u ON u.id = r.changed_by `

// Rules asks for the newest version of every rule of the reader's municipality, those in force first.
func Rules(b *db.Batch) *[]Rule {
	return db.All[Rule](b, selectRule+`WHERE NOT EXISTS (SELECT FROM app.plan_rule x WHERE x.code = r.code AND x.version > r.version) ORDER BY r.active DESC, r.da, r.id`, db.Args{})
}

// History asks for every version of a rule, the newest first.
func History(b *db.Batch, code string) *[]Rule {
	return db.All[Rule](b, selectRule+`WHERE r.code = @code ORDER BY r.version DESC, r.id`, db.Args{"code": code})
}

// oldestYoung is the greatest age in cases of children and young people: ungestøtte ends with 22 (domain.md 2, K-high).
const oldestYoung = 22

// Validate refuses a rule without names, one that could never ask, and one that names the law without the paragraph.
func (in Input) Validate() error {
	bad := fault.Invalid{}
	for field, text := range map[string]string{"da": in.DA, "en": in.EN} {
		bad.Check(field, strings.TrimSpace(text) != "", "planrule.error.name")
		bad.AtMost(field, text, 120)
	}
	bad.Check("area", slices.Contains(Areas, in.Area), "planrule.error.choose")
	bad.Check("partner_type", in.PartnerType() != "", "planrule.error.choose")
	for i, t := range in.PartnerTypes {
		field := "partner_type"
		if i > 0 {
			field = "also"
		}
		bad.Check(field, reference.Known(reference.PartnerTypes, t), "planrule.error.choose")
		bad.Check(field, in.Area == "both" || t != OwnOffice(in.Area), "planrule.error.own_office")
	}
	bad.Check("also", len(in.PartnerTypes) <= 2, "planrule.error.choose")
	bad.Check("also", len(in.PartnerTypes) != 2 || in.PartnerTypes[0] != in.PartnerTypes[1], "planrule.error.same")
	bad.Check("age_from", in.Area != "child" || in.Condition.AgeFrom <= oldestYoung, "planrule.error.age_child")
	bad.Check("length", in.Length >= 1 && in.Length <= longest, "planrule.error.length")
	bad.Check("unit", slices.Contains(Units, in.Unit), "planrule.error.choose")
	bad.Check("certainty", slices.Contains(Certainties, in.Certainty), "planrule.error.choose")
	bad.Check("law", in.Certainty != "sourced" || strings.TrimSpace(in.Law) != "", "planrule.error.law")
	bad.AtMost("law", in.Law, 200)
	if err := bad.Merge("", in.Condition.Validate()); err != nil {
		return err
	}
	return bad.Err()
}

// Add makes a new rule. id is the form's own: one that is sent twice is one rule.
func Add(ctx context.Context, tx *db.Tx, id uuid.UUID, in Input) error {
	if id == uuid.Nil {
		id = uuid.New()
	}
	err := write(ctx, tx, "own_"+strings.ReplaceAll(id.String(), "-", "")[:12], 0, in)
	if err == fault.Stale { // sent twice
		return nil
	}
	return err
}

// Change writes a new version of a rule, expected at version; the old ones stay. A rule that is not active asks no more. What says
// nothing new is no version, and so a form that is sent twice is one.
func Change(ctx context.Context, tx *db.Tx, code string, version int, in Input) error {
	if err := in.Validate(); err != nil {
		return err
	}
	r, err := newest(ctx, tx, code)
	switch {
	case err != nil:
		return err
	case r.Input.same(in):
		return nil
	case r.Version != version:
		return fault.Stale
	}
	return write(ctx, tx, code, version, in)
}

// Retire turns a rule off, expected at version: it asks no more, and what it has asked stays.
func Retire(ctx context.Context, tx *db.Tx, code string, version int) error {
	r, err := newest(ctx, tx, code)
	switch {
	case err != nil:
		return err
	case !r.Active:
		return nil
	case r.Version != version:
		return fault.Stale
	}
	r.Active = false
	return write(ctx, tx, code, version, r.Input)
}

// newest is the rule as it is now.
func newest(ctx context.Context, tx *db.Tx, code string) (Rule, error) {
	return db.One[Rule](ctx, tx, selectRule+`WHERE r.code = @code ORDER BY r.version DESC LIMIT 1`, db.Args{"code": code})
}

// same reports whether two inputs say the same rule.
func (in Input) same(other Input) bool {
	said := func(in Input) string {
		in.DA, in.EN, in.Law = strings.TrimSpace(in.DA), strings.TrimSpace(in.EN), strings.TrimSpace(in.Law)
		raw, _ := json.Marshal(in) // strings and numbers cannot fail
		return string(raw)
	}
	return said(in) == said(other)
}

func write(ctx context.Context, tx *db.Tx, code string, version int, in Input) error {
	if err := in.Validate(); err != nil {
		return err
	}
	condition, err := json.Marshal(in.Condition)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.plan_rule (municipality, code, version, da, en, area, condition, partner_types, length, unit, certainty, law, active, changed_by)
		VALUES ((SELECT auth.municipality()), @code, @version, @da, @en, @area, @condition::jsonb, @types, @length, @unit, @certainty, @law, @active, @me)
		ON CONFLICT (municipality, code, version) DO NOTHING`,
		db.Args{"code": code, "version": version + 1, "da": strings.TrimSpace(in.DA), "en": strings.TrimSpace(in.EN), "area": in.Area, "condition": string(condition), "types": in.PartnerTypes,
			"length": in.Length, "unit": string(in.Unit), "certainty": in.Certainty, "law": strings.TrimSpace(in.Law), "active": in.Active, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale
	}
	_, err = db.Exec(ctx, tx, `SELECT audit.record('plan_rule.changed', NULL, @code, NULL)`, db.Args{"code": fmt.Sprintf("%s:%d", code, version+1)})
	return err
}

// Cases asks an admin's question: in how many open cases does a rule's condition hold now, whoever is in already? The number is
// rounded to five, nil is fewer than five: of a case the admin learns nothing (R10, R14).
func Cases(b *db.Batch, area string, c Condition) **int {
	raw, err := json.Marshal(c)
	if err != nil {
		raw = []byte("{}")
	}
	return db.Get[*int](b, `SELECT app.plan_rule_cases(@area, @if::jsonb)`, db.Args{"area": area, "if": string(raw)})
}

// CasesOf is [Cases] for the newest version of a rule.
func CasesOf(b *db.Batch, code string) **int {
	return db.Get[*int](b, `SELECT (SELECT app.plan_rule_cases(r.area, r.condition) FROM app.plan_rule r WHERE r.code = @code ORDER BY r.version DESC LIMIT 1)`, db.Args{"code": code})
}

// Use is what came of a rule in a quarter: how many partners it drew in (Reason ""), how many suggestions were dismissed ("dismissed"),
// and of these how many for one reason (code of [Reasons]). Times is rounded to five, nil is fewer than five (R14).
type Use struct {
	Code    string
	Quarter time.Time // its first day
	Reason  string
	Times   *int
}

// Uses asks what came of the rules in two years. Admins and leads get an answer.
func Uses(b *db.Batch) *[]Use {
	return db.All[Use](b, `SELECT u.code, u.quarter, u.reason, u.times FROM app.plan_rule_use() u ORDER BY u.code, u.quarter DESC, u.reason`, db.Args{})
}

// Reasons are why a suggestion is dismissed: what can be counted without reading what somebody wrote.
var Reasons = []string{"covered", "elsewhere", "citizen", "danger", "does_not_fit", "other"}
