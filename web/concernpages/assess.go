package concernpages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// assessView is the question of § 136: is there need for help now?
type assessView struct {
	reportframe.View
	In      concern.Assessment
	Version int
	Bad     fault.Invalid
	Stale   bool
}

func (h Handler) readAssessment(w http.ResponseWriter, r *http.Request) (assessView, error) {
	f, err := h.readForm(w, r, "assessment", actor.Write)
	v := assessView{View: f, Version: f.Report.Version}
	if f.Report.Assessed() {
		v.In = concern.Assessment{Acute: "no", Reason: f.Report.AssessReason}
		if f.Report.IsAcute() {
			v.In.Acute = "yes"
		}
	}
	return v, err
}

func (h Handler) showAssessment(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readAssessment(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, assessPage(v))
}

// assess writes the assessment. An acute one leads straight to the case and its acute plan.
func (h Handler) assess(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := concern.Assessment{Acute: form.Text("acute"), Reason: form.Text("reason")}
	version := form.Int("version")
	err := form.Err()
	if err == nil {
		err = reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return concern.Assess(ctx, tx, version, in) })
	}
	ref := reportframe.Ref(r)
	if err == nil && in.Acute == "yes" {
		return page.Done(w, r, "flash.concern.acute", link.ReportCase(ref))
	}
	if err == nil {
		return page.Done(w, r, "flash.concern.assessed", link.Report(ref))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readAssessment(w, r)
	if err != nil {
		return err
	}
	v.In, v.Bad, v.Stale, v.Page.Invalid = in, bad, stale, true
	if !stale {
		v.Version = version
	}
	return page.Render(w, r, page.FormStatus(stale), assessPage(v))
}

func alertKind(c concern.Clock) string {
	if c.Rings() {
		return "err"
	}
	return "warn"
}

func acuteKey(acute bool) string {
	if acute {
		return "concern.acute.yes"
	}
	return "concern.acute.no"
}

// yesNo are the two answers of the assessment, each with what it means.
func yesNo(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "yes", Label: i18n.T(ctx, "concern.acute.yes"), Hint: i18n.T(ctx, "concern.acute.yes.hint")}, {Value: "no", Label: i18n.T(ctx, "concern.acute.no"), Hint: i18n.T(ctx, "concern.acute.no.hint")}}
}

// late is how long the assessment came too late, or is over time now; empty where it is not.
func (v assessView) late(ctx context.Context) string {
	c := v.Report.Clock(v.Now)
	switch {
	case c.Over():
		return i18n.T(ctx, "concern.late.now", i18n.Span(ctx, v.Now.Sub(c.By)))
	case c.Broken():
		return i18n.T(ctx, "concern.late.then", i18n.Span(ctx, c.Met.Sub(c.By)))
	}
	return ""
}

// receiptNobody says why nobody waits for a receipt.
func receiptNobody(v reportframe.View) string {
	if v.Report.Source == concern.Anonymous {
		return concern.Anonymous
	}
	return concern.Adult
}
