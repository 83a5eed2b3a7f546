package forumpages

import (
	"context"
	"strings"
	"time"

	"samspil/internal/i18n"
	"samspil/web/ui"
)

// decision is what stands in the form of a decision.
type decision struct {
	Key, What, Seat, Due string
	Hint, Save           string // text keys: what becomes of it
	Family               bool   // it sounds as if it reached the family: it is asked about
	Gate                 bool   // there is a case with a gate: whether it does is asked (R1)
	Reaches              bool
	Who                  []ui.Option
}

// answerBy says by when a seat answers what it was asked: on a day, or else at the meeting.
func answerBy(ctx context.Context, by *time.Time, meeting, now time.Time) string {
	switch {
	case by == nil:
		return i18n.T(ctx, "forum.answer_by.meeting", i18n.DateTime(ctx, meeting, now))
	case i18n.Days(*by, now) < 0:
		return i18n.T(ctx, "forum.answer_by.late", i18n.Date(ctx, *by, now))
	}
	return i18n.T(ctx, "forum.answer_by.on", i18n.Date(ctx, *by, now))
}

// mismatch reports whether an item rests on another head of § 115 than that of its meeting, or on one where the meeting stands outside.
func mismatch(basis, frame string) bool {
	return on115(basis) && !strings.HasPrefix(basis, "RPL_115_"+frame)
}

// keep is what was typed, in the form that comes back and in no other.
func keep(refused bool, words string) string {
	if refused {
		return words
	}
	return ""
}
