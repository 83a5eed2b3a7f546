package reference

import "testing"

func TestEveryEventSaysWhatToDoInBothLanguages(t *testing.T) {
	if len(events()) == 0 {
		t.Fatal("no events")
	}
	for _, e := range events() {
		if e.SuggestDA == "" || e.SuggestEN == "" || e.DA == "" || e.EN == "" || e.Certainty == "" {
			t.Errorf("%+v", e)
		}
	}
}
