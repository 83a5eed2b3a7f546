package deadlinepages_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// desk is a site with one case of Mette's.
type desk struct {
	*webtest.Site
	t *testing.T
	c testkit.CaseFile
}

func newDesk(t *testing.T) desk {
	t.Parallel()
	s := webtest.New(t)
	return desk{s, t, s.Case(t, s.Mette, 1)}
}

func (d desk) get(who actor.Actor, path string) webtest.Answer {
	d.t.Helper()
	return d.Get(d.t, who, link.Deadlines(d.c.Ref)+path)
}

func (d desk) post(who actor.Actor, path string, form url.Values) webtest.Answer {
	d.t.Helper()
	return d.Post(d.t, who, link.Deadlines(d.c.Ref)+path, form)
}

// start starts a deadline that began so long ago.
func (d desk) start(code string, ago time.Duration) uuid.UUID {
	d.t.Helper()
	var id uuid.UUID
	err := d.DB.InCase(d.t.Context(), d.Mette, d.c.At("frister"), func(tx *db.Tx) (err error) {
		id, err = deadline.Start(d.t.Context(), tx, code, tx.Now.Add(-ago))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d desk) one(id uuid.UUID, column string) (s string) {
	d.t.Helper()
	d.Scan(d.t, []any{&s}, `SELECT coalesce(`+column+`::text, '') FROM app.deadline WHERE id = $1`, id)
	return s
}

func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("answers %d, want %d: %s", a.Status, status, text(a))
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("lacks %q: %s", w, text(a))
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("says %q", w)
		}
	}
}

var tag = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]+>`)

func text(a webtest.Answer) string {
	s := strings.Join(strings.Fields(tag.ReplaceAllString(a.Body, " ")), " ")
	return s[:min(len(s), 2500)]
}

const day = 24 * time.Hour

func date(ago time.Duration) string { return i18n.FieldDate(time.Now().Add(-ago)) }

func TestADeadlineSaysWhatItWasComputedFrom(t *testing.T) {
	d := newDesk(t)
	has(t, d.get(d.Mette, ""), 200, "Der løber ingen frister i sagen", "Sæt en frist")
	has(t, d.get(d.Mette, "/ny?frist=BFU_4M"), 200, `<option value="BFU_4M" selected`, "Barnets lov § 20, stk. 3", "Tjekket i lovteksten")
	lacks(t, d.get(d.Mette, "/ny"), "UND_24H", "PLAN_12A", "UDL_44C_NOTICE", "BEREDSKAB_4Y") // begun elsewhere, of adults, without a number, of no case
	a := d.post(d.Mette, "/ny", url.Values{"code": {"BFU_4M"}, "at": {date(10 * day)}})
	has(t, a, 303)
	has(t, d.get(d.Mette, ""), 200, "Skal være gjort", "Børnefaglig undersøgelse afsluttet", "4 måneder fra", "kommunen blev opmærksom på barnets behov", "Barnets lov\u00a0§\u00a020, stk. 3", "Tjekket i lovteksten")
	var id uuid.UUID
	d.Scan(t, []any{&id}, `SELECT id FROM app.deadline`)
	has(t, d.get(d.Mette, "/"+id.String()), 200, "Beregnet ud fra", "Alle dage", "Barnets lov LBK 282 af 17. marts 2025", "Hvad er der sket?")
	has(t, d.post(d.Mette, "/ny", url.Values{"code": {"BFU_4M"}, "at": {date(10 * day)}}), 303) // sent twice
	if n := d.Count(t, `SELECT count(*) FROM app.deadline`); n != 1 {
		t.Errorf("%d deadlines", n)
	}
}

func TestWhatCannotBeTrueIsRefusedBesideItsFieldAndNothingIsLost(t *testing.T) {
	d := newDesk(t)
	for what, c := range map[string]struct {
		form  url.Values
		words []string
	}{
		"empty":            {url.Values{}, []string{"Vælg en af mulighederne", "Skriv en dato"}},
		"in the future":    {url.Values{"code": {"BFU_4M"}, "at": {"1.1.2090"}}, []string{"Det er ikke sket endnu", `value="1.1.2090"`, `<option value="BFU_4M" selected`}},
		"no date":          {url.Values{"code": {"BFU_4M"}, "at": {"i forgårs ved tolvtiden"}}, []string{"Skriv en dato, fx", "i forgårs ved tolvtiden"}},
		"hours ask when":   {url.Values{"code": {"BREACH_72H"}, "at": {date(0)}}, []string{"Skriv et klokkeslæt"}},
		"no such hour":     {url.Values{"code": {"BREACH_72H"}, "at": {date(0)}, "at_time": {"25.99"}}, []string{"Skriv et klokkeslæt", `value="25.99"`}},
		"of adults":        {url.Values{"code": {"PLAN_12A"}, "at": {date(0)}}, []string{"Vælg en af mulighederne"}},
		"of reports":       {url.Values{"code": {"UND_24H"}, "at": {date(0)}, "at_time": {"0.00"}}, []string{"Vælg en af mulighederne"}},
		"100 KB":           {url.Values{"code": {strings.Repeat("æ", 50<<10)}, "at": {strings.Repeat("9", 50<<10)}}, []string{"Vælg en af mulighederne", "Skriv en dato"}},
		"an emoji":         {url.Values{"code": {"🙈"}, "at": {"🙈"}}, []string{"Skriv en dato"}},
		"the year nothing": {url.Values{"code": {"BFU_4M"}, "at": {"1.1.1926"}}, []string{"Er årstallet rigtigt?"}},
	} {
		a := d.post(d.Mette, "/ny", c.form)
		has(t, a, 422, c.words...)
		if t.Failed() {
			t.Fatal(what)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.deadline`); n != 0 {
		t.Errorf("%d deadlines", n)
	}
}

func TestADeadlineIsMetPausedMovedAndCancelled(t *testing.T) {
	d := newDesk(t)
	id := d.start("BFU_4M", 10*day)
	at := "/" + id.String()
	has(t, d.post(d.Mette, at+"/pause", url.Values{"version": {"1"}, "pause_reason": {" "}}), 422, "Skriv en begrundelse", `href="#pause_reason"`)
	has(t, d.post(d.Mette, at+"/pause", url.Values{"version": {"1"}, "pause_reason": {"Familien er udrejst"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "På pause siden")
	has(t, d.get(d.Mette, at), 200, "Familien er udrejst", "Lad fristen løbe igen")
	has(t, d.post(d.Mette, at+"/genoptag", url.Values{"version": {"2"}}), 303)
	has(t, d.post(d.Mette, at+"/flyt", url.Values{"version": {"3"}, "due": {"i går"}, "move_reason": {"Afventer"}}), 422, "Vælg en dato, der ikke er passeret", "Afventer</textarea>")
	to := i18n.FieldDate(time.Now().AddDate(0, 0, 200))
	has(t, d.post(d.Mette, at+"/flyt", url.Values{"version": {"3"}, "due": {to}, "move_reason": {"Afventer udtalelse"}}), 303)
	a := d.post(d.Mette, at+"/flyt", url.Values{"version": {"3"}, "due": {i18n.FieldDate(time.Now().AddDate(0, 0, 300))}, "move_reason": {"Den anden fane"}})
	has(t, a, 409, "Den anden fane", to)
	has(t, d.post(d.Mette, at+"/holdt", url.Values{"version": {"4"}, "met": {i18n.FieldDate(time.Now().AddDate(0, 0, 1))}}), 422, "Vælg en dato, der er passeret")
	has(t, d.post(d.Mette, at+"/holdt", url.Values{"version": {"4"}, "met": {date(day)}}), 303)
	has(t, d.get(d.Mette, ""), 200, "Holdt", "af Mette Lindhardt")
	has(t, d.post(d.Mette, at+"/aabn", url.Values{"version": {"5"}}), 303)
	has(t, d.post(d.Mette, at+"/bortfald", url.Values{"version": {"6"}, "cancel_reason": {"Sagen er overdraget"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "Bortfaldet")
	if d.one(id, "status") != "cancelled" || d.one(id, "version") != "7" {
		t.Errorf("%s %s", d.one(id, "status"), d.one(id, "version"))
	}
}

func TestTheLawsHoursHaveNoButtonThatStopsThem(t *testing.T) {
	d := newDesk(t)
	id := d.start("BREACH_72H", 40*time.Hour)
	a := d.get(d.Mette, "/"+id.String())
	has(t, a, 200, "Fristen kan ikke flyttes", "31 t 59 min tilbage")
	lacks(t, a, "move_reason", "pause_reason")
	has(t, d.post(d.Mette, "/"+id.String()+"/flyt", url.Values{"version": {"1"}, "due": {i18n.FieldDate(time.Now().AddDate(0, 0, 9))}, "move_reason": {"x"}}), 422, "Lovens timer løber døgnet rundt")
}

func TestACorrectedBeginningIsShownBeforeItIsSaved(t *testing.T) {
	d := newDesk(t)
	id := d.start("BFU_4M", 10*day)
	at := "/" + id.String() + "/start"
	before := d.one(id, "due_at")
	has(t, d.get(d.Mette, at), 200, "Ret, hvornår det skete", "Vis, hvad der ændres")
	has(t, d.post(d.Mette, at, url.Values{"at": {date(20 * day)}}), 422, "Skriv en begrundelse")
	a := d.post(d.Mette, at, url.Values{"at": {date(20 * day)}, "reason": {"Skolen ringede før"}})
	has(t, a, 200, "Intet er gemt endnu", "Gem, og ændr 1 frist", "Skolen ringede før")
	if d.one(id, "due_at") != before {
		t.Fatal("the preview has changed something")
	}
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(a.Body)
	if seen == nil {
		t.Fatal(text(a))
	}
	has(t, d.post(d.Mette, at, url.Values{"at": {date(30 * day)}, "reason": {"r"}, "seen": {seen[1]}}), 409, "Det, du så, passer ikke længere", date(30*day))
	has(t, d.post(d.Mette, at, url.Values{"at": {date(20 * day)}, "reason": {"Skolen ringede før"}, "seen": {seen[1]}}), 303)
	if d.one(id, "due_at") == before {
		t.Error("not changed")
	}
	has(t, d.get(d.Mette, "/"+id.String()), 200, "Beregnet igen", "Skolen ringede før")
}

func TestWhoSeesAndWhoChangesTheDeadlinesOfACase(t *testing.T) {
	d := newDesk(t)
	id := d.start("BFU_4M", 10*day)
	d.Grant(t, d.c, d.Dennis, "consulted")
	for name, want := range map[string]int{"mette": 200, "dennis": 200, "jonas": 200, "huseyin": 404, "anders": 404, "sara": 404, "lone": 404, "karen": 404} {
		for _, path := range []string{"", "/" + id.String()} {
			if a := d.get(d.People()[name], path); a.Status != want {
				t.Errorf("%s %s: %d, want %d", name, path, a.Status, want)
			}
		}
	}
	for _, name := range []string{"dennis", "jonas"} {
		who := d.People()[name]
		lacks(t, d.get(who, ""), "Sæt en frist", "/holdt")
		lacks(t, d.get(who, "/"+id.String()), "move_reason", "cancel_reason", "/start")
		for path, form := range map[string]url.Values{"/ny": {}, "/" + id.String() + "/holdt": {"version": {"1"}, "now": {"1"}}, "/" + id.String() + "/start": {"at": {date(0)}},
			"/" + id.String() + "/flyt": {"version": {"1"}}} {
			if a := d.post(who, path, form); a.Status != http.StatusForbidden {
				t.Errorf("%s posts %s: %d", name, path, a.Status)
			}
		}
	}
	// a deadline of another case is none of this one's
	other := d.Case(t, d.Mette, 1)
	if a := d.Get(t, d.Mette, link.Deadline(other.Ref, id)); a.Status != 404 {
		t.Errorf("through another case: %d", a.Status)
	}
}

func TestTheAdminDecidesWhatTheMunicipalityMay(t *testing.T) {
	d := newDesk(t)
	has(t, d.Get(t, d.Lone, link.AdminDeadlines), 200, "Børnefaglig undersøgelse", "Loven: højst 4 måneder", "Juledag", "Forslag: 14 dage")
	lacks(t, d.Get(t, d.Lone, link.AdminDeadlines), "Juleaften (24. december)</dd>")
	has(t, d.Get(t, d.Lone, link.DeadlineRule("GATE_RISK")), 404)
	has(t, d.Get(t, d.Lone, link.DeadlineRule("nothing")), 404)
	law := link.DeadlineRule("BFU_4M")
	has(t, d.Post(t, d.Lone, law, url.Values{"version": {"0"}, "length": {"6"}, "unit": {"months"}, "active": {"1"}}), 422, "Loven giver kortere tid", `value="6"`)
	has(t, d.Post(t, d.Lone, law, url.Values{"version": {"0"}, "length": {"3"}, "unit": {"months"}}), 422, "kan ikke slås fra")
	has(t, d.Post(t, d.Lone, law, url.Values{"version": {"0"}, "length": {"mange"}, "unit": {"months"}, "active": {"1"}}), 422, "Skriv et helt tal", `value="mange"`)
	has(t, d.Post(t, d.Lone, law, url.Values{"version": {"0"}, "length": {"3"}, "unit": {"months"}, "active": {"1"}}), 303)
	has(t, d.Get(t, d.Lone, link.AdminDeadlines), 200, "3 måneder", "Kommunens egen frist", "Lone Friis")
	has(t, d.Post(t, d.Lone, law, url.Values{"version": {"0"}, "length": {"2"}, "unit": {"months"}, "active": {"1"}}), 409, "3 måneder", "2 måneder")
	has(t, d.Post(t, d.Lone, link.NewDeadlineRule, url.Values{"version": {"0"}, "length": {"2"}, "unit": {"hverdage"}}), 422, "Skriv, hvad fristen hedder")
	has(t, d.Post(t, d.Lone, link.NewDeadlineRule, url.Values{"version": {"0"}, "name": {"Ring til skolen"}, "area": {"child"}, "length": {"2"}, "unit": {"hverdage"}}), 303)
	has(t, d.get(d.Mette, "/ny"), 200, "Ring til skolen: 2 hverdage", "Børnefaglig undersøgelse afsluttet: 3 måneder")

	holidays := func(version string, days ...string) webtest.Answer {
		return d.Post(t, d.Lone, link.OfficeHolidays, url.Values{"version": {version}, "holidays": days})
	}
	has(t, holidays("0", "christmas_eve"), 303)
	has(t, d.Get(t, d.Lone, link.AdminDeadlines), 200, "Juleaften (24. december)</dd>")
	has(t, holidays("0", "new_years_eve"), 409, "En anden har gemt helligdagene imens")
	has(t, holidays("1"), 303)
	lacks(t, d.Get(t, d.Lone, link.AdminDeadlines), "Juleaften (24. december)</dd>")
	for name, who := range d.People() {
		if name == "lone" || name == "nobody" {
			continue
		}
		if a := d.Post(t, who, link.OfficeHolidays, url.Values{"version": {"2"}}); a.Status != 404 {
			t.Errorf("%s decides about holidays: %d", name, a.Status)
		}
	}
}

func TestThePlanOffersItsDeadlinesAndTheBirthdayIsAnnounced(t *testing.T) {
	d := newDesk(t)
	d.Exec(t, `UPDATE app.person SET born = (now() AT TIME ZONE 'Europe/Copenhagen')::date - interval '15 years' + interval '30 days' WHERE id = $1`, d.c.CitizenID)
	d.Exec(t, `UPDATE app.citizen_label SET born = (now() AT TIME ZONE 'Europe/Copenhagen')::date - interval '15 years' + interval '30 days' WHERE case_id = $1`, d.c.ID)
	plan := uuid.New()
	d.Exec(t, `INSERT INTO app.plan (id, case_id, template_code, started_by) VALUES ($1, $2, 'T1', $3)`, plan, d.c.ID, d.Mette.UserID)
	phase := uuid.New()
	d.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'p', 1)`, phase, d.c.ID, plan)
	d.Exec(t, `INSERT INTO app.plan_step (case_id, phase_id, position, title, deadline_code, created_by) SELECT $1, $2, 1, 's', c, $3 FROM unnest(ARRAY['BFU_4M','UND_24H','GATE_RISK']) c`, d.c.ID, phase, d.Mette.UserID)
	a := d.get(d.Mette, "")
	has(t, a, 200, "Planen nævner også", "/ny?frist=BFU_4M", "Fylder 15 år", "Eget samtykke fra 15 år")
	lacks(t, a, "frist=UND_24H", "frist=GATE_RISK")
	d.start("BFU_4M", day)
	lacks(t, d.get(d.Mette, ""), "Planen nævner også")
	lacks(t, d.get(d.Jonas, ""), "frist=BFU_4M")
}
