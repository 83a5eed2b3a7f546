package partnerview_test

import (
	"context"
	"testing"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

func TestMain(m *testing.M) {
	i18n.MustLoad(ui.Texts)
	i18n.MustLoad(partnerview.Texts)
	m.Run()
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func days(kind string, first, last, opens, closes int) []partner.Hours {
	var hs []partner.Hours
	for d := first; d <= last; d++ {
		hs = append(hs, partner.Hours{Kind: kind, Weekday: d, Opens: opens, Closes: closes})
	}
	return hs
}

func TestAvailabilityInWords(t *testing.T) {
	office := days(partner.Regular, 1, 5, 480, 960)
	for _, c := range []struct {
		hours  []partner.Hours
		now    string
		da, en string
	}{
		{office, "2026-11-19 10:30", "Nu, til kl. 16", "Now, until 16:00"},
		{office, "2026-11-20 18:00", "Træffes igen mandag kl. 8", "Back Monday 8:00"},
		{office, "2026-11-18 18:00", "Træffes igen i morgen kl. 8", "Back tomorrow 8:00"},
		{days(partner.Regular, 4, 4, 510, 960), "2026-11-19 07:00", "Træffes igen kl. 8.30", "Back 8:30"},
		{days(partner.Regular, 4, 4, 510, 600), "2026-11-19 11:00", "Træffes igen næste torsdag kl. 8.30", "Back next Thursday 8:30"},
		{days(partner.OnCall, 1, 5, 900, 1380), "2026-11-19 10:30", "Vagt fra kl. 15", "On call from 15:00"},
		{days(partner.OnCall, 4, 4, 900, 1440), "2026-11-19 16:00", "Nu, til kl. 24", "Now, until 24:00"},
		{append(days(partner.OnCall, 4, 4, 900, 1440), days(partner.OnCall, 5, 5, 0, 420)...), "2026-11-19 16:00", "Nu, til i morgen kl. 7", "Now, until tomorrow 7:00"},
		{days(partner.Regular, 1, 7, 0, 1440), "2026-11-19 16:00", "Døgnet rundt", "Around the clock"},
		{nil, "2026-11-19 16:00", "Træffetid ikke oplyst", "Hours not given"},
	} {
		for lang, want := range map[string]string{"da": c.da, "en": c.en} {
			got := partnerview.Avail(i18n.With(context.Background(), lang), partner.Callable{Hours: c.hours}, at(c.now))
			if got.Text != want {
				t.Errorf("%s: %q, want %q", c.now, got.Text, want)
			}
		}
	}
}

func TestTheWeekInWords(t *testing.T) {
	ctx := context.Background()
	for want, hours := range map[string][]partner.Hours{
		"hverdage 8–16":               days(partner.Regular, 1, 5, 480, 960),
		"man–tor 15–23":               days(partner.Regular, 1, 4, 900, 1380),
		"man–tor 10–20, fre 10–16.30": append(days(partner.Regular, 1, 4, 600, 1200), days(partner.Regular, 5, 5, 600, 990)...),
		"ons 8–12 og 13–16":           append(days(partner.Regular, 3, 3, 480, 720), days(partner.Regular, 3, 3, 780, 960)...),
		"alle dage 8–22":              days(partner.Regular, 1, 7, 480, 1320),
		"døgnet rundt":                days(partner.Regular, 1, 7, 0, 1440),
		"":                            days(partner.OnCall, 1, 7, 0, 1440),
	} {
		if got := partnerview.Week(ctx, hours, partner.Regular); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestEveryCompetenceHasANameInBothLanguages(t *testing.T) {
	for _, lang := range i18n.Languages {
		ctx := i18n.With(context.Background(), lang)
		for _, code := range partner.Competences {
			if !i18n.Has(ctx, "partner.competence."+code) {
				t.Errorf("%s: no name for %s", lang, code)
			}
		}
	}
	da, en := i18n.Keys("da"), i18n.Keys("en")
	for k := range da {
		if en[k] == "" {
			t.Errorf("no English for %s", k)
		}
	}
}

func TestEverySituationHasItsNameAndItsReasons(t *testing.T) {
	for _, lang := range i18n.Languages {
		ctx := i18n.With(context.Background(), lang)
		for _, s := range partner.Situations {
			for _, turn := range append(s.Turns, partner.Turn{}) {
				key := "situation." + s.Code
				if turn.Code != "" {
					key += "." + turn.Code
				}
				if !i18n.Has(ctx, key) {
					t.Errorf("%s: no text %s", lang, key)
				}
			}
		}
	}
}
