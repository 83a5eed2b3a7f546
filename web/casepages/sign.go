package casepages

import (
	"context"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/screening"
)

// signGroup is how often signs of a group have been seen.
type signGroup struct {
	Name  string
	Count int
}

// signGroups are the groups in which something has been seen, in their own order, own observations last.
func (v overview) signGroups(ctx context.Context) []signGroup {
	counts := map[string]int{}
	for _, c := range v.Signs {
		sign, _ := reference.SignByCode(c.Code)
		counts[sign.Group] += c.Count
	}
	var list []signGroup
	for _, g := range append(reference.Items(reference.SignGroups), reference.Item{}) {
		name := g.Name(ctx)
		if g.Code == "" {
			name = i18n.T(ctx, "signs.own")
		}
		if counts[g.Code] > 0 {
			list = append(list, signGroup{name, counts[g.Code]})
		}
	}
	return list
}

// lastSign is when something was seen last.
func lastSign(list []screening.GroupCount) time.Time {
	var last time.Time
	for _, c := range list {
		if c.Last.After(last) {
			last = c.Last
		}
	}
	return last
}

// signsLabel says what the way to the signs is for: writers note there, others read.
func signsLabel(ctx context.Context, v overview) string {
	if mayWrite(v.View) {
		return i18n.T(ctx, "overview.signs.add")
	}
	n := 0
	for _, c := range v.Signs {
		n += c.Count
	}
	return i18n.N(ctx, "signs.all", n)
}
