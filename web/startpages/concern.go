package startpages

import (
	"samspil/internal/concern"
	"samspil/internal/db"
)

// concernsShown is how many reports of concern Min dag shows; the rest is in the queue.
const concernsShown = 6

// concerns are the reports of concern and the reassessments that wait for the reader.
type concerns struct {
	Reports []concern.Report
	Reviews []concern.OpenReassessment
}

type waitingConcerns struct {
	reports *[]concern.Report
	reviews *[]concern.OpenReassessment
}

func askConcerns(b *db.Batch) *waitingConcerns {
	return &waitingConcerns{concern.Waiting(b, concernsShown), concern.OpenReassessments(b)}
}

func (w *waitingConcerns) answer() concerns { return concerns{*w.reports, *w.reviews} }
