package keys_test

import (
	"testing"

	"samspil/internal/keys"
)

func TestTheSameTelephoneHoweverItIsWritten(t *testing.T) {
	for typed, want := range map[string]string{
		"00 12 34 56": "00123456", "00123456": "00123456", "+45 20 30 40 50": "20304050", "0045 20304050": "20304050", "4520304050": "20304050", "20-30-40-50": "20304050",
		"+46 70 123 45 67": "46701234567", "(20) 30 40 50": "20304050", "45123456": "45123456", "12345": "", "ring til mor": "", "": "", "1234567890123456": "",
	} {
		got, ok := keys.ParsePhone(typed)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	k := keys.From("a")
	again := keys.From("a")
	if string(k.BlindPhone("20304050")) != string(again.BlindPhone("20304050")) || string(k.BlindPhone("20304050")) == string(k.BlindPhone("20304051")) || string(k.BlindPhone("2030405060")) == string(k.BlindCPR("2030405060")) {
		t.Error("the blind index of a number is not its own")
	}
}
