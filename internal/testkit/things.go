package testkit

import (
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// CaseFile is a case made by [Office.Case].
type CaseFile struct {
	ID          uuid.UUID
	Ref, Number string
	CitizenID   uuid.UUID
}

// At names the case as a request of the page does.
func (c CaseFile) At(page string) db.Case { return db.Case{Ref: c.Ref, Page: page} }

// Case registers a case of confidentiality 0, 1 or 2 with who as its responsible, through the
// same function as the page does, with a citizen called Amira Saleh.
func (o *Office) Case(t testing.TB, who actor.Actor, confidentiality int, excluded ...actor.Actor) CaseFile {
	t.Helper()
	var c CaseFile
	ex := []uuid.UUID{}
	for _, e := range excluded {
		ex = append(ex, e.UserID)
	}
	err := o.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
		if err := tx.QueryRow(t.Context(), `SELECT id, ref, number FROM app.create_case($1, $2, $3::int::smallint, 'Amira S.', '2010-04-14', $4)`,
			who.TeamID, who.UserID, confidentiality, ex).Scan(&c.ID, &c.Ref, &c.Number); err != nil {
			return err
		}
		c.CitizenID = uuid.New()
		_, err := tx.Tx.Exec(t.Context(), `
			INSERT INTO app.person (id, case_id, is_citizen, name, born, name_folded, cpr_masked) VALUES ($2, $1, true, 'Amira Saleh', '2010-04-14', 'amira saleh', '740410-••••')`, c.ID, c.CitizenID)
		if err != nil {
			return err
		}
		_, err = tx.Tx.Exec(t.Context(), `INSERT INTO app.case_profile (case_id) VALUES ($1)`, c.ID)
		if err != nil {
			return err
		}
		_, err = tx.Tx.Exec(t.Context(), `INSERT INTO app.safe_contact (case_id, never) VALUES ($1, 'Ring aldrig til hjemmet.')`, c.ID)
		return err
	})
	if err != nil {
		t.Fatalf("fixture case: %v", err)
	}
	return c
}

// Grant gives who a grant on a case: "coworker", "consulted" or "lead".
func (o *Office) Grant(t testing.TB, c CaseFile, who actor.Actor, kind string) {
	t.Helper()
	o.Exec(t, `INSERT INTO app.case_grant (case_id, user_id, kind, valid_to, granted_by) VALUES ($1, $2, $3, CASE WHEN $3 = 'consulted' THEN now() + interval '14 days' END, $2)`, c.ID, who.UserID, kind)
}

// Assess signs a valid risk assessment of a level in a case as its responsible, which opens the gate to the family (R1).
func (o *Office) Assess(t testing.TB, c CaseFile, level string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	o.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, valid_until, signed_by)
		SELECT $1, f.id, 'own', $3, 'Vurderet sammen med skolen.', now() + CASE $3 WHEN 'red' THEN interval '7 days' WHEN 'orange' THEN interval '30 days' ELSE interval '90 days' END, f.responsible_id
		  FROM app.case_file f WHERE f.id = $2`, id, c.ID, level)
	return id
}

// Contact is a contact person made by [Office.Partner].
type Contact struct{ ID, OrganisationID uuid.UUID }

// Partner adds an organisation of a partner type with one contact person who can be reached around the clock.
func (o *Office) Partner(t testing.TB, partnerType, organisation, name string) Contact {
	t.Helper()
	p := Contact{ID: uuid.New(), OrganisationID: uuid.New()}
	o.Exec(t, `INSERT INTO app.organisation (id, name, kind, partner_type) VALUES ($1, $2, 'external', $3)`, p.OrganisationID, organisation, partnerType)
	o.Exec(t, `INSERT INTO app.contact_person (id, organisation_id, name, phone, verified_on) VALUES ($1, $2, $3, '00 12 34 56', current_date)`, p.ID, p.OrganisationID, name)
	o.Exec(t, `INSERT INTO app.contact_hours (contact_id, kind, weekday, opens, closes) SELECT $1, 'regular', d, 0, 1440 FROM generate_series(1, 7) d`, p.ID)
	return p
}
