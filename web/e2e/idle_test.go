package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// Nobody has touched the machine for as long as a session lasts. The draft that is saved at the last moment is
// a request like any other, so the server still takes the session for alive: the page has to lock it.
func TestAMachineLeftAloneLocksThoughADraftIsSaved(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	h := hands{t, browsertest.New(t)}
	h.signIn(s.URL, "mette")
	h.open(s.URL + fill(t, o, "/sager/{case}/journal/ny"))
	h.write("#body", "Mor ringede kl. 14")
	h.do(chromedp.Evaluate(`(() => { const now = Date.now; Date.now = () => now() + 15 * 60 * 1000; })()`, nil))
	if !h.soon(h.locked) || strings.Contains(h.text(), "Amira") {
		t.Fatalf("after a quarter of an hour alone the machine shows %s:\n%s", h.path(), h.text())
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.session WHERE locked_at IS NULL AND revoked_at IS NULL AND last_seen_at > now() - interval '15 min'
		AND user_id = (SELECT id FROM auth.user_account WHERE email = 'mette@ellehoej.test')`); n != 0 {
		t.Errorf("%d sessions are still open", n)
	}
	if !h.soon(func() bool {
		return o.Count(t, `SELECT count(*) FROM app.draft WHERE fields::text LIKE '%Mor ringede%'`) == 1
	}) {
		t.Error("the draft is not kept")
	}
}
