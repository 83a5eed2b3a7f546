package partner

import "slices"

// Competences is the vocabulary in which the directory says what a contact person knows about, in
// the order in which it is shown. The name of each is the text "partner.competence.<code>".
var Competences = []string{
	"risk_assessment", "minors", "adults", "violence", "threats", "forced_marriage", "reeducation_trip", "crisis_stay", "housing",
	"crime_report", "address_protection", "passport", "digital_safety", "conflict_dialogue", "interpreting", "religious_communities",
	"lgbt", "disability", "siblings", "trauma", "health", "school", "leisure", "employment", "legal_advice", "aftercare",
}

// KnownCompetence reports whether code is part of the vocabulary.
func KnownCompetence(code string) bool { return slices.Contains(Competences, code) }
