package partner

import (
	"cmp"
	"slices"
	"time"
)

// Rank orders people the way one would try them: who can be reached now, then with whom one
// has worked most, then whose number was verified lately, then who opens soonest.
func Rank(people []Callable, now time.Time) []Callable {
	type ranked struct {
		Callable
		at Availability
	}
	all := make([]ranked, len(people))
	for i, c := range people {
		all[i] = ranked{c, c.Availability(now)}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(
			yesFirst(a.at.Open, b.at.Open),
			cmp.Compare(b.Together, a.Together),
			yesFirst(!a.Stale(now), !b.Stale(now)),
			sooner(a.at, b.at),
			newer(a.VerifiedOn, b.VerifiedOn),
			cmp.Compare(a.Name, b.Name))
	})
	out := make([]Callable, len(all))
	for i, r := range all {
		out[i] = r.Callable
	}
	return out
}

func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// sooner puts the one that opens first before the other, and one without hours last.
func sooner(a, b Availability) int {
	if a.Known != b.Known {
		return yesFirst(a.Known, b.Known)
	}
	return a.OpensAt.Compare(b.OpensAt)
}

func newer(a, b *time.Time) int {
	switch {
	case a == nil || b == nil:
		return yesFirst(a != nil, b != nil)
	default:
		return b.Compare(*a)
	}
}
