package i18n_test

import (
	"testing"

	"samspil/internal/i18n"
)

func TestAPhoneNumberStaysOnOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"I denne uge, 00 12 34 50. Ring": "I denne uge, 00\u00a012\u00a034\u00a050. Ring", "barnets lov § 20, stk. 3": "barnets lov\u00a0§\u00a020, stk. 3",
		"hverdage 8–16": "hverdage 8\u2060–\u206016", "fre–søn": "fre–søn", "databeskyttelsesloven §§ 7-8": "databeskyttelsesloven\u00a0§§\u00a07-8", "§ 49 a": "§\u00a049 a", "": "",
	} {
		if got := i18n.Unbroken(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
