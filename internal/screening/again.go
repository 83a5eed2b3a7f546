package screening

import (
	"time"

	"samspil/internal/i18n"
)

// summerDays is how long before the summer holiday the open cases of children are screened again (reference data, summer_holiday_60d).
const summerDays = 60

// Again says why a child who was screened then should be screened again now: "summer" when the summer holiday is near, "15", "17_half" and
// "18" when an age has been reached since that changes what the child decides and what the law offers. It is empty when nothing asks for it.
func Again(screened time.Time, born *time.Time, now time.Time) string {
	year := i18n.Today(now).Year()
	summer := lastSaturdayOfJune(year)
	if !i18n.Today(now).After(summer) && i18n.Days(summer, now) <= summerDays && i18n.Days(summer, screened) > summerDays {
		return "summer"
	}
	if born == nil {
		return ""
	}
	for _, age := range []struct {
		name          string
		years, months int
	}{{"18", 18, 0}, {"17_half", 17, 6}, {"15", 15, 0}} {
		reached := day(born.Year()+age.years, born.Month()+time.Month(age.months), born.Day())
		if !reached.After(now) && screened.Before(reached) {
			return age.name
		}
	}
	return ""
}
