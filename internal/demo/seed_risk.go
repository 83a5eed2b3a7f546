package demo

import (
	"fmt"
	"strings"
	"time"

	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/internal/timeline"
)

// risk signs an assessment where the level was chosen, with what the content tells of the people; the rest is unknown,
// which is not no (R8). Orange and red ones have been confirmed by the team's lead, but for those of the last days.
func (r *caseRows) risk() {
	if r.Severity == "" || r.Closed != nil {
		return
	}
	signed := r.when(r.SeveritySet, "10:00")
	row := r.id("risk")
	reason := "Niveauet er valgt ud fra samtalerne og det, skolen og partnerne har set."
	if r.Risk != nil {
		reason = r.text(r.Risk.Reason)
	}
	scenario, change := "Kontrollen kan tage til, hvis familien får at vide, at borgeren har talt med kommunen.", ""
	if r.Risk != nil {
		scenario, change = r.text(r.Risk.Scenario), r.text(r.Risk.WouldChange)
	}
	r.put("app.risk_assessment", row, r.id(), risk.Own, r.Severity, reason, scenario, change, risk.HoldsUntil(r.Severity, signed), r.user(r.Responsible), signed)
	r.event(signed.Add(time.Minute), r.Responsible, timeline.RiskSigned, row, timeline.Data{"level": r.Severity, "kind": risk.Own})
	told := r.factors()
	for _, f := range reference.RiskFactors("") {
		a := told[f.Code]
		if a.Answer == "" {
			a.Answer = "unknown"
		}
		r.put("app.risk_answer", r.id(), row, f.Code, a.Answer, r.text(a.Evidence), a.Source)
	}
	for _, p := range r.People {
		if p.Note != "" && (p.Role == "threatens" || p.Role == "pressures") {
			r.put("app.risk_person", r.id(), row, r.id("person", p.Name), r.text(p.Note), "")
		}
	}
	if risk.AsksSecond(r.Severity) && int(r.SeveritySet) > 5 && r.Risk == nil && r.lead() != r.Responsible {
		at := signed.Add(26 * time.Hour)
		r.put("app.risk_confirmation", r.id("confirmation"), r.id(), row, "confirm", r.user(r.lead()), at)
		r.event(at, r.lead(), timeline.RiskConfirmed, row, timeline.Data{"outcome": "confirm"})
	}
}

// factors are the answers that the content gives: written out for a case that is told in full, else drawn from its people.
func (r *caseRows) factors() map[string]RiskAnswer {
	if r.Risk != nil {
		return r.Risk.Answers
	}
	told := map[string]RiskAnswer{}
	var against, with []string
	for _, p := range r.People {
		switch p.Role {
		case "threatens", "pressures":
			against = append(against, strings.ToLower(p.Relation))
		case "supports":
			with = append(with, strings.ToLower(p.Relation))
		}
	}
	if len(against) > 1 {
		told["RB1"] = RiskAnswer{Answer: "present_now", Evidence: fmt.Sprintf("Flere presser sammen: %s.", strings.Join(against, ", ")), Source: "Borgeren"}
	}
	if len(with) > 0 {
		told["RF5"] = RiskAnswer{Answer: "present_now", Evidence: fmt.Sprintf("Bakker op: %s.", strings.Join(with, ", ")), Source: "Borgeren"}
	}
	return told
}

// assessed reports whether the case's assessment still holds, so that its plan may reach the family (R1).
func (r *caseRows) assessed() bool {
	return r.Area != "child" || r.Certainty == "ruled_out" || r.Closed != nil || r.Severity != "" && risk.HoldsUntil(r.Severity, r.when(r.SeveritySet, "10:00")).After(r.now)
}
