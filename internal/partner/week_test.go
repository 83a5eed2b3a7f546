package partner

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"samspil/internal/fault"
)

func TestHoursAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"8-16": "8-16", "8.30-12, 13-16": "8.30-12, 13-16", "08:30 – 12 og 13-16": "8.30-12, 13-16", "døgnet rundt": "0-24", "0-24": "0-24", "8-12,12-16": "8-16", "13-16; 8-12": "8-12, 13-16", "": "", " , ": "",
	} {
		hours, err := ReadWeek(Regular, [7]string{text})
		if err != nil || WriteWeek(hours, Regular)[0] != want {
			t.Errorf("%q was read as %q, %v", text, WriteWeek(hours, Regular)[0], err)
		}
	}
	night, err := ReadWeek(OnCall, [7]string{6: "22-6"})
	if days := WriteWeek(night, OnCall); err != nil || days[6] != "22-24" || days[0] != "0-6" {
		t.Errorf("a night from Sunday to Monday is %v, %v", days, err)
	}
	for _, text := range []string{"8", "8-8", "25-26", "8-16-20", "8.75-9", "formiddag", "8-16, 15-17", "-1-4"} {
		var bad fault.Invalid
		if _, err := ReadWeek(Regular, [7]string{2: text}); !errors.As(err, &bad) || bad["3"] == "" {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
}

// Whatever was understood once is understood the same when it comes back from the form.
func TestHoursComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var days [7]string
		for i := range days {
			days[i] = rapid.StringMatching(`|(1?[0-9](\.[0-5]0)?-(1?[0-9]|2[0-4])(, 2[0-3]-24)?)`).Draw(t, "day")
		}
		hours, err := ReadWeek(Regular, days)
		if err != nil {
			return
		}
		again, err := ReadWeek(Regular, WriteWeek(hours, Regular))
		if err != nil || len(again) != len(hours) {
			t.Fatalf("%v became %v, then %v, %v", days, hours, again, err)
		}
		for i := range hours {
			if again[i] != hours[i] || hours[i].Opens >= hours[i].Closes {
				t.Fatalf("%v became %v", hours, again)
			}
		}
	})
}
