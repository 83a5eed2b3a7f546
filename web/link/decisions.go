package link

import "github.com/google/uuid"

// Decisions are the decisions of a case.
func Decisions(ref string) string { return Case(ref) + "/beslutninger" }

// NewDecision is the form in which a question is put before others.
func NewDecision(ref string) string { return Decisions(ref) + "/ny" }

// Decision is one decision of a case; its actions hang below it.
func Decision(ref string, id uuid.UUID) string { return Decisions(ref) + "/" + id.String() }

// DecisionAnswer is where somebody who is asked says what they think.
func DecisionAnswer(ref string, id, ask uuid.UUID) string {
	return Decision(ref, id) + "/svar/" + ask.String()
}
