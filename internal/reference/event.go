package reference

import (
	"context"
	"sync"
	"time"

	"samspil/internal/i18n"
)

// EventTrigger is something that can happen to a case and asks for something (domain.md 5; all but the law named in Law
// are proposals, and the pages say so).
type EventTrigger struct {
	Item
	SuggestDA string `json:"suggest_da"` // what to do about it
	SuggestEN string `json:"suggest_en"`
	Certainty string `json:"certainty"` // "sourced" or "proposal"
	Law       string `json:"law"`       // the paragraph, where the law says it
	Days      int    `json:"days"`      // how long without an answer, or so long before the moment
	// WithinHours is how soon after it happened the suggestion is to be followed, in hours; zero: no time is said.
	// Like the suggestion a proposal, and no deadline of the law.
	WithinHours int `json:"within_hours"`
}

// DueAt is when the suggestion is to be followed at the latest, after what happened at that moment; zero: no time is said.
func (t EventTrigger) DueAt(happened time.Time) time.Time {
	if t.WithinHours == 0 {
		return time.Time{}
	}
	return happened.Add(time.Duration(t.WithinHours) * time.Hour)
}

// Suggestion is what to do about it, in the reader's language.
func (t EventTrigger) Suggestion(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" {
		return t.SuggestEN
	}
	return t.SuggestDA
}

var events = sync.OnceValue(func() []EventTrigger {
	return parse[struct {
		List []EventTrigger `json:"event_triggers"`
	}]().List
})

// TimedEvents are the codes of the events that say how soon their suggestion is to be followed.
func TimedEvents() []string {
	codes := []string{}
	for _, t := range events() {
		if t.WithinHours > 0 {
			codes = append(codes, t.Code)
		}
	}
	return codes
}

// EventTriggerByCode returns one event.
func EventTriggerByCode(code string) (EventTrigger, bool) {
	for _, t := range events() {
		if t.Code == code {
			return t, true
		}
	}
	return EventTrigger{}, false
}
