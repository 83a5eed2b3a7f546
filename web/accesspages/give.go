package accesspages

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

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

// people is what the forms that choose a colleague have in common.
type people struct {
	caseframe.View
	Colleagues []casefile.Colleague
	Grants     []casefile.Grant
	Exclusions []casefile.Exclusion
	Bad        fault.Invalid
}

// readPeople asks for the colleagues, and for what they are in the case already.
func (h Handler) readPeople(w http.ResponseWriter, r *http.Request, right actor.Rights) (people, error) {
	var colleagues *[]casefile.Colleague
	var grants *[]casefile.Grant
	var exclusions *[]casefile.Exclusion
	frame, err := h.read(w, r, right, func(b *db.Batch) {
		colleagues, grants, exclusions = casefile.Colleagues(b), casefile.Grants(b), casefile.Exclusions(b)
	})
	if err != nil {
		return people{}, err
	}
	return people{View: frame, Colleagues: *colleagues, Grants: *grants, Exclusions: *exclusions}, nil
}

// refuse marks a form as one that was refused.
func (p *people) refuse(bad fault.Invalid) {
	p.Bad, p.Page.Invalid = bad, len(bad) > 0
}

func (p people) manages() bool { return p.May(actor.Manage) }

// options are the colleagues who work with cases, and whom keep keeps; those who are excluded are left out for
// those who know of it.
func (p people) options(ctx context.Context, keep func(casefile.Colleague) bool) []ui.Option {
	list := []ui.Option{{Value: "", Label: i18n.T(ctx, "access.choose")}}
	for _, c := range p.Colleagues {
		if !(actor.Actor{Role: actor.Role(c.Role)}).WorksCases() || p.excluded(c.ID) || !keep(c) {
			continue
		}
		label := c.Name
		if c.Title != "" {
			label += ", " + c.Title
		}
		if kind := p.kind(c.ID); kind != "" {
			label += " (" + i18n.T(ctx, "access.kind."+kind) + ")"
		}
		list = append(list, ui.Option{Value: c.ID.String(), Label: label})
	}
	return list
}

func (p people) excluded(user uuid.UUID) bool { return access{Exclusions: p.Exclusions}.barred(user) }

// kind is what a colleague is in the case now, or nothing.
func (p people) kind(user uuid.UUID) string {
	for _, g := range p.Grants {
		if g.UserID == user && g.Live() {
			return g.Kind
		}
	}
	return ""
}

// name is a colleague's, for a sentence.
func (p people) name(user uuid.UUID) string {
	for _, c := range p.Colleagues {
		if c.ID == user {
			return c.Name
		}
	}
	return ""
}

// value is an id as a form holds it.
func value(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// giveForm gives a colleague access.
type giveForm struct {
	people
	In    casefile.AccessInput
	Until string // as typed
}

func (h Handler) askAccess(w http.ResponseWriter, r *http.Request) error {
	in := casefile.AccessInput{Kind: casefile.Consulted}
	in.UserID, _ = uuid.Parse(r.URL.Query().Get("person"))
	return h.showGive(w, r, in, "", nil)
}

func (h Handler) giveAccess(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.AccessInput{UserID: form.ID("person"), Kind: form.Text("kind"), Until: lastDay(form.Date("until")), Reason: form.Text("reason")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Manage) {
			in.Kind = casefile.Consulted // the only thing that a co-worker gives
		}
		if err := form.With(in.Validate(tx.Now)); err != nil {
			return err
		}
		return casefile.GiveAccess(ctx, tx, in)
	})
	if err == nil {
		return page.Done(w, r, "flash.access.given", link.Access(caseframe.Ref(r)))
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showGive(w, r, in, form.Text("until"), bad)
}

func (h Handler) showGive(w http.ResponseWriter, r *http.Request, in casefile.AccessInput, until string, bad fault.Invalid) error {
	p, err := h.readPeople(w, r, actor.Read)
	if err != nil {
		return err
	}
	if !p.May(actor.Manage) && !p.May(actor.Write) {
		return fault.Forbidden
	}
	if until == "" && bad == nil {
		until = i18n.FieldDate(p.Now.AddDate(0, 0, casefile.ConsultedDays-1))
	}
	p.refuse(bad)
	return page.Render(w, r, status(bad), givePage(giveForm{people: p, In: in, Until: until}))
}

// lastDay is the end of a day of a form; the zero time is none.
func lastDay(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	y, m, d := day.Date()
	end := time.Date(y, m, d, 23, 59, 0, 0, i18n.Zone)
	return &end
}

// kinds are the ways to be on a case that a manager gives.
func (v giveForm) kinds(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, kind := range []string{casefile.Consulted, casefile.Coworker, casefile.Lead} {
		list = append(list, ui.Option{Value: kind, Label: i18n.T(ctx, "access.kind."+kind), Hint: i18n.T(ctx, "access.kind."+kind+".hint")})
	}
	return list
}

// takeForm ends a colleague's access.
type takeForm struct {
	people
	User   uuid.UUID
	Reason string
}

func (h Handler) askTake(w http.ResponseWriter, r *http.Request) error {
	return h.showTake(w, r, "", nil)
}

func (h Handler) takeAccess(w http.ResponseWriter, r *http.Request) error {
	reason := page.ReadForm(r).Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return casefile.TakeAccess(ctx, tx, page.ID(r, "user"), reason)
	})
	if err == nil {
		if page.ID(r, "user") == actor.From(r.Context()).UserID {
			return page.Done(w, r, "flash.access.left", link.Cases)
		}
		return page.Done(w, r, "flash.access.taken", link.Access(caseframe.Ref(r)))
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showTake(w, r, reason, bad)
}

func (h Handler) showTake(w http.ResponseWriter, r *http.Request, reason string, bad fault.Invalid) error {
	p, err := h.readPeople(w, r, actor.Manage)
	if err != nil {
		return err
	}
	user := page.ID(r, "user")
	if kind := p.kind(user); kind == "" || kind == casefile.Responsible {
		return fault.NotFound
	}
	p.refuse(bad)
	return page.Render(w, r, status(bad), takePage(takeForm{people: p, User: user, Reason: reason}))
}

// handOverForm gives the case another responsible.
type handOverForm struct {
	people
	In casefile.HandOverInput
}

func (h Handler) askHandOver(w http.ResponseWriter, r *http.Request) error {
	return h.showHandOver(w, r, casefile.HandOverInput{Stay: true}, nil)
}

func (h Handler) handOver(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := casefile.HandOverInput{UserID: form.ID("person"), Stay: form.Has("stay"), Reason: form.Text("reason")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return casefile.HandOver(ctx, tx, in) })
	if err == nil {
		return h.afterwards(w, r, "flash.case.handed_over")
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showHandOver(w, r, in, bad)
}

func (h Handler) showHandOver(w http.ResponseWriter, r *http.Request, in casefile.HandOverInput, bad fault.Invalid) error {
	p, err := h.readPeople(w, r, actor.Manage)
	if err != nil {
		return err
	}
	p.refuse(bad)
	return page.Render(w, r, status(bad), handOverPage(handOverForm{people: p, In: in}))
}

// receivers may answer for a case, and do not do so now.
func (v handOverForm) receivers(ctx context.Context) []ui.Option {
	return v.options(ctx, func(c casefile.Colleague) bool {
		return (actor.Actor{Role: actor.Role(c.Role)}).RegistersCases() && c.ID != v.Case.ResponsibleID
	})
}

// afterwards goes back to the page of access, or to the cases where the reader has just given up their own.
func (h Handler) afterwards(w http.ResponseWriter, r *http.Request, flash string) error {
	ctx, to := r.Context(), link.Access(caseframe.Ref(r))
	var still *bool
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { still = casefile.MayRead(b, actor.From(ctx).Opened.CaseID) }); err != nil {
		return err
	}
	if !*still {
		to = link.Cases
	}
	return page.Done(w, r, flash, to)
}
