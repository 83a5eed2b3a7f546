package templatepages

import (
	"context"
	"net/http"
	"slices"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/template"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// newsView is what the template of a case's plan says otherwise since the plan took it up.
type newsView struct {
	caseframe.View
	Plan    plan.Plan
	Newest  template.Version
	Changes []plan.TemplateChange
	Chosen  []string
	Stale   bool
	Bad     fault.Invalid
}

func (h Handler) readNews(w http.ResponseWriter, r *http.Request) (newsView, error) {
	var ask *plan.TemplateNews
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { ask = plan.AskTemplateNews(b) })
	if err != nil {
		return newsView{}, err
	}
	p, ok := ask.Plan()
	if !ok || p.TemplateCode == "" {
		return newsView{}, fault.NotFound
	}
	v := newsView{View: frame, Plan: p, Changes: ask.List()}
	v.Newest, _ = ask.Newest()
	return v, nil
}

func (h Handler) news(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readNews(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, newsPage(v))
}

func (h Handler) adopt(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	version, chosen, decline := f.Text("version"), f.Texts("step"), f.Text("go") == "keep"
	if decline {
		chosen = nil
	}
	bad := fault.Invalid{}
	bad.Check("step", decline || len(chosen) > 0, plan.NothingChosen)
	stale, seen := false, false
	if len(bad) == 0 {
		var err error
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
			seen, err = plan.OnItsPage(ctx, tx, func() error { return plan.Adopt(ctx, tx, version, chosen) })
			return err
		})
		if bad, stale, err = page.Refused(err); err != nil {
			return err
		}
	}
	if len(bad) == 0 && !stale {
		key := "flash.plan.template_adopted"
		if decline {
			key = "flash.plan.template_kept"
		} else if seen {
			key += ".seen"
		}
		return page.Done(w, r, key, link.Plan(caseframe.Ref(r)))
	}
	v, err := h.readNews(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	v.Bad, v.Stale, v.Chosen, v.Page.Invalid = bad, stale, chosen, true
	return page.Render(w, r, page.FormStatus(stale), newsPage(v))
}

// write reports whether the reader may choose.
func (v newsView) write() bool { return v.May(actor.Write) }

func (v newsView) chosen(c plan.TemplateChange) bool { return slices.Contains(v.Chosen, c.Key()) }

// can reports whether the reader may take it up.
func (v newsView) can(c plan.TemplateChange) bool {
	return v.write() && c.Why == "" && c.Kind != template.Removed
}

// any reports whether there is anything to choose.
func (v newsView) any() bool { return slices.ContainsFunc(v.Changes, v.can) }

// lines are what a change says, field by field: what it was, and is now. Of what the office wrote itself it says that it stays.
func lines(ctx context.Context, c plan.TemplateChange) []line {
	var list []line
	r := rowOf(ctx, c.Difference)
	switch c.Kind {
	case template.Added:
		return r.Now
	case template.Removed:
		return r.Was
	}
	for i, f := range c.Fields {
		text := i18n.T(ctx, "adopt.from_to", r.Was[i].Text, r.Now[i].Text)
		if slices.Contains(c.Kept, f) {
			text = i18n.T(ctx, "adopt.kept", r.Now[i].Text)
		}
		list = append(list, line{r.Now[i].Label, text})
	}
	return list
}
