package page_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"samspil/web/page"
)

func TestFormsTakeOnlyWhatCanBeRead(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("one=+A%00m%FFira%0D%0ASaleh%1B+&many=da%00nsk&many=+soomaali"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f := page.ReadForm(r)
	if got := f.Text("one"); got != "Amira\nSaleh" {
		t.Errorf("one value: %q", got)
	}
	if got := f.Texts("many"); !slices.Equal(got, []string{"dansk", "soomaali"}) {
		t.Errorf("many values: %q", got)
	}
}
