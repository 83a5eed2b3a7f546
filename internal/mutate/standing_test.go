package main

import (
	"strings"
	"testing"
)

// A migration that defines a function anew leaves the old text where it was: a mutation that only changes the old one
// breaks nothing, and "missed" says nothing about the tests. One that breaks several rules at a time is caught when any
// of them is tested, so it says in parentheses that it means to.
func TestEveryMutationBreaksOneRuleThatStands(t *testing.T) {
	files, err := migrationFiles()
	if err != nil {
		t.Fatal(err)
	}
	dead, seen := overwritten(files), map[string]bool{}
	for _, m := range mutations {
		n := 0
		for _, f := range files {
			if strings.HasSuffix(f.name, ".up.sql") {
				_, k := m.breakRule(f.text, dead[f.name])
				n += k
			}
		}
		switch {
		case n == 0:
			t.Errorf("%q breaks nothing that stands", m.name)
		case n > 1 && !strings.HasSuffix(m.name, ")"):
			t.Errorf("%q breaks %d rules", m.name, n)
		case seen[m.name]:
			t.Errorf("%q is there twice", m.name)
		}
		seen[m.name] = true
	}
}

func TestWhatIsDefinedAnewIsOverwritten(t *testing.T) {
	old := "CREATE FUNCTION app.f() RETURNS int AS $$\nBEGIN RETURN 1; END $$;\nCREATE POLICY p ON app.t USING (a);\n"
	files := []file{{"1.up.sql", old}, {"2.up.sql", "CREATE OR REPLACE FUNCTION app.f() RETURNS int AS $$\nBEGIN RETURN 1; END $$;\nDROP POLICY p ON app.t;\nCREATE POLICY p ON app.t USING (a);"}}
	dead := overwritten(files)
	for _, rule := range []string{`RETURN 1`, `USING \(a\)`} {
		m := mutation{old: rule, now: "x"}
		if text, n := m.breakRule(old, dead["1.up.sql"]); n != 0 || text != old {
			t.Errorf("%s: what is overwritten is broken", rule)
		}
		if text, n := m.breakRule(files[1].text, dead["2.up.sql"]); n != 1 || text == files[1].text {
			t.Errorf("%s: what stands is not broken", rule)
		}
	}
}
