package journalpages_test

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// step starts the plan of a case if need be, and adds a step. It returns the value of the step's box in the form.
func step(t *testing.T, s *webtest.Site, c testkit.CaseFile, title string) string {
	t.Helper()
	var id uuid.UUID
	err := s.DB.InCase(t.Context(), s.Mette, c.At("handlingsplan"), func(tx *db.Tx) (err error) {
		var started fault.Invalid
		if err := plan.Start(t.Context(), tx, ""); err != nil && !errors.As(err, &started) {
			return err
		}
		id, err = plan.AddStep(t.Context(), tx, plan.StepInput{Title: title, Responsible: plan.ByUser(s.Mette.UserID)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id.String() + ".1"
}

func note(body string) url.Values {
	return url.Values{"key": {uuid.NewString()}, "kind": {"phone"}, "date": {"i dag"}, "time": {""}, "family": {"no"}, "body": {body}}
}

func contains(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(html.UnescapeString(a.Body), w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(html.UnescapeString(a.Body), w) {
			t.Errorf("the page shows %q", w)
		}
	}
}

func TestWhoReadsAndWritesTheJournal(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1, s.Dennis)
	s.Grant(t, c, s.Sara, "consulted")
	done := step(t, s, c, "Kontakt skolen")
	s.Post(t, s.Mette, link.NewNote(c.Ref), note("Første notat"))
	var id uuid.UUID
	s.Scan(t, []any{&id}, `SELECT id FROM app.note`)
	for name, who := range s.People() {
		reads := name == "mette" || name == "jonas" || name == "sara"
		for _, path := range []string{link.Journal(c.Ref), link.NewNote(c.Ref), link.Note(c.Ref, id), link.Note(c.Ref, id) + "/ret"} {
			want := http.StatusNotFound
			if reads {
				want = http.StatusOK
			} else if name == "nobody" {
				want = http.StatusSeeOther
			}
			a := s.Get(t, who, path)
			if a.Status != want {
				t.Errorf("%s reads %s: %d", name, path, a.Status)
			}
			if !reads {
				lacks(t, a, "Første notat", "Amira")
			}
		}
		before := s.Count(t, `SELECT count(*) FROM app.note`)
		a := s.Post(t, who, link.NewNote(c.Ref), note("Notat af "+name))
		if wrote := s.Count(t, `SELECT count(*) FROM app.note`) > before; wrote != reads || reads && a.Status != http.StatusSeeOther {
			t.Errorf("%s writes: %v, %d", name, wrote, a.Status)
		}
		a = s.Post(t, who, link.Note(c.Ref, id)+"/ret", url.Values{"family": {"no"}, "body": {"Rettet af " + name}})
		if !reads && s.Count(t, `SELECT count(*) FROM app.note WHERE body = 'Rettet af ' || $1`, name) != 0 || reads && a.Status != http.StatusSeeOther {
			t.Errorf("%s corrects: %d", name, a.Status)
		}
		if a := s.Post(t, who, link.Journal(c.Ref)+"/kladde", url.Values{"body": {"x"}}); reads != (a.Status == http.StatusOK) {
			t.Errorf("%s saves a draft: %d", name, a.Status)
		}
	}
	// Who is consulted is not asked about steps, and cannot send them.
	lacks(t, s.Get(t, s.Sara, link.NewNote(c.Ref)), "Kontakt skolen", "step_title")
	form := note("Med trin")
	form.Add("done", done)
	if a := s.Post(t, s.Sara, link.NewNote(c.Ref), form); a.Status != http.StatusForbidden || s.Count(t, `SELECT count(*) FROM app.note WHERE body = 'Med trin'`) != 0 {
		t.Errorf("consulted ticks: %d", a.Status)
	}
	s.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, c.ID)
	a := s.Get(t, s.Mette, link.Journal(c.Ref))
	contains(t, a, "Første notat")
	lacks(t, a, "Nyt notat")
	lacks(t, s.Get(t, s.Mette, link.Note(c.Ref, id)), "Ret med en tilføjelse")
	if a := s.Get(t, s.Mette, link.NewNote(c.Ref)); a.Status != http.StatusNotFound {
		t.Errorf("form in a closed case: %d", a.Status)
	}
	for _, path := range []string{link.NewNote(c.Ref), link.Note(c.Ref, id) + "/ret"} {
		if a := s.Post(t, s.Mette, path, note("For sent")); a.Status != http.StatusForbidden {
			t.Errorf("%s in a closed case: %d", path, a.Status)
		}
	}
}

func TestCorrectionAndOriginalLeadToEachOther(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Post(t, s.Mette, link.NewNote(c.Ref), note("Mødet er den 14."))
	var first uuid.UUID
	s.Scan(t, []any{&first}, `SELECT id FROM app.note`)
	contains(t, s.Get(t, s.Mette, link.Note(c.Ref, first)+"/ret"), "Mødet er den 14.", "Gem rettelsen i sag "+c.Number)
	if a := s.Post(t, s.Mette, link.Note(c.Ref, first)+"/ret", url.Values{"body": {" "}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("empty correction: %d", a.Status)
	} else {
		contains(t, a, "Skriv, hvad der skete", "Mødet er den 14.")
	}
	a := s.Post(t, s.Mette, link.Note(c.Ref, first)+"/ret", url.Values{"key": {uuid.NewString()}, "family": {"no"}, "body": {"Mødet er den 15."}})
	if a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	second := a.Location()
	contains(t, s.Get(t, s.Mette, second), "Rettelse af notat: telefonsamtale", "Mødet er den 15.", "Retter", link.Note(c.Ref, first))
	contains(t, s.Get(t, s.Mette, link.Note(c.Ref, first)), "Mødet er den 14.", "Rettet i dag", "af Mette Lindhardt", second)
	if a := s.Post(t, s.Mette, second+"/ret", url.Values{"family": {"no"}, "body": {"Mødet er den 16."}}); a.Status != http.StatusSeeOther {
		t.Errorf("correction of the correction: %d", a.Status)
	}
	contains(t, s.Get(t, s.Mette, link.Journal(c.Ref)), "Mødet er den 14.", "Mødet er den 15.", "Mødet er den 16.", "Rettelse")
	if a := s.Get(t, s.Mette, link.Note(c.Ref, uuid.New())); a.Status != http.StatusNotFound {
		t.Errorf("no such note: %d", a.Status)
	}
}

func TestDraftSurvivesTheEndOfTheSession(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	done := step(t, s, c, "Kontakt skolen")
	kladde := link.Journal(c.Ref) + "/kladde"
	form := note("Jeg var ved at skrive, da")
	form.Add("person", c.CitizenID.String())
	form.Add("done", done)
	form.Set("step_title", "Ring igen")
	form.Set("step_due", "i morgen")
	form.Set("step_responsible", "user:"+s.Mette.UserID.String())
	a := s.Post(t, s.Mette, kladde, form)
	if a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "Kladde gemt kl. ") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("%d %s %q", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	s.Exec(t, `UPDATE auth.session SET revoked_at = now() WHERE user_id = $1`, s.Mette.UserID)
	if a := s.Get(t, s.Mette, link.NewNote(c.Ref)); a.Status != http.StatusSeeOther || a.Location() == "" {
		t.Errorf("the session has not ended: %d", a.Status)
	}
	again := s.Mette
	again.Token = "token-mette-the-next-morning-0123456789012345678901234567890"
	s.Exec(t, `INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256(convert_to($1, 'UTF8')), $2, now() + interval '9 h')`, again.Token, again.UserID)
	s.Exec(t, `UPDATE app.draft SET saved_at = now() - interval '1 day'`)
	contains(t, s.Get(t, again, link.Journal(c.Ref)), "Du har en kladde", "i går")
	a = s.Get(t, again, link.NewNote(c.Ref))
	contains(t, a, "Her er din kladde fra i går", "Jeg var ved at skrive, da", `value="`+c.CitizenID.String()+`" checked`, `value="`+done+`" checked`, `value="Ring igen"`,
		`value="`+i18n.FieldDate(time.Now())+`"`, `value="`+i18n.FieldDate(i18n.Today(time.Now()).AddDate(0, 0, 1))+`"`)
	for _, path := range []string{link.Journal(c.Ref), link.NewNote(c.Ref)} {
		lacks(t, s.Get(t, s.Jonas, path), "kladde fra", "Du har en kladde", "Jeg var ved at skrive")
	}
	if a := s.Get(t, s.Jonas, kladde+"/slet"); a.Status != http.StatusNotFound {
		t.Errorf("somebody else is asked about the draft: %d", a.Status)
	}
	s.Post(t, s.Jonas, kladde+"/slet", url.Values{})
	contains(t, s.Get(t, again, kladde+"/slet"), "Kassér kladden?")
	if s.Count(t, `SELECT count(*) FROM app.draft`) != 1 {
		t.Error("the draft is gone without its author's yes")
	}
	if a := s.Post(t, again, kladde+"/slet", url.Values{}); a.Status != http.StatusSeeOther || s.Count(t, `SELECT count(*) FROM app.draft`) != 0 {
		t.Errorf("discarded: %d", a.Status)
	}
	s.Post(t, again, kladde, form)
	if a := s.Post(t, again, link.NewNote(c.Ref), form); a.Status != http.StatusSeeOther || s.Count(t, `SELECT count(*) FROM app.draft`) != 0 {
		t.Errorf("saved: %d, and the draft is still there", a.Status)
	}
	s.Post(t, again, kladde, form) // the autosave that came too late
	if s.Count(t, `SELECT count(*) FROM app.draft`) != 0 {
		t.Error("the saved note came back as a draft")
	}
	// A correction has a draft of its own.
	var id uuid.UUID
	s.Scan(t, []any{&id}, `SELECT id FROM app.note`)
	s.Post(t, again, kladde, url.Values{"note": {id.String()}, "body": {"Det var den 15."}})
	contains(t, s.Get(t, again, link.Note(c.Ref, id)+"/ret"), "Det var den 15.")
	lacks(t, s.Get(t, again, link.NewNote(c.Ref)), "Det var den 15.")
}

func TestLongJournalIsPagedByKey(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	s.Exec(t, `INSERT INTO app.note (case_id, kind, body, author, happened_at) SELECT $1, 'phone', 'nr. ' || i || '.', $2, now() - i * interval '1 h' FROM generate_series(1, 120) i`, c.ID, s.Mette.UserID)
	path, seen := link.Journal(c.Ref)+"?vis=notater", 0
	for range 5 {
		a := s.Get(t, s.Mette, path)
		seen += strings.Count(a.Body, ">nr. ")
		_, rest, more := strings.Cut(a.Body, `rel="next"`)
		_ = rest
		if !more {
			break
		}
		before, _, _ := strings.Cut(a.Body, `" rel="next"`)
		path = html.UnescapeString(before[strings.LastIndex(before, `"`)+1:])
	}
	if seen != 120 {
		t.Errorf("%d notes on all pages", seen)
	}
	contains(t, s.Get(t, s.Mette, path), "Til det nyeste", "nr. 120.")
	if a := s.Get(t, s.Mette, link.Journal(c.Ref)+"?foer=vrøvl&vis=andet&af=x&slags=y"); a.Status != http.StatusOK {
		t.Errorf("nonsense in the address: %d", a.Status)
	}
}

func TestNobodyIsLedElsewhereAfterSaving(t *testing.T) {
	s := webtest.New(t)
	c := s.Case(t, s.Mette, 1)
	for _, to := range []string{"https://example.org/", "//example.org", "/sager/andensag", link.Case(c.Ref) + "x", link.Case(c.Ref) + "/\\example.org", ""} {
		form := note(fmt.Sprintf("Til %q", to))
		form.Set("return", to)
		if a := s.Post(t, s.Mette, link.NewNote(c.Ref), form); a.Location() != link.Journal(c.Ref) {
			t.Errorf("%q leads to %q", to, a.Location())
		}
	}
}
