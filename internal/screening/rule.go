package screening

import (
	"slices"
	"time"

	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// The plain forms of a [Condition].
const (
	AnySign   = "any"    // at least one of Signs
	CountSign = "count"  // at least N different signs of Groups
	Spread    = "spread" // signs in at least N different ones of Groups
)

// Forms are all of them.
var Forms = []string{AnySign, CountSign, Spread}

// Condition says when a rule asks its question: which signs, and what else must hold. It counts different signs, so that one
// sign seen by three people is still one; own observations in own words are for people to read.
type Condition struct {
	Form        string   `json:"form"`
	Signs       []string `json:"signs,omitempty"`
	Groups      []string `json:"groups,omitempty"`
	N           int      `json:"n,omitempty"`
	HolidayDays int      `json:"holiday_days,omitempty"` // a school holiday begins within so many days; 0: whenever
	AgeFrom     int      `json:"age_from,omitempty"`     // whole years; both 0: of any age
	AgeTo       int      `json:"age_to,omitempty"`
}

// Why is what made a rule ask.
type Why struct {
	Signs   []Seen   // the latest first
	Holiday *Holiday // where the rule looks at it
	Age     int      // where the rule looks at it
}

// Facts are the free facts that a condition may look at, beside the signs.
type Facts struct {
	Area string
	Born *time.Time
	Now  time.Time
}

// Match reports whether the condition holds, and why. It knows of nothing but its arguments.
func (c Condition) Match(signs []Seen, f Facts) (Why, bool) {
	var why Why
	codes, groups := map[string]bool{}, map[string]bool{}
	for _, s := range signs {
		group := s.Group()
		if !s.Live() || group == "" {
			continue
		}
		if c.Form == AnySign && slices.Contains(c.Signs, s.Code) || c.Form != AnySign && slices.Contains(c.Groups, group) {
			why.Signs = append(why.Signs, s)
			codes[s.Code], groups[group] = true, true
		}
	}
	switch c.Form {
	case AnySign:
		if len(codes) == 0 {
			return Why{}, false
		}
	case CountSign:
		if len(codes) < c.N {
			return Why{}, false
		}
	case Spread:
		if len(groups) < c.N {
			return Why{}, false
		}
	default:
		return Why{}, false // a form of a later version of the program
	}
	if c.HolidayDays > 0 {
		h := NextHoliday(f.Now)
		if i18n.Days(h.Begins, f.Now) > c.HolidayDays {
			return Why{}, false
		}
		why.Holiday = &h
	}
	if c.AgeTo > 0 {
		if f.Born == nil {
			return Why{}, false // not known is not yes: another rule asks of whom no age is known
		}
		if why.Age = i18n.Age(*f.Born, f.Now); why.Age < c.AgeFrom || why.Age > c.AgeTo {
			return Why{}, false
		}
	}
	return why, len(why.Signs) > 0
}

// Validate refuses a condition that could never hold, or always would.
func (c Condition) Validate() error {
	bad := fault.Invalid{}
	bad.Check("form", slices.Contains(Forms, c.Form), "rule.error.form")
	for _, code := range c.Signs {
		_, known := reference.SignByCode(code)
		bad.Check("signs", known, "rule.error.signs")
	}
	ofGroups := 0
	for _, g := range c.Groups {
		bad.Check("groups", reference.Known(reference.SignGroups, g), "rule.error.groups")
		for _, s := range reference.Signs("") {
			if s.Group == g {
				ofGroups++
			}
		}
	}
	switch c.Form {
	case AnySign:
		bad.Check("signs", len(c.Signs) > 0, "rule.error.signs")
	case CountSign:
		bad.Check("groups", len(c.Groups) > 0, "rule.error.groups")
		bad.Check("n", c.N >= 1 && (ofGroups == 0 || c.N <= ofGroups), "rule.error.n")
	case Spread:
		bad.Check("groups", len(c.Groups) >= 2, "rule.error.two_groups")
		bad.Check("n", c.N >= 2 && (len(c.Groups) < 2 || c.N <= len(c.Groups)), "rule.error.n_groups")
	}
	bad.Check("holiday_days", c.HolidayDays >= 0 && c.HolidayDays <= 180, "rule.error.holiday")
	bad.Check("age_from", c.AgeFrom >= 0 && c.AgeTo >= c.AgeFrom && c.AgeTo <= 120, "rule.error.age")
	return bad.Err()
}

// plain leaves out of a condition what its form does not look at.
func (c Condition) plain() Condition {
	if c.Form == AnySign {
		c.Groups, c.N = nil, 0
	} else {
		c.Signs = nil
	}
	return c
}
