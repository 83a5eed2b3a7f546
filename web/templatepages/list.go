package templatepages

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/template"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView are all templates.
type listView struct {
	Page ui.Page
	Now  time.Time
	List []template.Listed
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var list *[]template.Listed
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, list = frame.Ask(b), template.All(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{f.Page(w, r, i18n.T(ctx, "template.list"), "admin"), now, *list}))
}

// state says where a template stands: which version is in use, and whether somebody writes on a new one.
func state(ctx context.Context, l template.Listed, now time.Time) string {
	if l.No == 0 {
		return i18n.T(ctx, "template.only_draft", l.DraftBy, i18n.Date(ctx, *l.DraftAt, now))
	}
	text := versionName(ctx, l.Version)
	if !l.House {
		text += ", " + i18n.T(ctx, "template.published", l.PublishedBy, i18n.Date(ctx, l.PublishedAt, now))
	}
	if l.DraftAt != nil {
		text += " · " + i18n.T(ctx, "template.draft_by", l.DraftBy, i18n.Date(ctx, *l.DraftAt, now))
	}
	return text
}

// aboutView is the form of a template as a whole, new or known.
type aboutView struct {
	view
	New   bool
	Key   uuid.UUID
	Mark  string
	In    template.AboutInput
	Fixed bool // the area stays
}

func (v aboutView) action() string {
	if v.New {
		return link.NewTemplate
	}
	return link.Template(v.Code) + "/om"
}

func readAbout(f *page.Form) template.AboutInput {
	return template.AboutInput{DA: f.Text("da"), EN: f.Text("en"), Area: f.Text("area"), Level: f.Text("default_level")}
}

func (h Handler) newTemplate(w http.ResponseWriter, r *http.Request) error {
	return h.newForm(w, r, http.StatusOK, aboutView{New: true, Key: uuid.New()})
}

func (h Handler) newForm(w http.ResponseWriter, r *http.Request, status int, v aboutView) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	v.Page = f.Page(w, r, i18n.T(ctx, "template.new"), "admin")
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, aboutPage(v))
}

func (h Handler) add(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := aboutView{New: true, Key: f.ID("key"), In: readAbout(f)}
	if v.Key == uuid.Nil {
		v.Key = uuid.New()
	}
	var code string
	bad, _, err := h.write(r, func(tx *db.Tx) (err error) { code, err = template.Add(r.Context(), tx, v.Key, v.In); return err })
	if err != nil {
		return err
	}
	if bad != nil {
		v.Bad = bad
		return h.newForm(w, r, http.StatusUnprocessableEntity, v)
	}
	return page.Done(w, r, "flash.template.made", link.Template(code))
}

func (h Handler) about(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	t := v.Now()
	return page.Render(w, r, http.StatusOK, aboutPage(aboutView{view: v, Mark: template.Mark(template.About(t)), In: template.AboutInput{DA: t.DA, EN: t.EN, Area: t.Area, Level: t.Level}, Fixed: len(v.Versions) > 0}))
}

func (h Handler) saveAbout(w http.ResponseWriter, r *http.Request) error {
	f, code := page.ReadForm(r), page.Param(r, "template")
	in, seen := readAbout(f), f.Text("mark")
	bad, stale, err := h.write(r, func(tx *db.Tx) error { return template.ChangeAbout(r.Context(), tx, code, seen, in) })
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.template.saved", link.Template(code))
	}
	one, err := h.read(w, r)
	if err != nil {
		return err
	}
	v := aboutView{view: one, Mark: seen, In: in, Fixed: len(one.Versions) > 0}
	v.Bad, v.Page.Invalid = bad, true
	if stale {
		t := one.Now()
		v.Mark, v.Conflict = template.Mark(template.About(t)), &ui.Conflict{By: one.writer(), Keep: link.Template(code)}
		v.Conflict.Differ("template.field.da", t.DA, in.DA)
		v.Conflict.Differ("template.field.en", t.EN, in.EN)
		v.Conflict.Differ("template.field.default_level", t.Level, in.Level)
	}
	return page.Render(w, r, page.FormStatus(stale), aboutPage(v))
}

// writer is who wrote in the draft last.
func (v view) writer() string {
	if v.Draft == nil {
		return ""
	}
	return v.Draft.ChangedBy
}

// show is one template.
func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

// arrange moves a step or a phase, or takes it out: the pressed button says what and which.
func (h Handler) arrange(w http.ResponseWriter, r *http.Request) error {
	f, code := page.ReadForm(r), page.Param(r, "template")
	version := f.Int("version")
	var what, part, flash string
	for _, name := range []string{template.Up, template.Down, template.Remove} {
		if f.Has(name) {
			what, part, flash = name, f.Text(name), "flash.template."+name
		}
	}
	if f.Err() != nil || what == "" {
		version = -1 // nonsense is no version, and so somebody else was faster
	}
	_, stale, err := h.write(r, func(tx *db.Tx) error { return template.Arrange(r.Context(), tx, code, part, what, version) })
	if err != nil {
		return err
	}
	if stale {
		page.Say(w, page.Flash{Key: "flash.template.stale", Warn: true})
	} else {
		page.Say(w, page.Flash{Key: flash})
	}
	return page.Redirect(w, r, link.Template(code))
}

func (h Handler) discard(w http.ResponseWriter, r *http.Request) error {
	f, code := page.ReadForm(r), page.Param(r, "template")
	version := f.Int("version")
	_, stale, err := h.write(r, func(tx *db.Tx) error { return template.Discard(r.Context(), tx, code, version) })
	if err != nil {
		return err
	}
	if stale {
		page.Say(w, page.Flash{Key: "flash.template.stale", Warn: true})
		return page.Redirect(w, r, link.Templates)
	}
	return page.Done(w, r, "flash.template.discarded", link.Templates)
}

func (h Handler) retire(w http.ResponseWriter, r *http.Request) error {
	on, code, flash := page.ReadForm(r).Text("on") == "nej", page.Param(r, "template"), "flash.template.reinstated"
	if on {
		flash = "flash.template.retired"
	}
	if _, _, err := h.write(r, func(tx *db.Tx) error { return template.Retire(r.Context(), tx, code, on) }); err != nil {
		return err
	}
	return page.Done(w, r, flash, link.Template(code))
}
