package partner

import (
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Needs is what an opened case says about whom to call: what is done to the citizen, which partner types
// the plan calls for and nobody fills, and who has a part already.
type Needs struct {
	ControlTypes []string
	Missing      []string    // partner types of open steps without a responsible, first due first
	Involved     []uuid.UUID // contact persons with a live part
	Asked        []uuid.UUID // those of them who have not answered
	Types        []string    // partner types of the organisations with a live part
}

// GetNeeds asks what the opened case needs.
func GetNeeds(b *db.Batch) *Needs {
	return db.Get[Needs](b, `
		WITH live AS (
		  SELECT i.contact_id, i.status, o.partner_type FROM app.involvement i JOIN app.organisation o ON o.id = i.organisation_id
		   WHERE i.case_id = @case AND i.status IN ('requested', 'accepted'))
		SELECT coalesce((SELECT control_types FROM app.case_profile WHERE case_id = @case), '{}') AS control_types,
		       coalesce((SELECT array_agg(partner_type ORDER BY due) FROM (
		          SELECT s.partner_type, min(coalesce(s.due_at, 'infinity')) AS due FROM app.plan_step s
		           WHERE s.case_id = @case AND s.status IN ('open', 'in_progress', 'waiting') AND s.partner_type <> '' AND s.responsible_user IS NULL AND s.responsible_contact IS NULL
		             AND s.partner_type NOT IN (SELECT partner_type FROM live)
		           GROUP BY s.partner_type) m), '{}') AS missing,
		       coalesce((SELECT array_agg(contact_id) FROM live WHERE contact_id IS NOT NULL), '{}') AS involved,
		       coalesce((SELECT array_agg(contact_id) FROM live WHERE contact_id IS NOT NULL AND status = 'requested'), '{}') AS asked,
		       coalesce((SELECT array_agg(DISTINCT partner_type) FROM live), '{}') AS types`, db.Args{"case": b.CaseID})
}

// points say which situation a control type of the reference data points to.
var points = map[string]string{
	"threats": "threats", "threat_to_life": "threats", "physical_violence": "threats", "sexual_violence": "threats", "psychological_violence": "threats", "stalking": "threats",
	"deprivation_of_liberty": "away_tonight", "expulsion": "away_tonight",
	"forced_marriage": "forced_marriage", "engagement_pressure": "forced_marriage", "held_in_marriage": "forced_marriage", "minor_religious_marriage": "forced_marriage",
	"reeducation_trip": "reeducation_trip", "involuntary_stay_abroad": "reeducation_trip",
	"digital_control": "digital", "surveillance": "digital", "fgm": "abuse",
}

// Suggest returns the situations that a case points to, the gravest first: those of its control types, and
// on the two highest levels always threats. A case that says nothing is a doubt.
func Suggest(n Needs, severity, area string) []Situation {
	var found []Situation
	for _, s := range Situations {
		pointed := slices.ContainsFunc(n.ControlTypes, func(t string) bool { return points[t] == s.Code })
		if s.Code == "threats" && (severity == "red" || severity == "orange") {
			pointed = true
		}
		if pointed && (s.Area == "" || s.Area == area) {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		s, _ := SituationByCode("doubt")
		found = append(found, s)
	}
	return found
}

// Grave reports whether a level means that 112 stands first whatever the situation.
func Grave(severity string) bool { return severity == "red" }
