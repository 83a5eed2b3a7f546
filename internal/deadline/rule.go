package deadline

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// LocalMark is the mark of certainty of what a municipality decided itself.
const LocalMark = "local"

// local is the kind of a rule that is the municipality's own. Its trigger is its code: no two of them begin with the same thing.
const local = "local"

// ownCode begins the codes of rules that are the municipality's own.
const ownCode = "LOCAL_"

// Rule is a deadline that may run: the reference data's, with the municipality's own number on top, or one that is all its own.
type Rule struct {
	Code, OwnName string
	Area          string // "child", "adult" or "both"
	Trigger, Kind string
	Length        int
	Unit          calendar.Unit
	Basis         string
	Certainty     string
	Statutory     bool // its length is the law's; a municipality that is quicker has a deadline of its own
	Law           bool // the law sets the most that its length may be
	LawLength     int  // the length of the reference data, in LawUnit
	LawUnit       calendar.Unit
	Active        bool
	Version       int // of the municipality's row; 0: there is none
}

// Name is what the rule is called in the reader's language.
func (r Rule) Name(ctx context.Context) string { return NameOf(ctx, r.Code, r.OwnName) }

// Own reports whether the rule is the municipality's own altogether.
func (r Rule) Own() bool { return strings.HasPrefix(r.Code, ownCode) }

// elsewhere are the deadlines that begin by themselves, or are not about a case: reports, risk assessments, the directory, the
// pulse of the plan, the municipality's preparedness plan. A note is the journal's.
var elsewhere = []string{"UND_24H", "UND_RECEIPT", "RISK_VALID_RED", "RISK_VALID_ORANGE", "RISK_VALID_LOW", "DIRECTORY_180D", "PLAN_IDLE_14D", "BEREDSKAB_4Y", "NOTE_ASAP"}

// ByHand reports whether somebody may start it in a case of an area. What is due "without delay" (udlændingeloven § 44 c) has no number in the law and is
// a step of the plan: a clock would have run out when it began.
func (r Rule) ByHand(area string) bool {
	return r.Active && r.Length > 0 && (r.Area == "both" || r.Area == area) && !slices.Contains(elsewhere, r.Code)
}

// Rules are the rules of the reader's municipality, in the order of the reference data, its own last.
type Rules struct {
	All      []Rule
	Holidays Holidays
}

// Find returns a rule by its code.
func (r Rules) Find(code string) (Rule, bool) {
	for _, x := range r.All {
		if x.Code == code {
			return x, true
		}
	}
	return Rule{}, false
}

// set gives a rule another length.
func (r Rules) set(code string, length int, unit calendar.Unit) {
	for i := range r.All {
		if r.All[i].Code == code {
			r.All[i].Length, r.All[i].Unit = length, unit
		}
	}
}

// Holidays are the municipality's three decisions about holidays. Version is 0 where nobody has decided: then none of them is one.
type Holidays struct {
	ConstitutionDay, ChristmasEve, NewYearsEve bool
	Version                                    int
}

// Settings are the decisions as package calendar takes them.
func (h Holidays) Settings() calendar.Settings {
	return calendar.Settings{ConstitutionDay: h.ConstitutionDay, ChristmasEve: h.ChristmasEve, NewYearsEve: h.NewYearsEve}
}

type ruleRow struct {
	Code, Name, Area string
	Length           int
	Unit             string
	Active           bool
	Version          int
}

// RuleRows are the municipality's rows, asked for in a batch; [RuleRows.Rules] are the rules they make.
type RuleRows struct {
	rows     *[]ruleRow
	holidays *db.Found[Holidays]
}

// AskRules asks for the rules of the reader's municipality.
func AskRules(b *db.Batch) RuleRows {
	return RuleRows{
		rows:     db.All[ruleRow](b, `SELECT code, name, area, length, unit, active, version FROM app.deadline_rule ORDER BY name, code`, db.Args{}),
		holidays: db.Maybe[Holidays](b, `SELECT constitution_day, christmas_eve, new_years_eve, version FROM app.office_setting`, db.Args{}),
	}
}

// OfTheLaw are the rules of the reference data alone, as a municipality has them that has changed none.
func OfTheLaw() Rules { return RuleRows{&[]ruleRow{}, &db.Found[Holidays]{}}.Rules() }

// Rules are the answers, once the batch has been read.
func (q RuleRows) Rules() Rules {
	out := Rules{Holidays: q.holidays.Row}
	for _, d := range reference.Deadlines() {
		if !d.Timed() {
			continue
		}
		r := Rule{Code: d.Code, Area: d.Area, Trigger: d.Trigger, Kind: d.Kind, Length: *d.Length, Unit: calendar.Unit(d.Unit), Basis: d.Basis,
			Certainty: d.Confidence, Statutory: d.Statutory, Law: d.Statutory, LawLength: *d.Length, LawUnit: calendar.Unit(d.Unit), Active: true}
		for _, row := range *q.rows {
			if row.Code != d.Code {
				continue
			}
			r.Version, r.Active = row.Version, row.Active
			if row.Length != r.Length || row.Unit != string(r.Unit) { // another number than the law's, or than the proposal's, is the municipality's own
				r.Length, r.Unit, r.Certainty, r.Statutory = row.Length, calendar.Unit(row.Unit), LocalMark, false
				if !strings.Contains(r.Basis, "lokal frist") {
					r.Basis += "; lokal frist"
				}
			}
		}
		out.All = append(out.All, r)
	}
	for _, row := range *q.rows {
		if strings.HasPrefix(row.Code, ownCode) {
			out.All = append(out.All, Rule{Code: row.Code, OwnName: row.Name, Area: row.Area, Trigger: row.Code, Kind: local, Length: row.Length, Unit: calendar.Unit(row.Unit),
				Basis: "lokal frist", Certainty: LocalMark, Active: row.Active, Version: row.Version})
		}
	}
	return out
}

// RuleInput is what an admin decides about a deadline. Without a Code it is a new one of the municipality's own.
type RuleInput struct {
	Code   string
	Name   string // of a rule of one's own
	Area   string // of a rule of one's own
	Length int
	Unit   calendar.Unit
	Active bool
}

// most is the greatest length that makes sense in a unit: ten years of anything, thirty days of hours.
var most = map[calendar.Unit]int{calendar.Hours: 720, calendar.Days: 3650, calendar.Hverdage: 3000, calendar.Arbejdsdage: 2500, calendar.Weeks: 520, calendar.Months: 120, calendar.Years: 10}

// TooSlow is the text key of the refusal to be slower than the law.
const TooSlow = "deadline.error.law"

// Validate reports everything that is wrong with the input by itself, and where it is slower than the law: what is statutory may be made
// shorter, and neither longer, nor counted in another unit, nor switched off.
func (in RuleInput) Validate() error {
	bad := fault.Invalid{}
	ref, known := reference.DeadlineByCode(in.Code)
	own := in.Code == "" || strings.HasPrefix(in.Code, ownCode)
	bad.Check("code", own || known && ref.Timed(), "error.choose")
	if own {
		bad.Check("name", strings.TrimSpace(in.Name) != "", "deadline.error.name")
		bad.AtMost("name", in.Name, 120)
		bad.Check("area", slices.Contains([]string{"child", "adult", "both"}, in.Area), "error.choose")
	}
	bad.Check("unit", in.Unit.Known(), "error.choose")
	bad.Check("length", in.Length >= 1, "deadline.error.length")
	bad.Check("length", !in.Unit.Known() || in.Length <= most[in.Unit], "deadline.error.length_most")
	if known && ref.Timed() && ref.Statutory {
		bad.Check("active", in.Active, TooSlow+".active")
		bad.Check("unit", string(in.Unit) == ref.Unit, TooSlow+".unit")
		bad.Check("length", in.Length <= *ref.Length, TooSlow)
		bad.Check("length", calendar.Unit(ref.Unit) != calendar.Hours || in.Length >= *ref.Length, TooSlow+".hours") // a clock of the law is the law's own, or it could be paused
	}
	return bad.Err()
}

// ChangeRule writes what an admin decides, expected at version (0: nothing decided yet). Deadlines that run already keep what they
// were computed from.
func ChangeRule(ctx context.Context, tx *db.Tx, version int, in RuleInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	area := in.Area
	if ref, known := reference.DeadlineByCode(in.Code); known {
		area, in.Name = ref.Area, ""
	}
	if in.Code == "" {
		in.Code = ownCode + strings.ToUpper(strings.ReplaceAll(uuid.NewString(), "-", ""))[:12]
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.deadline_rule AS r (municipality, code, name, area, length, unit, active, changed_by)
		SELECT id, @code, @name, @area, @length, @unit, @active, @me FROM app.municipality WHERE @version = 0 OR EXISTS (SELECT FROM app.deadline_rule x WHERE x.code = @code)
		ON CONFLICT (municipality, code) DO UPDATE
		SET name = excluded.name, area = excluded.area, length = excluded.length, unit = excluded.unit, active = excluded.active,
		    version = r.version + 1, changed_by = excluded.changed_by, changed_at = now()
		WHERE r.version = @version`,
		db.Args{"code": in.Code, "name": strings.TrimSpace(in.Name), "area": area, "length": in.Length, "unit": string(in.Unit), "active": in.Active, "me": tx.Actor.UserID, "version": version})
	switch {
	case db.Violates(err, "law_before_rule"): // Validate says the same; the database has the last word
		return fault.Invalid{"length": TooSlow}
	case err != nil:
		return err
	case n == 0:
		return fault.Stale
	}
	return record(ctx, tx, "deadline.rule", in.Code)
}

// ChangeHolidays writes which of the three days the municipality counts as holidays, expected at version h.Version. Deadlines that
// run already keep the holidays that they were computed with.
func ChangeHolidays(ctx context.Context, tx *db.Tx, h Holidays) error {
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.office_setting AS s (municipality, constitution_day, christmas_eve, new_years_eve, changed_by)
		SELECT id, @constitution, @christmas, @newyear, @me FROM app.municipality
		ON CONFLICT (municipality) DO UPDATE
		SET constitution_day = excluded.constitution_day, christmas_eve = excluded.christmas_eve, new_years_eve = excluded.new_years_eve,
		    version = s.version + 1, changed_by = excluded.changed_by, changed_at = now()
		WHERE s.version = @version`,
		db.Args{"constitution": h.ConstitutionDay, "christmas": h.ChristmasEve, "newyear": h.NewYearsEve, "me": tx.Actor.UserID, "version": h.Version})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale
	}
	return record(ctx, tx, "deadline.holidays", "")
}

// record leaves a line in the trail about what an admin decided; the rows themselves keep every form they ever had.
func record(ctx context.Context, tx *db.Tx, action, object string) error {
	return tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `SELECT audit.record(@action, NULL, nullif(@object, ''), NULL)`, db.Args{"action": action, "object": object})
	})
}

// RuleChange is one form that a rule had.
type RuleChange struct {
	Code, Name, Unit string
	Length           int
	Active           bool
	By               string
	At               time.Time
}

// RuleHistory asks for the latest decisions about rules in the reader's municipality, newest first.
func RuleHistory(b *db.Batch) *[]RuleChange {
	return db.All[RuleChange](b, `
		SELECT c.code, c.name, c.unit, c.length, c.active, u.display_name AS by, c.at FROM app.deadline_rule_change c JOIN auth.user_account u ON u.id = c.changed_by
		 ORDER BY c.at DESC, c.id LIMIT 20`, db.Args{})
}
