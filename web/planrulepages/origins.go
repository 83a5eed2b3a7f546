package planrulepages

import (
	"context"
	"net/http"
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

// chart is the shares of a quarter as bars, the newest quarter first.
func (v originsView) chart(ctx context.Context) ui.Chart {
	c := ui.Chart{ID: "oprindelse-h", RowName: i18n.T(ctx, "origins.quarter"),
		Series: []ui.Series{{Name: i18n.T(ctx, "origins.plan"), Tone: "k1"}, {Name: i18n.T(ctx, "origins.trigger"), Tone: "k2"}, {Name: i18n.T(ctx, "origins.ad_hoc"), Tone: "k0"}}}
	for _, o := range v.Origins {
		c.Rows = append(c.Rows, ui.ChartRow{Label: quarterName(ctx, o.Quarter), Values: []int{o.Plan, o.Trigger, o.AdHoc}})
	}
	if len(v.Origins) > 0 {
		c.Conclusion = share(ctx, v.Origins[0])
	}
	return c
}

// share says of a quarter how many partners came in, and how large a part of them nothing had called for.
func share(ctx context.Context, o overview.Origin) string {
	return i18n.T(ctx, "origins.share", quarterName(ctx, o.Quarter), o.All(), percent(o.Plan, o.All()), percent(o.Trigger, o.All()), percent(o.AdHoc, o.All()))
}

func percent(n, of int) int {
	if of == 0 {
		return 0
	}
	return (n*100 + of/2) / of
}
