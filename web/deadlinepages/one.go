package deadlinepages

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/deadlineview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// oneView is one deadline: how it stands, what it was computed from, what happened to it, and what can be done with it.
type oneView struct {
	caseframe.View
	Deadline deadline.Deadline
	Changes  []deadline.Change
	Steps    []plan.Implementing
	Typed    map[string]string // by the names of the fields
	Bad      fault.Invalid
	Other    *ui.Conflict
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	var d *deadline.Deadline
	var changes *[]deadline.Change
	var steps *[]plan.Implementing
	frame, err := caseframe.Read(h.DB, w, r, "deadlines", func(b *db.Batch) {
		d, changes = deadline.Get(b, deadlineID(r)), deadline.Changes(b, deadlineID(r))
		steps = plan.ForDeadline(b, deadlineID(r))
	})
	if err != nil {
		return oneView{}, err
	}
	v := oneView{View: frame, Deadline: *d, Changes: *changes, Steps: *steps}
	v.Typed = map[string]string{"met": i18n.FieldDate(v.Now), "due": i18n.FieldDate(d.DueAt)}
	if d.Unit.HasTime() {
		v.Typed["met_time"], v.Typed["due_time"] = i18n.FieldClock(i18n.Lang(r.Context()), v.Now), i18n.FieldClock(i18n.Lang(r.Context()), d.DueAt)
	}
	return v, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

// act changes the deadline of the path, and comes back to the list. Refused, or after somebody else, its page is shown with what was typed. rename gives the
// names that the form uses for the fields that the operation refuses.
func (h Handler) act(w http.ResponseWriter, r *http.Request, f *page.Form, flash page.Flash, rename map[string]string, do func(ctx context.Context, tx *db.Tx, version int) error) error {
	version := f.Int("version")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return mayRefuse(tx, err)
		}
		return do(ctx, tx, version)
	})
	if err == nil {
		page.Say(w, flash)
		return page.Redirect(w, r, link.Deadlines(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	if !v.May(actor.Write) {
		return fault.Forbidden
	}
	for _, name := range []string{"met", "met_time", "due", "due_time", "pause_reason", "move_reason", "cancel_reason"} {
		if r.PostForm.Has(name) {
			v.Typed[name] = f.Text(name)
		}
	}
	v.Bad, v.Page.Invalid = fault.Invalid{}, true
	for field, key := range bad {
		if to := rename[field]; to != "" {
			field = to
		}
		v.Bad[field] = key
	}
	if stale {
		v.Other = &ui.Conflict{PII: true, Keep: link.Deadlines(v.Case.Ref)}
		if r.PostForm.Has("due") {
			v.Other.Differ("frister.field.due", i18n.FieldDate(v.Deadline.DueAt), f.Text("due"))
		}
	}
	return page.Render(w, r, page.FormStatus(stale), onePage(v))
}

func (h Handler) meet(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	id, version := deadlineID(r), f.Text("version")
	undo, _ := strconv.Atoi(version)
	flash := page.Flash{Key: "flash.deadline.met", Undo: link.Deadline(caseframe.Ref(r), id) + "/aabn", Fields: map[string]string{"version": strconv.Itoa(undo + 1)}}
	return h.act(w, r, f, flash, nil, func(ctx context.Context, tx *db.Tx, version int) error {
		at := tx.Now
		if !f.Has("now") {
			at = moment(f, "met", false)
			if today := i18n.Today(tx.Now); f.Text("met_time") == "" && at.Equal(today) {
				at = tx.Now
			}
			if err := f.Err(); err != nil {
				return err
			}
		}
		return deadline.Meet(ctx, tx, id, version, at)
	})
}

func (h Handler) reopen(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, page.ReadForm(r), page.Flash{Key: "flash.deadline.reopened"}, nil, func(ctx context.Context, tx *db.Tx, version int) error {
		return deadline.Reopen(ctx, tx, deadlineID(r), version)
	})
}

func (h Handler) pause(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.act(w, r, f, page.Flash{Key: "flash.deadline.paused"}, map[string]string{"reason": "pause_reason"}, func(ctx context.Context, tx *db.Tx, version int) error {
		return deadline.Pause(ctx, tx, deadlineID(r), version, f.Text("pause_reason"))
	})
}

func (h Handler) resume(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, page.ReadForm(r), page.Flash{Key: "flash.deadline.resumed"}, nil, func(ctx context.Context, tx *db.Tx, version int) error {
		return deadline.Resume(ctx, tx, deadlineID(r), version)
	})
}

func (h Handler) move(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	to := moment(f, "due", false)
	return h.act(w, r, f, page.Flash{Key: "flash.deadline.moved"}, map[string]string{"reason": "move_reason"}, func(ctx context.Context, tx *db.Tx, version int) error {
		return deadline.Move(ctx, tx, deadlineID(r), version, to, f.Text("move_reason"))
	})
}

func (h Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.act(w, r, f, page.Flash{Key: "flash.deadline.cancelled"}, map[string]string{"reason": "cancel_reason"}, func(ctx context.Context, tx *db.Tx, version int) error {
		return deadline.Cancel(ctx, tx, deadlineID(r), version, f.Text("cancel_reason"))
	})
}

// version is what every form about the deadline carries.
func (v oneView) version() map[string]string {
	return map[string]string{"version": strconv.Itoa(v.Deadline.Version)}
}

func (v oneView) at(action string) string {
	return link.Deadline(v.Case.Ref, v.Deadline.ID) + "/" + action
}

// holidays says which of the three days counted as holidays when the deadline was computed; nothing where the unit knows no holidays.
func (v oneView) holidays(ctx context.Context) string {
	d := v.Deadline
	if d.Unit.Works(time.Date(2026, time.January, 4, 12, 0, 0, 0, i18n.Zone), d.Settings()) { // a Sunday
		return i18n.T(ctx, "frister.holidays.all")
	}
	var extra []string
	for code, counts := range map[string]bool{"constitution_day": d.ConstitutionDay, "christmas_eve": d.ChristmasEve, "new_years_eve": d.NewYearsEve} {
		if counts {
			extra = append(extra, i18n.T(ctx, "holiday."+code))
		}
	}
	if len(extra) == 0 {
		return i18n.T(ctx, "frister.holidays.public")
	}
	return i18n.T(ctx, "frister.holidays.and", strings.Join(sortedText(extra), ", "))
}

// change says what happened to a deadline: "Flyttet fra 12. nov. til 19. nov.".
func (v oneView) change(ctx context.Context, c deadline.Change) string {
	text := i18n.T(ctx, "frister.what."+c.What)
	switch {
	case c.DueFrom != nil && c.DueTo != nil:
		return text + ": " + i18n.T(ctx, "frister.what.from_to", i18n.Date(ctx, *c.DueFrom, v.Now), i18n.Date(ctx, *c.DueTo, v.Now))
	case c.DueTo != nil:
		return text + ": " + i18n.T(ctx, "frister.what.to", i18n.Date(ctx, *c.DueTo, v.Now))
	}
	return text
}

// events are what happened to the deadline, with the reasons.
func (v oneView) events(ctx context.Context) []ui.Event {
	icons := map[string]string{"met": "check", "cancelled": "block", "reopened": "undo", "started": "flag"}
	list := make([]ui.Event, 0, len(v.Changes))
	for _, c := range v.Changes {
		e := ui.Event{Icon: icons[c.What], Title: v.change(ctx, c), Text: c.Reason, PII: true, By: c.By, At: c.At}
		if e.Icon == "" {
			e.Icon = "time"
		}
		list = append(list, e)
	}
	return list
}

// stands says how the deadline stands now, in one sentence.
func (v oneView) stands(ctx context.Context) string {
	d := v.Deadline
	if !d.Open() {
		text, _ := outcome(ctx, d)
		return text + ". " + i18n.Capital(met(ctx, d, v.Now)) + "."
	}
	return left(ctx, d, v.Now) + ". " + i18n.T(ctx, "frister.due_is", deadlineview.When(ctx, d.DueAt, d.Unit)) + "."
}

// name is the heading: what is still to be done says so, for the names of many deadlines sound as if it were.
func (v oneView) name(ctx context.Context) string {
	if v.Deadline.Open() {
		return i18n.T(ctx, "frister.todo") + ": " + v.Deadline.Name(ctx)
	}
	return v.Deadline.Name(ctx)
}
