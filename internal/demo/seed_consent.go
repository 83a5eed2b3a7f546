package demo

import "samspil/internal/timeline"

// Consent is a consent of the citizen to share something. Until is in days from today; one with Withdrawn was withdrawn so many days
// ago, with Words.
type Consent struct {
	Days         Day    `json:"days"` // ago
	At           string `json:"at"`
	By           string `json:"by"`
	Organisation string `json:"organisation"`
	What         string `json:"what"`
	Purpose      string `json:"purpose"`
	How          string `json:"how"`
	Until        int    `json:"until"`
	Withdrawn    Day    `json:"withdrawn,omitempty"`
	Words        string `json:"words,omitempty"`
}

// consents loads the consents of a case, before what is shared on them.
func (r *caseRows) consents() {
	for _, c := range r.Consents {
		row, written := r.uid("consent", c.What), r.when(c.Days, c.At)
		var on, by, at any
		if c.Withdrawn != 0 {
			when := r.when(c.Withdrawn, c.At)
			on, by, at = day(when), r.user(c.By), when
			r.event(when, c.By, timeline.ConsentWithdrawn, row, timeline.Data{"organisation": r.orgOf[c.Organisation].Name})
		}
		r.put("app.consent", row, r.id(), id("organisation", c.Organisation), c.What, c.Purpose, c.How, day(written), day(r.now.AddDate(0, 0, c.Until)), on, c.Words, by, at, r.user(c.By), written)
		r.event(written, c.By, timeline.ConsentGiven, row, timeline.Data{"organisation": r.orgOf[c.Organisation].Name})
	}
}
