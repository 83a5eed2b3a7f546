package leakguard_test

import (
	"testing"

	"samspil/internal/leakguard"
)

func TestWhatIsWrittenInCodeIsReadAndShownAsItStands(t *testing.T) {
	t.Parallel()
	g := leakguard.New([]leakguard.Fact{{Kind: "address", Value: "Strandvænget 14"}, {Kind: "phone", Value: "00 12 34 56"}})
	for text, match := range map[string]string{
		"Se https://kort.test/?q=Strandv%C3%A6nget+14 i dag":       "Strandv%C3%A6nget+14",
		"https://kort.test/Strandv%c3%a6nget%2014":                 "Strandv%c3%a6nget%2014",
		"https://kort.test/Strandv%E6nget%2014":                    "Strandv%E6nget%2014",
		"https://a.test/?til=%2FStrandv%25C3%25A6nget%252014":      "Strandv%25C3%25A6nget%252014",
		"Strandv&aelig;nget&nbsp;14":                               "Strandv&aelig;nget&nbsp;14",
		"Strandv&#230;nget&#32;14":                                 "Strandv&#230;nget&#32;14",
		"Strandv&amp;aelig;nget 14":                                "Strandv&amp;aelig;nget 14",
		"%53trandv%C3%A6nget 14":                                   "%53trandv%C3%A6nget 14",
		"50 %00123456 er nummeret":                                 "00123456", // as it stands it is a number, whatever the sign before it
		"%zz Strandvænget 14 &":                                    "Strandvænget 14",
		"100 %, og så & så videre; Strandvænget 14":                "Strandvænget 14",
		"Strand\u202dvæn\u2066get\u202c 14":                        "Strand\u202dvæn\u2066get\u202c 14",
		"%C3%C3 &ukendt; \xff%ff Strandv%C3%A6nget%2014 \xc3 slut": "Strandv%C3%A6nget%2014",
	} {
		hits := g.Scan(text)
		if len(hits) != 1 || text[hits[0].Start:hits[0].End] != match {
			t.Errorf("%q: %+v", text, hits)
		}
	}
	for _, text := range []string{"Se https://kort.test/?q=Strandv%C3%A6nget+15", "Strandv&aelig;nget ved vandet", "%", "&", "&;", "%4", "%%%%", "&&&&aelig"} {
		if hits := g.Scan(text); len(hits) != 0 {
			t.Errorf("%q: %+v", text, hits)
		}
	}
	const long = "Det er godt. Hun er ved Strandv%C3%A6nget+14 nu. Vi ses."
	if hits := g.Scan(long); len(hits) != 1 || hits[0].Sentence != "Hun er ved Strandv%C3%A6nget+14 nu." {
		t.Errorf("%+v", hits)
	}
}
