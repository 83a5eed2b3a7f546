package casepages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// profileForm is the case in short, to be changed.
type profileForm struct {
	caseframe.View
	In      casefile.ProfileInput
	Until   string // as typed
	Version int
	Bad     fault.Invalid
	Other   *ui.Conflict
}

func (h Handler) editProfile(w http.ResponseWriter, r *http.Request) error {
	var p *casefile.Profile
	frame, err := h.readForm(w, r, "overview", func(b *db.Batch) { p = casefile.GetProfile(b) })
	if err != nil {
		return err
	}
	v := profileForm{View: frame, In: p.ProfileInput, Until: fieldDate(p.NameAddressUntil), Version: p.Version}
	return page.Render(w, r, http.StatusOK, profilePage(v))
}

func (h Handler) saveProfile(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.ProfileInput{
		Situation: form.Text("situation"), CitizenWish: form.Text("citizen_wish"), LegalGround: form.Text("legal_ground"), Interpreter: form.Text("interpreter"),
		ControlTypes: form.Texts("control_types"), Anonymous: form.Has("anonymous"), NameAddressProtection: form.Has("name_address_protection"),
		NameAddressUntil: date(form.Date("name_address_until")), SpecialAddressProtection: form.Has("special_address_protection"),
		Phase: form.Text("phase"), ConflictPhase: form.Text("conflict_phase"),
	}
	version := form.Int("version")
	err := form.With(in.Validate())
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return casefile.ChangeProfile(ctx, tx, version, in) })
	}
	if err == nil {
		return page.Done(w, r, "flash.profile_saved", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	var now *casefile.Profile
	frame, err := h.readForm(w, r, "overview", func(b *db.Batch) { now = casefile.GetProfile(b) })
	if err != nil {
		return err
	}
	v := profileForm{View: frame, In: in, Until: form.Text("name_address_until"), Version: version, Bad: bad}
	v.Page.Invalid = true
	if stale {
		v.Version, v.Other = now.Version, profileConflict(r.Context(), *now, in, frame)
	}
	return page.Render(w, r, page.FormStatus(stale), profilePage(v))
}

// profileConflict sets what somebody else saved beside what the reader wrote.
func profileConflict(ctx context.Context, now casefile.Profile, in casefile.ProfileInput, v caseframe.View) *ui.Conflict {
	c := &ui.Conflict{PII: true, By: now.ChangedBy, Keep: link.Case(v.Case.Ref)}
	c.Differ("profile.situation", now.Situation, in.Situation)
	c.Differ("profile.wish", now.CitizenWish, in.CitizenWish)
	c.Differ("profile.ground", now.LegalGround, in.LegalGround)
	c.Differ("profile.interpreter", now.Interpreter, in.Interpreter)
	control := func(ctx context.Context, code string) string {
		return reference.Name(ctx, reference.ControlTypes, code)
	}
	c.Differ("profile.control", list(ctx, now.ControlTypes, control), list(ctx, in.ControlTypes, control))
	c.Differ("caseframe.phase", reference.Name(ctx, reference.Phases, now.Phase), reference.Name(ctx, reference.Phases, in.Phase))
	c.Differ("profile.conflict_phase", reference.Name(ctx, reference.ConflictPhases, now.ConflictPhase), reference.Name(ctx, reference.ConflictPhases, in.ConflictPhase))
	c.Differ("profile.anonymous", yes(ctx, now.Anonymous), yes(ctx, in.Anonymous))
	c.Differ("ui.flag.name_address", yes(ctx, now.NameAddressProtection), yes(ctx, in.NameAddressProtection))
	c.Differ("profile.until", fieldDate(now.NameAddressUntil), fieldDate(in.NameAddressUntil))
	c.Differ("ui.flag.special_address", yes(ctx, now.SpecialAddressProtection), yes(ctx, in.SpecialAddressProtection))
	return c
}

func yes(ctx context.Context, b bool) string {
	if b {
		return i18n.T(ctx, "answer.yes")
	}
	return i18n.T(ctx, "answer.no")
}

// fieldDate is a day as a form field holds it.
func fieldDate(t *time.Time) string {
	if t == nil {
		return ""
	}
	return i18n.FieldDate(*t)
}

// list names codes in one line.
func list(ctx context.Context, codes []string, name func(context.Context, string) string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = name(ctx, c)
	}
	return strings.Join(names, ", ")
}
