package concernpages

import (
	"context"
	"net/http"
	"time"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// receivedView corrects when the report came. What becomes of its clocks is shown before it is saved.
type receivedView struct {
	reportframe.View
	Rules               deadline.Rules
	Day, OClock, Reason string // as typed
	Will                concern.Clocks
	Shown               bool // Will is the preview of what is typed
	Version             int
	Bad                 fault.Invalid
	Stale               bool
}

func (h Handler) readReceived(w http.ResponseWriter, r *http.Request) (receivedView, error) {
	var rules deadline.RuleRows
	f, err := reportframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { rules = deadline.AskRules(b) })
	if err == nil && !f.May(actor.Write) {
		err = fault.NotFound
	}
	if err != nil {
		return receivedView{}, err
	}
	return receivedView{View: f, Rules: rules.Rules(), Day: i18n.FieldDate(f.Report.ReceivedAt), OClock: i18n.FieldClock(i18n.Lang(r.Context()), f.Report.ReceivedAt), Version: f.Report.Version}, nil
}

func (h Handler) showReceived(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readReceived(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, receivedPage(v))
}

// correctReceived shows what a correction would come to, and saves it when it comes back as it was shown.
func (h Handler) correctReceived(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	day, at, reason, version, seen := form.Text("received"), form.Text("clock"), form.Text("reason"), form.Int("version"), form.Text("seen")
	v, err := h.readReceived(w, r)
	if err != nil {
		return err
	}
	bad := fault.Invalid{}
	received := moment(bad, day, at, v.Now)
	_ = bad.Merge("", form.Err())
	_ = bad.Merge("", v.Report.CheckReceived(received, v.Now, reason)) // Invalid or nil
	v.Will = v.Report.Preview(v.Rules, received)
	stale := version != v.Report.Version
	if len(bad) == 0 && !stale && seen == v.Will.Seen() {
		err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return concern.CorrectReceived(ctx, tx, version, received, reason, seen)
		})
		if err == nil {
			return page.Done(w, r, "flash.concern.received", link.Report(reportframe.Ref(r)))
		}
		if bad, stale, err = page.Refused(err); err != nil {
			return err
		}
		if stale { // somebody was here between the two looks
			if v, err = h.readReceived(w, r); err != nil {
				return err
			}
			v.Will = v.Report.Preview(v.Rules, received)
		}
	}
	v.Day, v.OClock, v.Reason, v.Bad, v.Stale, v.Shown = day, at, reason, bad, stale, len(bad) == 0
	code := http.StatusOK
	if stale || len(bad) > 0 {
		code, v.Page.Invalid = page.FormStatus(stale), true
	}
	return page.Render(w, r, code, receivedPage(v))
}

// assessment is the countdown of the 24 hours to another end.
func (v receivedView) assessment(by time.Time) ui.Countdown {
	return ui.Countdown{By: by, Met: v.Report.AssessedAt, Now: v.Now, Hot: concern.RingWithin}
}
