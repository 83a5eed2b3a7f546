package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// An address of a page, or a slip of the key: a word without an end must not push the form off the screen.
func TestALongWordOfTheLastAssessmentDoesNotWidenTheForm(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "mette")
	word := strings.Repeat("x", 1900)
	o.Exec(t, `ALTER TABLE app.risk_answer DISABLE TRIGGER USER`)
	o.Exec(t, `UPDATE app.risk_answer SET evidence = $1, source = left($1, 200) WHERE answer <> 'unknown'`, word)
	var last int
	for _, width := range []int64{1280, 390} {
		if err := browsertest.Viewport(h.ctx, width, 900, width < 500); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/sager/{case}/risiko/ny/A", "/sager/{case}/risiko/{assessment}"} {
			h.open(s.URL + fill(t, o, path))
			h.do(chromedp.Evaluate(`document.documentElement.scrollWidth`, &last))
			if int64(last) > width+1 {
				t.Errorf("%s is %d px wide at %d", path, last, width)
			}
			if !strings.Contains(h.text(), word[:100]) {
				t.Errorf("%s does not show the word", path)
			}
		}
	}
}
