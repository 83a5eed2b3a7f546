package signinpages

import (
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
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
	Bad                  fault.Invalid
}

func (h Handler) showProfile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	who := actor.From(ctx)
	v := profileForm{Page: f.Page(w, r, i18n.T(ctx, "profile.title"), "profile"), Lang: who.Lang, Theme: who.Theme, Density: who.Density, Shortcuts: who.Shortcuts}
	return page.Render(w, r, http.StatusOK, profilePage(v))
}

func (h Handler) saveProfile(w http.ResponseWriter, r *http.Request) error {
	ctx, form := r.Context(), page.ReadForm(r)
	lang, theme, density := form.Text("lang"), form.Text("theme"), form.Text("density")
	if lang != "da" && lang != "en" || theme != "" && theme != "light" && theme != "dark" || density != "" && density != "airy" {
		return fault.NotFound // only a forged form gets here
	}
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error {
		_, err := tx.Tx.Exec(ctx, `SELECT auth.set_profile($1, $2, $3, $4)`, lang, theme, density, form.Has("shortcuts"))
		return err
	})
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	page.Say(w, page.Flash{Key: "flash.profile"})
	return page.Redirect(w, r, link.Profile)
}
