package plan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/involvement"
	"samspil/internal/plan"
	"samspil/internal/testkit"
)

func (d desk) calls(who actor.Actor) []plan.Call {
	d.t.Helper()
	var h *casefile.Header
	var asked *plan.Calling
	now, err := d.DB.ReadCase(d.t.Context(), who, d.c.At("handlingsplan"), func(b *db.Batch) {
		h = casefile.GetHeader(b)
		asked = plan.AskCalls(b, plan.Steps(b))
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return asked.Calls(*h, now)
}

func (d desk) level(severity string, ago time.Duration) {
	d.Exec(d.t, `UPDATE app.case_file SET severity = nullif($2, ''), severity_set_at = now() - $3::interval WHERE id = $1`, d.c.ID, severity, ago.String())
}

func types(calls []plan.Call) string {
	var s []string
	for _, c := range calls {
		rule := ""
		if c.Hit != nil {
			rule = c.Hit.Code
		}
		s = append(s, c.PartnerType+"/"+rule)
	}
	return strings.Join(s, " ")
}

func TestLevelCallsForPartnersWithinItsTime(t *testing.T) {
	d := newDesk(t, "")
	for level, want := range map[string]string{
		"": "", "green": "", "yellow": "key_person_team/key_person_by_level",
		"orange": "security_consultant/consultant_by_level police_resource_person/police_by_level", "red": "security_consultant/consultant_by_level police_resource_person/police_by_level",
	} {
		d.level(level, 48*time.Hour)
		calls := d.calls(d.Mette)
		if got := types(calls); got != want {
			t.Errorf("%s: %s, want %s", level, got, want)
		}
		if level == "orange" && !calls[0].Hit.Due().Before(time.Now().Add(-23*time.Hour)) {
			t.Errorf("deadline %v", calls[0].Hit.Due())
		}
	}
	d.level("yellow", 0)
	d.Exec(t, `INSERT INTO app.organisation (id, name, kind, partner_type) VALUES ($1, 'Team Øst', 'external', 'security_consultant')`, uuid.New())
	d.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT $1, id, 'Sparring', 'ad_hoc', $2 FROM app.organisation`, d.c.ID, d.Mette.UserID)
	if got := types(d.calls(d.Mette)); got != "" {
		t.Errorf("a security consultant is enough: %s", got)
	}
}

func TestPlanCallsForWhatItsStepsName(t *testing.T) {
	d := newDesk(t, "T1")
	d.level("red", time.Hour)
	calls := d.calls(d.Mette)
	// The level first, with the step that asks for the same; then the steps by deadline. The family department
	// is not suggested in a child's case: it is the office itself.
	if calls[0].PartnerType != "security_consultant" || calls[0].Step == nil || calls[0].Step.TemplateStep != "T1.1.5" || calls[0].Origin() != "from_trigger" ||
		calls[1].Step != nil || calls[2].PartnerType != "key_person_team" || calls[2].Origin() != "from_plan" || strings.Contains(types(calls), "family_dept") {
		t.Errorf("%s", types(calls))
	}
	// A step that is done, or has a contact person, asks for nobody.
	school := d.Partner(t, "school", "Åskolen", "Anders Møller")
	for _, s := range d.steps(d.Mette) {
		if s.PartnerType == "key_person_team" {
			d.must(d.Mette, func(tx *db.Tx) error { return plan.CompleteStep(t.Context(), tx, s.ID, s.Version) })
		}
		if s.PartnerType == "school" {
			d.must(d.Mette, func(tx *db.Tx) error { return plan.Assign(t.Context(), tx, s.ID, s.Version, plan.ByContact(school.ID)) })
		}
	}
	if got := types(d.calls(d.Mette)); strings.Contains(got, "key_person_team") || strings.Contains(got, "school") {
		t.Error(got)
	}
}

func TestSuggestionNamesWhoCanBeReachedNow(t *testing.T) {
	d := newDesk(t, "")
	d.level("orange", time.Hour)
	if c := d.calls(d.Mette)[0]; c.Person != nil {
		t.Error("nobody is in the directory")
	}
	closed := d.Partner(t, "security_consultant", "Team Vest", "Aa Lukket")
	d.Exec(t, `DELETE FROM app.contact_hours WHERE contact_id = $1`, closed.ID)
	open := d.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	adults := d.Partner(t, "security_consultant", "Team Voksen", "Aa Voksen")
	d.Exec(t, `UPDATE app.organisation SET areas = '{adult}' WHERE id = $1`, adults.OrganisationID)
	if c := d.calls(d.Mette)[0]; c.Person == nil || c.Person.ContactID != open.ID {
		t.Errorf("%+v", c.Person)
	}
}

func TestDrawingInAnswersTheCall(t *testing.T) {
	d := newDesk(t, "T1")
	d.level("red", time.Hour)
	yasmin := d.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	police := d.Partner(t, "police_resource_person", "Fjordegnens Politi", "Bilal Nasser")
	drawIn := func(kind string, c testkit.Contact) (id uuid.UUID, err error) {
		err = d.do(d.Mette, func(tx *db.Tx) error { id, err = plan.DrawIn(t.Context(), tx, kind, c.ID); return err })
		return id, err
	}
	if _, err := drawIn("security_consultant", police); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody of another type: %v", err)
	}
	id, err := drawIn("security_consultant", yasmin)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.steps(d.Mette) {
		if s.TemplateStep == "T1.1.5" && (id != uuid.Nil || s.Responsible() != plan.ByUser(d.Mette.UserID)) {
			t.Errorf("a colleague's step went to the partner: %+v", s)
		}
	}
	id, err = drawIn("police_resource_person", police)
	if err != nil {
		t.Fatal(err)
	}
	if s := d.step(id); s.Responsible() != plan.ByContact(police.ID) || s.Origin != "from_trigger" || s.PartnerType != "police_resource_person" || s.DueAt == nil || !strings.HasPrefix(s.Title, "Inddrag: ") {
		t.Errorf("%+v", s)
	}
	var got string
	d.Scan(t, []any{&got}, `SELECT string_agg(origin || ' ' || status, ', ' ORDER BY asked_at) FROM app.involvement WHERE case_id = $1`, d.c.ID)
	if got != "from_trigger requested, from_trigger requested" {
		t.Error(got)
	}
	if _, err := drawIn("security_consultant", yasmin); !errors.Is(err, fault.NotFound) {
		t.Errorf("the button pressed twice: %v", err)
	}
	if got := types(d.calls(d.Mette)); strings.Contains(got, "security_consultant") || strings.Contains(got, "police_resource") {
		t.Error(got)
	}
}

func TestStepThatNobodyAnswersForBecomesThePartnersUntilTheyGo(t *testing.T) {
	d := newDesk(t, "T1")
	school := d.Partner(t, "school", "Åskolen", "Anders Møller")
	d.Exec(t, `UPDATE app.plan_step SET responsible_user = NULL WHERE case_id = $1 AND partner_type = 'school'`, d.c.ID)
	var step uuid.UUID
	d.must(d.Mette, func(tx *db.Tx) (err error) {
		step, err = plan.DrawIn(t.Context(), tx, "school", school.ID)
		return err
	})
	if s := d.step(step); s.Responsible() != plan.ByContact(school.ID) {
		t.Fatalf("%+v", s)
	}
	var part uuid.UUID
	d.Scan(t, []any{&part}, `SELECT id FROM app.involvement WHERE case_id = $1`, d.c.ID)
	released := func() (n int) {
		t.Helper()
		d.must(d.Mette, func(tx *db.Tx) (err error) { n, err = plan.Release(t.Context(), tx, part); return err })
		return n
	}
	if n := released(); n != 0 {
		t.Errorf("%d steps taken from somebody who has not said no", n)
	}
	d.must(d.Mette, func(tx *db.Tx) error { return plan.Wait(t.Context(), tx, step, d.step(step).Version) })
	d.must(d.Mette, func(tx *db.Tx) error { return involvement.Decline(t.Context(), tx, part, 1, "Har ikke tid") })
	if n := released(); n != 1 || !d.step(step).Missing() || d.step(step).Status != plan.Open || d.last() != "step.assigned" {
		t.Errorf("%d, %+v, %s", n, d.step(step), d.last())
	}
	for _, c := range d.calls(d.Mette) {
		if c.PartnerType == "school" {
			if c.Person != nil {
				t.Error("who said no is suggested again")
			}
			return
		}
	}
	t.Error("the plan does not call for a school again")
}

func TestIrrelevantSuggestionStaysAwayUntilTheLevelRises(t *testing.T) {
	d := newDesk(t, "")
	d.level("orange", time.Hour)
	dismiss := func(who actor.Actor, kind, why string) error {
		return d.do(who, func(tx *db.Tx) error { return plan.Dismiss(t.Context(), tx, kind, "elsewhere", why) })
	}
	refused(t, dismiss(d.Mette, "security_consultant", " "), "reason", "error.reason")
	if err := dismiss(d.Mette, "school", "Nej"); !errors.Is(err, fault.NotFound) {
		t.Errorf("nothing calls for a school: %v", err)
	}
	d.Grant(t, d.c, d.Sara, "consulted")
	if err := dismiss(d.Sara, "security_consultant", "Nej"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by the consulted: %v", err)
	}
	if err := d.do(d.Sara, func(tx *db.Tx) error {
		_, err := plan.DrawIn(t.Context(), tx, "security_consultant", uuid.New())
		return err
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("drawn in by the consulted: %v", err)
	}
	if err := dismiss(d.Huseyin, "security_consultant", "Nej"); !errors.Is(err, fault.NotFound) {
		t.Errorf("by a stranger: %v", err)
	}
	if err := dismiss(d.Mette, "security_consultant", "Konsulenten er med fra en anden sag"); err != nil {
		t.Fatal(err)
	}
	if got := types(d.calls(d.Mette)); got != "police_resource_person/police_by_level" || d.last() != "suggestion.dismissed" {
		t.Error(got)
	}
	d.level("red", 0)
	if got := types(d.calls(d.Mette)); got != "security_consultant/consultant_by_level police_resource_person/police_by_level" {
		t.Error(got)
	}
}

func TestClosedCaseCallsForNobody(t *testing.T) {
	d := newDesk(t, "T1")
	d.level("red", time.Hour)
	if len(d.calls(d.Mette)) == 0 {
		t.Fatal("a red case with a new plan calls for nobody")
	}
	d.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, d.c.ID)
	if calls := d.calls(d.Mette); len(calls) != 0 {
		t.Errorf("closed, it calls for %s", types(calls))
	}
}
