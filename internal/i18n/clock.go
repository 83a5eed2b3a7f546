package i18n

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ErrClock says that a text is no time of day in any of the ways people write one.
var ErrClock = errors.New("not a time of day")

var clock = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d{2}))?$|^(\d{2})(\d{2})$`)

// ParseClock reads a time of day the ways people write it: "9.30", "9:30", "0930", "kl. 9". The result is
// the distance from midnight.
func ParseClock(s string) (time.Duration, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, "kl"), "."))
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return 0, ErrClock
	}
	h, _ := strconv.Atoi(m[1] + m[3])
	min, _ := strconv.Atoi("0" + m[2] + m[4])
	if h > 23 || min > 59 {
		return 0, ErrClock
	}
	return time.Duration(h)*time.Hour + time.Duration(min)*time.Minute, nil
}

// FieldClock writes a time of day the way a form field holds it: "9.05" in Danish, "9:05" in English.
func FieldClock(lang string, t time.Time) string {
	if lang == "en" {
		return t.In(Zone).Format("15:04")
	}
	t = t.In(Zone)
	return strconv.Itoa(t.Hour()) + t.Format(".04")
}
