package partnerpages

import (
	"context"
	"slices"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// finder is "Hvem ringer jeg til?": the question, the usual situations, and the people to call in their order.
type finder struct {
	Query  string
	Search bool // free words may be written: not on the pages of a case, where they would be about the citizen
	Chips  []ui.Chip
	Lead   string
	Hit    *hit
}

// hit is the answer of the finder.
type hit struct {
	Title  string
	Danger bool // 112 stands before everybody
	Calls  []call
}

// call is one place in the order.
type call struct {
	partner.Call
	Reason string
	First  bool   // of those in the order who answer now: the one filled button
	Known  bool   // has a part in the case
	Asked  bool   // but has not said yes
	AddURL string // draws the person into the case; empty without a case
}

// chips are the situations as links; url makes the address of one.
func chips(ctx context.Context, list []partner.Situation, current string, url func(code string) string) []ui.Chip {
	var all []ui.Chip
	for _, s := range list {
		all = append(all, ui.Chip{Text: i18n.T(ctx, "situation."+s.Code), Href: url(s.Code), Current: s.Code == current})
	}
	return all
}

// answer puts people into the order of a situation, with the reason for each place.
func answer(ctx context.Context, s partner.Situation, title string, people []partner.Callable, area string, known map[string]bool, now time.Time) *hit {
	h := &hit{Title: title, Danger: s.Danger}
	for _, c := range partner.Ring(s, people, area, known, now) {
		line := call{Call: c, Reason: i18n.T(ctx, "situation."+s.Code+"."+c.Turn.Code)}
		line.Known = c.Person != nil && known[c.Person.ContactID.String()]
		h.Calls = append(h.Calls, line)
	}
	if i := slices.IndexFunc(h.Calls, func(c call) bool { return c.Person != nil && c.Person.Availability(now).Open }); i >= 0 {
		h.Calls[i].First = true
	} else if len(h.Calls) > 0 {
		h.Calls[0].First = true
	}
	return h
}

// missing names the partner type that nobody fills.
func missing(ctx context.Context, t partner.Turn) string {
	return partnerview.TypeName(ctx, t.Types[0])
}
