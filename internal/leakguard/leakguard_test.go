package leakguard

import (
	"strings"
	"testing"
	"time"
)

var invented = []Fact{
	{"address", "Skovtroldevej 12 B, 2. tv., 0999 Ellehøj"}, {"place_of_stay", "Krisecenter Lindely, 0998 Opdigtet"}, {"school", "Ellehøj Skole"}, {"phone", "00 12 34 56"},
	{"code_word", "is"}, {"name", "Amira Saleh"}, {"other", "x"}, {"address", "Gården bag mosen, 0997 Intetsted"}, {"place_of_stay", "Familien Prøve, Nissevej 4, tlf. 00 99 88 77"}, {"address", "2. Troldevej 5"},
}

func TestWhereAFactStands(t *testing.T) {
	g := New(invented)
	for text, want := range map[string]int{
		"Hun bor Skovtroldevej 12.": 0, "skovtroldev. 12b": 0, "Skovtroldevej nr. 12, st.": 0, "SKOVTROLDE-\nVEJ 12": 0, "Post til Skovtroldevej 12-14": 0,
		"Hun bor Skovtroldevej 121": -1, "Hun bor Skovtroldevej 1": -1, "Nabo til Skovtroldevej 212": -1, "Skovtroldevej er lang": -1, "0999 Ellehøj": -1, "0998 Opdigtet": -1,
		"Lindelys leder": 1, "krisecentret lindely": 1, "lindelyng": -1, "Et krisecenter": -1,
		"Ellehøjskolen": 2, "ellehoej skoles": 2, "Ellehøj Kommune": -1,
		"+4500123456": 3, "00-12-34-56": 3, "100123456": -1, "001234567": -1, "00 12 34 57": -1,
		"kodeordet is": 4, "i s": 4, "i sne": -1, "isen": 4, "en avis er": -1,
		"SALEH, AMIRA": 5, "A. Saleh": 5, "Amiras bror": 5, "en a. b. c.": -1,
		"Gården bag mosens port": 7, "Nissevej 4": 8, "ring 00998877": 8, "familien Prøve": 8, "2. Troldevej 5": 9, "2 Troldevej, 5": 9,
	} {
		hits := g.Scan(text)
		switch {
		case want < 0 && len(hits) > 0:
			t.Errorf("%q: found %v", text, hits)
		case want >= 0 && (len(hits) == 0 || hits[0].Fact != want):
			t.Errorf("%q: found %v, not fact %d", text, hits, want)
		}
	}
}

func TestAFactThatCannotBeLookedForIsSaid(t *testing.T) {
	if blind := New(invented).Blind(); len(blind) != 1 || blind[0] != 6 {
		t.Errorf("blind: %v", blind)
	}
}

func TestTheSentenceAndThePlaceOfAHit(t *testing.T) {
	g, text := New(invented), "Vi talte kl. 9. Hun bor på Skovtroldev. 12 hos en veninde! Mødet er flyttet."
	hits := g.Scan(text)
	if len(hits) != 1 || text[hits[0].Start:hits[0].End] != "Skovtroldev. 12" || hits[0].Sentence != "Hun bor på Skovtroldev. 12 hos en veninde!" {
		t.Errorf("%+v", hits)
	}
	long := strings.Repeat("æ", 500) + " Skovtroldevej 12 " + strings.Repeat("ø", 500)
	if hits := g.Scan(long); len(hits) != 1 || len(hits[0].Sentence) > 2*reach+40 || !strings.Contains(hits[0].Sentence, "Skovtroldevej 12") {
		t.Errorf("%+v", hits)
	}
}

func TestAnyBytesAreRead(t *testing.T) {
	g := New(invented)
	for _, s := range []string{"\xff\xfe", "a\u030a", "\u0308", "Skovtroldevej\x0012", "", "\u202eSkovtroldevej 12", "ff\ufb01"} {
		g.Scan(s)
	}
	if len(g.Scan("Skovtroldevej\u200b 12")) != 1 || len(g.Scan("Ga\u030arden bag mosen")) != 1 {
		t.Error("a ring of its own or a letter without a width hides a fact")
	}
}

func FuzzScan(f *testing.F) {
	g := New(invented)
	f.Add("Skovtroldevej 12")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range g.Scan(text) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End || h.Sentence == "" && strings.TrimSpace(text[h.Start:h.End]) != "" {
				t.Fatalf("%q: %+v", text, h)
			}
		}
		New([]Fact{{"name", text}, {"address", text}, {"email", text}, {"phone", text}, {"place_of_stay", text}}).Scan(text)
	})
}

// A text of 100 KB is scanned while somebody waits: well under 50 ms.
func TestALongLetterTakesNoTime(t *testing.T) {
	text := strings.Repeat("Hun bor på Skovtroldevej 21 og ringer fra 00 12 34 57, når det er aften. ", 1400)
	g, start := New(invented), time.Now()
	g.Scan(text)
	if took := time.Since(start); took > 500*time.Millisecond { // ten times the aim: other tests run beside it
		t.Errorf("%d KB took %v", len(text)>>10, took)
	}
}

// Neither a fact nor a text can be made so that the guard thinks for ever.
func TestNoFactTakesForEver(t *testing.T) {
	start, fact := time.Now(), strings.Repeat("a", 500)
	New([]Fact{{"code_word", fact + "b"}, {"other", strings.Repeat("oe ", 160) + "b"}}).Scan(strings.Repeat("a", 2000) + strings.Repeat("oe ", 600))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkScan100KB(b *testing.B) {
	text := strings.Repeat("Hun bor på Skovtroldevej 21 og ringer fra 00 12 34 57, når det er aften. ", 1400)
	g := New(invented)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		g.Scan(text)
	}
}
