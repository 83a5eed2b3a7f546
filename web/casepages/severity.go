package casepages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// severityForm is the level of the case: its history, and for writers the choice of a new one.
type severityForm struct {
	caseframe.View
	In      casefile.SeverityInput
	History []casefile.SeverityChange
	Version int
	Lowers  bool // the chosen level is lower: say so, before it is saved (R8)
	Bad     fault.Invalid
	Other   *ui.Conflict
}

func (h Handler) readSeverity(w http.ResponseWriter, r *http.Request) (severityForm, error) {
	var history *[]casefile.SeverityChange
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { history = casefile.SeverityHistory(b) })
	if err != nil {
		return severityForm{}, err
	}
	return severityForm{View: frame, In: casefile.SeverityInput{Level: frame.Case.Severity}, History: *history, Version: frame.Case.Version}, nil
}

func (h Handler) editSeverity(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readSeverity(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, severityPage(v))
}

func (h Handler) saveSeverity(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.SeverityInput{Level: form.Text("level"), Reason: form.Text("reason"), Lower: form.Has("lower")}
	version := form.Int("version")
	err := form.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return casefile.SetSeverity(ctx, tx, version, in) })
	}
	if err == nil {
		return page.Done(w, r, "flash.severity", link.Case(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readSeverity(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	v.Page.Invalid = true
	v.In, v.Bad, v.Lowers = in, bad, in.Level != "" && casefile.Lowers(v.Case.Severity, in.Level)
	if stale {
		v.Other = &ui.Conflict{PII: true, Keep: link.Case(v.Case.Ref)}
		v.Other.Differ("caseframe.severity", levelName(r.Context(), v.Case.Severity), levelName(r.Context(), in.Level))
	} else {
		v.Version = version
	}
	return page.Render(w, r, page.FormStatus(stale), severityPage(v))
}

func levelName(ctx context.Context, level string) string {
	if level == "" {
		level = "none"
	}
	return i18n.T(ctx, "ui.severity."+level)
}
