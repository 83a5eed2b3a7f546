package main

import "testing"

// bound is how many of the 200 clean texts the guard may stop: 2 in 100. Three of them are made so that it does.
const bound = 4

func TestTheGuardFindsEveryDisguiseItPromises(t *testing.T) {
	of := 0
	for _, r := range recall() {
		if of += r.of; r.found != r.of {
			t.Errorf("%s: %d of %d found", r.class, r.found, r.of)
		}
	}
	if of != half {
		t.Errorf("%d disguised texts, not %d", of, half)
	}
}

func TestTheGuardSeldomCriesWolf(t *testing.T) {
	of, wolf := falseAlarms()
	if of != half || len(wolf) > bound {
		t.Errorf("%d false alarms in %d clean texts: %q", len(wolf), of, wolf)
	}
}

func TestTheCorpusIsTheSameInEveryRun(t *testing.T) {
	a, b := disguised(), disguised()
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("text %d differs: %q, %q", i, a[i].text, b[i].text)
		}
	}
}
