package page_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
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
	r = httptest.NewRequest(http.MethodPost, "/?name="+url.QueryEscape("خديجة \u202eecila\u2066 "), nil)
	r.Form = r.URL.Query()
	r.PostForm = r.Form
	if got := page.ReadForm(r).Text("name"); got != "خديجة ecila" {
		t.Errorf("a name that turns the line: %q", got)
	}
	if got := f.Texts("many"); !slices.Equal(got, []string{"dansk", "soomaali"}) {
		t.Errorf("many values: %q", got)
	}
}
