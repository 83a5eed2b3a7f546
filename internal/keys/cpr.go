package keys

import (
	"strings"
	"time"
)

// CPR is a Danish civil registration number in a form that can be shown and compared.
type CPR struct {
	Digits string    // ten digits
	Born   time.Time // the date it tells, midnight UTC
}

// Masked shows the date and hides the rest: "140410-••••".
func (c CPR) Masked() string {
	if c.Digits == "" {
		return ""
	}
	return c.Digits[:6] + "-••••"
}

// String writes the whole number with its hyphen.
func (c CPR) String() string { return c.Digits[:6] + "-" + c.Digits[6:] }

// ParseCPR reads a CPR number, with or without hyphen and spaces. A day from 61 to 91 marks an
// invented or replacement number (day + 60) and is accepted as that day. The control digit is not
// checked: numbers without one have been given out since 2007.
func ParseCPR(s string) (CPR, bool) {
	digits := strings.NewReplacer(" ", "", "-", "", "‑", "").Replace(s)
	if len(digits) != 10 || strings.Trim(digits, "0123456789") != "" {
		return CPR{}, false
	}
	n := func(i, j int) int {
		v := 0
		for _, d := range digits[i:j] {
			v = v*10 + int(d-'0')
		}
		return v
	}
	day, month, year, seventh := n(0, 2), n(2, 4), n(4, 6), n(6, 7)
	if day > 60 {
		day -= 60
	}
	// the century goes by the seventh digit
	switch {
	case seventh <= 3:
		year += 1900
	case seventh == 4 || seventh == 9:
		if year <= 36 {
			year += 2000
		} else {
			year += 1900
		}
	case year <= 57:
		year += 2000
	default:
		year += 1800
	}
	born := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if born.Day() != day || int(born.Month()) != month || born.Year() < 1900 {
		return CPR{}, false
	}
	return CPR{digits, born}, true
}
