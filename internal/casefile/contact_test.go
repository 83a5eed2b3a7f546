package casefile

import (
	"slices"
	"testing"
	"time"

	"samspil/internal/i18n"
)

var schoolHours = ContactRules{MayUse: []Channel{Phone, SMS, Letter}, MustNot: []Channel{Email}, Windows: []Window{{"12345", "08:00", "15:00"}, {"6", "22:00", "02:00"}}}

// at reads a moment in Danish time.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func clockOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(i18n.Zone).Format("2006-01-02 15:04")
}

func TestAChannelMayBeUsedAtItsHoursOnly(t *testing.T) {
	chained := ContactRules{MayUse: []Channel{Phone}, Windows: []Window{{"1", "08:00", "12:00"}, {"1", "12:00", "15:00"}}}
	night := ContactRules{MayUse: []Channel{Phone}, Windows: []Window{{"1234567", "02:30", "05:00"}}}
	always := ContactRules{MayUse: []Channel{Phone}}
	wholeWeek := ContactRules{MayUse: []Channel{Phone}, Windows: []Window{{"1234567", "00:00", "12:00"}, {"1234567", "12:00", "00:00"}}}
	for _, c := range []struct {
		name    string
		rules   ContactRules
		channel Channel
		now     string
		state   State
		why     string
		edge    string // until, or next
	}{
		{"in the hours", schoolHours, Phone, "2026-01-12 08:00", MayNow, "", "2026-01-12 15:00"},
		{"the last minute", schoolHours, SMS, "2026-01-12 14:59", MayNow, "", "2026-01-12 15:00"},
		{"the minute after", schoolHours, Phone, "2026-01-12 15:00", Forbidden, "hours", "2026-01-13 08:00"},
		{"the minute before", schoolHours, Phone, "2026-01-12 07:59", Forbidden, "hours", "2026-01-12 08:00"},
		{"Friday evening waits for Saturday night", schoolHours, Phone, "2026-01-16 16:00", Forbidden, "hours", "2026-01-17 22:00"},
		{"Saturday at noon", schoolHours, Phone, "2026-01-17 12:00", Forbidden, "hours", "2026-01-17 22:00"},
		{"before midnight", schoolHours, Phone, "2026-01-17 23:30", MayNow, "", "2026-01-18 02:00"},
		{"after midnight, which is a Sunday", schoolHours, Phone, "2026-01-18 01:59", MayNow, "", "2026-01-18 02:00"},
		{"when the night is over", schoolHours, Phone, "2026-01-18 02:00", Forbidden, "hours", "2026-01-19 08:00"},
		{"midnight of another night", schoolHours, Phone, "2026-01-17 01:00", Forbidden, "hours", "2026-01-17 22:00"},
		{"a letter has no hours", schoolHours, Letter, "2026-01-18 12:00", MayNow, "", ""},
		{"what is never used", schoolHours, Email, "2026-01-12 10:00", Forbidden, "never", ""},
		{"what nobody has settled", schoolHours, Visit, "2026-01-12 10:00", Unsettled, "unsettled", ""},
		{"a case of before the rules", ContactRules{}, Phone, "2026-01-12 10:00", Unsettled, "unsettled", ""},
		{"no hours are every hour", always, Phone, "2026-01-18 03:00", MayNow, "", ""},
		{"windows that follow each other", chained, Phone, "2026-01-12 09:00", MayNow, "", "2026-01-12 15:00"},
		{"once a week", chained, Phone, "2026-01-12 15:00", Forbidden, "hours", "2026-01-19 08:00"},
		{"a week without an end", wholeWeek, Phone, "2026-01-12 13:00", MayNow, "", ""},
		{"the night when an hour is missing", night, Phone, "2026-03-29 01:30", Forbidden, "hours", "2026-03-29 03:00"},
		{"the same, inside", night, Phone, "2026-03-29 03:10", MayNow, "", "2026-03-29 05:00"},
		{"summer time in the office's day", schoolHours, Phone, "2026-03-30 07:59", Forbidden, "hours", "2026-03-30 08:00"},
		{"the day after winter time began", schoolHours, Phone, "2026-10-26 14:59", MayNow, "", "2026-10-26 15:00"},
	} {
		v := Allowed(Rules{Policy: "normal", ContactRules: c.rules}, c.channel, at(t, c.now))
		edge := clockOf(v.Until)
		if v.Next != nil {
			edge = clockOf(v.Next)
		}
		if v.State != c.state || v.Why != c.why || edge != c.edge || v.OK() != (c.state == MayNow) {
			t.Errorf("%s: %s %q, %s; want %s %q, %s", c.name, v.State, v.Why, edge, c.state, c.why, c.edge)
		}
	}
}

func TestTheHourThatComesTwiceIsTheSameHour(t *testing.T) {
	r := Rules{Policy: "normal", ContactRules: ContactRules{MayUse: []Channel{Phone}, Windows: []Window{{"7", "02:30", "02:45"}}}}
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 02:30 summer time
	for n, want := range []bool{true, false, false, false, true, false} {
		if v := Allowed(r, Phone, first.Add(time.Duration(n)*15*time.Minute)); v.OK() != want {
			t.Errorf("%d quarters later: %s", n, v.State)
		}
	}
	if v := Allowed(r, Phone, first.Add(20*time.Minute)); v.Next == nil || !v.Next.Equal(first.Add(time.Hour)) {
		t.Errorf("next: %v", v.Next)
	}
	if v := Allowed(r, Phone, first.Add(5*time.Minute)); v.Until == nil || !v.Until.Equal(first.Add(15*time.Minute)) {
		t.Errorf("until: %v", v.Until)
	}
}

func TestNobodyAroundTheCitizenIsContactedBeforeTheGateOpens(t *testing.T) {
	for _, c := range []struct {
		name   string
		gate   GateState
		around Reach
		state  State
		why    string
		final  bool
	}{
		{"a parent whose turn has come, before the assessment", GateShut, Reach{"neutral", "yes", "yes"}, Forbidden, "gate", true},
		{"the same, after", GateAssessed, Reach{"neutral", "yes", "yes"}, MayNow, "", false},
		{"by the word of a lead", GateLead, Reach{"supports", "unknown", "yes"}, MayNow, "", false},
		{"an adult's case has no gate", GateNone, Reach{"supports", "yes", "yes"}, MayNow, "", false},
		{"who threatens, whatever is written", GateNone, Reach{"threatens", "yes", "yes"}, Forbidden, "threat", false},
		{"who may not know", GateAssessed, Reach{"pressures", "no", "yes"}, Forbidden, "may_know", false},
		{"never", GateAssessed, Reach{"neutral", "yes", "never"}, Forbidden, "person", false},
		{"not settled", GateAssessed, Reach{"supports", "yes", "ask"}, Unsettled, "ask", false},
		{"not known at all", GateNone, Reach{}, Unsettled, "ask", false},
	} {
		r := Rules{Policy: "normal", ContactRules: ContactRules{MayUse: Channels}, Gate: c.gate, Reach: &c.around}
		for _, channel := range Channels {
			if v := Allowed(r, channel, at(t, "2026-01-12 10:00")); v.State != c.state || v.Why != c.why || v.Final() != c.final {
				t.Errorf("%s, %s: %s %q", c.name, channel, v.State, v.Why)
			}
		}
	}
	if v := Allowed(Rules{Policy: "normal", ContactRules: ContactRules{MayUse: []Channel{Phone}}, Gate: GateShut}, Phone, at(t, "2026-01-12 10:00")); !v.OK() {
		t.Error("the gate is before the family, not before the citizen")
	}
}

// What the policy says of every way stands above what is said of one: an old row that contradicts it is judged strictly.
func TestOnlyInPersonMeansThatNobodyCalls(t *testing.T) {
	all := ContactRules{MayUse: Channels}
	hours := ContactRules{MayUse: Channels, Windows: []Window{{"12345", "08:00", "15:00"}}}
	for _, c := range []struct {
		policy string
		rules  ContactRules
		now    string
		open   []Channel
		why    string // of a call
	}{
		{"normal", all, "2026-01-12 04:53", Channels, ""},
		{"none_written", all, "2026-01-12 04:53", []Channel{Phone, Third, Visit}, ""},
		{"in_person", all, "2026-01-12 10:00", []Channel{Visit}, "policy_in_person"},
		{"via_partner", all, "2026-01-12 10:00", []Channel{Third}, "policy_via_partner"},
		{"phone_agreed", all, "2026-01-12 04:53", nil, "no_hours"},
		{"phone_agreed", hours, "2026-01-12 04:53", nil, "hours"},
		{"phone_agreed", hours, "2026-01-12 08:00", []Channel{Phone, SMS}, ""},
		{"", hours, "2026-01-12 10:00", nil, "unsettled"},
		{"of a later release", hours, "2026-01-12 10:00", nil, "unsettled"},
	} {
		r := Rules{Policy: c.policy, ContactRules: c.rules, Gate: GateShut} // the gate is not before the citizen
		for _, way := range Channels {
			if v := Allowed(r, way, at(t, c.now)); v.OK() != slices.Contains(c.open, way) || way == Phone && v.Why != c.why {
				t.Errorf("%q at %s, %s: %s %q", c.policy, c.now, way, v.State, v.Why)
			}
		}
		if v := Allowed(Rules{Policy: c.policy, ContactRules: c.rules, Gate: GateShut, Reach: &Reach{"supports", "yes", "yes"}}, Phone, at(t, c.now)); !v.Final() {
			t.Errorf("%q: the gate is judged as %s %q", c.policy, v.State, v.Why)
		}
	}
	if v := Allowed(Rules{Policy: "in_person"}, Visit, at(t, "2026-01-12 10:00")); v.State != Unsettled {
		t.Errorf("what the policy leaves open is %s before somebody has settled it", v.State)
	}
}
