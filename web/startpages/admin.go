package startpages

import (
	"context"
	"net/http"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// How much the panels of the admin's page show.
const (
	staleShown       = 12
	correctionsShown = 8
)

// adminView is the state of the directory. An admin never sees a case.
type adminView struct {
	Page        ui.Page
	Now         time.Time
	Counts      overview.DirectoryCounts
	Stale       []overview.StaleContact
	Corrections []overview.Correction
	Coverage    []overview.Coverage
	Templates   []template.Version // that plans begin from
}

func (h Handler) admin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var (
		f           *frame.Frame
		counts      *overview.DirectoryCounts
		stale       *[]overview.StaleContact
		corrections *[]overview.Correction
		coverage    *[]overview.Coverage
		templates   *[]template.Version
	)
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, counts, coverage = frame.Ask(b), overview.Directory(b), overview.Covered(b)
		templates = template.InUse(b, "")
		stale, corrections = overview.StaleContacts(b, staleShown), overview.Corrections(b, correctionsShown)
	})
	if err != nil {
		return err
	}
	v := adminView{Page: f.Page(w, r, i18n.T(ctx, "ui.nav.admin"), "admin"), Now: now, Counts: *counts, Stale: *stale, Corrections: *corrections, Coverage: *coverage, Templates: *templates}
	return page.Render(w, r, http.StatusOK, adminPage(v))
}

// gap is a partner type that the plan templates call for, and that nobody can be called about for certain.
type gap struct {
	Name     string
	Contacts int // contact persons, none of them verified
	Steps    int // steps of templates that call for the type
}

// gaps are the partner types of the plan templates without any verified contact person, those with nobody at all first.
func (v adminView) gaps(ctx context.Context) []gap {
	contacts, verified, steps := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range v.Coverage {
		contacts[c.PartnerType], verified[c.PartnerType] = c.Contacts, c.Verified
	}
	for _, t := range v.Templates {
		for _, p := range t.Content.Phases {
			for _, s := range p.Steps {
				for _, code := range s.PartnerTypes {
					steps[code]++
				}
			}
		}
	}
	var empty, old []gap
	for _, t := range reference.AllPartnerTypes() { // in the order of the reference data
		switch g := (gap{t.Name(ctx), contacts[t.Code], steps[t.Code]}); {
		case g.Steps == 0 || verified[t.Code] > 0:
		case g.Contacts == 0:
			empty = append(empty, g)
		default:
			old = append(old, g)
		}
	}
	return append(empty, old...)
}

func (v adminView) kpis(ctx context.Context) []ui.KPI {
	c := v.Counts
	return []ui.KPI{
		{Label: i18n.T(ctx, "admin.kpi.organisations"), Value: i18n.Number(ctx, c.Organisations), Note: i18n.N(ctx, "admin.kpi.external", c.External), Href: link.AdminPartners},
		{Label: i18n.T(ctx, "admin.kpi.contacts"), Value: i18n.Number(ctx, c.Contacts), Note: i18n.N(ctx, "admin.kpi.verified", c.Contacts-c.Stale), Href: link.AdminPartners},
		{Label: i18n.T(ctx, "admin.kpi.stale"), Value: i18n.Number(ctx, c.Stale), Note: i18n.T(ctx, "admin.kpi.stale.note"), Tone: tone(c.Stale), Href: link.StalePartners},
		{Label: i18n.T(ctx, "admin.kpi.corrections"), Value: i18n.Number(ctx, c.Corrections), Note: i18n.T(ctx, "admin.kpi.corrections.note"), Href: link.Corrections},
		{Label: i18n.T(ctx, "admin.kpi.gaps"), Value: i18n.Number(ctx, len(v.gaps(ctx))), Note: i18n.T(ctx, "admin.kpi.gaps.note"), Tone: tone(len(v.gaps(ctx))), Href: "#gaps"},
	}
}

// tone marks a number that somebody should do something about.
func tone(n int) string {
	if n > 0 {
		return "bad"
	}
	return ""
}

// verified says when a contact's data were verified: "aldrig", or the date and how long ago.
func verified(ctx context.Context, c overview.StaleContact, now time.Time) string {
	if c.VerifiedOn == nil {
		return i18n.T(ctx, "admin.never")
	}
	return i18n.T(ctx, "admin.verified", i18n.Date(ctx, *c.VerifiedOn, now), i18n.Ago(ctx, *c.VerifiedOn, now))
}

func staleContact(c overview.StaleContact) ui.Person {
	return ui.Person{Name: c.Name, Title: c.Title, Org: c.Organisation, External: c.External, PhotoURL: link.Photo(c.PhotoID, "s"), Href: link.EditContact(c.ID)}
}
