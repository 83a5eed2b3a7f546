package signinpages

import (
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/signin"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// profileForm is how the reader wants their screen.
type profileForm struct {
	Page                 ui.Page
	Lang, Theme, Density string
	Shortcuts            bool
	CaseWork             bool // of somebody with cases, or an admin: who may be away
	Calendar             bool // of somebody with cases: who may have a calendar
}

func (h Handler) showProfile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	who := actor.From(ctx)
	v := profileForm{Page: f.Page(w, r, i18n.T(ctx, "profile.title"), "profile"), Lang: who.Lang, Theme: who.Theme, Density: who.Density, Shortcuts: who.Shortcuts, CaseWork: who.Role != actor.Auditor,
		Calendar: who.Role == actor.Caseworker || who.Role == actor.Specialist || who.Role == actor.TeamLead}
	return page.Render(w, r, http.StatusOK, profilePage(v))
}

func (h Handler) saveProfile(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	wishes := signin.Profile{Lang: form.Text("lang"), Theme: form.Text("theme"), Density: form.Text("density"), Shortcuts: form.Has("shortcuts")}
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return signin.SetProfile(ctx, tx, wishes) }); err != nil {
		return err
	}
	page.RememberLang(w, wishes.Lang)
	return page.Done(w, r, "flash.profile", link.Profile)
}
