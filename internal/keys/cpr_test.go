package keys_test

import (
	"testing"

	"samspil/internal/keys"
)

func TestCPRNumberAsTypedOnThePhone(t *testing.T) {
	for typed, want := range map[string]string{
		"740410-4321":  "2010-04-14",
		"740410 4321":  "2010-04-14",
		" 7404104321 ": "2010-04-14",
		"010180-1234":  "1980-01-01",
		"290200-4123":  "2000-02-29",
		"290201-4123":  "", // no leap year
		"310480-1234":  "", // 31 April does not exist
		"12345":        "",
		"abcdef-1234":  "",
		"":             "",
		"000000-0000":  "",
	} {
		cpr, ok := keys.ParseCPR(typed)
		got := ""
		if ok {
			got = cpr.Born.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("ParseCPR(%q): born %q, want %q", typed, got, want)
		}
	}
	cpr, _ := keys.ParseCPR("740410-4321")
	if cpr.Masked() != "740410-••••" || cpr.String() != "740410-4321" {
		t.Errorf("shown as %q and %q", cpr.Masked(), cpr.String())
	}
	if string(keys.From("a").BlindCPR("7404104321")) != string(keys.From("a").BlindCPR("7404104321")) {
		t.Error("the blind index of one number differs from itself")
	}
}
