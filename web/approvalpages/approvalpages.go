// Package approvalpages are the pages about the versions of a case's plan: sending it to the team lead, the answer, one version as it stood,
// two side by side; and what serviceloven § 12 a asks of an adult's plan.
package approvalpages

import (
	"context"
	"embed"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/web/page"
	"samspil/web/stepview"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the addresses of a plan's versions.
type Handler struct{ DB *db.DB }

// CaseRoutes are its pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/handlingsplan/godkendelse", page.Handle(h.submitForm))
	r.Post("/handlingsplan/godkendelse", page.Handle(h.submit))
	r.Get("/handlingsplan/versioner", page.Handle(h.list))
	r.Get("/handlingsplan/versioner/{no}", page.Handle(h.one))
	r.Post("/handlingsplan/versioner/{no}/svar", page.Handle(h.answer))
	r.Get("/handlingsplan/sammenlign", page.Handle(h.compare))

	r.Get("/handlingsplan/dele", page.Handle(h.parts))
	r.Post("/handlingsplan/dele", page.Handle(h.saveParts))
	r.Get("/handlingsplan/tilbud", page.Handle(h.offer))
	r.Post("/handlingsplan/tilbud", page.Handle(h.saveOffer))
}

// stateTone is the colour of a version's state; its word says the same.
func stateTone(s plan.VersionState) (tone, icon string) {
	switch s {
	case plan.Approved:
		return "green", "check"
	case plan.Submitted:
		return "blue", "hourglass"
	case plan.Returned:
		return "amber", "undo"
	}
	return "ol", ""
}

// diffRow is a difference as the table shows it.
type diffRow struct {
	plan.Difference
	Was, Now []line
}

// line is one thing that is said in a version of a step: its label, or "" for a text that needs none.
type line struct{ Label, Text string }

// diffRows are the differences of two versions in words.
func diffRows(ctx context.Context, was, now plan.Content) []diffRow {
	rows := []diffRow{}
	for _, d := range plan.Compare(was, now) {
		r := diffRow{Difference: d}
		if d.What == "step" {
			r.Was, r.Now = stepLines(ctx, d, was, d.StepWas), stepLines(ctx, d, now, d.StepNow)
		} else {
			r.Was, r.Now = words(d.Was), words(d.Now)
		}
		rows = append(rows, r)
	}
	return rows
}

func words(s string) []line {
	if s == "" {
		return nil
	}
	return []line{{Text: s}}
}

// stepLines are what the difference is about in one version of the step: of a changed one the fields that differ, of another all that
// says what it is.
func stepLines(ctx context.Context, d plan.Difference, c plan.Content, s *plan.ContentStep) []line {
	if s == nil {
		return nil
	}
	if s.Status == plan.Skipped {
		return []line{{i18n.T(ctx, "version.left_out"), s.Reason + stepview.LeftOut(ctx, s.ReasonCode)}}
	}
	fields := d.Fields
	if d.Kind != plan.Changed {
		fields = []string{"phase", "who", "due"}
	}
	var lines []line
	for _, f := range fields {
		lines = append(lines, line{i18n.T(ctx, "version.field."+f), fieldText(ctx, c, *s, f)})
	}
	if d.Kind != plan.Changed {
		lines = append(lines, furtherLines(ctx, c, *s)...)
	}
	return lines
}

// furtherLines are what else is settled about a step, as far as something is: whoever approves it has read all of it.
func furtherLines(ctx context.Context, c plan.Content, s plan.ContentStep) []line {
	var lines []line
	for _, f := range []string{"detail", "partner_type", "waits", "repeats", "deadline"} {
		if text := saidOf(ctx, c, s, f); text != "" {
			lines = append(lines, line{i18n.T(ctx, "version.field."+f), text})
		}
	}
	return lines
}

// fieldText is what a field of a step says, or the words for nothing.
func fieldText(ctx context.Context, c plan.Content, s plan.ContentStep, field string) string {
	if text := saidOf(ctx, c, s, field); text != "" {
		return text
	}
	return i18n.T(ctx, "version.empty."+field)
}

// saidOf is what a field of a step says, or "".
func saidOf(ctx context.Context, c plan.Content, s plan.ContentStep, field string) string {
	text := map[string]string{"title": s.Title, "detail": s.Detail, "phase": c.PhaseTitle(s.Phase), "who": s.Who, "due": dueText(ctx, c, s)}[field]
	switch field {
	case "waits":
		text = stepview.Waits(ctx, s.Rule(), c.StepTitle)
	case "repeats":
		text = stepview.Repeats(ctx, s.Rule(), time.Time{})
	case "deadline":
		if d, ok := reference.DeadlineByCode(s.Deadline); ok {
			text = d.Name(ctx)
		}
	}
	if field == "partner_type" && s.PartnerType != "" {
		text = reference.Name(ctx, reference.PartnerTypes, s.PartnerType)
	}
	return text
}

// dueText is the day, and what it follows.
func dueText(ctx context.Context, c plan.Content, s plan.ContentStep) string {
	rule := i18n.Capital(stepview.Day(ctx, s.Rule(), c.StepTitle))
	day := dayText(ctx, s)
	if rule == "" || day == "" {
		return rule + day
	}
	return rule + " (" + day + ")"
}

func dayText(ctx context.Context, s plan.ContentStep) string {
	switch {
	case s.DueAt == nil:
		return ""
	case s.Timed:
		return i18n.LongDate(ctx, *s.DueAt) + ", " + i18n.Clock(ctx, *s.DueAt)
	}
	return i18n.LongDate(ctx, *s.DueAt)
}

// subject is what a difference is about, in words.
func (r diffRow) subject(ctx context.Context) string {
	switch r.What {
	case "step":
		return r.Title()
	case "phase":
		title, _, _ := strings.Cut(r.Title(), ": ")
		return i18n.T(ctx, "version.phase", title)
	}
	return i18n.T(ctx, "version.part."+r.What)
}

// kindTone is the colour of the word that says what has become of a thing.
func kindTone(k plan.DifferenceKind) string {
	return map[plan.DifferenceKind]string{plan.Added: "green", plan.Removed: "red", plan.Changed: "blue"}[k]
}
