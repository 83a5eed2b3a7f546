package remindpages

import (
	"context"
	"net/http"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/remind"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// settingsView is when the municipality reminds, as it is or as it was typed.
type settingsView struct {
	Page          ui.Page
	Before, After string
	OnDay         bool
	Version       int
	Bad           fault.Invalid
	Conflict      *ui.Conflict
}

// ask reads what is set.
func (h Handler) ask(w http.ResponseWriter, r *http.Request) (settingsView, remind.Settings, error) {
	ctx := r.Context()
	var f *frame.Frame
	var s *remind.Settings
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, s = frame.Ask(b), remind.Get(b) }); err != nil {
		return settingsView{}, remind.Settings{}, err
	}
	return settingsView{Page: f.Page(w, r, i18n.T(ctx, "remind.title"), "admin"), Before: strconv.Itoa(s.BeforeDays), After: strconv.Itoa(s.LeadAfter), OnDay: s.OnDay, Version: s.Version}, *s, nil
}

func (h Handler) settings(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.ask(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, settingsPage(v))
}

func (h Handler) saveSettings(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), page.ReadForm(r)
	in := remind.Settings{BeforeDays: number(f.Text("before")), LeadAfter: number(f.Text("after")), OnDay: f.Has("on_day"), Version: number(f.Text("version"))}
	bad, stale, err := page.Refused(h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return remind.Set(ctx, tx, in) }))
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.remind.saved", link.AdminReminders)
	}
	v, saved, err := h.ask(w, r)
	if err != nil {
		return err
	}
	v.Before, v.After, v.OnDay, v.Bad, v.Page.Invalid = f.Text("before"), f.Text("after"), in.OnDay, bad, true
	if stale {
		v.Conflict = &ui.Conflict{Keep: link.AdminReminders}
		v.Conflict.Differ("remind.before", strconv.Itoa(saved.BeforeDays), v.Before)
		v.Conflict.Differ("remind.on_day", yesNo(ctx, saved.OnDay), yesNo(ctx, in.OnDay))
		v.Conflict.Differ("remind.after", strconv.Itoa(saved.LeadAfter), v.After)
	}
	return page.Render(w, r, page.FormStatus(stale), settingsPage(v))
}

// number reads a whole number; what is none is out of every bound.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return i18n.T(ctx, "remind.yes")
	}
	return i18n.T(ctx, "remind.no")
}
