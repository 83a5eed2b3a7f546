package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// Three people in three browsers at one table, each with another slice; then a meeting that is called from the case in one form,
// with something that only one of them is to know, and a decision that becomes a step.
func TestThreeSeatsAtOneTableSeeThreeSlices(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	at := map[string]hands{}
	for _, name := range []string{"mette", "sara", "huseyin"} {
		at[name] = hands{t, browsertest.New(t)}
		at[name].signIn(s.URL, name)
	}
	not := func(who string, texts ...string) {
		t.Helper()
		var all string // of the page, without the menu of the reader's own cases
		at[who].do(chromedp.Evaluate(`document.querySelector("main").innerText`, &all))
		for _, text := range texts {
			if strings.Contains(all, text) {
				t.Errorf("%s reads %q on\n%s", who, text, at[who].page())
			}
		}
	}
	meeting := fill(t, o, "/forum/{meeting}")
	for who, c := range map[string]struct{ sees, not []string }{
		"mette":   {[]string{"Fra sidst", "Ikke udført", "Var ikke muligt", "Sag A", "Sag B"}, []string{"Ikke dit punkt"}},
		"sara":    {[]string{"Sag A", "Ikke dit punkt"}, []string{"Sag B"}},
		"huseyin": {[]string{"Sag B", "Intet udestår"}, []string{"Sag A", "Ikke dit punkt", "udrejsekontrol"}},
	} {
		at[who].open(s.URL + meeting)
		at[who].sees(append(c.sees, "må ikke gives videre til brug for efterforskning")...)
		not(who, append(c.not, "Amira", "2026-0147", "2026-0139")...)
		at[who].open(s.URL + meeting + "/referat")
		at[who].sees("kun de punkter, pladsen var med i")
		not(who, append(c.not, "Amira", "2026-0147", "2026-0139")...)
	}
	at["sara"].open(s.URL + meeting + "/referat")
	at["sara"].sees("Tag gerne stilling til")
	not("sara", "Broren kender ikke til", "Søsteren")
	at["huseyin"].open(s.URL + meeting + "/referat")
	at["huseyin"].sees("Søsteren har selv spurgt")
	not("huseyin", "Tag gerne stilling til")

	m := at["mette"]
	ref := fill(t, o, "{case}")
	m.open(s.URL + "/sager/" + ref)
	m.press(`main a[href$="/moede/ny"]`, kb.Enter)
	for _, name := range []string{"Rikke Holm", "Hüseyin Doğan", "Sara El-Khatib"} {
		var key string
		o.Scan(t, []any{&key}, `SELECT 'contact:' || id FROM app.contact_person WHERE name = $1 UNION ALL SELECT 'user:' || id FROM auth.user_account WHERE display_name = $1`, name)
		m.press(`input[name=who][value="`+key+`"]`, " ")
	}
	m.write("#day", "+2")
	m.choose("frame", "other")
	m.write("#title", "Sag A")
	m.write("#body", "Amira er bange for en rejse.")
	m.write("#question", "Kender I familien?")
	m.write("#only", "Sara")
	m.write("#only_text", "Kun til Sara: kan du tage den første samtale?")
	m.press(`main .fend button`, kb.Enter)
	m.sees("Der står et navn") // an anonymous item
	if n := o.Count(t, `SELECT count(*) FROM app.forum_meeting WHERE forum_id IS NULL`); n != 0 {
		t.Fatalf("%d meetings were called with a name in an anonymous item", n)
	}
	m.do(chromedp.SetValue("#body", "En ung er bange for en rejse.", chromedp.ByQuery))
	m.press(`main .fend button`, kb.Enter)
	m.sees("Hvem ser hvad", "Kun til Sara")
	item := m.path()
	var adHoc string
	o.Scan(t, []any{&adHoc}, `SELECT id::text FROM app.forum_meeting WHERE forum_id IS NULL`)
	for who, only := range map[string]bool{"sara": true, "huseyin": false} {
		h := at[who]
		h.open(s.URL + "/forum/" + adHoc)
		h.sees("Punkterne åbner, når du har bekræftet tavshedspligten")
		not(who, "Sag A")
		h.press(`main form[action$="/tavshed"] button`, kb.Enter)
		h.sees("Sag A")
		h.press(`#dagsorden a.tt`, kb.Enter)
		h.sees("En ung er bange", "Kender I familien?")
		if got := strings.Contains(h.text(), "Kun til Sara"); got != only {
			t.Errorf("%s reads what Sara alone is told: %t", who, got)
		}
		not(who, "Amira")
	}
	h := at["huseyin"]
	h.choose("outcome", "cannot_share")
	h.write("#words", "Vi har intet grundlag for at dele.")
	h.press(`main form[action*="/punkter/"] button.btn`, kb.Enter)
	h.sees("Kan ikke dele")
	h.open(s.URL + item) // the case
	if !strings.Contains(h.text(), "Siden findes ikke") {
		t.Errorf("somebody at the table gets into the case:\n%s", h.page())
	}
	m.open(s.URL + item)
	m.sees("Kan ikke dele", "intet grundlag")
	m.write("#what", "Find en kontaktperson til ferien")
	m.write("#seat", "Rikke")
	m.write("#due", "+7")
	m.press(`main form[action$="/beslut"] button.btn`, kb.Enter)
	m.sees("Se trinnet")
	m.press(`#beslutninger a[href*="/trin/"]`, kb.Enter)
	m.sees("Find en kontaktperson til ferien", "Rikke Holm")
	if n := o.Count(t, `SELECT count(*) FROM app.sharing s JOIN app.contact_person c ON c.id = s.contact_id WHERE c.name = 'Rikke Holm' AND s.what = 'Forum: Sag A' AND s.written_at > now() - interval '5 min'`); n != 2 {
		t.Errorf("%d lines in the register of what the police were told", n)
	}
}
