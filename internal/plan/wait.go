package plan

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxWaits is how many things a step may wait for; the database says the same.
const MaxWaits = 5

// Await is one thing that a step waits for: an event of [Awaitable], or another step of the case by its id.
type Await string

// Awaitable are the events that a step may wait for.
var Awaitable = []Await{"risk_signed", "report_received"}

// ForStep is waiting until a step is done.
func ForStep(id uuid.UUID) Await { return Await(id.String()) }

// Step is the step that is waited for; ok is false for an event.
func (w Await) Step() (id uuid.UUID, ok bool) {
	id, err := uuid.Parse(string(w))
	return id, err == nil && ForStep(id) == w
}

// known reports whether it can be waited for, as far as that can be said without the case.
func (w Await) known() bool {
	_, ok := w.Step()
	return ok || slices.Contains(Awaitable, w)
}

// AwaitedThing is one thing that a step waits for, and whether it has come.
type AwaitedThing struct {
	Await
	Title string     // of a step
	Came  *time.Time // nil: not yet
}

// Awaits are the things that the step waits for, those that have come too.
func (s Step) Awaits() []AwaitedThing {
	list := make([]AwaitedThing, len(s.WaitsFor))
	for i, w := range s.WaitsFor {
		list[i] = AwaitedThing{w, s.WaitsTitles[i], s.Came[i]}
	}
	return list
}

// Waits reports whether the step waits: not everything that it waits for has come, and nobody has begun it all the same.
func (s Step) Waits() bool { return s.Open() && len(s.WaitsFor) > 0 && s.ReleasedAt == nil }

// WaitsOn reports whether the step still waits for another one.
func (s Step) WaitsOn(id uuid.UUID) bool {
	i := slices.Index(s.WaitsFor, ForStep(id))
	return i >= 0 && s.Waits() && s.Came[i] == nil
}

// WaitTitle is what a step is called that this one waits for, or "".
func (s Step) WaitTitle(id uuid.UUID) string {
	if i := slices.Index(s.WaitsFor, ForStep(id)); i >= 0 {
		return s.WaitsTitles[i]
	}
	return ""
}

// sameWaits reports whether two steps wait for the same things, in whatever order.
func sameWaits(a, b []Await) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(w Await) bool { return !slices.Contains(b, w) })
}

// onceEach are the things without those that are named again.
func onceEach(list []Await) []Await {
	var out []Await
	for _, w := range list {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
