package partnerpages

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// rowsPerPage is how many people one page of the admin's list shows.
const rowsPerPage = 40

// adminView is the list from which the admin keeps the directory.
type adminView struct {
	Page    ui.Page
	Now     time.Time
	View    string // "", "gamle" or "udgaaede"
	Chips   []ui.Chip
	Orgs    []adminOrg
	Waiting int // corrections in the queue
	Total   int
	Paging  ui.Paging
	Calls   map[uuid.UUID]bool // who wants to be called about their details
}

// adminOrg is an organisation with its people, retired ones in the list of the retired.
type adminOrg struct {
	Org    partner.Organisation
	People []partner.Callable
}

func (h Handler) admin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var orgs *[]partner.Organisation
	var people *[]partner.Callable
	var open *[]partner.Correction
	var questions *[]partner.Question
	now, err := h.DB.Read(ctx, me(r), func(b *db.Batch) {
		f, orgs, people, open = frame.Ask(b), partner.Organisations(b), partner.Callables(b, partner.Query{Retired: true}), partner.OpenCorrections(b)
		questions = partner.Questions(b, uuid.Nil)
	})
	if err != nil {
		return err
	}
	v := adminView{Page: f.Page(w, r, title(r, "diradmin.title"), "admin"), Now: now, View: r.URL.Query().Get("vis"), Waiting: len(*open)}
	v.Calls = waiting(*questions)
	shown := map[string]func(partner.Callable, partner.Organisation) bool{
		"": func(c partner.Callable, _ partner.Organisation) bool { return c.Active },
		"gamle": func(c partner.Callable, _ partner.Organisation) bool {
			return c.Active && (c.Stale(now) || v.Calls[c.ContactID])
		},
		"udgaaede": func(c partner.Callable, _ partner.Organisation) bool { return !c.Active },
	}
	if shown[v.View] == nil {
		v.View = ""
	}
	counts := map[string]int{}
	for _, o := range *orgs {
		group := adminOrg{Org: o}
		for _, c := range *people {
			if c.OrganisationID != o.ID {
				continue
			}
			for name, show := range shown {
				if show(c, o) {
					counts[name]++
				}
			}
			if shown[v.View](c, o) {
				group.People = append(group.People, c)
			}
		}
		if len(group.People) > 0 || v.View == "" && o.Active || v.View == "udgaaede" && !o.Active {
			v.Orgs = append(v.Orgs, group)
		}
	}
	v.Total = counts[v.View]
	v.Orgs, v.Paging = paged(v.Orgs, func(g adminOrg) int { return len(g.People) }, rowsPerPage, r.URL.Query(), link.AdminPartners, "")
	for _, c := range []struct{ view, href string }{{"", link.AdminPartners}, {"gamle", link.StalePartners}, {"udgaaede", link.RetiredPartner}} {
		v.Chips = append(v.Chips, ui.Chip{Text: i18n.T(ctx, "diradmin.view."+strings.TrimSuffix("active-"+c.view, "-")), Href: c.href, Current: c.view == v.View, Count: counts[c.view]})
	}
	return page.Render(w, r, http.StatusOK, adminPage(v))
}

// conflicts compares what is in the form with what is saved; keep is where what is saved is shown.
func conflicts(ctx context.Context, mine, saved []partner.Fact, people []partner.Callable, keep string) *ui.Conflict {
	c := &ui.Conflict{Keep: keep}
	for i, f := range mine {
		if f.Value != saved[i].Value {
			c.Versions = append(c.Versions, ui.Version{Label: "partner.fact." + f.Name, Mine: factText(ctx, f.Name, f.Value, people), Saved: factText(ctx, f.Name, saved[i].Value, people)})
		}
	}
	return c
}

// versioned reads the hidden version of a form; nonsense matches no row and so is a conflict.
func versioned(f *page.Form) int {
	n, err := strconv.Atoi(f.Text("version"))
	if err != nil {
		return -1
	}
	return n
}

// act runs a small action of the admin on a row with a version, says so, and goes to where it shows.
func (h Handler) act(w http.ResponseWriter, r *http.Request, flash, to string, fn func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error) error {
	id, version := page.ID(r, "id"), versioned(page.ReadForm(r))
	if err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return fn(r.Context(), tx, id, version) }); err != nil {
		return err
	}
	return page.Done(w, r, flash, to)
}
