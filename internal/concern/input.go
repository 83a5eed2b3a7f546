package concern

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
)

// How much a report takes.
const (
	MaxTold   = 20000 // characters of what was told
	MaxPeople = 20
	maxText   = 4000
	maxLine   = 200
)

// Input is what somebody writes down while a reporter speaks.
type Input struct {
	Source     string
	Area       string
	ReceivedAt time.Time
	LateReason string // asked for when it came more than an hour before it was registered

	Child  PersonInput
	BornOK bool          // somebody of age is meant, though the report is on a child
	People []PersonInput // whom the report names; blank ones are left out

	Told, WhereNow, Siblings string
	Measures                 string

	ReporterName, ReporterRole, ReporterContact string
	Household                                   bool
	Channel, ChannelNote                        string

	// Who in the municipality must not know of the report (R10). Nobody says that it was asked, and the answer is no one.
	Nobody  bool
	Exclude []uuid.UUID
}

// PersonInput is one person of a report as typed.
type PersonInput struct {
	Name     string
	Relation string
	CPR      string
	Born     time.Time
	Age      *int // whole years, about, as it was told; a date of birth wins
	Phone    string
}

// MaxAge is the highest age that is taken for one.
const MaxAge = 120

// Blank reports whether nothing has been written about the person.
func (p PersonInput) Blank() bool {
	return p.Name == "" && p.Relation == "" && p.CPR == "" && p.Phone == "" && p.Born.IsZero() && p.Age == nil
}

// PersonField names a field of the n-th named person, counted from zero, in forms and refusals.
func PersonField(n int, field string) string { return fmt.Sprintf("p%d-%s", n+1, field) }

// Validate refuses what cannot be right, all at once. A report is taken as it comes: only what was told, whence it came
// and who must not know are demanded; a child without a name is registered by what is known of them.
func (in Input) Validate(who uuid.UUID, now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("source", slices.Contains(Sources, in.Source), "concern.source.missing")
	bad.Check("area", in.Area == Child || in.Area == Adult, "concern.area.missing")
	bad.Check("received", !in.ReceivedAt.IsZero(), "concern.received.form")
	bad.Check("received", !in.ReceivedAt.After(now.Add(5*time.Minute)), "concern.received.future")
	bad.Check("received", in.ReceivedAt.IsZero() || in.ReceivedAt.After(now.AddDate(-1, 0, 0)), "concern.received.year")
	bad.Check("late_reason", !in.Late(now) || visible(in.LateReason), "concern.late_reason.missing")
	bad.AtMost("late_reason", in.LateReason, maxText)
	bad.Check("told", visible(in.Told), "concern.told.missing")
	bad.AtMost("told", in.Told, MaxTold)
	bad.Check("measures", slices.Contains(MeasuresAnswers, in.Measures), "error.choose")
	for field, text := range map[string]string{"where_now": in.WhereNow, "siblings": in.Siblings, "channel_note": in.ChannelNote} {
		bad.AtMost(field, text, maxText)
	}
	for field, text := range map[string]string{"reporter_name": in.ReporterName, "reporter_role": in.ReporterRole, "reporter_contact": in.ReporterContact} {
		bad.AtMost(field, text, maxLine)
	}
	bad.Check("channel", in.Source == Anonymous || slices.Contains(Channels, in.Channel), "concern.channel.missing")
	in.Child.validate(bad, "", now)
	bad.Check("born_ok", in.BornOK || in.Area != Child || !in.Child.ofAge(now), "concern.born_ok.missing")
	bad.Check("name", in.Child.Name == "" || visible(in.Child.Name), "register.name.missing")
	bad.Check("", len(in.People) <= MaxPeople, "register.around.many")
	for i, p := range in.People {
		if !p.Blank() {
			p.validate(bad, fmt.Sprintf("p%d-", i+1), now)
			bad.Check(PersonField(i, "name"), visible(p.Name) || visible(p.Relation), "register.around.nobody")
		}
	}
	bad.Check("excluding", in.Nobody || len(in.Exclude) > 0, "concern.exclude.missing")
	bad.Check("excluding", !in.Nobody || len(in.Exclude) == 0, "register.exclude.both")
	bad.Check("exclude", !slices.Contains(in.Exclude, who), "concern.exclude.self")
	return bad.Err()
}

// Late reports whether the registration comes so late that it says why.
func (in Input) Late(now time.Time) bool {
	return !in.ReceivedAt.IsZero() && now.Sub(in.ReceivedAt) >= LateAfter
}

func (p PersonInput) validate(bad fault.Invalid, prefix string, now time.Time) {
	bad.AtMost(prefix+"name", p.Name, maxLine)
	bad.AtMost(prefix+"relation", p.Relation, maxLine)
	if p.CPR != "" {
		digits := strings.NewReplacer(" ", "", "-", "", "‑", "").Replace(p.CPR)
		bad.Check(prefix+"cpr", len(digits) == 10 && strings.Trim(digits, "0123456789") == "", "error.cpr")
		cpr, ok := keys.ParseCPR(p.CPR)
		bad.Check(prefix+"cpr", ok && !cpr.Born.After(now), "register.cpr.impossible")
		bad.Check(prefix+"born", !ok || p.Born.IsZero() || cpr.Born.Format(time.DateOnly) == p.Born.Format(time.DateOnly), "register.born.differs")
	}
	bad.Check(prefix+"born", p.Born.IsZero() || !p.Born.After(i18n.Today(now)), "error.date_future")
	bad.Check(prefix+"age", p.Age == nil || *p.Age >= 0 && *p.Age <= MaxAge, "concern.age.form")
	if p.Phone != "" {
		_, ok := keys.ParsePhone(p.Phone)
		bad.Check(prefix+"phone", ok, "concern.phone.form")
	}
}

// born is the date of birth that was typed, or the one that the number tells.
func (p PersonInput) born() *time.Time {
	if cpr, ok := keys.ParseCPR(p.CPR); ok {
		return &cpr.Born
	}
	if p.Born.IsZero() {
		return nil
	}
	return &p.Born
}

// ofAge reports whether the person is eighteen or more, by what is known or was told: a report on a child seldom is on one of forty.
func (p PersonInput) ofAge(now time.Time) bool {
	if b := p.born(); b != nil {
		return i18n.Age(*b, now) >= 18
	}
	return p.Age != nil && *p.Age >= 18
}

// told is the age that is kept where nobody knows the date of birth.
func (p PersonInput) told() *int {
	if p.born() != nil {
		return nil
	}
	return p.Age
}

// visible reports whether there is anything to read: a mark of direction alone is no word.
func visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r)
	})
}
