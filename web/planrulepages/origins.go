package planrulepages

import (
	"net/http"
	"strconv"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/internal/planrule"
	"samspil/web/frame"
	"samspil/web/page"
	"samspil/web/ui"
)

// originsView is how the partners of the lead's cases came in, quarter by quarter, and what came of the rules.
type originsView struct {
	Page    ui.Page
	Now     time.Time
	Origins []overview.Origin
	Rules   []planrule.Rule
	Uses    []planrule.Use
}

func (h Handler) origins(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var origins *[]overview.Origin
	var rules *[]planrule.Rule
	var uses *[]planrule.Use
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, origins, rules, uses = frame.Ask(b), overview.Origins(b), planrule.Rules(b), planrule.Uses(b)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, originsPage(originsView{f.Page(w, r, i18n.T(ctx, "origins.title"), "overview"), now, *origins, *rules, *uses}))
}

// count is a number as it may be told, or "–".
func count(n *int) string {
	if n == nil {
		return "–"
	}
	return strconv.Itoa(*n)
}
