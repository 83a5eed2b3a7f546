package journalpages_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/link"
	"samspil/web/webtest"
)

func TestOneFormSavesEverythingAndSaysSo(t *testing.T) {
	s := webtest.New(t)
	c, p := s.Case(t, s.Mette, 1), s.Partner(t, "school", "Åskolen", "Anders Møller")
	done := step(t, s, c, "Kontakt skolen")
	a := s.Get(t, s.Mette, link.NewNote(c.Ref)+"?type=phone&kontakt="+p.ID.String()+"&trin="+strings.TrimSuffix(done, ".1")+"&tilbage="+link.Plan(c.Ref))
	contains(t, a, `value="phone" checked`, `value="`+p.ID.String()+`" selected`, `value="`+done+`" checked`, "Gem notatet i sag "+c.Number, `name="return" value="`+link.Plan(c.Ref)+`"`)
	form := note("Skolen ringede.\r\nAmira er i skole.")
	form.Set("other", p.ID.String())
	form.Add("person", c.CitizenID.String())
	form.Add("done", done)
	form.Set("step_title", "Ring til skolen igen")
	form.Set("step_responsible", "user:"+s.Mette.UserID.String())
	form.Set("step_due", "+7")
	form.Set("return", link.Plan(c.Ref))
	a = s.Post(t, s.Mette, link.NewNote(c.Ref), form)
	if a.Status != http.StatusSeeOther || a.Location() != link.Plan(c.Ref) {
		t.Fatalf("%d %s", a.Status, a.Location())
	}
	a = s.Get(t, s.Mette, link.Journal(c.Ref))
	contains(t, a, "Telefonsamtale", "Skolen ringede.\nAmira er i skole.", "med Amira Saleh og Anders Møller (Åskolen)", "Trin udført: Kontakt skolen", "Trin tilføjet: Ring til skolen igen", "Mette Lindhardt")
	if n := s.Count(t, `SELECT count(*) FROM app.plan_step WHERE title = 'Ring til skolen igen' AND due_at::date - current_date BETWEEN 6 AND 8`); n != 1 {
		t.Errorf("%d new steps with their deadline", n)
	}
	for view, want := range map[string]string{"notater": "Skolen ringede", "plan": "Trin udført:", "partnere": "Skolen ringede", "adgang": "Adgangen til sagen er ikke ændret"} {
		contains(t, s.Get(t, s.Mette, link.Journal(c.Ref)+"?vis="+view), want)
	}
	contains(t, s.Get(t, s.Mette, link.Journal(c.Ref)+"?vis=notater&slags=meeting"), "Ingen notater passer")
	lacks(t, s.Get(t, s.Mette, link.Journal(c.Ref)+"?vis=notater&af="+s.Jonas.UserID.String()), "Skolen ringede")
}

// A phone note about a father who does not stand in the case is a contact too: while the risk is not assessed, the form asks (R1).
func TestTheNoteAsksWhetherTheFamilyWasReached(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	const question = "Var der kontakt med forældre eller netværk?"
	contains(t, s.Get(t, s.Mette, link.NewNote(c.Ref)), question)
	for answer, says := range map[string]string{"": "Svar, om der var kontakt", "ours": "bed en teamleder åbne", "x": "Vælg en af mulighederne"} {
		form := note("Ringede til far.")
		form.Set("family", answer)
		a := s.Post(t, s.Mette, link.NewNote(c.Ref), form)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", answer, a.Status)
		}
		contains(t, a, says, "Ringede til far.</textarea>", question, `id="family-error"`)
	}
	form := note("Far ringede og spurgte efter hende.")
	form.Set("family", "came")
	s.Post(t, s.Mette, link.NewNote(c.Ref), form)
	var id uuid.UUID
	s.Scan(t, []any{&id}, `SELECT id FROM app.note`)
	contains(t, s.Get(t, s.Mette, link.Note(c.Ref, id)), "Forældre eller netværk", "Ja, de henvendte sig selv")
	s.Assess(t, c, "yellow")
	lacks(t, s.Get(t, s.Mette, link.NewNote(c.Ref)), question)
	form = note("Ringede til far efter vurderingen.")
	form.Del("family")
	if a := s.Post(t, s.Mette, link.NewNote(c.Ref), form); a.Status != http.StatusSeeOther {
		t.Errorf("assessed: %d", a.Status)
	}
}

func TestRefusedFormKeepsEverythingThatWasTyped(t *testing.T) {
	s := webtest.New(t)
	c, other, p := s.Case(t, s.Mette, 1), s.Case(t, s.Mette, 1), s.Partner(t, "school", "Åskolen", "Anders Møller")
	mine, foreign := step(t, s, c, "Kontakt skolen"), step(t, s, other, "Kontakt politiet")
	full := func() url.Values {
		form := note("Det, jeg skrev <b>her</b>")
		form.Set("date", "i går")
		form.Set("time", "9.30")
		form.Set("other", p.ID.String())
		form.Add("person", c.CitizenID.String())
		form.Add("done", mine)
		form.Set("step_title", "Ring igen")
		form.Set("step_responsible", "user:"+s.Mette.UserID.String())
		form.Set("step_due", "+7")
		return form
	}
	for name, v := range map[string]struct {
		break_ func(url.Values)
		says   string
	}{
		"no kind":               {func(f url.Values) { f.Del("kind") }, "Vælg, hvad det var"},
		"an unknown kind":       {func(f url.Values) { f.Set("kind", "fax") }, "Vælg, hvad det var"},
		"tomorrow":              {func(f url.Values) { f.Set("date", "i morgen") }, "Vælg et tidspunkt, der er passeret"},
		"later today":           {func(f url.Values) { f.Set("date", "i dag"); f.Set("time", "23.59") }, "Vælg et tidspunkt, der er passeret"},
		"no date":               {func(f url.Values) { f.Set("date", "snart") }, "Skriv en dato"},
		"no time":               {func(f url.Values) { f.Set("time", "halv ni") }, "Skriv et klokkeslæt"},
		"a step of elsewhere":   {func(f url.Values) { f.Add("done", foreign) }, "Et af trinene er ændret"},
		"a step that moved":     {func(f url.Values) { f["done"] = []string{strings.Replace(mine, ".1", ".9", 1)} }, "Et af trinene er ændret"},
		"a person of elsewhere": {func(f url.Values) { f.Add("person", other.CitizenID.String()) }, "En af kontaktpersonerne"},
		"a nameless step":       {func(f url.Values) { f.Set("step_title", "") }, "step_title"},
		"a broken deadline":     {func(f url.Values) { f.Set("step_due", "engang") }, "Skriv en dato"},
	} {
		if name == "later today" && time.Now().In(i18n.Zone).Hour() == 23 {
			continue
		}
		form := full()
		v.break_(form)
		a := s.Post(t, s.Mette, link.NewNote(c.Ref), form)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.Status)
		}
		contains(t, a, "Fejl:", v.says, "Det, jeg skrev <b>her</b>", `value="`+c.CitizenID.String()+`" checked`, `value="`+p.ID.String()+`" selected`, `value="`+mine+`" checked`,
			`name="key" value="`+form.Get("key")+`"`)
		for _, field := range []string{"date", "time", "step_title", "step_due"} {
			contains(t, a, `value="`+form.Get(field)+`"`)
		}
		if n := s.Count(t, `SELECT (SELECT count(*) FROM app.note) + (SELECT count(*) FROM app.note_spoken) + (SELECT count(*) FROM app.plan_step WHERE status = 'done') + (SELECT count(*) FROM app.plan_step WHERE title = 'Ring igen')`); n != 0 {
			t.Fatalf("%s: %d rows were left", name, n)
		}
	}
	a := s.Post(t, s.Mette, link.NewNote(c.Ref), url.Values{})
	if a.Status != http.StatusUnprocessableEntity {
		t.Errorf("empty form: %d", a.Status)
	}
	contains(t, a, "Ret 2 ting", "Vælg, hvad det var", "Skriv, hvad der skete", `href="#kind"`, `href="#body"`)
	form := full()
	form.Set("body", strings.Repeat("Æ", 100_001))
	a = s.Post(t, s.Mette, link.NewNote(c.Ref), form)
	if a.Status != http.StatusUnprocessableEntity || strings.Count(a.Body, "Æ") < 100_001 {
		t.Errorf("one character too many: %d, %d kept", a.Status, strings.Count(a.Body, "Æ"))
	}
}

func TestNameInTheTitleOfAStepIsAskedAbout(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	step(t, s, c, "Kontakt skolen")
	form := note("Aftalt med borgeren")
	form.Set("step_title", "Ring til Amira")
	form.Set("step_responsible", "user:"+s.Mette.UserID.String())
	a := s.Post(t, s.Mette, link.NewNote(c.Ref), form)
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatal(a.Status)
	}
	contains(t, a, `name="step_names_ok"`)
	form.Set("step_names_ok", "1")
	if a := s.Post(t, s.Mette, link.NewNote(c.Ref), form); a.Status != http.StatusSeeOther {
		t.Errorf("kept on purpose: %d", a.Status)
	}
}

func TestDayAsItIsSaid(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	today := i18n.Today(time.Now())
	last := func(d time.Weekday) time.Time {
		day := today
		for day.Weekday() != d {
			day = day.AddDate(0, 0, -1)
		}
		return day
	}
	summer := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, i18n.Zone).AddDate(0, -5, 0)
	for said, want := range map[string]time.Time{"i går": today.AddDate(0, 0, -1), "man": last(time.Monday), "fredag": last(time.Friday), "sun": last(time.Sunday),
		i18n.FieldDate(today.AddDate(0, 0, -40)): today.AddDate(0, 0, -40), summer.Format("2/1"): summer, "1.2.2019": time.Date(2019, 2, 1, 0, 0, 0, 0, i18n.Zone)} {
		form := note("Den " + said)
		form.Set("date", said)
		form.Set("time", "0.01")
		if a := s.Post(t, s.Mette, link.NewNote(c.Ref), form); a.Status != http.StatusSeeOther {
			t.Errorf("%q: %d", said, a.Status)
			continue
		}
		var at time.Time
		s.Scan(t, []any{&at}, `SELECT happened_at FROM app.note WHERE body = $1`, "Den "+said)
		if !at.Equal(want.Add(time.Minute)) {
			t.Errorf("%q is %v, want %v", said, at.In(i18n.Zone), want)
		}
	}
}

func TestTextsOfEverySort(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	for name, body := range map[string]string{"100 KB": strings.Repeat("Blåbær og rød grød. ", 5000)[:100_000], "emoji": "Hun smilede 🙂👩‍👩‍👧", "Arabic": "سلمى قالت إنها خائفة من أخيها",
		"markup": `<script>alert(1)</script><img src=x onerror=alert(1)>`, "quotes": `"citat" & 'citat'`} {
		body = strings.TrimSpace(strings.ToValidUTF8(body, ""))
		if a := s.Post(t, s.Mette, link.NewNote(c.Ref), note(body)); a.Status != http.StatusSeeOther {
			t.Errorf("%s: %d", name, a.Status)
			continue
		}
		var id uuid.UUID
		s.Scan(t, []any{&id}, `SELECT id FROM app.note WHERE body = $1`, body)
		a := s.Get(t, s.Mette, link.Note(c.Ref, id))
		contains(t, a, body, `dir="auto"`)
		if strings.Contains(a.Body, "<script>alert") || strings.Contains(a.Body, "<img src=x") {
			t.Errorf("%s: the text became markup", name)
		}
	}
	contains(t, s.Get(t, s.Mette, link.Journal(c.Ref)), "Læs hele notatet")
}

func TestFormSentThirtyTimesIsOneNote(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	form := note("Et notat")
	form.Add("done", step(t, s, c, "Kontakt skolen"))
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			a := s.Post(t, s.Mette, link.NewNote(c.Ref), form)
			for range 10 {
				if a.Status != http.StatusServiceUnavailable {
					break
				}
				a = s.Post(t, s.Mette, link.NewNote(c.Ref), form)
			}
			if a.Status != http.StatusSeeOther {
				t.Errorf("answers %d", a.Status)
			}
		})
	}
	wg.Wait()
	if n := s.Count(t, `SELECT count(*) FROM app.note`); n != 1 {
		t.Errorf("%d notes", n)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.case_event WHERE kind IN ('note.written', 'step.done')`); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestLongestNoteOfWideCharactersFits(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	var raw bytes.Buffer
	form := multipart.NewWriter(&raw) // as the browser sends it: four bytes a character, not twelve
	for name, value := range map[string]string{"kind": "phone", "date": "i dag", "family": "no", "body": strings.Repeat("🙂", journal.MaxBody)} {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	_ = form.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+link.NewNote(c.Ref), &raw)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "sid", Value: s.Mette.Token})
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if n := s.Count(t, `SELECT coalesce(max(length(body)), 0) FROM app.note`); resp.StatusCode != http.StatusSeeOther || n != journal.MaxBody {
		t.Errorf("%d, %d characters", resp.StatusCode, n)
	}
	// Sent the long way it is more than any form of ours: refused, and no draft is emptied by it.
	long := url.Values{"kind": {"phone"}, "body": {strings.Repeat("🙂", journal.MaxBody)}}
	s.Post(t, s.Mette, link.Journal(c.Ref)+"/kladde", url.Values{"body": {"Kladden"}})
	for _, path := range []string{link.NewNote(c.Ref), link.Journal(c.Ref) + "/kladde"} {
		if a := s.Post(t, s.Mette, path, long); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	contains(t, s.Get(t, s.Mette, link.NewNote(c.Ref)), "Kladden</textarea>")
}

func TestTheNoteIsWrittenBeforeThePeopleAreTicked(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	body := s.Get(t, s.Mette, link.NewNote(c.Ref)).Body
	at := -1
	for _, name := range []string{`name="time"`, `name="body"`, `id="spoken"`} {
		i := strings.Index(body, name)
		if i < at {
			t.Errorf("%s comes too early", name)
		}
		at = i
	}
}

// The gate was shut, the risk is assessed, the draft comes back: it is not refused by the minute at which it was begun.
func TestADraftComesBackWithTheTimeThatSomebodyWroteAndNoOther(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	now := time.Now().In(i18n.Zone)
	today, yesterday := i18n.FieldDate(now), i18n.FieldDate(now.AddDate(0, 0, -1))
	page := s.Get(t, s.Mette, link.NewNote(c.Ref))
	if got := page.Value("offered"); !strings.HasPrefix(got, today+" ") {
		t.Fatalf("the form came with %q", got)
	}
	for name, x := range map[string]struct {
		date, time, offered string
		later               bool
	}{
		"as it came":              {"i dag", "0.01", today + " 0.01", true},
		"the time was written":    {"i dag", "0.02", today + " 0.01", false},
		"of yesterday":            {yesterday, "0.01", yesterday + " 0.01", false},
		"of another day":          {yesterday, "0.01", today + " 0.01", false},
		"from before it was kept": {"i dag", "0.01", "", false},
	} {
		form := note("Moderen ringede")
		form.Set("date", x.date)
		form.Set("time", x.time)
		form.Set("offered", x.offered)
		s.Post(t, s.Mette, link.Journal(c.Ref)+"/kladde", form)
		a := s.Get(t, s.Mette, link.NewNote(c.Ref))
		if kept := a.Value("time") == x.time; kept == x.later || strings.Contains(a.Body, "Tiden er nu") != x.later {
			t.Errorf("%s: the draft comes back with %s", name, a.Value("time"))
		}
		contains(t, a, "Moderen ringede")
	}
}
