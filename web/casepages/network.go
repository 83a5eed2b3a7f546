package casepages

import (
	"context"
	"net/http"
	"time"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// network is who is around the citizen: who is responsible for which part, the family, and what must not leave.
type network struct {
	caseframe.View
	Partners []involvement.Involvement
	People   []casefile.Person
	Facts    []casefile.Fact
}

func (h Handler) network(w http.ResponseWriter, r *http.Request) error {
	var (
		partners *[]involvement.Involvement
		people   *[]casefile.Person
		facts    *[]casefile.Fact
	)
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		partners, people, facts = involvement.Involvements(b), casefile.People(b), casefile.Facts(b)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, networkPage(network{View: frame, Partners: *partners, People: *people, Facts: *facts}))
}

// members are the people of the municipality who answer for the case as a whole.
func (v network) members() []casefile.Member {
	var list []casefile.Member
	for _, m := range v.Case.Members {
		if m.Kind != "lead" {
			list = append(list, m)
		}
	}
	return list
}

// live and past part the partners who are in from those whose part is over.
func (v network) live() []involvement.Involvement { return v.choose(true) }
func (v network) past() []involvement.Involvement { return v.choose(false) }

func (v network) choose(live bool) []involvement.Involvement {
	var list []involvement.Involvement
	for _, p := range v.Partners {
		if p.Live() == live {
			list = append(list, p)
		}
	}
	return list
}

// showsFacts reports whether the reader may know that there are protected facts.
func (v network) showsFacts() bool { return v.May(actor.Addresses) }

// basis is the legal basis of a part in one line; none is said plainly (R9).
func basis(ctx context.Context, code string) string {
	if code == "" {
		return i18n.T(ctx, "involvement.basis.none")
	}
	return reference.Name(ctx, reference.LegalBases, code)
}

// partTones are the colours of the states of a part; the word says the same.
var partTones = map[involvement.Status]string{involvement.Asked: "amber", involvement.Accepted: "green", involvement.Declined: "", involvement.Ended: ""}

// answered says when somebody was asked, and when they answered or were done.
func answered(ctx context.Context, p involvement.Involvement, now time.Time) []string {
	asked := i18n.T(ctx, "involvement.asked_on", i18n.Date(ctx, p.AskedAt, now))
	switch {
	case p.EndedAt != nil:
		return []string{asked, i18n.T(ctx, "involvement.ended_on", i18n.Date(ctx, *p.EndedAt, now))}
	case p.AnsweredAt != nil:
		return []string{asked, i18n.T(ctx, "involvement.answered_on", i18n.Date(ctx, *p.AnsweredAt, now))}
	}
	return []string{asked, i18n.Ago(ctx, p.AskedAt, now)}
}

// lastContact says when a note tells of the contact person, or they answered over a link.
func lastContact(ctx context.Context, p involvement.Involvement, now time.Time) string {
	if p.LastContact == nil {
		return i18n.T(ctx, "involvement.no_contact")
	}
	return i18n.Date(ctx, *p.LastContact, now)
}
