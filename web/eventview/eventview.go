// Package eventview says in words what happened in a case, for every page that shows it:
// the journal's timeline, "Seneste i sagen", the history of the plan, a team lead's overview.
package eventview

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/timeline"
	"samspil/web/ui"
)

// Texts are the words that this package shows: event.<kind> for every kind of [timeline], and notekind.<kind>
// for the kinds of notes. A bar parts the bold beginning of a sentence from the rest.
//
//go:embed text.*.json
var Texts embed.FS

// look is how an event is shown: its symbol, the tone of its dot, and the data that fill its sentence, in order.
type look struct {
	icon, tone string
	data       []string
}

var looks = map[string]look{
	timeline.CaseRegistered:       {"folder", "", nil},
	timeline.CaseChanged:          {"edit", "", nil},
	timeline.SeverityChanged:      {"warning", "r", []string{"from", "to"}},
	timeline.PhaseChanged:         {"arrow-forward", "b", []string{"from", "to"}},
	timeline.SafeContactChanged:   {"warning", "", nil},
	timeline.PersonAdded:          {"person-add", "", []string{"relation"}},
	timeline.PersonChanged:        {"person", "", []string{"relation"}},
	timeline.FactAdded:            {"location-off", "", []string{"kind"}},
	timeline.FactRetired:          {"location-off", "", []string{"kind"}},
	timeline.InvolvementRequested: {"send", "v", []string{"contact", "organisation"}},
	timeline.InvolvementAccepted:  {"how-to-reg", "g", []string{"contact", "organisation"}},
	timeline.InvolvementDeclined:  {"block", "v", []string{"contact", "organisation"}},
	timeline.InvolvementEnded:     {"person-remove", "v", []string{"contact", "organisation"}},
	timeline.InvolvementChanged:   {"persons", "v", []string{"contact", "organisation"}},
	timeline.PlanStarted:          {"checklist", "b", []string{"template"}},
	timeline.PlanChanged:          {"checklist", "", nil},
	timeline.PlanLooked:           {"checklist", "g", nil},
	timeline.PlanSubmitted:        {"send", "b", []string{"version"}},
	timeline.PlanApproved:         {"check", "g", []string{"version"}},
	timeline.PlanReturned:         {"undo", "r", []string{"version"}},
	timeline.PlanOffered:          {"document", "b", []string{"outcome"}},
	timeline.StepAdded:            {"list-add", "", []string{"title"}},
	timeline.StepStarted:          {"arrow-forward", "b", []string{"title"}},
	timeline.StepDone:             {"check", "g", []string{"title"}},
	timeline.StepUndone:           {"undo", "", []string{"title"}},
	timeline.StepRescheduled:      {"time", "", []string{"title", "from", "to"}},
	timeline.StepReleased:         {"time", "", []string{"title"}},
	timeline.StepRepeated:         {"time", "", []string{"title", "to"}},

	timeline.StepPostponed:       {"time", "", []string{"title", "from", "to"}},
	timeline.StepSkipped:         {"block", "", []string{"title"}},
	timeline.StepChanged:         {"edit", "", []string{"title"}},
	timeline.StepAssigned:        {"person", "", []string{"title", "to"}},
	timeline.SuggestionDismissed: {"close", "", []string{"partner_type"}},
	timeline.NoteWritten:         {"edit", "", []string{"kind"}},
	timeline.NoteCorrected:       {"edit", "", []string{"kind"}},
	timeline.AccessGranted:       {"key", "", []string{"name", "kind"}},
	timeline.AccessRevoked:       {"lock", "", []string{"name"}},
	timeline.CaseHandedOver:      {"arrow-forward", "b", []string{"name"}},
	timeline.LevelChanged:        {"lock", "", []string{"from", "to"}},
	timeline.CaseClosed:          {"lock", "", []string{"reason"}},
	timeline.CaseReopened:        {"folder", "b", nil},
	timeline.RiskSigned:          {"shield", "r", []string{"level"}},
	timeline.RiskConfirmed:       {"check", "b", []string{"outcome"}},
	timeline.GateOpened:          {"lock", "r", []string{"until"}},
	timeline.GateShut:            {"lock", "", nil},
	timeline.DeadlineStarted:     {"time", "b", []string{"deadline", "to"}},
	timeline.DeadlineMet:         {"check", "g", []string{"deadline"}},
	timeline.DeadlineReopened:    {"undo", "", []string{"deadline"}},
	timeline.DeadlinePaused:      {"time", "", []string{"deadline"}},
	timeline.DeadlineResumed:     {"time", "", []string{"deadline", "to"}},
	timeline.DeadlineMoved:       {"time", "", []string{"deadline", "from", "to"}},
	timeline.DeadlineCancelled:   {"block", "", []string{"deadline"}},
	timeline.DeadlineRecomputed:  {"time", "", []string{"deadline", "from", "to"}},
	timeline.SignSeen:            {"visibility", "", []string{"group"}},
	timeline.SignRetired:         {"visibility-off", "", []string{"group"}},
	timeline.SuggestionAnswered:  {"flag", "", []string{"rule", "answer"}},
	timeline.ScreeningMade:       {"flag", "b", []string{"outcome", "honour"}},
	timeline.SafetyPlanWritten:   {"shield", "b", []string{"version"}},
	timeline.CheckInAgreed:       {"time", "", []string{"at"}},
	timeline.CheckInOK:           {"check", "g", []string{"at"}},
	timeline.CheckInAlarmed:      {"warning", "r", []string{"at"}},
	timeline.CheckInClosed:       {"check", "", []string{"at"}},
	timeline.CheckInCancelled:    {"block", "", []string{"at"}},
	timeline.PromptRaised:        {"flag", "b", []string{"rule"}},
	timeline.PromptAnswered:      {"flag", "", []string{"rule", "answer"}},
	timeline.SharingOut:          {"send", "v", []string{"organisation"}},
	timeline.SharingIn:           {"arrow-forward", "v", []string{"organisation"}},
	timeline.SharingRefused:      {"block", "v", []string{"organisation"}},
	timeline.SharingHeld:         {"lock", "r", []string{"organisation"}},
	timeline.SharingReleased:     {"key", "r", []string{"organisation"}},
	timeline.SharingKeptBack:     {"lock", "", []string{"organisation"}},

	timeline.ConsentGiven:     {"check", "b", []string{"organisation"}},
	timeline.ConsentWithdrawn: {"block", "r", []string{"organisation"}},

	timeline.DecisionPut:      {"forum", "b", []string{"kind"}},
	timeline.DecisionAsked:    {"forum", "", nil},
	timeline.DecisionAnswered: {"check", "b", []string{"outcome"}},
	timeline.DecisionMade:     {"flag", "g", []string{"kind"}},
	timeline.DecisionDropped:  {"undo", "", []string{"kind"}},
	timeline.DecisionAdded:    {"edit", "", nil},
	timeline.DecisionReviewed: {"visibility", "", []string{"outcome"}},

	timeline.SparringPut:       {"forum", "b", nil},
	timeline.SparringAsked:     {"forum", "", nil},
	timeline.SparringAnswered:  {"check", "b", nil},
	timeline.SparringAskedBack: {"forum", "", nil},
	timeline.SparringReplied:   {"forum", "", nil},
	timeline.SparringNamed:     {"persons", "v", []string{"basis"}},
	timeline.SparringEnded:     {"check", "", []string{"helped"}},
	timeline.SparringLearned:   {"edit", "", nil},

	timeline.ReportMade:       {"time", "b", []string{"number"}},
	timeline.ReportJoined:     {"time", "r", []string{"number"}},
	timeline.ReportReassessed: {"persons", "b", []string{"outcome"}},

	timeline.TemplateAdopted: {"list-add", "b", []string{"version", "added", "changed"}},
	timeline.TemplateKept:    {"list-bulleted", "", []string{"version"}},
	timeline.GuestSent:       {"send", "v", []string{"contact", "organisation"}},
	timeline.GuestRevoked:    {"block", "v", []string{"contact", "organisation"}},
	timeline.GuestOpened:     {"visibility", "v", []string{"contact", "organisation"}},
	timeline.GuestAskedBack:  {"chat", "v", []string{"contact", "organisation"}},
	timeline.GuestFile:       {"document", "v", []string{"contact", "organisation"}},
	timeline.StepNotPossible: {"block", "r", []string{"title"}},

	timeline.ContactOverridden: {"warning", "r", []string{"channel", "why"}},

	timeline.ForumPut:            {"groups", "b", []string{"naming"}},
	timeline.ForumApproved:       {"check", "g", nil},
	timeline.ForumReturned:       {"undo", "r", nil},
	timeline.ForumGiven:          {"send", "v", nil},
	timeline.ForumAnswered:       {"chat", "b", []string{"outcome"}},
	timeline.ForumDecided:        {"flag", "g", nil},
	timeline.ForumReported:       {"flag", "", []string{"state"}},
	timeline.ForumWithdrawn:      {"undo", "", nil},
	timeline.MandateAreaAdded:    {"plus", "", nil},
	timeline.MandateSet:          {"persons", "", nil},
	timeline.MandateAcknowledged: {"check", "g", nil},
}

// noteIcons are the symbols of the kinds of notes.
var noteIcons = map[string]string{"phone": "phone", "meeting": "groups", "home_visit": "home", "conversation": "chat", "sparring": "forum",
	"observation": "visibility", "written": "email", "letter": "email", "hearing": "groups", "decision": "flag"}

// NoteIcon is the symbol of a kind of note.
func NoteIcon(kind string) string {
	if icon := noteIcons[kind]; icon != "" {
		return icon
	}
	return "edit"
}

// Sentence says an event in one line: "Trin udført: Udtalelse fra skolen".
func Sentence(ctx context.Context, e timeline.Event) string {
	title, text := words(ctx, e)
	return strings.TrimSpace(title + " " + text)
}

// Event is an event as the part [ui.Timeline] shows it.
func Event(ctx context.Context, e timeline.Event, _ time.Time) ui.Event {
	title, text := words(ctx, e)
	l := looks[e.Kind]
	switch {
	case e.Kind == timeline.NoteWritten:
		l.icon = NoteIcon(e.Data["kind"])
	case e.Kind == timeline.SeverityChanged && e.Data["to"] != "red" && e.Data["to"] != "orange":
		l.tone = ""
	case l.icon == "":
		l.icon = "history"
	}
	by := e.Actor
	if by == "" { // an alarm, a prompt: nobody did it
		by = i18n.T(ctx, "event.by_system")
	}
	return ui.Event{Icon: l.icon, Tone: l.tone, Title: title, Text: text, By: by, At: e.At}
}

// words are the two parts of a sentence. Where data are missing, those that are there follow the title.
func words(ctx context.Context, e timeline.Event) (title, text string) {
	title, text, _ = strings.Cut(i18n.T(ctx, "event."+e.Kind), "|")
	var args []any
	var known []string
	for _, key := range looks[e.Kind].data {
		if w := word(ctx, e, key); w != "" {
			args, known = append(args, w), append(known, w)
		}
	}
	switch {
	case len(known) == 0:
		return strings.TrimSuffix(title, ":"), ""
	case len(known) < len(looks[e.Kind].data):
		return strings.TrimSuffix(title, ":") + ":", strings.Join(known, ", ")
	}
	return title, fmt.Sprintf(text, args...)
}

// word is one of an event's data as people say it: codes by their names, moments by their dates.
func word(ctx context.Context, e timeline.Event, key string) string {
	v := e.Data[key]
	switch e.Kind {
	case timeline.SeverityChanged:
		if v == "" {
			v = "none"
		}
		return text(ctx, "ui.severity."+v, v)
	case timeline.PhaseChanged:
		return reference.Name(ctx, reference.Phases, v)
	case timeline.SuggestionDismissed:
		return reference.Name(ctx, reference.PartnerTypes, v)
	case timeline.LevelChanged:
		return text(ctx, "event.level."+v, v)
	case timeline.SignSeen, timeline.SignRetired:
		return reference.Name(ctx, reference.SignGroups, v)
	case timeline.SuggestionAnswered, timeline.ScreeningMade:
		if key == "rule" {
			return reference.Item{DA: e.Data["da"], EN: e.Data["en"]}.Name(ctx)
		}
		return text(ctx, "event.screening."+v, v)
	case timeline.FactAdded, timeline.FactRetired:
		return text(ctx, "event.fact."+v, v)
	case timeline.ContactOverridden:
		if key == "why" {
			return text(ctx, "event.contact.why_"+v, v)
		}
		return text(ctx, "event.contact."+v, v)
	case timeline.NoteWritten, timeline.NoteCorrected:
		return NoteKind(ctx, v)
	case timeline.ReportReassessed:
		return text(ctx, "event.finding."+v, v)
	case timeline.CaseClosed:
		return text(ctx, "closing."+v, "")
	case timeline.AccessGranted:
		if key == "kind" {
			return text(ctx, "event.access."+v, v)
		}
	case timeline.PlanStarted:
		if t, ok := reference.TemplateByCode(v); ok {
			return t.Name(ctx)
		}
	case timeline.PlanOffered:
		return text(ctx, "event.offer."+v, v)
	case timeline.StepAssigned:
		if key == "to" && v == "" { // the partner who had it said no, or is done
			return i18n.T(ctx, "event.step.nobody")
		}
	case timeline.DecisionPut, timeline.DecisionMade, timeline.DecisionDropped:
		return reference.Name(ctx, reference.DecisionKinds, v)
	case timeline.ForumPut, timeline.ForumAnswered, timeline.ForumReported:
		if v == "answered" { // the event's own key
			v = "said"
		}
		return text(ctx, "event.forum."+v, v)
	case timeline.DecisionReviewed:
		return text(ctx, "event.decision."+v, v)
	case timeline.SparringNamed:
		return reference.Name(ctx, reference.LegalBases, v)
	case timeline.SparringEnded:
		return text(ctx, "event.sparring."+v, v)
	case timeline.RiskSigned:
		return text(ctx, "ui.severity."+v, v)
	case timeline.RiskConfirmed, timeline.DecisionAnswered:
		return reference.Name(ctx, reference.Confirmations, v)
	case timeline.DeadlineStarted, timeline.DeadlineMet, timeline.DeadlineReopened, timeline.DeadlinePaused, timeline.DeadlineResumed, timeline.DeadlineMoved,
		timeline.DeadlineCancelled, timeline.DeadlineRecomputed:
		if d, ok := reference.DeadlineByCode(v); ok && key == "deadline" {
			return d.Name(ctx)
		}
		if at, err := time.Parse(time.RFC3339, v); err == nil && key != "deadline" {
			return i18n.Date(ctx, at, e.At)
		}
	case timeline.CheckInAgreed, timeline.CheckInOK, timeline.CheckInAlarmed, timeline.CheckInClosed, timeline.CheckInCancelled:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return i18n.DateTime(ctx, at, e.At)
		}
	case timeline.PromptRaised, timeline.PromptAnswered:
		if key == "rule" {
			return reference.Name(ctx, reference.EventTriggers, v)
		}
		return text(ctx, "event.prompt."+v, v)
	case timeline.StepPostponed, timeline.GateOpened, timeline.StepRescheduled, timeline.StepRepeated:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			if withinADay(e.Data) {
				return i18n.DateTime(ctx, at, e.At)
			}
			return i18n.Date(ctx, at, e.At)
		}
	}
	return v
}

// withinADay reports whether something moved from one time of a day to another: then the day alone says nothing.
func withinADay(data timeline.Data) bool {
	from, err1 := time.Parse(time.RFC3339, data["from"])
	to, err2 := time.Parse(time.RFC3339, data["to"])
	return err1 == nil && err2 == nil && i18n.Today(from).Equal(i18n.Today(to))
}

// NoteKind is the name of a kind of note: "Telefonsamtale".
func NoteKind(ctx context.Context, kind string) string { return text(ctx, "notekind."+kind, kind) }

// text is the text for key, or what stands for it where there is none.
func text(ctx context.Context, key, otherwise string) string {
	if !i18n.Has(ctx, key) {
		return otherwise
	}
	return i18n.T(ctx, key)
}
