package fault

import (
	"strings"
	"testing"
)

func TestCharactersAreCountedAsTheReaderCountsThem(t *testing.T) {
	bad := Invalid{}
	bad.AtMost("fits", strings.Repeat("å", 200), 200)
	bad.AtMost("long", strings.Repeat("å", 201), 200)
	bad.AtMost("long", strings.Repeat("å", 300), 200) // the first reason is the one that is kept
	if len(bad) != 1 || bad["long"] != "error.at_most:200:201" {
		t.Errorf("%v", map[string]string(bad))
	}
}
