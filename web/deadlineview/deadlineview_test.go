package deadlineview_test

import (
	"testing"
	"time"

	"samspil/internal/calendar"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/deadlineview"
	"samspil/web/ui"
)

func init() {
	i18n.MustLoad(deadlineview.Texts)
	i18n.MustLoad(ui.Texts)
}

func TestTheClockIsReadAloud(t *testing.T) {
	now := time.Date(2026, time.November, 22, 10, 31, 0, 0, i18n.Zone)
	for want, c := range map[string]struct {
		due  time.Duration
		time bool
	}{
		"3 t 11 min tilbage": {3*time.Hour + 11*time.Minute, true},
		"47 min tilbage":     {47 * time.Minute, true},
		"23 t 59 min over":   {-24*time.Hour + time.Minute, true},
		"12 min over":        {-12 * time.Minute, true},
		"om 3 dage":          {72 * time.Hour, true},
		"i dag":              {13 * time.Hour, false},
		"i morgen":           {20 * time.Hour, false},
		"2 dage over":        {-48 * time.Hour, false},
		"lige overskredet":   {-time.Second, false},
	} {
		if got := deadlineview.Left(t.Context(), now.Add(c.due), c.time, now); got != want {
			t.Errorf("%s: %q, want %q", c.due, got, want)
		}
	}
}

// The date says "om 6 dage" already; saying it twice makes nobody read it.
func TestWhatTheDateSaysIsNotSaidTwice(t *testing.T) {
	now := time.Date(2026, time.November, 22, 10, 31, 0, 0, i18n.Zone)
	for want, c := range map[string]struct {
		due  time.Duration
		time bool
	}{
		"3 t 11 min tilbage": {3*time.Hour + 11*time.Minute, true},
		"":                   {6 * 24 * time.Hour, false},
		"Om 104 dage":        {104 * 24 * time.Hour, false},
	} {
		if got := deadlineview.Beside(t.Context(), now.Add(c.due), c.time, now); got != want {
			t.Errorf("%s: %q, want %q", c.due, got, want)
		}
	}
}

// Every rule of the reference data can be said in both languages, and says how sure it is.
func TestEveryRuleHasWords(t *testing.T) {
	for _, lang := range i18n.Languages {
		ctx := i18n.With(t.Context(), lang)
		for _, r := range reference.Deadlines() {
			if !r.Timed() {
				continue
			}
			if !i18n.Has(ctx, "trigger."+r.Trigger) {
				t.Errorf("%s: nobody says what %s is", lang, r.Trigger)
			}
			unit := calendar.Unit(r.Unit)
			for _, key := range []string{"unit." + r.Unit + ".one", "unit." + r.Unit + ".other", "unit.name." + r.Unit} {
				if !i18n.Has(ctx, key) || !unit.Known() {
					t.Errorf("%s: no text %s", lang, key)
				}
			}
		}
	}
	for certainty, want := range map[string]string{"sourced": "Tjekket i lovteksten", "proposal": "Forslag, ikke lov", "K-med": "Usikkert, tjek lovteksten", "K-high": "Ikke tjekket i lovteksten",
		"sourced duty; 1 day proposal": "Pligten står i loven, tallet er et forslag", deadline.LocalMark: "Kommunens egen frist", "": "Usikkert, tjek lovteksten"} {
		if got, _ := deadlineview.Mark(t.Context(), certainty); got != want {
			t.Errorf("%s: %q", certainty, got)
		}
	}
}
