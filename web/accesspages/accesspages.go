// Package accesspages shows who may see a case and who has, lets those decide who may decide, and closes cases.
package accesspages

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler serves the pages of this package.
type Handler struct{ DB *db.DB }

// CaseRoutes are the pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/adgang", page.Handle(h.showAccess))
	r.Get("/adgang/giv", page.Handle(h.askAccess))
	r.Post("/adgang/giv", page.Handle(h.giveAccess))
	r.Get("/adgang/fjern/{user}", page.Handle(h.askTake))
	r.Post("/adgang/fjern/{user}", page.Handle(h.takeAccess))
	r.Get("/adgang/overdrag", page.Handle(h.askHandOver))
	r.Post("/adgang/overdrag", page.Handle(h.handOver))
	r.Get("/adgang/udeluk", page.Handle(h.askExclude))
	r.Post("/adgang/udeluk", page.Handle(h.exclude))
	r.Get("/adgang/inhabil", page.Handle(h.askExcludeMe))
	r.Post("/adgang/inhabil", page.Handle(h.excludeMe))
	r.Get("/adgang/ophaev/{user}", page.Handle(h.askLift))
	r.Post("/adgang/ophaev/{user}", page.Handle(h.lift))
	r.Get("/adgang/niveau", page.Handle(h.askLevel))
	r.Post("/adgang/niveau", page.Handle(h.setLevel))
	r.Get("/luk", page.Handle(h.askClose))
	r.Post("/luk", page.Handle(h.closeCase))
	r.Post("/luk/genaabn", page.Handle(h.reopen))
}

// read asks the questions of a page about the case of the path, for people with a right to it, and puts the frame around the answers.
func (h Handler) read(w http.ResponseWriter, r *http.Request, right actor.Rights, queue func(*db.Batch)) (caseframe.View, error) {
	v, err := caseframe.Read(h.DB, w, r, "access", queue)
	if err != nil {
		return v, err
	}
	if !v.May(right) {
		return v, fault.Forbidden
	}
	return v, nil
}

// refusal is the part of an error that a form shows beside its fields; anything else stays an error.
func refusal(err error) (fault.Invalid, error) {
	var bad fault.Invalid
	if errors.As(err, &bad) {
		return bad, nil
	}
	return nil, err
}

// status is that of a form: refused or fresh.
func status(bad fault.Invalid) int {
	if len(bad) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// access is the page about who may and who did.
type access struct {
	caseframe.View
	Grants     []casefile.Grant
	Leads      []casefile.Member // of the team, who read the case without being named
	Exclusions []casefile.Exclusion
	Unsealing  *casefile.Unsealing
	Looks      []casefile.Looks
	Days       int
	Me         uuid.UUID
}

// periods are how far back the list of looks goes, in days.
var periods = []int{30, 365}

func (h Handler) showAccess(w http.ResponseWriter, r *http.Request) error {
	days := periods[0]
	if r.URL.Query().Get("periode") == "aar" {
		days = periods[1]
	}
	var grants *[]casefile.Grant
	var leads *[]casefile.Member
	var exclusions *[]casefile.Exclusion
	var unsealing *db.Found[casefile.Unsealing]
	looks := &[]casefile.Looks{}
	frame, err := h.read(w, r, actor.Read, func(b *db.Batch) {
		grants, leads, exclusions, unsealing = casefile.Grants(b), casefile.TeamLeads(b), casefile.Exclusions(b), casefile.GetUnsealing(b)
		if b.Rights.May(actor.Manage) {
			looks = casefile.WhoLooked(b, days)
		}
	})
	if err != nil {
		return err
	}
	v := access{View: frame, Grants: *grants, Leads: *leads, Exclusions: *exclusions, Looks: *looks, Days: days, Me: actor.From(r.Context()).UserID}
	if unsealing.OK {
		v.Unsealing = &unsealing.Row
	}
	return page.Render(w, r, http.StatusOK, accessPage(v))
}

// live are the grants that give access now, past those that did.
func (v access) live() []casefile.Grant { return v.grants(true) }
func (v access) past() []casefile.Grant { return v.grants(false) }

func (v access) grants(live bool) []casefile.Grant {
	var list []casefile.Grant
	for _, g := range v.Grants {
		if g.Live() == live {
			list = append(list, g)
		}
	}
	return list
}

// leads are the team's leads who are not named on the case themselves. Who does not manage the case
// is not told which of them are excluded, and so sees none by name.
func (v access) leads() []casefile.Member {
	var list []casefile.Member
	for _, l := range v.Leads {
		named := false
		for _, g := range v.live() {
			named = named || g.UserID == l.UserID
		}
		if !named && !v.barred(l.UserID) {
			list = append(list, l)
		}
	}
	return list
}

func (v access) barred(user uuid.UUID) bool {
	for _, x := range v.Exclusions {
		if x.UserID == user {
			return true
		}
	}
	return false
}

func (v access) manages() bool { return v.May(actor.Manage) }

// advises reports whether the reader may ask a colleague for advice without managing the access.
func (v access) advises() bool { return !v.manages() && v.May(actor.Write) }

func (v access) periods(ctx context.Context) []ui.Chip {
	at := link.Access(v.Case.Ref)
	return []ui.Chip{
		{Text: i18n.T(ctx, "access.looks.month"), Href: at + "#kig", Current: v.Days == periods[0]},
		{Text: i18n.T(ctx, "access.looks.year"), Href: at + "?periode=aar#kig", Current: v.Days == periods[1]},
	}
}

// pages names the pages that somebody has opened.
func pages(ctx context.Context, l casefile.Looks) string {
	return words(ctx, "log.page.", l.Pages)
}

func purposes(ctx context.Context, l casefile.Looks) string {
	return words(ctx, "log.purpose.", l.Purposes)
}

func words(ctx context.Context, prefix string, codes []string) string {
	var text string
	for i, c := range codes {
		if i > 0 {
			text += ", "
		}
		if i18n.Has(ctx, prefix+c) {
			c = i18n.T(ctx, prefix+c)
		}
		text += c
	}
	return text
}

// The addresses below the page.
func givePath(ref string) string                 { return link.Access(ref) + "/giv" }
func takePath(ref string, user uuid.UUID) string { return link.Access(ref) + "/fjern/" + user.String() }
func handOverPath(ref string) string             { return link.Access(ref) + "/overdrag" }
func excludePath(ref string) string              { return link.Access(ref) + "/udeluk" }
func excludeMePath(ref string) string            { return link.Access(ref) + "/inhabil" }
func liftPath(ref string, user uuid.UUID) string {
	return link.Access(ref) + "/ophaev/" + user.String()
}
func levelPath(ref string) string  { return link.Access(ref) + "/niveau" }
func reopenPath(ref string) string { return link.CloseCase(ref) + "/genaabn" }
