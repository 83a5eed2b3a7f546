package concernpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/timeline"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// reportView is one report on one page.
type reportView struct {
	reportframe.View
	Cases   []concern.CaseLink
	Reviews []concern.Reassessment
	Desk    []concern.Colleague
	Events  []concern.Event
	Bad     fault.Invalid
	Text    string // of an addition that was refused
	Me      uuid.UUID
	Rules   deadline.Rules
}

// What is to be done next with a report.
const (
	nextAssess    = "assess"
	nextCase      = "case"       // acute: the case and its plan come before everything else
	nextScreen    = "screen"     // which concludes it
	nextCaseAfter = "case_after" // it was screened before anybody made the case that the outcome asks for
)

// next is the one thing that is to be done now with the report; empty for those who may not, or where nothing is.
func (v reportView) next() string {
	switch r := v.Report; {
	case r.Concluded():
		if v.Report.MakesCase && (v.Report.CaseMissing || len(v.Cases) == 0) {
			return nextCaseAfter
		}
		return ""
	case !v.May(actor.Write):
		return ""
	case !r.Assessed():
		return nextAssess
	case r.IsAcute() && len(v.Cases) == 0:
		return nextCase
	}
	return nextScreen
}

func (h Handler) readReport(w http.ResponseWriter, r *http.Request) (reportView, error) {
	var cases *[]concern.CaseLink
	var reviews *[]concern.Reassessment
	var desk *[]concern.Colleague
	var events *[]concern.Event
	var rules deadline.RuleRows
	f, err := reportframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		cases, reviews, desk, events = concern.Cases(b), concern.OfReport(b), concern.Desk(b, b.Rights.May(actor.Write)), concern.Events(b)
		rules = deadline.AskRules(b)
	})
	if err != nil {
		return reportView{}, err
	}
	return reportView{View: f, Cases: *cases, Reviews: *reviews, Desk: *desk, Events: *events, Me: actor.From(r.Context()).UserID, Rules: rules.Rules()}, nil
}

func (h Handler) showReport(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readReport(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, reportPage(v))
}

// assign takes the report, or hands it over.
func (h Handler) assign(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	me := actor.From(r.Context()).UserID
	to := form.ID("to")
	if form.Text("go") == "take" {
		to = me
	}
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return concern.Assign(ctx, tx, to, form.ID("was")) })
	if err == nil {
		key := "flash.concern.handed"
		if to == me {
			key = "flash.concern.taken"
		}
		return page.Done(w, r, key, link.Report(reportframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readReport(w, r)
	if err != nil {
		return err
	}
	if stale {
		bad = fault.Invalid{"to": "concern.assign.stale"}
	}
	v.Bad, v.Page.Invalid = bad, true
	return page.Render(w, r, page.FormStatus(stale), reportPage(v))
}

// to is whom the report may be handed over to.
func (v reportView) to(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "concern.choose")}}
	for _, c := range v.Desk {
		if v.Report.AssignedTo == nil || *v.Report.AssignedTo != c.ID {
			options = append(options, ui.Option{Value: c.ID.String(), Label: c.Name})
		}
	}
	return options
}

// mayTake reports whether the reader is of the desk and has not got the report.
func (v reportView) mayTake() bool {
	for _, c := range v.Desk {
		if c.ID == v.Me {
			return v.Report.AssignedTo == nil || *v.Report.AssignedTo != v.Me
		}
	}
	return false
}

func (v reportView) was() map[string]string {
	if v.Report.AssignedTo == nil {
		return nil
	}
	return map[string]string{"was": v.Report.AssignedTo.String()}
}

// sentence is what happened to a report.
func sentence(ctx context.Context, e concern.Event, now time.Time) string {
	key := "concern.event." + strings.TrimPrefix(e.Kind, "report.")
	switch e.Kind {
	case concern.EventAssigned, concern.EventReviewer:
		return i18n.T(ctx, key, e.Data["to"])
	case concern.EventAssessed:
		if e.Data["late"] == "true" {
			return i18n.T(ctx, key+"."+e.Data["acute"]) + " " + i18n.T(ctx, "concern.event.late")
		}
		return i18n.T(ctx, key+"."+e.Data["acute"])
	case concern.EventAdded:
		return i18n.T(ctx, key, e.Data["text"])
	case concern.EventReceived:
		return i18n.T(ctx, key, moments(ctx, e.Data["from"], now), moments(ctx, e.Data["to"], now), e.Data["reason"])
	case concern.EventReceipt:
		said := i18n.T(ctx, key, i18n.T(ctx, "concern.how."+e.Data["how"]))
		if e.Data["assured"] == "true" {
			said += ". " + i18n.T(ctx, "concern.event.assured")
		}
		return said
	case concern.EventCase:
		return i18n.T(ctx, key+"."+e.Data["how"])
	case timeline.SuggestionAnswered:
		return i18n.T(ctx, key+"."+e.Data["answer"])
	case timeline.ScreeningMade:
		return i18n.T(ctx, key, i18n.T(ctx, "concern.outcome."+e.Data["outcome"]))
	case concern.EventContact, concern.EventPhone:
		return i18n.T(ctx, key, e.Data["reason"])
	case concern.EventChannel:
		return i18n.T(ctx, key, i18n.T(ctx, "concern.channel."+e.Data["channel"]))
	}
	if i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "concern.event.other")
}

func moments(ctx context.Context, stamp string, now time.Time) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return i18n.DateTime(ctx, t, now)
}

func personWords(ctx context.Context, p concern.Person, now time.Time) string {
	var parts []string
	if age := reportframe.Age(ctx, p.Born, p.Age, p.AgeOn, now); age != "" {
		parts = append(parts, age)
	}
	if p.CPRMasked != "" {
		parts = append(parts, "CPR "+p.CPRMasked)
	}
	return strings.Join(parts, " · ")
}

// childHead is the head of the panel of people, with the way to correct the child for those who may.
func childHead(ctx context.Context, v reportView) ui.PanelHead {
	head := ui.PanelHead{ID: "hvem", Title: i18n.T(ctx, "concern.people")}
	if v.May(actor.Write) {
		head.LinkText, head.LinkHref = i18n.T(ctx, "concern.child.title"), link.ReportChild(v.Report.Ref)
	}
	return head
}
