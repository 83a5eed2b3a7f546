package reference

import (
	"context"
	"sync"

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

// EventTriggerByCode returns one event.
func EventTriggerByCode(code string) (EventTrigger, bool) {
	for _, t := range events() {
		if t.Code == code {
			return t, true
		}
	}
	return EventTrigger{}, false
}
