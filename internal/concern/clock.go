package concern

import (
	"time"

	"samspil/internal/deadline"
	"samspil/internal/i18n"
)

// The law's times of a report in the children's area.
const (
	// AssessWithin is how long the municipality has to decide whether a child needs help now: clock hours, nights and
	// holidays included (barnets lov § 136; R2).
	AssessWithin = 24 * time.Hour
	// RingWithin is when the bell rings: the last hours of the 24 (a proposal, not law).
	RingWithin = 4 * time.Hour
	// LateAfter is when a registration counts as late, and says why.
	LateAfter = time.Hour
)

// Clock is where the 24 hours stand. The zero By is no clock: the adults' area has none.
type Clock struct {
	By  time.Time
	Met *time.Time // when it was assessed
	Now time.Time
}

// Runs reports whether there is a clock, and nobody has assessed yet.
func (c Clock) Runs() bool { return !c.By.IsZero() && c.Met == nil }

// Left is how long is left; negative when it is over time.
func (c Clock) Left() time.Duration { return c.By.Sub(c.Now) }

// Over reports whether the clock runs and its time has passed.
func (c Clock) Over() bool { return c.Runs() && c.Left() < 0 }

// Rings reports whether the clock is in its last four hours, or over.
func (c Clock) Rings() bool { return c.Runs() && c.Left() <= RingWithin }

// Broken reports whether the assessment came too late. It is said, and asks for nothing more.
func (c Clock) Broken() bool { return c.Over() || c.Met != nil && !c.By.IsZero() && c.Met.After(c.By) }

// AssessBy is when a report of an area must be assessed; nil where no law sets a time.
func AssessBy(area string, received time.Time) *time.Time {
	if area != Child {
		return nil
	}
	by := received.Add(AssessWithin) // elapsed hours: the night when the clocks change makes no difference
	return &by
}

// The deadlines of a report (R2, R4), as the reference data calls them.
const (
	deadlineAssess  = "UND_24H"
	deadlineReceipt = "UND_RECEIPT"

	deadlineAssessment = "BFU_4M" // of the case that follows
)

// outcomeAssessment is the outcome of a screening that a child assessment follows (§ 20).
const outcomeAssessment = "assessment"

// ReceiptBy is when the reporter must have a receipt by the rules of the municipality: the end of the 6th hverdag after the
// report (barnets lov § 138). Nil: there is nobody to answer, or the adults' area, which has no such rule.
func ReceiptBy(rules deadline.Rules, area, source string, received time.Time) *time.Time {
	rule, ok := rules.Find(deadlineReceipt)
	if area != Child || source == Anonymous || !ok || !rule.Active {
		return nil
	}
	by := rules.Due(rule, received)
	return &by
}

// At is the moment that a day and a time of day mean in the office. In the hour that comes twice, when summer time ends,
// it is the first: the clock never gives more time than there is.
func At(day time.Time, clock time.Duration) time.Time {
	y, m, d := day.In(i18n.Zone).Date()
	at := time.Date(y, m, d, int(clock.Hours()), int(clock.Minutes())%60, 0, 0, i18n.Zone)
	if earlier := at.Add(-time.Hour); earlier.In(i18n.Zone).Hour() == at.Hour() {
		return earlier.In(i18n.Zone)
	}
	return at
}
