package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"samspil/internal/browser/browsertest"
	"samspil/internal/testkit"
	"samspil/web/webtest"
)

// The same meeting takes somebody who sits at a keyboard so long: a key 0.28 s, a choice or a press 1.35 s to think of and 0.4 s to do, a
// page 2 s to come and to be understood (after Card, Moran and Newell, who measured it).
func atADesk(pages, presses, letters int) time.Duration {
	return time.Duration(pages)*2*time.Second + time.Duration(presses)*1750*time.Millisecond + time.Duration(letters)*280*time.Millisecond
}

// TestAMeetingAboutACaseInTwoMinutes counts the pages, presses and letters from the page of the case to the meeting that is called, and prints them.
func TestAMeetingAboutACaseInTwoMinutes(t *testing.T) {
	for _, lang := range []string{"da", "en"} {
		t.Run(lang, func(t *testing.T) {
			o := testkit.NewDemo(t)
			o.Exec(t, `UPDATE auth.user_account SET lang = $1`, lang)
			s := webtest.Over(t, o)
			h := hands{t, browsertest.New(t)}
			h.signIn(s.URL, "mette")
			var rikke string
			o.Scan(t, []any{&rikke}, `SELECT 'contact:' || id FROM app.contact_person WHERE name = 'Rikke Holm'`)
			h.open(s.URL + "/sager/" + fill(t, o, "{case}"))
			pages, presses, letters := 1, 0, 0
			press := func(selector, key string) { h.press(selector, key); presses++ }
			write := func(selector, text string) { h.write(selector, text); presses++; letters += len([]rune(text)) }
			press(`main a[href$="/moede/ny"]`, kb.Enter)
			pages++
			press(`input[name=who][value="`+rikke+`"]`, " ")
			write("#day", "+2")
			h.choose("frame", "SSP")
			presses++
			write("#title", "Sag A")
			write("#body", "En ung under 18 er bange for en rejse i ferien.")
			write("#question", "Hvad kan I gøre, før der er billetter?")
			write("#answer_by", "+1")
			press(`main .fend button`, kb.Enter)
			pages++
			h.sees(map[string]string{"da": "Hvem ser hvad", "en": "Who sees what"}[lang], "Rikke Holm")
			if n := o.Count(t, `SELECT count(*) FROM app.forum_slice l JOIN app.forum_item i ON i.id = l.item_id JOIN app.forum_meeting m ON m.id = i.meeting_id
				WHERE m.forum_id IS NULL AND l.given_at IS NOT NULL AND i.answer_by = current_date + 1`); n != 2 {
				t.Errorf("%d slices of the meeting were given", n)
			}
			took := atADesk(pages, presses, letters)
			t.Logf("an ad-hoc meeting from a case (%s): %d pages, %d presses, %d letters: %s at a desk", lang, pages, presses, letters, took.Round(time.Second))
			if pages > 3 || presses > 12 || took > 2*time.Minute {
				t.Errorf("%d pages, %d presses, %s", pages, presses, took)
			}
		})
	}
}

// TestAThemeAndAProtectedFactAtOneTable: Sara puts a theme that is about no case, Hüseyin answers it, and it is decided. The officer must know a
// protected address: Mette asks, Jonas releases it in the sharing room, and it stands on the officer's page behind the link and on no other.
func TestAThemeAndAProtectedFactAtOneTable(t *testing.T) {
	const secret = "Strandvænget 14" // an address that the demo protects in this case
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	at := map[string]hands{}
	for _, name := range []string{"mette", "sara", "huseyin", "jonas"} {
		at[name] = hands{t, browsertest.New(t)}
		at[name].signIn(s.URL, name)
	}
	meeting, ref := fill(t, o, "/forum/{meeting}"), fill(t, o, "{case}")
	sara, huseyin, mette, jonas := at["sara"], at["huseyin"], at["mette"], at["jonas"]

	var key string
	o.Scan(t, []any{&key}, `SELECT 'user:' || id FROM auth.user_account WHERE email = 'huseyin@ellehoej.test'`)
	sara.open(s.URL + meeting)
	sara.press(`#dagsorden a[href$="/punkter/ny"]`, kb.Enter)
	sara.write("#title", "Rejser i ferien")
	sara.write("#body", "Flere unge på Åskolen er bange.")
	sara.press(`input[name=who][value="`+key+`"]`, " ")
	sara.press(`fieldset:has(input[value="`+key+`"]) summary`, kb.Enter)
	sara.write(`[name="question.`+key+`"]`, "Hvad ser I hos jer?")
	sara.press(`main .fend button`, kb.Enter)
	sara.sees("en adresse, en mail eller en skole")
	sara.do(chromedp.SetValue("#body", "Flere unge er bange for ferien.", chromedp.ByQuery))
	sara.press(`main .fend button`, kb.Enter)
	sara.sees("Hvem ser hvad", "Har ikke svaret endnu")
	theme := sara.path()
	huseyin.open(s.URL + theme)
	huseyin.sees("Hvad ser I hos jer?")
	huseyin.choose("outcome", "cannot_share")
	huseyin.write("#words", "Vi har intet grundlag.")
	huseyin.press(`main form[action*="/punkter/"] button.btn`, kb.Enter)
	huseyin.sees("Kan ikke dele")
	sara.open(s.URL + theme)
	sara.sees("Vi har intet grundlag.")
	sara.write("#what", "Skriv en folder")
	sara.write("#seat", "Hüseyin")
	sara.write("#due", "+7")
	sara.press(`main form[action$="/beslut"] button.btn`, kb.Enter)
	sara.sees("Skriv en folder")
	mette.open(s.URL + theme)
	mette.sees("Siden findes ikke")

	waits := "/sager/" + ref + "/forum/" + fill(t, o, "{waits}")
	jonas.open(s.URL + waits)
	jonas.press(`form[action$="/godkend"] button[value=approved]`, kb.Enter)
	mette.open(s.URL + waits)
	mette.press(`form[action$="/giv"] button`, kb.Enter)
	mette.press(`#frigiv summary`, kb.Enter)
	mette.write("#rel_seat", "Rikke")
	mette.write("#rel_text", "Hun bor på "+secret+".")
	mette.write("#purpose_code", "Forebygge")
	mette.choose("legal_basis", "RPL_115_SSP")
	mette.choose("consent", "not_asked")
	mette.write("#purpose", "Patruljen skal kende stedet.")
	mette.press(`#frigiv form button.btn`, kb.Enter)
	mette.sees("Vælg, hvem") // nobody was asked; nothing typed is lost
	var asked string
	o.Scan(t, []any{&asked}, `SELECT id::text FROM auth.user_account WHERE email = 'jonas@ellehoej.test'`)
	mette.choose("asked", asked)
	mette.write("#ask_reason", "De skal kunne køre derhen i nat.")
	mette.press(`#frigiv form button.btn`, kb.Enter)
	mette.sees("venter på frigivelse")
	mette.press(`#udsnit a[href*="/delinger/"]`, kb.Enter)
	line := mette.path()

	var seat, contact uuid.UUID
	o.Scan(t, []any{&seat, &contact}, `SELECT s.id, c.id FROM app.forum_seat s JOIN app.contact_person c ON c.id = s.contact_id JOIN app.forum_meeting m ON m.id = s.meeting_id WHERE c.name = 'Rikke Holm' AND m.state = 'planned'`)
	l := o.GuestLink(t, uuid.Nil, contact, "seat", seat)
	rikke := hands{t, browsertest.New(t)}
	rikke.do(chromedp.EmulateViewport(390, 844))
	rikke.open(s.URL + "/g/" + l.Token)
	rikke.write("#code", l.Code)
	rikke.press(`main form .btn`, kb.Enter)
	rikke.sees("Rejse i uge 51", "efterforskning")
	without(t, rikke, secret)
	jonas.open(s.URL + line)
	jonas.choose("outcome", "release")
	jonas.write("#reason", "Nødvendigt for patruljen.")
	jonas.press(`main form[action$="/svar"] button.btn`, kb.Enter)
	mette.open(s.URL + waits)
	mette.sees("frigivet")
	rikke.open(s.URL + "/g/" + l.Token)
	rikke.sees("Frigivet til dig alene", secret)
	for _, who := range []hands{huseyin, sara, mette} {
		who.open(s.URL + meeting)
		without(t, who, secret)
		who.open(s.URL + meeting + "/referat")
		without(t, who, secret)
	}
}

// without demands that a text is nowhere on the page.
func without(t *testing.T, h hands, text string) {
	t.Helper()
	if strings.Contains(h.text(), text) {
		t.Errorf("%q is on\n%s", text, h.page())
	}
}
