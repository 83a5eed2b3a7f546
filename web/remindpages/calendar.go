package remindpages

import (
	"net/http"
	"time"

	ics "github.com/arran4/golang-ical"

	"samspil/internal/actor"
	"samspil/internal/db"
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
	Now     time.Time
}

func (h Handler) calendar(w http.ResponseWriter, r *http.Request) error {
	return h.showCalendar(w, r, "")
}

// makeCalendar shows the address in its own answer: a redirect would have to keep it somewhere.
func (h Handler) makeCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx, token := r.Context(), ""
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		token, err = remind.MakeFeed(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	scheme := "http://"
	if h.Secure {
		scheme = "https://"
	}
	return h.showCalendar(w, r, scheme+r.Host+link.Feed(token))
}

func (h Handler) revokeCalendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return remind.RevokeFeed(ctx, tx) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.calendar.revoked", link.Calendar)
}

func (h Handler) showCalendar(w http.ResponseWriter, r *http.Request, address string) error {
	ctx := r.Context()
	var f *frame.Frame
	v := calendarView{Address: address}
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, v.Feed = frame.Ask(b), remind.FeedOf(b) })
	if err != nil {
		return err
	}
	v.Page, v.Now = f.Page(w, r, i18n.T(ctx, "calendar.title"), "profile"), now
	return page.Render(w, r, http.StatusOK, calendarPage(v))
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
	c.SetMethod(ics.MethodPublish)
	for _, d := range f.Days {
		e := c.AddEvent(d.UID)
		e.SetDtStampTime(d.Day) // the same each time: an unchanged day is not news to a calendar
		e.SetAllDayStartAt(d.Day)
		e.SetAllDayEndAt(d.Day.AddDate(0, 0, 1))
		e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day for it
		e.SetSummary(i18n.N(ctx, "calendar.due", d.N))
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	return c.SerializeTo(w, ics.WithNewLineWindows)
}
