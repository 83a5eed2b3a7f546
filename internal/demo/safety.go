package demo

import (
	"fmt"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/timeline"
)

// SafetyPlan is what was agreed with the citizen, and the check-in of today.
type SafetyPlan struct {
	Days     Day             `json:"days"` // ago
	At       string          `json:"at"`
	By       string          `json:"by"`
	IfWorse  string          `json:"if_worse"`
	NotBack  string          `json:"not_back"`
	Contacts []SafetyContact `json:"contacts"`
	CheckIn  *CheckIn        `json:"check_in,omitempty"`
}

// SafetyContact is somebody whom the citizen can contact: a user or a contact by key, or somebody by words.
type SafetyContact struct {
	Key     string `json:"key,omitempty"`
	Who     string `json:"who,omitempty"`
	How     string `json:"how"`
	Hours   string `json:"hours"`
	AnyHour bool   `json:"any_hour,omitempty"`
}

// CheckIn is agreed for today.
type CheckIn struct {
	At      string `json:"at"` // late in the evening when that has passed already
	Grace   int    `json:"grace"`
	Channel string `json:"channel"`
	Alarm   string `json:"alarm"`
	Then    string `json:"then"`
	Repeat  string `json:"repeat,omitempty"`
	Until   int    `json:"until,omitempty"` // days from today
}

// Prompt is an event that nobody has answered yet. Without By the program has seen it itself.
type Prompt struct {
	Rule string `json:"rule"`
	Days Day    `json:"days"`
	At   string `json:"at"`
	By   string `json:"by,omitempty"`
	Note string `json:"note,omitempty"`
}

// safety loads the safety plan, the check-in and the events of a case.
func (r *caseRows) safety() {
	if p := r.Safety; p != nil {
		plan, written := r.id("safety plan"), r.when(p.Days, p.At)
		r.put("app.safety_plan", plan, r.id(), 1, r.text(p.IfWorse), r.text(p.NotBack), day(written), r.user(p.By), written)
		for i, c := range p.Contacts {
			var user, contact any
			if _, ok := r.contacts[c.Key]; ok {
				contact = id("contact", c.Key)
			} else if c.Key != "" {
				user = r.user(c.Key)
			}
			r.put("app.safety_contact", r.id("safety contact", fmt.Sprint(i)), r.id(), plan, i, c.Who, c.How, c.Hours, c.AnyHour, user, contact)
		}
		r.event(written, p.By, timeline.SafetyPlanWritten, r.uid("safety plan"), timeline.Data{"version": "1"})
		if c := p.CheckIn; c != nil {
			agreed, made := at(r.now, c.At), r.when(1, "13:00")
			if !agreed.After(r.now) {
				y, m, d := r.now.Date()
				agreed = time.Date(y, m, d, 23, 30, 0, 0, i18n.Zone)
			}
			var until any
			if c.Repeat != "" {
				until = day(r.now.AddDate(0, 0, c.Until))
			}
			r.put("app.check_in", r.id("check-in"), r.id(), agreed, c.Grace, c.Channel, r.user(c.Alarm), c.Then, c.Repeat, until, r.user(p.By), made)
			r.event(made, p.By, timeline.CheckInAgreed, r.uid("check-in"), timeline.Data{"at": agreed.Format(time.RFC3339)})
		}
	}
	for _, p := range r.Prompts {
		var by, on any
		raised, key := r.when(p.Days, p.At), r.uid("prompt", p.Rule)
		if p.By != "" {
			by, on = r.user(p.By), day(raised)
			r.event(raised, p.By, timeline.PromptRaised, key, timeline.Data{"rule": p.Rule})
		}
		r.put("app.prompt", key, r.id(), p.Rule, "demo", raised, by, on, r.text(p.Note))
	}
}
