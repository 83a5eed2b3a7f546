package startpages

import (
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
)

// concernsShown is how many reports of concern Min dag shows; the rest is in the queue.
const concernsShown = 6

// concerns are the reports of concern and the reassessments that wait for the reader.
type concerns struct {
	Reports []concern.Report
	Reviews []concern.OpenReassessment
	Rules   deadline.Rules // by which the case of a report must come to something
}

type waitingConcerns struct {
	reports *[]concern.Report
	reviews *[]concern.OpenReassessment
	rules   deadline.RuleRows
}

func askConcerns(b *db.Batch) *waitingConcerns {
	return &waitingConcerns{concern.Waiting(b, concernsShown), concern.OpenReassessments(b), deadline.AskRules(b)}
}

func (w *waitingConcerns) answer() concerns { return concerns{*w.reports, *w.reviews, w.rules.Rules()} }
