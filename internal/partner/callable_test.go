package partner_test

import (
	"testing"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/partner"
	"samspil/internal/testkit"
)

// callables reads the directory as who does.
func callables(t *testing.T, o *testkit.Office, who actor.Actor, q partner.Query) ([]partner.Callable, time.Time) {
	t.Helper()
	var people *[]partner.Callable
	now, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { people = partner.Callables(b, q) })
	if err != nil {
		t.Fatal(err)
	}
	return *people, now
}

// involve gives a contact person a part in a case.
func involve(t *testing.T, o *testkit.Office, c testkit.CaseFile, p testkit.Contact, by actor.Actor, status string) {
	t.Helper()
	o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, status, asked_at, added_by)
		VALUES ($1, $2, $3, 'Vurderer risikoen', 'ad_hoc', $4, now() - interval '3 days', $5)`, c.ID, p.OrganisationID, p.ID, status, by.UserID)
}

func TestEverybodySignedInReadsTheDirectory(t *testing.T) {
	o := testkit.NewOffice(t)
	p := o.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	o.Partner(t, "crisis_centre", "Birkely", "Line Overgaard")
	o.Exec(t, `UPDATE app.contact_person SET competences = '{risk_assessment}', stand_in_id = (SELECT id FROM app.contact_person WHERE name = 'Line Overgaard') WHERE id = $1`, p.ID)
	for name, who := range o.People() {
		if who.Token == "" {
			continue
		}
		all, now := callables(t, o, who, partner.Query{})
		if len(all) != 2 || all[1].Name != "Yasmin Haddad" || all[1].StandIn != "Line Overgaard" || !all[1].Availability(now).RoundTheClock {
			t.Errorf("%s reads %+v", name, all)
		}
	}
	for what, q := range map[string]partner.Query{
		"type": {PartnerTypes: []string{"security_consultant", "school"}}, "competence": {Competence: "risk_assessment"},
		"organisation": {OrganisationID: p.OrganisationID}, "contact": {ContactID: p.ID, Area: "child"},
	} {
		if found, _ := callables(t, o, o.Mette, q); len(found) != 1 || found[0].ContactID != p.ID {
			t.Errorf("by %s: %+v", what, found)
		}
	}
	if found, _ := callables(t, o, o.Mette, partner.Query{Area: "none"}); len(found) != 0 {
		t.Errorf("another area: %+v", found)
	}
	o.Exec(t, `UPDATE app.organisation SET active = false WHERE id = $1`, p.OrganisationID)
	if found, _ := callables(t, o, o.Mette, partner.Query{ContactID: p.ID}); len(found) != 0 {
		t.Error("a retired organisation is still offered")
	}
	if _, err := o.DB.Read(t.Context(), actor.Actor{}, func(b *db.Batch) { partner.Callables(b, partner.Query{}) }); err == nil {
		t.Error("nobody reads the directory")
	}
}

// "Jer to" counts only cases that the reader works on, and never tells of another's.
func TestTogetherCountsTheReadersOwnCases(t *testing.T) {
	o := testkit.NewOffice(t)
	p := o.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	involve(t, o, o.Case(t, o.Mette, 1), p, o.Mette, "accepted")
	shared := o.Case(t, o.Mette, 1)
	o.Grant(t, shared, o.Sara, "consulted")
	involve(t, o, shared, p, o.Mette, "ended")
	involve(t, o, o.Case(t, o.Mette, 1), p, o.Mette, "declined")
	involve(t, o, o.Case(t, o.Mette, 2, o.Dennis), p, o.Mette, "accepted")
	for name, want := range map[string]int{"mette": 3, "sara": 1, "dennis": 0, "jonas": 0, "huseyin": 0, "lone": 0, "karen": 0} {
		all, now := callables(t, o, o.People()[name], partner.Query{})
		if all[0].Together != want {
			t.Errorf("%s has worked with Yasmin in %d cases, want %d", name, all[0].Together, want)
		}
		if want > 0 && (all[0].LastTogether == nil || now.Sub(*all[0].LastTogether).Hours() < 71) {
			t.Errorf("%s: last together %v", name, all[0].LastTogether)
		}
	}
}
