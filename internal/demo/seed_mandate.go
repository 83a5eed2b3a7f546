package demo

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/mandate"
	"samspil/internal/timeline"
)

// Mandated is who has which part in an area of responsibility of a case. Area is a code of the reference data; of an area of the
// case's own it is empty, and Name says what it is.
type Mandated struct {
	Area    string `json:"area,omitempty"`
	Name    string `json:"name,omitempty"`
	LeftOut string `json:"left_out,omitempty"` // why it is not relevant
	Days    Day    `json:"days"`               // ago
	At      string `json:"at"`
	By      string `json:"by"`
	Parts   []Part `json:"parts,omitempty"`
}

// Part is somebody's part in an area; Heard is how many days ago who leads it said that they know, 0 for not yet.
type Part struct {
	Who   string `json:"who"` // a user or a contact
	Part  string `json:"part"`
	Heard Day    `json:"heard,omitempty"`
}

// mandates loads the mandate map of a case.
func (r *caseRows) mandates() {
	for _, m := range r.Mandates {
		area, given := r.uid("mandate", m.Area, m.Name), r.when(m.Days, m.At)
		r.put("app.mandate_area", area, r.id(), m.Area, m.Name, r.text(m.LeftOut), r.user(m.By), given)
		kind := timeline.MandateSet
		if m.Name != "" {
			kind = timeline.MandateAreaAdded
		}
		r.event(given, m.By, kind, area, nil)
		for _, p := range m.Parts {
			row := r.uid("mandate", m.Area, m.Name, p.Who)
			var user, contact any
			heardBy := m.By
			if _, ok := r.contacts[p.Who]; ok {
				contact = id("contact", p.Who)
			} else {
				user, heardBy = r.user(p.Who), p.Who
			}
			r.put("app.mandate", row, r.id(), area, user, contact, p.Part, r.user(m.By), given)
			if p.Part == mandate.Leads && p.Heard != 0 {
				heard := r.when(p.Heard, "11:40")
				r.put("app.mandate_ack", r.id(), row, day(heard), r.user(heardBy), heard)
				r.event(heard, heardBy, timeline.MandateAcknowledged, row, nil)
			}
		}
	}
}

// planRule is the rule that asked for a partner; NULL for none.
func (r *caseRows) planRule(code string) any {
	if code == "" {
		return nil
	}
	return r.planRules[code] // one that is not there is no rule's id, which the database refuses
}

// planRuleIDs reads the plan rules that came with the schema, by code.
func planRuleIDs(ctx context.Context, tx pgx.Tx) (map[string]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `SELECT code, id FROM app.plan_rule WHERE version = 1 ORDER BY code`)
	if err != nil {
		return nil, err
	}
	byCode := map[string]uuid.UUID{}
	var code string
	var rule uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&code, &rule}, func() error { byCode[code] = rule; return nil })
	return byCode, err
}
