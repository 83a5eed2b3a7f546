package casefile

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
)

// maxName is how long a name may be, in characters. What is longer is refused, never cut.
const maxName = 200

// MaxText is how long one free text of a case may be.
const MaxText = maxText

// MaxAround is how many people around the citizen one registration takes; more are added in the case.
const MaxAround = 24

// OriginOther is the origin that the reference data has no code for.
const OriginOther = "other"

// RuledOut is the code of a suspicion of honour conflict that a screening has ruled out. No case begins with it, and no form
// but the screening leads to it: it opens the gate (R1).
const RuledOut = "ruled_out"

// Validate refuses every answer that is wrong, not only the first.
func (in Registration) Validate(who actor.Actor, now time.Time) error {
	bad := fault.Invalid{}
	for _, err := range []error{in.NewCitizen.Validate(now), ValidateAround(in.Around, now), in.Matter.Validate(), in.AccessPlan.Validate(who)} {
		if err := bad.Merge("", err); err != nil {
			return err
		}
	}
	return bad.Err()
}

// Validate refuses what cannot be right about the citizen.
func (c NewCitizen) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("name", c.Anonymous || visible(c.Name), "register.name.missing")
	bad.Check("name", !c.Anonymous || c.Name == "", "register.name.anonymous")
	bad.AtMost("name", c.Name, maxName)
	bad.AtMost("calling_name", c.CallingName, 60)
	bad.Check("cpr", !c.Anonymous || c.CPR == "", "register.cpr.anonymous")
	checkCPR(bad, "cpr", c.CPR, now)
	bad.Check("born", c.Born.IsZero() || !c.Born.After(i18n.Today(now)), "error.date_future")
	if cpr, ok := keys.ParseCPR(c.CPR); ok && !c.Born.IsZero() {
		bad.Check("born", cpr.Born.Format(time.DateOnly) == c.Born.Format(time.DateOnly), "register.born.differs")
	}
	bad.Check("until", c.NameAddressUntil.IsZero() || !c.NameAddressUntil.Before(i18n.Today(now)), "error.date_past")
	bad.Check("until", c.NameAddressUntil.IsZero() || c.NameAddressProtection, "register.until.alone")
	_ = bad.Merge("", c.SafeContact.Validate()) // Invalid or nil
	return bad.Err()
}

// AroundField names a field of the n-th person around the citizen, counted from zero, in a form and in refusals.
func AroundField(n int, field string) string { return fmt.Sprintf("p%d-%s", n+1, field) }

// ValidateAround refuses what cannot be right about the people around the citizen.
func ValidateAround(people []Around, now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("", len(people) <= MaxAround, "register.around.many")
	for i, a := range people {
		if a.Blank() {
			continue
		}
		field := func(name string) string { return AroundField(i, name) }
		bad.Check(field("name"), visible(a.Name) || visible(a.Relation), "register.around.nobody")
		bad.AtMost(field("name"), a.Name, maxName)
		bad.AtMost(field("relation"), a.Relation, maxName)
		bad.Check(field("role"), slices.Contains(ConflictRoles, a.ConflictRole), "error.choose")
		bad.Check(field("know"), slices.Contains(MayKnowAnswers, a.MayKnow), "error.choose")
		checkCPR(bad, field("cpr"), a.CPR, now)
	}
	return bad.Err()
}

// Validate refuses a case without an origin, or with a level that nobody has given a reason for.
func (m Matter) Validate() error {
	bad := fault.Invalid{}
	bad.Check("situation", visible(m.Situation), "register.situation.missing")
	bad.AtMost("situation", m.Situation, MaxText)
	bad.Check("origin", m.Origin == OriginOther || reference.Known(reference.Origins, m.Origin), "register.origin.missing")
	bad.Check("certainty", reference.Known(reference.Certainties, m.Certainty) && m.Certainty != RuledOut, "error.choose")
	bad.Check("severity", m.Severity == "" || reference.Known(reference.Severities, m.Severity), "error.choose")
	bad.Check("severity_reason", m.Severity == "" || visible(m.SeverityReason), "register.severity.reason")
	bad.AtMost("severity_reason", m.SeverityReason, maxText)
	return bad.Err()
}

// Validate refuses a case in which the question who must not know was left open, or answered against itself.
func (p AccessPlan) Validate(who actor.Actor) error {
	bad := fault.Invalid{}
	bad.Check("team", p.TeamID != uuid.Nil, "register.team.missing")
	bad.Check("responsible", p.Responsible != uuid.Nil, "error.choose")
	bad.Check("responsible", who.Role == actor.TeamLead || p.FromReport || p.Responsible == who.UserID, "register.responsible.self")
	bad.Check("level", p.Confidentiality >= Normal && p.Confidentiality <= Sealed, "error.choose")
	bad.Check("excluding", p.Nobody || len(p.Exclude) > 0, "register.exclude.missing")
	bad.Check("excluding", !p.Nobody || len(p.Exclude) == 0, "register.exclude.both")
	bad.Check("exclude", !slices.Contains(p.Exclude, who.UserID), "register.exclude.self")
	bad.Check("exclude", !slices.Contains(p.Exclude, p.Responsible), "register.exclude.responsible")
	for _, id := range p.CoResponsible {
		bad.Check("co", id != p.Responsible, "register.co.responsible")
		bad.Check("co", !slices.Contains(p.Exclude, id), "register.co.excluded")
	}
	return bad.Err()
}

// born is the date of birth that was typed, or the one that the number tells.
func (c NewCitizen) born() *time.Time {
	if cpr, ok := keys.ParseCPR(c.CPR); ok {
		return &cpr.Born
	}
	if c.Born.IsZero() {
		return nil
	}
	return &c.Born
}

// CallingName is the short way to name a person, and what lists call a citizen when nobody has said otherwise: "Amira S."
func CallingName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	initial, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return words[0] + " " + string(unicode.ToUpper(initial)) + "."
}

// checkCPR refuses what is not a number of ten digits with a date in it that has been.
func checkCPR(bad fault.Invalid, field, typed string, now time.Time) {
	if typed == "" {
		return
	}
	readCPR(bad, field, typed)
	cpr, _ := keys.ParseCPR(typed)
	bad.Check(field, !cpr.Born.After(now), "register.cpr.impossible")
}

// readCPR refuses what cannot be a CPR number, and tells a digit too few from a date that does not exist.
func readCPR(bad fault.Invalid, field, typed string) {
	digits := strings.NewReplacer(" ", "", "-", "", "‑", "").Replace(typed)
	bad.Check(field, len(digits) == 10 && strings.Trim(digits, "0123456789") == "", "error.cpr")
	_, ok := keys.ParseCPR(typed)
	bad.Check(field, ok, "register.cpr.impossible")
}

// visible reports whether there is anything to read: a mark of direction alone is no name.
func visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r)
	})
}
