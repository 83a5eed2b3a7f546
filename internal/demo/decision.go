package demo

import (
	"fmt"
	"time"

	"samspil/internal/decision"
	"samspil/internal/timeline"
)

// Decision is a question that was put before others, and the decision where there is one.
type Decision struct {
	Days     Day       `json:"days"` // ago
	At       string    `json:"at"`
	By       string    `json:"by"`
	Kind     string    `json:"kind"`
	Question string    `json:"question"`
	Options  string    `json:"options"`
	Leaning  string    `json:"leaning,omitempty"`
	AnswerBy int       `json:"answer_by,omitempty"` // days from today
	Asked    []Witness `json:"asked"`
	Made     *Made     `json:"made,omitempty"`
}

// Witness is a user or a contact by key, with their answer where there is one. By wrote it down.
type Witness struct {
	Key     string `json:"key"`
	Outcome string `json:"outcome,omitempty"`
	Remarks string `json:"remarks,omitempty"`
	By      string `json:"by,omitempty"`
	Hours   int    `json:"hours,omitempty"` // after they were asked
}

// Made is what was decided, so many hours after the question was put.
type Made struct {
	By     string `json:"by"`
	Hours  int    `json:"hours"`
	Choice string `json:"choice"`
	Reason string `json:"reason"`
	Family string `json:"family"`
}

// decisions loads the decisions of a case.
func (r *caseRows) decisions() {
	for i, d := range r.Decisions {
		key := []string{"decision", fmt.Sprint(i)}
		row, put := r.uid(key...), r.when(d.Days, d.At)
		later := func(hours int) time.Time {
			if at := put.Add(time.Duration(hours) * time.Hour); at.Before(r.now) {
				return at
			}
			return r.now.Add(-time.Minute)
		}
		r.put("app.decision", row, r.id(), d.Kind, r.text(d.Question), r.text(d.Options), r.text(d.Leaning), r.user(d.By), put)
		r.event(put, d.By, timeline.DecisionPut, row, timeline.Data{"kind": d.Kind})
		var by any
		if d.AnswerBy > 0 {
			by = day(Due(r.now, d.AnswerBy))
		}
		for _, w := range d.Asked {
			ask, writer := r.uid(append(key, w.Key)...), w.Key
			var user, contact any
			if _, ok := r.contacts[w.Key]; ok {
				contact, writer = id("contact", w.Key), w.By
			} else {
				user = r.user(w.Key)
			}
			r.put("app.decision_ask", ask, r.id(), row, user, contact, by, r.user(d.By), put)
			if w.Outcome != "" {
				r.put("app.decision_answer", r.id(), ask, w.Outcome, r.text(w.Remarks), r.user(writer), later(w.Hours))
				r.event(later(w.Hours), writer, timeline.DecisionAnswered, row, timeline.Data{"outcome": w.Outcome})
			}
		}
		if m := d.Made; m != nil {
			at := later(m.Hours)
			r.put("app.decision_made", r.id(), row, d.Kind, decision.Made, r.text(m.Choice), r.text(m.Reason), m.Family, r.user(m.By), at)
			r.event(at, m.By, timeline.DecisionMade, row, timeline.Data{"kind": d.Kind})
		}
	}
}
