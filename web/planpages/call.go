package planpages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/calendar"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// callView is one suggestion: whom the plan calls for, why, and who can be called.
type callView struct {
	plan.Call
	Ref   string
	Now   time.Time
	Write bool
	Look  look
}

func (c callView) url(action string) string {
	return link.Plan(c.Ref) + "/forslag/" + url.PathEscape(c.PartnerType) + "/" + action
}

// part is the suggestion as the box shows it.
func (c callView) part(ctx context.Context) ui.Call {
	out := ui.Call{ID: "forslag-" + c.PartnerType, Title: i18n.T(ctx, "plan.call", partnerview.TypeName(ctx, c.PartnerType)), Why: c.why(ctx)}
	if c.Write {
		out.DismissHref = c.url("afvis")
		if q := c.Look.query(); q != "" {
			out.DismissHref += "?v=" + url.QueryEscape(q)
		}
	}
	if p := c.Person; p != nil {
		face := partnerview.Person(*p)
		out.Person, out.Sub = &face, partnerview.Under(*p)
		out.Avail, out.Relation, out.Note = partnerview.Avail(ctx, *p, c.Now), partnerview.Relation(ctx, *p), p.BeforeCall
	}
	return out
}

// why says what asks: the rule with its time, or the step with its deadline.
func (c callView) why(ctx context.Context) string {
	s := ""
	if c.Hit != nil {
		s = c.Hit.Name(ctx) + ". " + i18n.T(ctx, "plan.call.since", i18n.DateTime(ctx, c.Hit.Since, c.Now)) + " " + c.timeLeft(ctx)
		if c.Hit.Certainty == "proposal" {
			s += " " + i18n.T(ctx, "plan.call.proposal")
		} else {
			s += " " + i18n.T(ctx, "plan.call.law", c.Hit.Law)
		}
	}
	if c.Step != nil {
		if s != "" {
			s += " "
		}
		s += i18n.T(ctx, "plan.call.step", c.Step.Title)
		if c.Step.DueAt != nil {
			s += " " + i18n.T(ctx, "plan.call.due", i18n.Date(ctx, *c.Step.DueAt, c.Now), i18n.Relative(ctx, *c.Step.DueAt, c.Now))
		}
	}
	return s
}

// timeLeft says how long the rule still gives: clock hours as hours, days of the office as days.
func (c callView) timeLeft(ctx context.Context) string {
	due := c.Hit.Due()
	switch {
	case due.Before(c.Now):
		return i18n.T(ctx, "plan.call.passed", i18n.DateTime(ctx, due, c.Now))
	case c.Hit.Unit.HasTime():
		return i18n.T(ctx, "plan.call.before", i18n.DateTime(ctx, due, c.Now)) + " " + i18n.N(ctx, "plan.call.hours", int(due.Sub(c.Now).Hours()))
	}
	return i18n.T(ctx, "plan.call.before", i18n.Date(ctx, due, c.Now)) + " " + i18n.N(ctx, "plan.call.days."+string(c.Hit.Unit), calendar.Between(c.Now, due, c.Hit.Unit, c.Hit.Settings()))
}

// drawIn answers a suggestion with its person.
func (h Handler) drawIn(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	said := "flash.plan.asked"
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		step, err := plan.DrawIn(ctx, tx, page.Param(r, "type"), f.ID("contact"))
		if step != uuid.Nil {
			said = "flash.plan.drawn_in"
		}
		return err
	})
	if _, refused := refusals(err); refused {
		return h.again(w, r, http.StatusConflict, "plan.changed_meanwhile") // the partner was asked at the same moment
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, said, formLook(r).href(caseframe.Ref(r)))
}

// dismissView asks why a suggestion is not relevant.
type dismissView struct {
	caseframe.View
	Call   callView
	Code   string // one of [planrule.Reasons]
	Reason string
	Bad    fault.Invalid
}

func (h Handler) dismiss(w http.ResponseWriter, r *http.Request) error {
	return h.renderDismiss(w, r, http.StatusOK, "", "", nil)
}

func (h Handler) renderDismiss(w http.ResponseWriter, r *http.Request, status int, code, reason string, bad fault.Invalid) error {
	d, err := h.read(r)
	if err != nil {
		return err
	}
	v := d.view(w, r)
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	v.Page.Invalid = len(bad) > 0
	for _, c := range d.asked.Calls(v.Case, v.Now) {
		if c.PartnerType == page.Param(r, "type") {
			return page.Render(w, r, status, dismissPage(dismissView{v, callView{c, v.Case.Ref, v.Now, true, viewLook(r)}, code, reason, bad}))
		}
	}
	if reference.Known(reference.PartnerTypes, page.Param(r, "type")) {
		return page.Redirect(w, r, link.Plan(v.Case.Ref)) // answered meanwhile
	}
	return fault.NotFound
}

func (h Handler) saveDismiss(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	code, reason := f.Text("reason_code"), f.Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return plan.Dismiss(ctx, tx, page.Param(r, "type"), code, reason)
	})
	if bad, refused := refusals(err); refused {
		return h.renderDismiss(w, r, http.StatusUnprocessableEntity, code, reason, bad)
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.plan.dismissed", formLook(r).href(caseframe.Ref(r)))
}

func (v planView) call(c plan.Call) callView {
	return callView{c, v.Case.Ref, v.Now, v.write(), v.Look}
}
