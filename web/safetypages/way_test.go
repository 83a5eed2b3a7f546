package safetypages_test

import (
	"net/http"
	"testing"

	"samspil/web/link"
)

func TestTheFormOfACheckInSaysWhatIsSafeAndKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(t, `UPDATE app.safe_contact SET policy = 'normal', may_use = '{third}', third = 'Skolens AKT', must_not = '{phone}' WHERE case_id = $1`, s.c.ID)
	path, form := link.NewCheckIn(s.c.Ref), s.checkInForm()
	want(t, "the form", s.Get(t, s.Mette, path), http.StatusOK, "Må gerne nu", "Den vej må aldrig bruges", `name="way"`)
	want(t, "a way that is forbidden", s.Post(t, s.Mette, path, form), http.StatusUnprocessableEntity, "Den vej må aldrig bruges", `value="Opkald fra skolen"`, `value="phone" checked`)
	form.Set("way", "sms")
	form.Del("way_ok")
	want(t, "a way that nobody has settled", s.Post(t, s.Mette, path, form), http.StatusUnprocessableEntity, `name="way_ok"`, "Jeg har aftalt vejen med borgeren")
	form.Set("way", "third")
	if a := s.Post(t, s.Mette, path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	want(t, "the plan", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)), http.StatusOK, "Opkald fra skolen")
	form = s.checkInForm()
	form.Set("way", "third")
	form.Set("channel", "")
	form.Set("repeat", "")
	form.Del("until")
	if a := s.Post(t, s.Mette, path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("with no more words: %d %s", a.Status, a.Body)
	}
	// what has become unsafe since says so
	s.Exec(t, `UPDATE app.safe_contact SET may_use = '{}', must_not = '{third}' WHERE case_id = $1`, s.c.ID)
	var id string
	s.Scan(t, []any{&id}, `SELECT id::text FROM app.check_in WHERE case_id = $1 AND channel = ''`, s.c.ID)
	want(t, "one that is waited for", s.Get(t, s.Mette, link.SafetyPlan(s.c.Ref)+"/kontrol/"+id), http.StatusOK, "Vejen er ikke sikker på det tidspunkt")
}
