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
	blind := func(secret, digits string) string { return string(keys.From(secret).BlindCPR(digits)) }
	if one, again := blind("a", "7404104321"), blind("a", "7404104321"); one != again {
		t.Error("the blind index of one number differs from itself")
	}
	if blind("a", "7404104321") == blind("a", "7404104322") || blind("a", "7404104321") == blind("b", "7404104321") {
		t.Error("two numbers, or two keys, have one blind index")
	}
}
