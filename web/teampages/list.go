package teampages

import (
	"context"
	"net/http"
	"strings"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/team"
	"samspil/web/frame"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView are all teams.
type listView struct {
	Page  ui.Page
	Teams []team.Team
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var teams *[]team.Team
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, teams = frame.Ask(b), team.Teams(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{f.Page(w, r, i18n.T(ctx, "teams.title"), "admin"), *teams}))
}

// deskless are the areas in which nobody sees a report of concern that comes in, of those that have a team.
func (v listView) deskless() []string {
	var areas []string
	for _, area := range team.Areas {
		any, desk := false, false
		for _, t := range v.Teams {
			any = any || t.Area == area
			desk = desk || t.Area == area && t.Intake && t.Members > 0
		}
		if any && !desk {
			areas = append(areas, area)
		}
	}
	return areas
}

func leadNames(t team.Team) string { return strings.Join(t.Leads, ", ") }

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return i18n.T(ctx, "teams.yes")
	}
	return i18n.T(ctx, "teams.no")
}
