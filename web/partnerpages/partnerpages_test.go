package partnerpages_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/internal/testkit"
	"samspil/web/partnerpages"
	"samspil/web/webtest"
)

func must(t *testing.T, a webtest.Answer, status int, words ...string) webtest.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body[:min(len(a.Body), 400)])
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("nothing says %q", w)
		}
	}
	return a
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("it says %q", w)
		}
	}
}

func TestEverybodyReadsTheDirectoryAndOnlyAdminsKeepIt(t *testing.T) {
	s := webtest.New(t)
	p := s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	read := []string{"/partnere", "/partnere?situation=threats", "/partnere/organisationer/" + p.OrganisationID.String(), "/partnere/personer/" + p.ID.String(), "/partnere/rettelse", "/partnere/rettelse?person=" + p.ID.String()}
	keep := []string{"/admin/partnere", "/admin/partnere?vis=gamle", "/admin/partnere?vis=udgaaede", "/admin/partnere/organisationer/ny", "/admin/partnere/organisationer/" + p.OrganisationID.String(),
		"/admin/partnere/organisationer/" + p.OrganisationID.String() + "/personer/ny", "/admin/partnere/personer/" + p.ID.String(), "/admin/partnere/personer/" + p.ID.String() + "/billede", "/admin/rettelser"}
	for name, who := range s.People() {
		for _, path := range read {
			want := http.StatusOK
			if who.Token == "" {
				want = http.StatusSeeOther
			}
			if a := s.Get(t, who, path); a.Status != want {
				t.Errorf("%s %s: %d", name, path, a.Status)
			}
		}
		for _, path := range keep {
			want := map[actor.Role]int{actor.Admin: http.StatusOK, "": http.StatusSeeOther}[who.Role]
			if want == 0 {
				want = http.StatusNotFound
			}
			if a := s.Get(t, who, path); a.Status != want {
				t.Errorf("%s %s: %d", name, path, a.Status)
			}
		}
	}
	for _, path := range []string{"/partnere/organisationer/" + uuid.NewString(), "/partnere/personer/" + uuid.NewString(), "/partnere/personer/x", "/billeder/" + uuid.NewString() + "-s", "/billeder/x-s", "/billeder/x"} {
		if a := s.Get(t, s.Mette, path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	a := must(t, s.Get(t, s.Mette, "/partnere/personer/"+p.ID.String()), 200, "Yasmin Haddad", "Døgnet rundt", "00 12 34 56")
	if title := regexp.MustCompile(`<title>([^<]*)`).FindStringSubmatch(a.Body)[1]; strings.Contains(title, "Yasmin") {
		t.Errorf("the tab names a person: %s", title)
	}
}

func TestWhomDoICall(t *testing.T) {
	s := webtest.New(t)
	a := must(t, s.Get(t, s.Mette, "/partnere?situation=threats"), 200, "Er der fare nu", "tel:112", "Ingen i kataloget endnu", "Der er ingen partnere endnu")
	s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	s.Partner(t, "police_resource_person", "Fjordegnens Politi", "Rikke Holm")
	s.Partner(t, "interpreter_service", "Tolkehuset", "Ole Tolk")
	a = must(t, s.Get(t, s.Mette, "/partnere?q=trusler+fra+familien"), 200, "Først: vurderer truslen", "tel:00123456")
	if ring := a.Body[strings.Index(a.Body, `class="ring"`):]; strings.Index(ring, "Yasmin Haddad") > strings.Index(ring, "Rikke Holm") {
		t.Error("the police comes before the risk is assessed")
	}
	must(t, s.Get(t, s.Mette, "/partnere?q=trusler+fra+familien"), 200, "3 personer") // a situation does not empty the list
	a = must(t, s.Get(t, s.Mette, "/partnere?q=tolkehuset"), 200, "1 person")
	lacks(t, a, "Rikke Holm")
	a = must(t, s.Get(t, s.Mette, "/partnere?q=xyzzy%3Cscript%3E"), 200, "Ingen partnere passer", "xyzzy&lt;script")
	lacks(t, a, "xyzzy<script")
	lacks(t, must(t, s.Get(t, s.Mette, "/partnere?q=140410-1234+tolkehuset"), 200, "1 person"), "140410")
	a = must(t, s.Get(t, s.Mette, "/partnere?type=internal"), 200, "Ingen partnere passer", "fjern filter")
	lacks(t, must(t, s.Get(t, s.Mette, "/partnere?situation=interpreter"), 200, "Bestil efter borgerens krav"), "Er der fare nu")
	en := s.Mette
	s.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, en.UserID)
	lacks(t, must(t, s.Get(t, en, "/partnere?situation=threats"), 200, "Whom do I call?", "First: assesses the threat"), "Hvem ringer", "finder.", "partners.", "situation.")
}

func TestTheFinderOfACaseKnowsTheCase(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	s.Grant(t, c, s.Sara, "consulted")
	yasmin := s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	rikke := s.Partner(t, "police_resource_person", "Fjordegnens Politi", "Rikke Holm")
	s.Partner(t, "school", "Lundeskolen", "Rasmus Bøgh")
	path := "/sager/" + c.Ref + "/hvem"
	a := must(t, s.Get(t, s.Mette, path), 200, "Jeg er i tvivl", "Yasmin Haddad", "/netvaerk/ny?kontakt="+yasmin.ID.String())
	lacks(t, a, "tel:112")

	s.Exec(t, `UPDATE app.case_profile SET control_types = '{forced_marriage}' WHERE case_id = $1`, c.ID)
	s.Exec(t, `UPDATE app.case_file SET severity = 'red' WHERE id = $1`, c.ID)
	s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, added_by) VALUES ($1, $2, $3, 'Beskyttelse', 'ad_hoc', 'accepted', $4)`, c.ID, rikke.OrganisationID, rikke.ID, s.Mette.UserID)
	plan, phase := uuid.New(), uuid.New()
	s.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, plan, c.ID, s.Mette.UserID)
	s.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Afklaring', 1)`, phase, c.ID, plan)
	for _, kind := range []string{"school", "police_resource_person"} {
		s.Exec(t, `INSERT INTO app.plan_step (case_id, phase_id, position, title, partner_type, created_by) VALUES ($1, $2, 1, 'Samtale', $3, $4)`, c.ID, phase, kind, s.Mette.UserID)
	}
	a = must(t, s.Get(t, s.Mette, path), 200, "tel:112", "Tvangsægteskab", "Med i sagen", "Planen mangler", "Rasmus Bøgh")
	if missing := a.Body[strings.Index(a.Body, "Planen mangler"):]; strings.Contains(missing, "Rikke Holm") {
		t.Error("the police is missing although it takes part")
	}
	must(t, s.Get(t, s.Mette, path+"?situation=interpreter"), 200, "Bestil efter borgerens krav", "tel:112") // the level is red: 112 first whatever the question

	s.Exec(t, `UPDATE app.involvement SET status = 'requested' WHERE case_id = $1`, c.ID)
	a = must(t, s.Get(t, s.Mette, path+"?situation=forced_marriage"), 200, "Spurgt, ikke svaret") // who was asked is not on the case yet
	lacks(t, a, "Med i sagen")
	s.Exec(t, `DELETE FROM app.contact_hours WHERE contact_id = $1`, yasmin.ID)
	a = must(t, s.Get(t, s.Mette, path+"?situation=threats"), 200, `class="btn" href="tel:`)
	if filled := a.Body[strings.Index(a.Body, `class="btn" href="tel:`):]; strings.Index(a.Body, "Yasmin Haddad") > strings.Index(a.Body, `class="btn" href="tel:`) || strings.Count(filled, `class="btn" href="tel:`) != 1 {
		t.Error("the filled button is not that of the first who answers")
	}

	a = must(t, s.Get(t, s.Sara, path), 200, "Yasmin Haddad") // reads, and may not draw anybody in
	lacks(t, a, "Inddrag i sagen")
	for name, who := range map[string]actor.Actor{"excluded": s.Dennis, "stranger": s.Huseyin, "admin": s.Lone, "auditor": s.Karen} {
		if a := s.Get(t, who, path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}

func TestACorrectionIsProposedAnsweredAndSeen(t *testing.T) {
	s := webtest.New(t)
	p := s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	form := url.Values{"person": {p.ID.String()}, "organisation": {""}, "proposal": {""}}
	must(t, s.Post(t, s.Mette, "/partnere/rettelse", form), 422, "Fejl:", "Skriv, hvad der skal rettes", "Yasmin Haddad, Team Øst")
	must(t, s.Post(t, s.Mette, "/partnere/rettelse", url.Values{"proposal": {"Nummeret er <b>nyt</b>"}}), 422, "Vælg en af mulighederne", "Nummeret er &lt;b&gt;nyt")
	form.Set("proposal", "Nummeret er skiftet")
	if a := must(t, s.Post(t, s.Mette, "/partnere/rettelse", form), 303); a.Location() != "/partnere/personer/"+p.ID.String() {
		t.Errorf("leads to %s", a.Location())
	}
	if a := must(t, s.Post(t, s.Karen, "/partnere/rettelse", url.Values{"organisation": {p.OrganisationID.String()}, "proposal": {"Ny mail"}}), 303); a.Location() != "/partnere/organisationer/"+p.OrganisationID.String() {
		t.Errorf("leads to %s", a.Location())
	}
	must(t, s.Get(t, s.Lone, "/admin/rettelser"), 200, "2 forslag venter", "Nummeret er skiftet", "Mette Lindhardt", "Ny mail")
	var id string
	s.Scan(t, []any{&id}, `SELECT id::text FROM app.correction WHERE proposal = 'Nummeret er skiftet'`)
	must(t, s.Post(t, s.Lone, "/admin/rettelser/"+id, url.Values{"outcome": {"rejected"}}), 422, "Skriv en begrundelse")
	must(t, s.Post(t, s.Lone, "/admin/rettelser/"+id, url.Values{"outcome": {"rejected"}, "answer": {"Jeg har ringet: det virker"}}), 303)
	must(t, s.Post(t, s.Lone, "/admin/rettelser/"+id, url.Values{"outcome": {"done"}, "answer": {"Rettet nu"}}), 409, "En anden har allerede svaret", "Rettet nu")
	must(t, s.Get(t, s.Mette, "/partnere/rettelse"), 200, "Ikke rettet", "Jeg har ringet: det virker")
	for name, who := range s.People() {
		if who.Role != actor.Admin && who.Token != "" {
			if a := s.Post(t, who, "/admin/rettelser/"+id, url.Values{"outcome": {"done"}}); a.Status != http.StatusNotFound {
				t.Errorf("%s answers: %d", name, a.Status)
			}
		}
	}
}

// contactValues is the form of a contact person with every field set.
func contactValues() url.Values {
	v := url.Values{"version": {"1"}, "name": {"Line"}, "first_name_only": {"1"}, "title": {"Leder"}, "note": {"Afgør optagelse"}, "phone": {"00987654"}, "mobile": {"00 98 76 55"}, "secure_mail": {"line@birkely.test"}, "lang": {"en"},
		"languages": {"Dansk, engelsk og farsi"}, "competences": {"crisis_stay", "housing"}, "on_call_text": {"Døgntelefon"}, "verified": {"1"}}
	for d := 1; d <= 5; d++ {
		v.Set(fmt.Sprintf("regular_%d", d), "8-12, 13-16")
		v.Set(fmt.Sprintf("on_call_%d", d), "døgnet rundt")
	}
	return v
}

func TestTheAdminKeepsTheDirectory(t *testing.T) {
	s := webtest.New(t)
	org := url.Values{"name": {"Krisecenter Birkely"}, "kind": {"external"}, "partner_type": {"crisis_centre"}, "areas": {"adult"}, "can": {"Ophold"}, "cannot": {"Transport"}, "before_call": {"Adressen er hemmelig"},
		"phone": {"00 98 76 50"}, "email": {"kontakt@birkely.test"}, "website": {"https://birkely.test"}, "address_secret": {"1"}}
	bad := url.Values{"name": {"Krisecenter Birkely"}, "can": {"Ophold <fra> 18"}, "website": {"javascript:alert(1)"}}
	must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/ny", bad), 422, "Fejl:", `value="Krisecenter Birkely"`, "Ophold &lt;fra&gt; 18", "https://", `href="#kind"`, `href="#areas"`, `href="#partner_type"`)
	a := must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/ny", org), 303)
	orgID := strings.Split(a.Location(), "/")[4]
	must(t, s.Get(t, s.Mette, "/partnere/organisationer/"+orgID), 200, "Krisecenter Birkely", "Hemmelig. Skriv den aldrig", "Ingen kontaktpersoner endnu", "https://birkely.test")

	add := "/admin/partnere/organisationer/" + orgID + "/personer/ny"
	wrong := contactValues()
	wrong.Set("name", "Line Overgaard")
	wrong.Set("regular_3", "otte til fire")
	must(t, s.Post(t, s.Lone, add, wrong), 422, "Skriv kun fornavnet", "otte til fire", `id="regular_3-error"`, `href="#regular_3"`, "Døgntelefon")
	a = must(t, s.Post(t, s.Lone, add, contactValues()), 303)
	id := strings.TrimPrefix(a.Location(), "/partnere/personer/")
	page := must(t, s.Get(t, s.Mette, "/partnere/personer/"+id), 200, "Line", "00 98 76 54", "00 98 76 55", "line@birkely.test", "På engelsk", "dansk, engelsk, farsi", "Krisecenterophold", "8–12, 13–16", "0–24", "Døgntelefon", "Kun fornavn", "af Lone Friis", "Oprettet", "Bekræftet")
	lacks(t, page, "Ikke bekræftet", "/admin/")
	edit := "/admin/partnere/personer/" + id
	must(t, s.Get(t, s.Lone, edit), 200, `value="00 98 76 54"`, `value="8-12, 13-16"`, `value="0-24"`, `value="dansk, engelsk, farsi"`, `value="crisis_stay" checked`)

	// Two admins at once: the second sees both versions, and what was typed is still there.
	first := contactValues()
	first.Set("version", "2") // made, then verified
	first.Set("title", "Leder af dagen")
	first.Del("verified")
	must(t, s.Post(t, s.Lone, edit, first), 303)
	second := contactValues()
	second.Set("version", "2")
	second.Set("title", "Leder af natten")
	second.Set("phone", "11223344")
	conflict := must(t, s.Post(t, s.Lone, edit, second), 409, "En anden gemte først", "Leder af natten", "Leder af dagen", "11 22 33 44", "Gem min udgave", `name="version" value="3"`)
	lacks(t, conflict, "Mobil</th>")
	second.Set("version", "3")
	must(t, s.Post(t, s.Lone, edit, second), 303)
	must(t, s.Get(t, s.Mette, "/partnere/personer/"+id), 200, "Leder af natten", "<del>00 98 76 54</del>", "<ins>11 22 33 44</ins>")

	version := func() url.Values {
		return url.Values{"version": {fmt.Sprint(s.Count(t, `SELECT version FROM app.contact_person WHERE id = $1`, id))}}
	}
	s.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 181 WHERE id = $1`, id)
	must(t, s.Get(t, s.Mette, "/partnere/personer/"+id), 200, "tag amber", "ikke bekræftet længe")
	must(t, s.Get(t, s.Lone, "/admin/partnere?vis=gamle"), 200, "Line")
	must(t, s.Post(t, s.Lone, edit+"/bekraeft", version()), 303)
	lacks(t, must(t, s.Get(t, s.Lone, "/admin/partnere?vis=gamle"), 200, "Alle oplysninger er bekræftet"), "Leder af natten")
	must(t, s.Post(t, s.Lone, edit+"/bekraeft", url.Values{"version": {"1"}}), 409)
	must(t, s.Post(t, s.Lone, edit+"/udgaar", version()), 303)
	lacks(t, must(t, s.Get(t, s.Mette, "/partnere"), 200), "Leder af natten")
	must(t, s.Get(t, s.Mette, "/partnere/personer/"+id), 200, "Kontaktpersonen er udgået")
	must(t, s.Get(t, s.Lone, "/admin/partnere?vis=udgaaede"), 200, "Leder af natten")
	must(t, s.Post(t, s.Lone, edit+"/genoptag", version()), 303)
	must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/"+orgID+"/udgaar", url.Values{"version": {"1"}}), 303)
	must(t, s.Get(t, s.Mette, "/partnere/organisationer/"+orgID), 200, "Partneren er udgået")
	must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/"+orgID+"/genoptag", url.Values{"version": {"2"}}), 303)

	org.Set("version", "3")
	org.Set("name", "Birkely")
	must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/"+orgID, org), 303)
	org.Set("name", "Birkely Krisecenter")
	must(t, s.Post(t, s.Lone, "/admin/partnere/organisationer/"+orgID, org), 409, "Birkely Krisecenter", ">Birkely</span>", `name="version" value="4"`)

	for name, who := range s.People() {
		if who.Role == actor.Admin || who.Token == "" {
			continue
		}
		for path, form := range map[string]url.Values{"/admin/partnere/organisationer/ny": org, add: contactValues(), edit: contactValues(), edit + "/bekraeft": version(), edit + "/udgaar": version(),
			edit + "/genoptag": version(), edit + "/billede/fjern": version(), "/admin/partnere/organisationer/" + orgID: org, "/admin/partnere/organisationer/" + orgID + "/udgaar": version(), "/admin/partnere/organisationer/" + orgID + "/genoptag": version()} {
			if a := s.Post(t, who, path, form); a.Status != http.StatusNotFound {
				t.Errorf("%s posts to %s: %d", name, path, a.Status)
			}
		}
	}
}

// upload posts a form with a file, the way a browser on the same site does.
func upload(t *testing.T, s *webtest.Site, who actor.Actor, path string, fields map[string]string, file []byte) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		_ = form.WriteField(k, v) // into memory
	}
	part, _ := form.CreateFormFile("photo", "portræt.png")
	_, _ = part.Write(file)
	_ = form.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "sid", Value: who.Token})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Answer{Status: resp.StatusCode, Body: string(raw), Header: resp.Header}
}

func TestAFaceIsPutUpShownAndTakenDown(t *testing.T) {
	s := webtest.New(t)
	p := s.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	path := "/admin/partnere/personer/" + p.ID.String() + "/billede"
	var face bytes.Buffer
	if err := png.Encode(&face, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	must(t, upload(t, s, s.Lone, path, map[string]string{"version": "1"}, face.Bytes()), 422, "Spørg personen, og sæt kryds")
	must(t, upload(t, s, s.Lone, path, map[string]string{"version": "1", "consent": "1"}, []byte("hello")), 422, "Vælg et billede i JPEG, PNG eller WebP")
	must(t, upload(t, s, s.Lone, path, map[string]string{"version": "1", "consent": "1"}, make([]byte, 4<<20+100)), 422, "Vælg en mindre fil")
	must(t, upload(t, s, s.Lone, path, map[string]string{"version": "7", "consent": "1"}, face.Bytes()), 409, "En anden har rettet personen imens")
	if a := upload(t, s, s.Mette, path, map[string]string{"version": "1", "consent": "1"}, face.Bytes()); a.Status != http.StatusNotFound {
		t.Errorf("a caseworker puts up a face: %d", a.Status)
	}
	must(t, upload(t, s, s.Lone, path, map[string]string{"version": "1", "consent": "1"}, face.Bytes()), 303)
	page := must(t, s.Get(t, s.Mette, "/partnere/personer/"+p.ID.String()), 200)
	src := regexp.MustCompile(`/billeder/[0-9a-f-]+-l`).FindString(page.Body)
	for size, most := range map[string]int{"-l": 16 << 10, "-s": 6 << 10} {
		a := must(t, s.Get(t, s.Mette, strings.TrimSuffix(src, "-l")+size), 200)
		if a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("Cache-Control") != "private, max-age=86400" || len(a.Body) > most || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v, %d bytes", size, a.Header, len(a.Body))
		}
	}
	if a := s.Get(t, actor.Actor{}, src); a.Status == http.StatusOK {
		t.Error("the face is shown to somebody who is not signed in")
	}
	must(t, s.Post(t, s.Lone, path+"/fjern", url.Values{"version": {"2"}}), 303)
	if a := s.Get(t, s.Mette, src); a.Status != http.StatusNotFound {
		t.Errorf("the face is still there: %d", a.Status)
	}
}

// The budgets of the interface hold for a directory of a whole municipality.
func TestThePagesStayLight(t *testing.T) {
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	mette, lone := o.As(t, "mette@ellehoej.test"), o.As(t, "lone@ellehoej.test")
	var person, org string
	o.Scan(t, []any{&person, &org}, `SELECT id::text, organisation_id::text FROM app.contact_person WHERE name = 'Yasmin Haddad'`)
	for path, who := range map[string]actor.Actor{"/partnere": mette, "/partnere?situation=threats": mette, "/partnere?side=2": mette, "/partnere/personer/" + person: mette, "/partnere/organisationer/" + org: mette,
		"/admin/partnere": lone, "/admin/partnere/personer/" + person: lone} {
		a := must(t, s.Get(t, who, path), 200)
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = z.Write([]byte(a.Body)) // into memory
		_ = z.Close()
		nodes := len(regexp.MustCompile(`<[a-z]`).FindAllString(a.Body, -1))
		if zipped.Len() > 12<<10 || len(a.Body) > 60<<10 || nodes > 1200 {
			t.Errorf("%s: %d bytes, %d compressed, %d nodes", path, len(a.Body), zipped.Len(), nodes)
		}
		if key := regexp.MustCompile(`>(partners|partner|finder|situation|dir[a-z]+|orgform|contactform)\.[a-z_.]+<`).FindString(a.Body); key != "" {
			t.Errorf("%s shows a key: %s", path, key)
		}
	}
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	webtest.New(t) // loads the texts
	da, en := i18n.Keys("da"), i18n.Keys("en")
	files, err := partnerpages.Texts.ReadFile("text.da.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"([a-z_.-]+)": `).FindAllStringSubmatch(string(files), -1) {
		if en[m[1]] == "" || strings.Count(da[m[1]], "%") != strings.Count(en[m[1]], "%") {
			t.Errorf("%s: %q, %q", m[1], da[m[1]], en[m[1]])
		}
	}
}
