package page_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"samspil/web/page"
)

// take is what the next page shows of a flash cookie with this value.
func take(value string) (page.Flash, bool) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "flash", Value: value})
	return page.TakeFlash(httptest.NewRecorder(), r)
}

// "Fortryd" posts what the message holds. A neighbouring site of the same municipality can set cookies for ours, so a message
// that we did not write ourselves is not shown: its undo could give somebody access to a case.
func TestAMessageThatWeDidNotWriteIsNotShown(t *testing.T) {
	w := httptest.NewRecorder()
	page.Say(w, page.Flash{Key: "flash.step.done", Args: []string{"2"}, Undo: "/sager/abcdefgh/handlingsplan/trin/1/fortryd", Fields: map[string]string{"version": "2"}})
	c, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	f, ok := take(c.Value)
	if !ok || f.Key != "flash.step.done" || f.Undo == "" || f.Fields["version"] != "2" || len(f.Args) != 1 {
		t.Fatalf("our own message is lost: %v %v", f, ok)
	}
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"Key":"flash.step.done","Undo":"/sager/abcdefgh/adgang/giv","Fields":{"person":"x","kind":"coworker"}}`))
	signature := c.Value[strings.LastIndexByte(c.Value, '.')+1:]
	for _, value := range []string{forged, forged + "." + signature, "." + signature, forged + ".", c.Value[1:], "", "."} {
		if f, ok := take(value); ok {
			t.Errorf("%.40s is shown as %v", value, f)
		}
	}
}
