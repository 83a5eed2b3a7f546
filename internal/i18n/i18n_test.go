package i18n

import (
	"context"
	"testing"
	"testing/fstest"
)

func TestOneThingNeedsNoNumberInItsText(t *testing.T) {
	MustLoad(fstest.MapFS{"text.da.json": {Data: []byte(`{"testshow.one": "Se den", "testshow.other": "Se alle %d"}`)}})
	for n, want := range map[int]string{1: "Se den", 4: "Se alle 4"} {
		if got := N(context.Background(), "testshow", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// Somebody who has written too much is told how much too much: "skriv det kortere" sends them counting.
func TestWhatIsTooLongSaysByHowMuch(t *testing.T) {
	MustLoad(fstest.MapFS{
		"text.da.json": {Data: []byte(`{"testlong": "Højst %s tegn; der står %s"}`)},
		"text.en.json": {Data: []byte(`{"testlong": "At most %s characters; there are %s"}`)}})
	for lang, want := range map[string]string{"da": "Højst 2.000 tegn; der står 12.143", "en": "At most 2,000 characters; there are 12,143"} {
		if got := T(With(context.Background(), lang), "testlong:2000:12143"); got != want {
			t.Errorf("%q", got)
		}
	}
	for _, unknown := range []string{"testlong:x", "testnone:1", "kl. 9:05"} { // no text of ours
		if got := T(context.Background(), unknown); got != unknown {
			t.Errorf("%q becomes %q", unknown, got)
		}
	}
}

func TestASentenceEndsWithOneFullStop(t *testing.T) {
	MustLoad(fstest.MapFS{"text.da.json": {Data: []byte(`{"teststop": "Senest %s. Så …"}`)}})
	for date, want := range map[string]string{"30. nov.": "Senest 30. nov. Så …", "3. maj": "Senest 3. maj. Så …", "om lidt ..": "Senest om lidt ... Så …"} {
		if got := T(context.Background(), "teststop", date); got != want {
			t.Errorf("%q", got)
		}
	}
}
