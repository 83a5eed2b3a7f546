package link

import "github.com/google/uuid"

// Where questions to colleagues are read by those who have not opened the case.
const (
	SparringInbox = "/sparring"
	Learnings     = "/sparring/laering"
)

// SparringThread is a question as a colleague who is asked reads it: it says nothing of the case.
func SparringThread(id uuid.UUID) string { return SparringInbox + "/" + id.String() }

// CaseSparring are the questions about a case.
func CaseSparring(ref string) string { return Case(ref) + "/sparring" }

// NewSparring is the form of a new question about a case.
func NewSparring(ref string) string { return CaseSparring(ref) + "/ny" }

// CaseThread is one question about a case; its actions hang below it.
func CaseThread(ref string, id uuid.UUID) string { return CaseSparring(ref) + "/" + id.String() }

// JudgeLearning is where a team lead publishes what was proposed, or gives it back.
func JudgeLearning(id uuid.UUID) string { return Learnings + "/" + id.String() }
