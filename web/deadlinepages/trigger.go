package deadlinepages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// triggerView corrects when something happened that deadlines count from. What it would change is shown before it is saved.
type triggerView struct {
	caseframe.View
	Deadline           deadline.Deadline // the one it was reached from
	Triggered          deadline.Triggered
	Date, Time, Reason string // as typed
	HasTime            bool   // one of the deadlines counts in hours
	Preview            []deadline.Recomputed
	Shown              bool // the preview is of what is typed
	Stale              bool // the deadlines have changed since the last preview
	Bad                fault.Invalid
}

func (h Handler) readTrigger(w http.ResponseWriter, r *http.Request) (triggerView, error) {
	var v triggerView
	var d *deadline.Deadline
	frame, err := caseframe.Read(h.DB, w, r, "deadlines", func(b *db.Batch) {
		d, v.Triggered = deadline.Get(b, deadlineID(r)), deadline.AskTriggered(b, deadlineID(r))
	})
	if err != nil {
		return v, err
	}
	v.View, v.Deadline = frame, *d
	if !v.May(actor.Write) {
		return v, fault.Forbidden
	}
	v.HasTime = slices.ContainsFunc(v.Triggered.Preview(d.TriggeredAt), func(x deadline.Recomputed) bool { return x.Unit.HasTime() })
	v.Date = i18n.FieldDate(d.TriggeredAt)
	if v.HasTime {
		v.Time = i18n.FieldClock(i18n.Lang(r.Context()), d.TriggeredAt)
	}
	return v, nil
}

func (h Handler) editTrigger(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readTrigger(w, r)
	if err != nil {
		return err
	}
	if !v.Deadline.Open() {
		return page.Redirect(w, r, link.Deadline(v.Case.Ref, v.Deadline.ID)) // what is over is not computed again
	}
	return page.Render(w, r, http.StatusOK, triggerPage(v))
}

func (h Handler) correctTrigger(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	to := moment(f, "at", false)
	seen := f.Text("seen")
	if seen != "" && f.Err() == nil && !to.IsZero() {
		err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return deadline.CorrectTrigger(ctx, tx, deadlineID(r), to, f.Text("reason"), seen)
		})
		if err == nil {
			return page.Done(w, r, "flash.deadline.recomputed", link.Deadlines(caseframe.Ref(r)))
		}
		bad, stale, err := page.Refused(err)
		if err != nil {
			return err
		}
		return h.previewTrigger(w, r, f, to, bad, stale)
	}
	return h.previewTrigger(w, r, f, to, nil, false)
}

// previewTrigger shows what a correction would come to, or what is wrong with it. Nothing is changed.
func (h Handler) previewTrigger(w http.ResponseWriter, r *http.Request, f *page.Form, to time.Time, bad fault.Invalid, stale bool) error {
	v, err := h.readTrigger(w, r)
	if err != nil {
		return err
	}
	v.Date, v.Time, v.Reason, v.Stale = f.Text("at"), f.Text("at_time"), f.Text("reason"), stale
	all := fault.Invalid{}
	_ = all.Merge("", f.Err())
	_ = all.Merge("", bad.Err())
	if v.HasTime && v.Time == "" {
		all.Check("at_time", false, "error.time")
	}
	v.Preview = v.Triggered.Preview(to)
	_ = all.Merge("", deadline.CheckTrigger(v.Preview, to, v.Now, v.Reason)) // Invalid or nil
	v.Bad, v.Shown = all, len(all) == 0
	code := http.StatusOK
	switch {
	case stale:
		code = http.StatusConflict
	case !v.Shown:
		code, v.Page.Invalid = http.StatusUnprocessableEntity, true
	}
	return page.Render(w, r, code, triggerPage(v))
}
