package startpages

import (
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// helpView is how the main job is done, in short; which keys there are; what stays private, and what does not.
type helpView struct {
	Page ui.Page
	Who  actor.Actor
}

func (h Handler) help(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, helpPage(helpView{f.Page(w, r, i18n.T(ctx, "help.title"), "help"), actor.From(ctx)}))
}

// job is a part of the work: a title, a few sentences, and for some a place to go.
type job struct{ Key, Href string }

// jobs are the parts of the reader's main job.
func (v helpView) jobs() []job {
	switch v.Who.Role {
	case actor.Admin:
		return []job{{"verify", link.StalePartners}, {"corrections", link.Corrections}, {"gaps", link.Admin}, {"teams", link.Teams}}
	case actor.Auditor:
		return []job{{"trail", link.Log}, {"denied", link.Log + "?slags=denied"}}
	}
	list := []job{{"call", link.Partners}, {"day", link.Day}, {"case", ""}, {"contact", ""}, {"partner", ""}, {"plan", ""}, {"journal", ""}, {"access", ""}}
	if v.Who.RegistersCases() {
		list[2].Href = link.NewCase
	}
	return list
}

// key is something that can be pressed; Single is only for those who turned single letters on.
type key struct {
	Pressed, Key string
	Single       bool
}

// keys are those that lead somewhere for the reader.
func (v helpView) keys() []key {
	list := []key{{"Ctrl K", "palette", false}, {"Shift ×3", "lock", false}, {"Tab", "tab", false}, {"Esc", "esc", false}, {"Enter", "open", false}, {"j / k", "rows", true}}
	if v.Who.WorksCases() {
		list = append(list, key{"g d", "day", true}, key{"g s", "cases", true}, key{"u", "done", true}, key{"e", "edit", true})
	}
	if v.Who.RegistersCases() {
		list = append(list, key{"n s", "new_case", true})
	}
	if v.Who.Role == actor.TeamLead {
		list = append(list, key{"g o", "overview", true})
	}
	return append(list, key{"g p", "partners", true}, key{"?", "help", true})
}

// privacyNotes are what everybody should know about the screen and the trail.
var privacyNotes = []string{"blur", "lock", "trail", "url", "protected", "hidden"}

// accessibilityView is the statement on accessibility, signed in or not.
type accessibilityView struct{ Page ui.Page }

func (h Handler) accessibility(w http.ResponseWriter, r *http.Request) error {
	ctx, title := r.Context(), i18n.T(r.Context(), "a11y.title")
	if actor.From(ctx).Role == "" {
		return page.Render(w, r, http.StatusOK, accessibilityPage(accessibilityView{frame.Bare(w, r, title)}))
	}
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, accessibilityPage(accessibilityView{f.Page(w, r, title, "help")}))
}

// The parts of the statement: what is done, what has been tried and how, and what has not been tried.
var (
	accessibilityDone    = []string{"keyboard", "words", "colour", "reflow", "noscript", "charts", "time"}
	accessibilityTried   = []string{"axe", "keys", "zoom", "contrast"}
	accessibilityUntried = []string{"readers", "people", "speech", "text", "pdf"}
)
