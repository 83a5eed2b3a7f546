package sparring

import (
	"context"
	"time"

	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/sharing"
)

// Found is something that must not leave, with the field of the form in which it stands.
type Found struct {
	Field string
	anonymise.Finding
}

// caseOf is who and what a text about the opened case may be about, and how many protected facts there are. citizen is what the
// text is to call the citizen, "datter"; empty: what their age says.
func caseOf(ctx context.Context, tx *db.Tx, k keys.Keys, citizen string) (anonymise.Case, int, error) {
	type person struct {
		IsCitizen            bool
		Name, Also, Relation string
		Born                 *time.Time
	}
	c := anonymise.Case{Today: tx.Now.In(i18n.Zone)}
	people, err := db.Many[person](ctx, tx, `
		SELECT p.is_citizen, p.name, CASE WHEN p.is_citizen THEN coalesce(l.calling_name, '') ELSE '' END AS also, p.relation, CASE WHEN p.is_citizen THEN coalesce(p.born, l.born) ELSE p.born END AS born
		  FROM app.person p LEFT JOIN app.citizen_label l ON l.case_id = p.case_id WHERE p.case_id = @case ORDER BY p.is_citizen DESC, p.id`, db.Args{"case": tx.CaseID})
	if err != nil {
		return c, 0, err
	}
	for _, p := range people {
		who := anonymise.Person{Name: p.Name, Also: p.Also, Relation: p.Relation}
		if p.IsCitizen {
			who.Relation = citizen
		}
		if p.Born != nil {
			who.Age = i18n.Age(*p.Born, tx.Now)
		}
		c.People = append(c.People, who)
	}
	c.Partners, err = db.Many[anonymise.Partner](ctx, tx, `
		SELECT DISTINCT o.partner_type AS type, o.name AS organisation, coalesce(p.name, '') AS contact FROM app.involvement i JOIN app.organisation o ON o.id = i.organisation_id LEFT JOIN app.contact_person p ON p.id = i.contact_id
		 WHERE i.case_id = @case ORDER BY 2, 3, 1`, db.Args{"case": tx.CaseID})
	if err != nil {
		return c, 0, err
	}
	c.Facts, err = sharing.Facts(ctx, tx, k)
	return c, len(c.Facts), err
}

// Anonymous writes a text about the opened case without names, numbers, places and days.
func Anonymous(ctx context.Context, tx *db.Tx, k keys.Keys, citizen, text string) ([]anonymise.Part, error) {
	if !MayAsk(tx.Rights) {
		return nil, fault.Forbidden
	}
	c, _, err := caseOf(ctx, tx, k, citizen)
	if err != nil {
		return nil, err
	}
	return c.Text(text), nil
}

// field is a text of a form, by the name of its field.
type field struct{ name, text string }

// look finds what must not leave, in the texts of a form that are to be anonymous. What is found leaves a line in the trail.
func look(ctx context.Context, tx *db.Tx, k keys.Keys, fields ...field) (found []Found, scanned int, err error) {
	c, scanned, err := caseOf(ctx, tx, k, "")
	if err != nil {
		return nil, 0, err
	}
	return stopped(ctx, tx, c, scanned, fields)
}

func stopped(ctx context.Context, tx *db.Tx, c anonymise.Case, scanned int, fields []field) (found []Found, n int, err error) {
	for _, f := range fields {
		for _, hit := range c.Scan(f.text) {
			found = append(found, Found{f.name, hit})
		}
	}
	if len(found) > 0 {
		_, err = db.Exec(ctx, tx, `SELECT audit.record('sparring.stopped', @case, NULL, NULL)`, db.Args{"case": tx.CaseID})
	}
	return found, scanned, err
}

// facts finds protected facts alone, in what is said in a thread that has names: those never leave, whatever the basis (R12).
func facts(ctx context.Context, tx *db.Tx, k keys.Keys, fields ...field) (found []Found, scanned int, err error) {
	all, err := sharing.Facts(ctx, tx, k)
	if err != nil {
		return nil, 0, err
	}
	c := anonymise.Case{Facts: all, Today: tx.Now.In(i18n.Zone)}
	return stopped(ctx, tx, c, len(all), fields)
}
