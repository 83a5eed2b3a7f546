package accesspages

import (
	"context"
	"net/http"
	"strconv"

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

// excludeForm makes the case non-existent for a colleague.
type excludeForm struct {
	people
	User   uuid.UUID
	Reason string
}

func (h Handler) askExclude(w http.ResponseWriter, r *http.Request) error {
	return h.showExclude(w, r, uuid.Nil, "", nil)
}

func (h Handler) exclude(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	user, reason := form.ID("person"), form.Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Manage) {
			return fault.Forbidden // themselves, by the other form
		}
		if user == tx.Actor.UserID { // by the other form, which says what it costs and asks for a handover first
			return fault.Invalid{"person": "access.error.self"}
		}
		return casefile.Exclude(ctx, tx, user, reason)
	})
	if err == nil {
		return h.afterwards(w, r, "flash.access.excluded")
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showExclude(w, r, user, reason, bad)
}

func (h Handler) showExclude(w http.ResponseWriter, r *http.Request, user uuid.UUID, reason string, bad fault.Invalid) error {
	p, err := h.readPeople(w, r, actor.Manage)
	if err != nil {
		return err
	}
	p.refuse(bad)
	return page.Render(w, r, status(bad), excludePage(excludeForm{people: p, User: user, Reason: reason}))
}

// everybody else who is not excluded already; also those whose role reads no case today.
func (v excludeForm) everybody(ctx context.Context) []ui.Option {
	me := actor.From(ctx).UserID
	list := []ui.Option{{Value: "", Label: i18n.T(ctx, "access.choose")}}
	for _, c := range v.Colleagues {
		if c.ID != me && !v.excluded(c.ID) {
			list = append(list, ui.Option{Value: c.ID.String(), Label: c.Name + ", " + c.Title})
		}
	}
	return list
}

func (h Handler) askExcludeMe(w http.ResponseWriter, r *http.Request) error {
	return h.showExcludeMe(w, r, "", nil)
}

func (h Handler) excludeMe(w http.ResponseWriter, r *http.Request) error {
	reason := page.ReadForm(r).Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return casefile.Exclude(ctx, tx, tx.Actor.UserID, reason)
	})
	if err == nil {
		return page.Done(w, r, "flash.access.self", link.Cases)
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showExcludeMe(w, r, reason, bad)
}

func (h Handler) showExcludeMe(w http.ResponseWriter, r *http.Request, reason string, bad fault.Invalid) error {
	frame, err := h.read(w, r, actor.Read, func(*db.Batch) {})
	if err != nil {
		return err
	}
	v := excludeForm{people: people{View: frame}, User: actor.From(r.Context()).UserID, Reason: reason}
	v.refuse(bad)
	return page.Render(w, r, status(bad), excludeMePage(v))
}

// liftForm asks for an exclusion to be lifted, or lifts it where somebody else has asked.
type liftForm struct {
	caseframe.View
	Row    casefile.Exclusion
	Second bool // the reader is the second person
	Reason string
	Bad    fault.Invalid
}

func (h Handler) askLift(w http.ResponseWriter, r *http.Request) error {
	return h.showLift(w, r, "", nil)
}

func (h Handler) lift(w http.ResponseWriter, r *http.Request) error {
	reason, lifted := page.ReadForm(r).Text("reason"), false
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		lifted, err = casefile.Lift(ctx, tx, page.ID(r, "user"), reason)
		return err
	})
	if err == nil {
		flash := "flash.access.lift_asked"
		if lifted {
			flash = "flash.access.lifted"
		}
		return page.Done(w, r, flash, link.Access(caseframe.Ref(r)))
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showLift(w, r, reason, bad)
}

func (h Handler) showLift(w http.ResponseWriter, r *http.Request, reason string, bad fault.Invalid) error {
	var list *[]casefile.Exclusion
	frame, err := h.read(w, r, actor.Manage, func(b *db.Batch) { list = casefile.Exclusions(b) })
	if err != nil {
		return err
	}
	for _, x := range *list {
		if x.UserID == page.ID(r, "user") {
			v := liftForm{View: frame, Row: x, Second: x.RequestedBy != nil && *x.RequestedBy != actor.From(r.Context()).UserID, Reason: reason, Bad: bad}
			v.Page.Invalid = len(bad) > 0
			return page.Render(w, r, status(bad), liftPage(v))
		}
	}
	return fault.NotFound
}

// levelForm changes how widely the existence of the case is known.
type levelForm struct {
	caseframe.View
	Level     string // the chosen one
	Unsealing *casefile.Unsealing
	Second    bool // somebody else has asked for the seal to come off
	Named     bool // the reader is named on the case, and so keeps it when it is sealed
	Reason    string
	Bad       fault.Invalid
}

func (h Handler) askLevel(w http.ResponseWriter, r *http.Request) error {
	return h.showLevel(w, r, "", "", nil)
}

func (h Handler) setLevel(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	chosen, reason, changed := form.Text("level"), form.Text("reason"), false
	level, err := strconv.Atoi(chosen)
	if err != nil {
		level = -1
	}
	err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		changed, err = casefile.SetConfidentiality(ctx, tx, casefile.Confidentiality(level), reason)
		return err
	})
	switch {
	case err == nil && changed:
		return h.afterwards(w, r, "flash.access.level")
	case err == nil:
		return page.Done(w, r, "flash.access.unseal_asked", link.Access(caseframe.Ref(r)))
	}
	bad, err := refusal(err)
	if err != nil {
		return err
	}
	return h.showLevel(w, r, chosen, reason, bad)
}

func (h Handler) showLevel(w http.ResponseWriter, r *http.Request, chosen, reason string, bad fault.Invalid) error {
	var unsealing *db.Found[casefile.Unsealing]
	frame, err := h.read(w, r, actor.Manage, func(b *db.Batch) { unsealing = casefile.GetUnsealing(b) })
	if err != nil {
		return err
	}
	v := levelForm{View: frame, Level: chosen, Reason: reason, Bad: bad}
	me := actor.From(r.Context()).UserID
	if unsealing.OK {
		v.Unsealing, v.Second = &unsealing.Row, unsealing.Row.RequestedBy != me
	}
	for _, m := range frame.Case.Members {
		v.Named = v.Named || m.UserID == me
	}
	v.Page.Invalid = len(bad) > 0
	return page.Render(w, r, status(bad), levelPage(v))
}

// levels are the other levels than the one the case has.
func (v levelForm) levels(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, level := range []casefile.Confidentiality{casefile.Normal, casefile.Restricted, casefile.Sealed} {
		if n := strconv.Itoa(int(level)); level != v.Case.Confidentiality {
			list = append(list, ui.Option{Value: n, Label: i18n.T(ctx, "event.level."+n), Hint: i18n.T(ctx, "access.level.hint."+n)})
		}
	}
	return list
}
