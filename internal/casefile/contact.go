package casefile

import (
	"slices"
	"strings"
	"time"

	"samspil/internal/i18n"
)

// Channel is a way to reach somebody.
type Channel string

// The channels. Third is a named third person who brings the message.
const (
	Phone       Channel = "phone"
	SMS         Channel = "sms"
	Email       Channel = "email"
	Letter      Channel = "letter"
	DigitalPost Channel = "digital_post"
	Third       Channel = "third"
	Visit       Channel = "visit"
)

// Channels are all of them, in the order of the form.
var Channels = []Channel{Phone, SMS, Email, Letter, DigitalPost, Third, Visit}

// factChannels are the ways that a protected fact opens. A kind that is not here reaches nobody.
var factChannels = map[string][]Channel{"phone": {Phone, SMS}, "email": {Email}, "address": {Letter, Visit}, "place_of_stay": {Letter, Visit}}

// FactChannels are the ways to reach somebody that a protected fact of a kind opens.
func FactChannels(kind string) []Channel { return factChannels[kind] }

// ContactRules are what the program knows of how the citizen may be reached. A channel in neither list is not settled.
type ContactRules struct {
	MayUse  []Channel
	MustNot []Channel
	Windows []Window // when the allowed ones may be used; none: at every hour
	Third   string   // who brings a message
}

// Window is some hours on some days of the week, in Danish time.
type Window struct {
	Days string `json:"days"` // "12345": Monday to Friday
	From string `json:"from"` // "08:00"
	To   string `json:"to"`   // before From: the next morning
}

// Reach is what decides whether somebody around the citizen may be contacted.
type Reach struct {
	ConflictRole string // one of [ConflictRoles]
	MayKnow      string // one of [MayKnowAnswers]
	MayContact   string // one of [MayContactAnswers]
}

// MayContactAnswers say whether somebody around the citizen may be contacted at all; "ask" is not settled.
var MayContactAnswers = []string{"ask", "yes", "never"}

// Rules is everything that [Allowed] looks at.
type Rules struct {
	ContactRules
	Policy string // code of [reference.ContactPolicies], what is said of every way; empty: nobody knows, and nothing is allowed
	Gate   GateState
	Reach  *Reach // nil: the citizen
}

// State is what the rules say of a channel at a moment.
type State string

// Unsettled is not allowed: nobody has said that it is safe, and one asks first.
const (
	MayNow    State = "allowed"
	Forbidden State = "forbidden"
	Unsettled State = "unsettled"
)

// Verdict is what the rules say. Why is a key, its words are the text "contact.why.<why>".
type Verdict struct {
	State State
	Why   string     // "" where it is allowed
	Until *time.Time // of an allowed one: when its hours end; nil: they do not
	Next  *time.Time // of one that waits for its hours: when they begin
}

// OK reports whether the channel may be used now. Everything else is an interruption.
func (v Verdict) OK() bool { return v.State == MayNow }

// Final reports whether no reason helps: the gate to parents and network is shut (barnets lov § 18, stk. 3; R1).
func (v Verdict) Final() bool { return v.Why == whyGate }

// The reasons.
const (
	whyGate      = "gate"      // the risk is to be assessed first (R1)
	whyThreat    = "threat"    // the person threatens the citizen
	whyMayKnow   = "may_know"  // the person may not know of the case
	whyPerson    = "person"    // somebody has said: never
	whyAskPerson = "ask"       // nobody has said whether the person may be contacted
	whyNever     = "never"     // the channel is never used
	whyHours     = "hours"     // the channel may be used, at another hour
	whyUnsettled = "unsettled" // nobody has said whether the channel is safe
)

// Allowed says whether a channel may be used at a moment. It is the one place that decides: links, interruptions, the strip, notes
// and forms ask it. A person around the citizen is judged by who they are, the citizen by policy, channel and hour.
func Allowed(r Rules, c Channel, now time.Time) Verdict {
	if a := r.Reach; a != nil {
		switch {
		case r.Gate == GateShut:
			return Verdict{State: Forbidden, Why: whyGate}
		case a.ConflictRole == "threatens":
			return Verdict{State: Forbidden, Why: whyThreat}
		case a.MayKnow == "no":
			return Verdict{State: Forbidden, Why: whyMayKnow}
		case a.MayContact == "never":
			return Verdict{State: Forbidden, Why: whyPerson}
		case a.MayContact != "yes":
			return Verdict{State: Unsettled, Why: whyAskPerson}
		}
		return Verdict{State: MayNow}
	}
	state, why := r.byPolicy(c)
	switch {
	case slices.Contains(r.MustNot, c):
		return Verdict{State: Forbidden, Why: whyNever}
	case state != "":
		return Verdict{State: state, Why: why}
	case !slices.Contains(r.MayUse, c):
		return Verdict{State: Unsettled, Why: whyUnsettled}
	case c == Letter || len(r.Windows) == 0: // a letter comes when the post does
		return Verdict{State: MayNow}
	case !r.open(now):
		return Verdict{State: Forbidden, Why: whyHours, Next: r.opens(now)}
	}
	return Verdict{State: MayNow, Until: r.closes(now)}
}

// open compares wall clocks, so that the hour that comes twice in October is the same hour both times.
func (r ContactRules) open(t time.Time) bool {
	t = t.In(i18n.Zone)
	return slices.ContainsFunc(r.Windows, func(w Window) bool { return w.holds(t) })
}

// holds reports whether a window holds at a moment of the zone.
func (w Window) holds(t time.Time) bool {
	clock := t.Format("15:04")
	if w.From < w.To {
		return w.on(t) && w.From <= clock && clock < w.To
	}
	return w.on(t) && w.From <= clock || w.on(t.AddDate(0, 0, -1)) && clock < w.To
}

// on reports whether the window begins on the day of t.
func (w Window) on(t time.Time) bool {
	return strings.Contains(w.Days, string(rune('1'+(int(t.Weekday())+6)%7)))
}

// horizon is how far the rules look for the next change, in days: a week and the day itself twice.
const horizon = 8

// opens is when the next window begins.
func (r ContactRules) opens(now time.Time) *time.Time {
	return r.edge(now, func(w Window) string { return w.From }, true)
}

// closes is when the hours that run now end, through windows that follow each other; nil: not within a week.
func (r ContactRules) closes(now time.Time) *time.Time {
	return r.edge(now, func(w Window) string { return w.To }, false)
}

// edge finds the first moment after now at which contact opens, or closes. The clocks of the windows are tried, and those at
// which the clock itself is moved; an hour more and less, because in March an hour is missing and in October one comes twice.
func (r ContactRules) edge(now time.Time, clock func(Window) string, open bool) *time.Time {
	clocks, day, first := []string{"02:00", "03:00"}, i18n.Today(now), (*time.Time)(nil)
	for _, w := range r.Windows {
		clocks = append(clocks, clock(w))
	}
	for n := range horizon + 1 {
		for _, c := range clocks {
			at, err := time.ParseInLocation("2006-01-02 15:04", day.AddDate(0, 0, n).Format(time.DateOnly)+" "+c, i18n.Zone)
			for _, t := range []time.Time{at.Add(-time.Hour), at, at.Add(time.Hour)} {
				turns := err == nil && t.After(now) && r.open(t) == open && r.open(t.Add(-time.Minute)) != open
				if turns && (first == nil || t.Before(*first)) {
					first = &t
				}
			}
		}
	}
	return first
}
