package remindpages

import (
	"net/http"
	"strconv"
	"time"

	ics "github.com/arran4/golang-ical"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/remind"
	"samspil/web/frame"
	"samspil/web/guard"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// calendarView is the reader's feed. Address is there only in the answer to the form that made it.
type calendarView struct {
	Page    ui.Page
	Feed    *db.Found[remind.Feed]
	Address string
	Stale   bool // the form was about another address than there is by now
	Now     time.Time
}

// carried is what both forms say of the feed they are about.
func (v calendarView) carried() map[string]string {
	return map[string]string{"version": strconv.FormatInt(v.Feed.Row.Version(), 10)}
}

func (h Handler) calendar(w http.ResponseWriter, r *http.Request) error {
	return h.showCalendar(w, r, "", false)
}

// makeCalendar shows the address in its own answer: a redirect would have to keep it somewhere.
func (h Handler) makeCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx, token := r.Context(), ""
	version, err := strconv.ParseInt(page.ReadForm(r).Text("version"), 10, 64)
	if err != nil {
		return fault.NotFound // no form of ours
	}
	_, stale, err := page.Refused(h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		token, err = remind.MakeFeed(ctx, tx, version)
		return err
	}))
	if err != nil {
		return err
	}
	if stale {
		return h.showCalendar(w, r, "", true)
	}
	return h.showCalendar(w, r, h.site(r)+link.Feed(token), false)
}

// site is the address that people know the site by; where nobody has configured one, the one that the reader's browser has found.
func (h Handler) site(r *http.Request) string {
	switch {
	case h.Site != "":
		return h.Site
	case h.Secure:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (h Handler) revokeCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return remind.RevokeFeed(ctx, tx) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.calendar.revoked", link.Calendar)
}

func (h Handler) showCalendar(w http.ResponseWriter, r *http.Request, address string, stale bool) error {
	ctx, status := r.Context(), http.StatusOK
	var f *frame.Frame
	v := calendarView{Address: address, Stale: stale}
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, v.Feed = frame.Ask(b), remind.FeedOf(b) })
	if err != nil {
		return err
	}
	v.Page, v.Now = f.Page(w, r, i18n.T(ctx, "calendar.title"), "profile"), now
	if stale {
		status = http.StatusConflict
	}
	return page.Render(w, r, status, calendarPage(v))
}

// feed is what a calendar fetches. It stands on telephones and on other people's servers: how many things are due on a day, in
// the owner's language, without place, words or a link.
func (h Handler) feed(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Desk.Feed(r.Context(), page.Param(r, "token"), guard.Network(r, h.ProxyNet))
	if err != nil {
		return err
	}
	ctx := i18n.With(r.Context(), f.Lang)
	c := ics.NewCalendarFor("Samspil")
	c.SetProductId("-//Samspil//Samspil//DA")
	c.SetMethod(ics.MethodPublish)
	for _, d := range f.Days {
		e := c.AddEvent(d.UID)
		e.SetDtStampTime(f.At)
		e.SetAllDayStartAt(d.Day)
		e.SetAllDayEndAt(d.Day.AddDate(0, 0, 1))           // the day on which it is over
		e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day for it
		e.SetSummary(i18n.N(ctx, "calendar.due", d.N))
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	return c.SerializeTo(w, ics.WithNewLineWindows)
}
