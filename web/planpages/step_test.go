package planpages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestTickIsUndoneFromTheMessage(t *testing.T) {
	d := newDesk(t, "")
	id := d.add("Aftal møde")
	a := d.post(d.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}, "v": {"filter=mine"}})
	has(t, a, 303)
	if !strings.HasSuffix(a.Location(), "?filter=mine") || a.Header.Get("Set-Cookie") == "" {
		t.Errorf("%s", a.Location())
	}
	has(t, d.get(d.Mette, ""), 200, "1 udført trin", "1 af 1 udført")
	lacks(t, d.get(d.Mette, ""), `/trin/`+id)
	has(t, d.get(d.Mette, "?udfoerte=1"), 200, `/trin/`+id, "Fold udførte trin sammen")
	has(t, d.post(d.Mette, "/trin/"+id+"/fortryd", url.Values{"version": {"2"}}), 303)
	if d.one(id, "status") != "open" {
		t.Error("not undone")
	}
	has(t, d.post(d.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}}), 409, "En anden har ændret trinnet imens", "Aftal møde")
	has(t, d.post(d.Mette, "/trin/"+id+"/til", url.Values{"version": {"3"}, "to": {"igang"}}), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/til", url.Values{"version": {"4"}, "to": {"afventer"}}), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/til", url.Values{"version": {"5"}, "to": {"ned"}}), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/til", url.Values{"version": {"5"}, "to": {"hvad"}}), 422)
	if d.one(id, "status") != "waiting" {
		t.Error(d.one(id, "status"))
	}
}

func TestScriptGetsOnlyTheRow(t *testing.T) {
	d := newDesk(t, "")
	id := d.add("Aftal møde")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+d.plan+"/trin/"+id+"/udfoert", strings.NewReader("version=1"))
	r.Header = http.Header{"Accept": {"text/html; fragment=row"}, "Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-origin"}, "Cookie": {"sid=" + d.Mette.Token}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body := make([]byte, 4096)
	n, _ := resp.Body.Read(body)
	if got := string(body[:n]); resp.StatusCode != 200 || !strings.HasPrefix(got, "<tr") || !strings.Contains(got, `data-say="Udført: Aftal møde"`) || !strings.Contains(got, "/fortryd") || !strings.Contains(got, `name="version" value="2"`) {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
}

func TestStepIsChangedWithEveryField(t *testing.T) {
	d := newDesk(t, "")
	school := d.Partner(t, "school", "Åskolen", "Anders Møller")
	id := d.add("Møde")
	form := url.Values{"title": {"Møde på skolen"}, "detail": {"Kom ti minutter før\r\nog ring"}, "responsible": {"c:" + school.ID.String()}, "due": {"24.12.2027"}, "time": {"kl. 9.05"},
		"phase": {d.phase(2)}, "partner_type": {"school"}, "version": {"1"}, "v": {"vis=tavle"}}
	a := d.post(d.Mette, "/trin/"+id, form)
	has(t, a, 303)
	if !strings.HasSuffix(a.Location(), "?vis=tavle") {
		t.Error(a.Location())
	}
	has(t, d.get(d.Mette, "/trin/"+id), 200, `value="Møde på skolen"`, "Kom ti minutter før\nog ring", `value="24.12.2027"`, `value="9.05"`, `value="c:`+school.ID.String()+`" checked`, `value="school" selected`,
		"Anders Møller", "fredag 24. december 2027", "Trin rettet", "Åskolen · Døgnet rundt")
	form.Set("version", "2")
	for field, bad := range map[string]string{"title": "", "responsible": "u:nobody", "due": "31.4.", "time": "25.00", "phase": "7d8f3f8e-7f0c-4a3f-9a55-0d4f0ab0a001", "partner_type": "ghost"} {
		broken := url.Values{}
		for k, v := range form {
			broken[k] = v
		}
		broken.Set(field, bad)
		a := d.post(d.Mette, "/trin/"+id, broken)
		has(t, a, 422, "Fejl: ", `id="`+field+`-error"`, "Kom ti minutter før\nog ring")
	}
	form.Set("due", "")
	form.Set("time", "")
	has(t, d.post(d.Mette, "/trin/"+id, form), 303)
	if d.Count(t, `SELECT count(*) FROM app.plan_step WHERE due_at IS NULL`) != 1 {
		t.Error("the deadline stays")
	}
	form.Set("time", "9")
	form.Set("version", "3")
	has(t, d.post(d.Mette, "/trin/"+id, form), 422, "Skriv en dato")
}

func TestNewStepFromItsForm(t *testing.T) {
	d := newDesk(t, "")
	has(t, d.get(d.Mette, "/trin/ny?fase="+d.phase(2)), 200, `value="`+d.phase(2)+`" selected`, `value="u:`+d.Mette.UserID.String()+`" checked`)
	form := d.form("Hent Amira")
	has(t, d.post(d.Mette, "/trin/ny", form), 422, "Gem alligevel", `value="Hent Amira"`)
	form.Set("names_ok", "1")
	has(t, d.post(d.Mette, "/trin/ny", form), 303)
	has(t, d.post(d.Mette, "/trin/ny", url.Values{"due": {"snart"}}), 422, "Skriv, hvad der skal ske", "Skriv en dato, fx", "Vælg én, der er ansvarlig", `value="snart"`)
}

func TestTwoEditorsSeeBothVersions(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	id := d.add("Møde")
	theirs := d.form("Møde på skolen")
	has(t, d.post(d.Dennis, "/trin/"+id, theirs), 303)
	mine := d.form("Møde i klubben")
	mine.Set("detail", "Ring først")
	mine.Set("responsible", "u:"+d.Dennis.UserID.String())
	a := d.post(d.Mette, "/trin/"+id, mine)
	has(t, a, 409, "Møde på skolen", "Møde i klubben", "Ring først", "Behold din", "Behold Dennis&#39;", "Dennis gemte i dag", "Dennis Kjær", "Forskel")
	if d.one(id, "title") != "Møde på skolen" {
		t.Error("overwritten")
	}
	// Back to the form with mine, against what is there now.
	again := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(a.Body[strings.Index(a.Body, "Behold din")-3000:strings.Index(a.Body, "Behold din")], -1) {
		again.Set(m[1], m[2])
	}
	again.Set("again", "1")
	has(t, d.post(d.Mette, "/trin/"+id, again), 200, `value="Møde i klubben"`, "Ring først", `name="version" value="2"`)
	// Keep mine.
	again.Del("again")
	has(t, d.post(d.Mette, "/trin/"+id, again), 303)
	if d.one(id, "title") != "Møde i klubben" || d.one(id, "detail") != "Ring først" || d.one(id, "version") != "3" {
		t.Error(d.one(id, "title"))
	}
	// Done meanwhile: the text is still there.
	has(t, d.post(d.Dennis, "/trin/"+id+"/udfoert", url.Values{"version": {"3"}}), 303)
	mine.Set("version", "3")
	has(t, d.post(d.Mette, "/trin/"+id, mine), 409, "Udført", "Ring først")
}

func TestPostponingLeavingOutAndMoving(t *testing.T) {
	d := newDesk(t, "")
	d.Grant(t, d.c, d.Dennis, "coworker")
	id := d.add("Møde")
	has(t, d.get(d.Mette, "/trin/"+id+"/udskyd"), 200, "Fristen er nu")
	has(t, d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"1"}, "due": {"+30"}}), 422, "Skriv en begrundelse", `value="+30"`, `id="reason-error"`)
	has(t, d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"1"}, "due": {"om lidt"}, "reason": {"Skolen har lukket"}}), 422, `id="due-error"`, "Skolen har lukket")
	has(t, d.post(d.Dennis, "/trin/"+id+"/til", url.Values{"version": {"1"}, "to": {"igang"}}), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"1"}, "due": {"+30"}, "reason": {"Skolen har lukket"}}), 409, "mens du skrev", "Skolen har lukket", "I gang", `name="version" value="2"`)
	has(t, d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"2"}, "due": {"+30"}, "reason": {"Skolen har lukket"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "Udskudt 1 gang.", "Skolen har lukket", "om 30 dage")
	has(t, d.get(d.Mette, "/trin/"+id+"/flyt"), 200, `value="`+d.phase(1)+`" checked`)
	has(t, d.post(d.Mette, "/trin/"+id+"/flyt", url.Values{"version": {"3"}, "phase": {d.phase(4)}}), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/flyt", url.Values{"version": {"4"}, "phase": {""}}), 422, "Vælg en fase")
	has(t, d.post(d.Mette, "/trin/"+id+"/udgaar", url.Values{"version": {"4"}, "reason": {""}}), 422, "Skriv en begrundelse")
	has(t, d.post(d.Mette, "/trin/"+id+"/udgaar", url.Values{"version": {"4"}, "reason": {"Borgeren vil ikke"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "1 udgået")
	has(t, d.get(d.Mette, "/trin/"+id), 200, "Borgeren vil ikke", "Tag op igen")
	has(t, d.get(d.Mette, "/trin/"+id+"/udskyd"), 303)
	has(t, d.post(d.Mette, "/trin/"+id+"/fortryd", url.Values{"version": {"5"}}), 303)
}

func TestStepOfAnotherCaseIsNotFound(t *testing.T) {
	d := newDesk(t, "")
	id := d.add("Møde")
	other := d.Case(t, d.Mette, 1)
	has(t, d.Get(t, d.Mette, "/sager/"+other.Ref+"/handlingsplan/trin/"+id), 404)
	has(t, d.get(d.Mette, "/trin/nonsens"), 404)
}

func TestAStepIsTickedOnItsOwnPage(t *testing.T) {
	d := newDesk(t, "")
	id := d.add("Aftal møde")
	a := d.get(d.Mette, "/trin/"+id)
	has(t, a, 200, `action="`+d.plan+"/trin/"+id+`/udfoert"`, "Gem trinnet i sag "+d.c.Number)
	if at := strings.Index(a.Body, "/udfoert"); at > strings.Index(a.Body, `name="title"`) {
		t.Error("one has to look for it below the form")
	}
	has(t, d.post(d.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}}), 303)
	lacks(t, d.get(d.Mette, "/trin/"+id), "/udfoert")
	d.Exec(t, `UPDATE app.plan_step SET status = 'open', done_at = NULL, done_by = NULL, requires_gate = true WHERE id = $1`, id)
	lacks(t, d.get(d.Mette, "/trin/"+id), "/udfoert", "/udskyd") // at the gate nobody ticks it
}

func TestANewStepIsProposedForADayOfWork(t *testing.T) {
	d := newDesk(t, "")
	a := d.get(d.Mette, "/trin/ny")
	has(t, a, 200, "Foreslået: ", "Tilføj trinnet i sag "+d.c.Number)
	if m := regexp.MustCompile(`Foreslået: (\S+)`).FindStringSubmatch(a.Body); m == nil || strings.HasPrefix(m[1], "lørdag") || strings.HasPrefix(m[1], "søndag") {
		t.Errorf("proposed for a %v", m)
	}
}
