package templatepages

import (
	"context"
	"net/http"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// publishView is what a draft changes, on its way to be used.
type publishView struct {
	view
	Rows   []row
	Warn   []warning
	Faults []template.Fault
	Words  string
	Stale  bool
}

// warning is something that an admin ought to see before plans begin from it.
type warning struct{ Key, Subject string }

func (h Handler) readPublish(w http.ResponseWriter, r *http.Request) (publishView, error) {
	one, err := h.read(w, r)
	if err != nil {
		return publishView{}, err
	}
	v := publishView{view: one}
	if v.Draft == nil {
		return v, nil
	}
	var was reference.Template
	if p, ok := v.published(); ok {
		was = p.Content
	}
	list := template.Compare(was, v.Draft.Content)
	v.Rows, v.Warn, v.Faults = rows(r.Context(), list), warnings(r.Context(), list), template.Check(v.Draft.Content)
	return v, nil
}

// warnings are about law and safety: what is taken out that carries out a deadline, and what sounds like the family and does not wait.
func warnings(ctx context.Context, list []template.Difference) []warning {
	var out []warning
	for _, d := range list {
		switch {
		case d.What != "step":
		case d.Kind == template.Removed && d.Was.RequiresGate != "":
			out = append(out, warning{"template.warn.gate_removed", title(ctx, d.Was)})
		case d.Kind == template.Removed && d.Was.DeadlineCode != "":
			out = append(out, warning{"template.warn.deadline_removed", title(ctx, d.Was)})
		case d.Kind != template.Removed && d.Now.RequiresGate == "" && plan.SoundsLikeFamily(d.Now.TitleDA):
			out = append(out, warning{"template.warn.family", title(ctx, d.Now)})
		}
	}
	return out
}

func (h Handler) preview(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPublish(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, publishPage(v))
}

func (h Handler) publish(w http.ResponseWriter, r *http.Request) error {
	f, code := page.ReadForm(r), page.Param(r, "template")
	version, words := f.Int("version"), f.Text("words")
	if f.Err() != nil {
		version = -1 // nonsense is no version, and so somebody else was faster
	}
	bad, stale, err := h.write(r, func(tx *db.Tx) error { _, err := template.Publish(r.Context(), tx, code, version, words); return err })
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.template.published", link.Template(code))
	}
	v, err := h.readPublish(w, r)
	if err != nil {
		return err
	}
	if stale && v.Draft == nil && len(v.Versions) > 0 && v.Versions[0].Words == words && v.Versions[0].PublishedBy == v.Page.Actor.Name {
		return page.Done(w, r, "flash.template.published", link.Template(code)) // pressed twice
	}
	v.Bad, v.Words, v.Stale, v.Page.Invalid = bad, words, stale, true
	return page.Render(w, r, page.FormStatus(stale), publishPage(v))
}

// compareView is two versions side by side.
type compareView struct {
	view
	From, To template.Version // the draft has no label
	Rows     []row
}

// find is a version of the template by its label, or the draft.
func (v view) find(label string) (template.Version, bool) {
	if label == inDraft && v.Draft != nil {
		return template.Version{Code: v.Code, Content: v.Draft.Content}, true
	}
	for _, x := range v.Versions {
		if x.Label == label && label != "" {
			return x, true
		}
	}
	return template.Version{}, false
}

// current is the label of what the page shows: the draft, else the newest version.
func (v view) current() string {
	if v.Draft != nil {
		return inDraft
	}
	return v.Versions[0].Label
}

// compareHref is the comparison of the newest with what was before it; empty where there is nothing to compare.
func (v view) compareHref() string {
	switch {
	case v.Draft != nil && len(v.Versions) > 0:
		return link.CompareTemplate(v.Code, v.Versions[0].Label, inDraft)
	case len(v.Versions) > 1:
		return link.CompareTemplate(v.Code, v.Versions[1].Label, v.Versions[0].Label)
	}
	return ""
}

func compareText(ctx context.Context, v view) string {
	if v.compareHref() == "" {
		return ""
	}
	return i18n.T(ctx, "template.compare")
}

func (h Handler) compare(w http.ResponseWriter, r *http.Request) error {
	one, err := h.read(w, r)
	if err != nil {
		return err
	}
	v, q := compareView{view: one}, r.URL.Query()
	if !q.Has("fra") && !q.Has("til") { // nothing chosen: the newest, and what was before it
		if to := one.compareHref(); to != "" {
			return page.Redirect(w, r, to)
		}
		q.Set("fra", one.current())
		q.Set("til", one.current())
	}
	var from, to bool
	v.From, from = one.find(q.Get("fra"))
	v.To, to = one.find(q.Get("til"))
	if !from || !to {
		return fault.NotFound
	}
	v.Rows = rows(r.Context(), template.Compare(v.From.Content, v.To.Content))
	return page.Render(w, r, http.StatusOK, comparePage(v))
}

// options are the versions to choose from.
func (v compareView) options(ctx context.Context) []ui.Option {
	var list []ui.Option
	if v.Draft != nil {
		list = append(list, ui.Option{Value: inDraft, Label: i18n.T(ctx, "template.draft")})
	}
	for _, x := range v.Versions {
		list = append(list, ui.Option{Value: x.Label, Label: versionName(ctx, x)})
	}
	return list
}

func label(v template.Version) string {
	if v.Label == "" {
		return inDraft
	}
	return v.Label
}

// before is what the draft is compared with.
func (v publishView) before(ctx context.Context) string {
	if p, ok := v.published(); ok {
		return versionName(ctx, p)
	}
	return i18n.T(ctx, "template.before.none")
}
