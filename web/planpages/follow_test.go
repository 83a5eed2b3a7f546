package planpages_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
)

func inDays(n int) string { return i18n.FieldDate(time.Now().In(i18n.Zone).AddDate(0, 0, n)) }

// newForm is a new step with its responsible.
func (d desk) newForm(title string, more url.Values) url.Values {
	f := url.Values{"key": {uuid.NewString()}, "title": {title}, "responsible": {"u:" + d.Mette.UserID.String()}}
	for k, v := range more {
		f[k] = v
	}
	return f
}

func (d desk) titled(title string) (id string) {
	d.Scan(d.t, []any{&id}, `SELECT id::text FROM app.plan_step WHERE title = $1`, title)
	return id
}

func TestMovingThePlansStartShowsWhatMovesBeforeItIsSaved(t *testing.T) {
	d := newDesk(t, "")
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Ring til mentor", url.Values{"event": {"plan_start"}, "offset": {"14"}, "unit": {"days"}})), 303)
	id := d.titled("Ring til mentor")
	has(t, d.get(d.Mette, "/trin/"+id), 200, `<option value="plan_start" selected>`, `value="14"`, "dage efter")
	goals := url.Values{"version": {"1"}, "goals": {"Gå i skole"}, "began": {inDays(-5)}}
	a := d.post(d.Mette, "/maal", goals)
	has(t, a, 200, "Intet er gemt endnu", "1 trin flytter med", "Ring til mentor", "Gå i skole", i18n.Date(t.Context(), time.Now().AddDate(0, 0, 14), time.Now()), i18n.Date(t.Context(), time.Now().AddDate(0, 0, 9), time.Now()))
	if d.one(id, "version") != "1" {
		t.Error("a preview moves the step")
	}
	goals.Set("seen", regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(a.Body)[1])
	has(t, d.post(d.Mette, "/maal", goals), 303)
	has(t, d.get(d.Mette, ""), 200, "Fulgte planens start, før ", "Trin fulgte med: Ring til mentor")
	has(t, d.post(d.Mette, "/trin/"+id+"/udskyd", url.Values{"version": {"2"}, "due": {"+30"}, "reason": {"Ferie"}}), 303)
	lacks(t, d.get(d.Mette, ""), "Fulgte planens start")
}

func TestAWaitingStepSaysSoAndIsAskedAboutWhenItsPredecessorIsLeftOut(t *testing.T) {
	d := newDesk(t, "")
	first := d.add("Tal med skolen")
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Aftal mentor", url.Values{"waits": {first}, "due": {"+3"}})), 422, "Et trin, der venter, har ingen fast dag", "<details class=\"mt\" open")
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Aftal mentor", url.Values{"waits": {first}, "event": {"awaited"}, "offset": {"2"}, "unit": {"weeks"}})), 303)
	id := d.titled("Aftal mentor")
	has(t, d.get(d.Mette, ""), 200, "Ikke klar", "Venter på “Tal med skolen”")
	has(t, d.get(d.Mette, "?vis=tavle"), 200, "Venter på “Tal med skolen”")
	has(t, d.post(d.Mette, "/trin/"+first, url.Values{"version": {"1"}, "title": {"Tal med skolen"}, "responsible": {"u:" + d.Mette.UserID.String()}, "waits": {id}}), 422, "Så ville trinnet vente på sig selv")
	has(t, d.get(d.Mette, "/trin/"+first+"/udgaar"), 200, "Venter på trinnet:", "Aftal mentor", "De venter ikke længere på trinnet")
	has(t, d.post(d.Mette, "/trin/"+first+"/udgaar", url.Values{"version": {"1"}, "reason": {"Skolen er lukket"}}), 422, "Vælg, hvad der skal ske med de trin, der venter", "Skolen er lukket")
	has(t, d.post(d.Mette, "/trin/"+first+"/udgaar", url.Values{"version": {"1"}, "reason": {"Skolen er lukket"}, "others": {"begin"}}), 303)
	lacks(t, d.get(d.Mette, ""), "Ikke klar")
}

func TestAStepWaitsForSeveralThingsAndSaysWhichHaveCome(t *testing.T) {
	d := newDesk(t, "")
	school, mentor := d.add("Tal med skolen"), d.add("Aftal mentor")
	many := url.Values{"waits": {school, mentor, "risk_signed", "report_received"}, "event": {"awaited"}, "offset": {"2"}, "unit": {"days"}}
	for _, title := range []string{"Ring til klubben", "Skriv til lægen"} {
		many["waits"] = append(many["waits"], d.add(title))
	}
	if a := d.post(d.Mette, "/trin/ny", d.newForm("Hold møde", many)); a.Status != 422 || !strings.Contains(a.Body, "Vælg højst 5 ting") || len(regexp.MustCompile(`name="waits" value="[^"]+" checked`).FindAllString(a.Body, -1)) != 6 {
		t.Errorf("six things: %d", a.Status)
	}
	many["waits"] = []string{"risk_signed", school, mentor, mentor}
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Hold møde", many)), 303)
	id := d.titled("Hold møde")
	has(t, d.get(d.Mette, ""), 200, "Ikke klar", "Venter på ny risikovurdering, “Tal med skolen” og “Aftal mentor”")
	has(t, d.post(d.Mette, "/trin/"+school+"/udfoert", url.Values{"version": {"1"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "Venter på ny risikovurdering og “Aftal mentor”", "På plads: “Tal med skolen” ("+i18n.Date(t.Context(), time.Now(), time.Now())+")")
	has(t, d.get(d.Mette, "?udskriv=1"), 200, "Venter på ny risikovurdering og “Aftal mentor”", "På plads: “Tal med skolen”")
	has(t, d.get(d.Jonas, "/trin/"+id), 200, "2 dage efter alt det, trinnet venter på", "På plads: “Tal med skolen”")
	// a second writer: nothing typed is lost, and both see what it waits for
	mine := url.Values{"version": {"9"}, "title": {"Hold møde"}, "responsible": {"u:" + d.Mette.UserID.String()}, "waits": {school, mentor}, "event": {"awaited"}, "offset": {"2"}, "unit": {"days"}}
	has(t, d.post(d.Mette, "/trin/"+id, mine), 409, "Trin: Tal med skolen; Trin: Aftal mentor", `name="waits" value="`+school+" "+mentor+`"`)
	mine.Set("version", d.one(id, "version"))
	mine.Set("waits", school+" "+mentor) // as the page of the conflict sends it
	has(t, d.post(d.Mette, "/trin/"+id, mine), 303)
	has(t, d.post(d.Mette, "/trin/"+mentor+"/udfoert", url.Values{"version": {"1"}}), 303)
	lacks(t, d.get(d.Mette, ""), "Ikke klar")
}

func TestARepeatingStepComesAgain(t *testing.T) {
	d := newDesk(t, "")
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Hør skolen", url.Values{"due": {"+1"}, "every": {"x"}})), 422, "Skriv et tal fra 1 til 366")
	for what, wrong := range map[string]struct {
		form url.Values
		says string
	}{
		"never repeats":            {url.Values{"due": {"+1"}, "every": {"0"}}, "Skriv et tal fra 1 til 366"},
		"repeats until it was":     {url.Values{"due": {"+1"}, "every": {"1"}, "until": {"01.01.2020"}}, "Den dag er gået"},
		"six years too late":       {url.Values{"due": {"01.01.2010"}}, "Året kan ikke passe"},
		"three hundred years":      {url.Values{"event": {"plan_start"}, "offset": {"3650"}, "unit": {"months"}}, "Skriv et tal fra 0 til 122"},
		"so many days after what?": {url.Values{"due": {"+1"}, "offset": {"3"}}, "Vælg, hvad dagen følger"},
	} {
		if a := d.post(d.Mette, "/trin/ny", d.newForm("Hør skolen", wrong.form)); a.Status != 422 || !strings.Contains(a.Body, wrong.says) || !strings.Contains(a.Body, "Hør skolen") {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	has(t, d.post(d.Mette, "/maal", url.Values{"version": {"1"}, "follow_up": {"01.01.2020"}, "goals": {"At sove trygt"}}), 422, "Den dag er gået", "At sove trygt")
	has(t, d.post(d.Mette, "/maal", url.Values{"version": {"1"}, "departs": {"01.01.1990"}}), 422, "Året kan ikke passe")
	has(t, d.post(d.Mette, "/trin/ny", d.newForm("Hør skolen", url.Values{"due": {"+1"}, "every": {"14"}, "every_unit": {"days"}})), 303)
	has(t, d.get(d.Mette, ""), 200, "Gentages hver 14. dag")
	id := d.titled("Hør skolen")
	has(t, d.get(d.Mette, "/trin/"+id+"/udgaar"), 200, "kommer der ikke flere")
	for range 2 {
		has(t, d.post(d.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}}), 303)
	}
	n := 0
	d.Scan(t, []any{&n}, `SELECT count(*)::int FROM app.plan_step`)
	if n != 2 {
		t.Errorf("%d steps", n)
	}
	has(t, d.post(d.Mette, "/trin/"+id+"/fortryd", url.Values{"version": {"2"}}), 303)
	has(t, d.get(d.Mette, "?udfoerte=1"), 200, "Trinnet før er åbnet igen")
	d.InEnglish(t, d.Mette)
	has(t, d.get(d.Mette, "?udfoerte=1"), 200, "The step before it was opened again")
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE skip_reason <> ''`); n != 0 {
		t.Error("a sentence stands in the database")
	}
}

func TestAStepLaterThanTheLawIsRefusedAndADoneOneAsksIfTheDeadlineIsKept(t *testing.T) {
	d := newDesk(t, "")
	if err := d.DB.InCase(t.Context(), d.Mette, d.c.At("frister"), func(tx *db.Tx) error {
		_, err := deadline.Start(t.Context(), tx, "PLAN_3M", tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	late := d.newForm("Skriv barnets plan", url.Values{"due": {"+150"}, "deadline": {"PLAN_3M"}})
	has(t, d.post(d.Mette, "/trin/ny", late), 422, "Dagen er senere end lovens frist", "Skriv barnets plan")
	late.Set("late_ok", "1")
	has(t, d.post(d.Mette, "/trin/ny", late), 422, "Dagen er senere end lovens frist")
	d.Exec(t, `UPDATE app.deadline SET statutory = false`)
	late.Del("late_ok")
	has(t, d.post(d.Mette, "/trin/ny", late), 422, "Gem alligevel", `name="late_ok"`)
	late.Set("late_ok", "1")
	has(t, d.post(d.Mette, "/trin/ny", late), 303)
	has(t, d.get(d.Mette, ""), 200, "Trinnets dag er senere end fristen")
	id := d.titled("Skriv barnets plan")
	has(t, d.post(d.Mette, "/trin/"+id+"/udfoert", url.Values{"version": {"1"}}), 303)
	has(t, d.get(d.Mette, ""), 200, "“Skriv barnets plan” er udført. Er fristen så overholdt?", "/holdt")
}
