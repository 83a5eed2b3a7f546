package remindpages

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/remind"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// mailView is how the reader wants letters, as it is or as it was chosen.
type mailView struct {
	Page ui.Page
	In   remind.MailWishes
	Bad  fault.Invalid
}

func (h Handler) mail(w http.ResponseWriter, r *http.Request) error {
	v, err := h.askMail(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, mailPage(v))
}

// askMail reads what the reader has wished.
func (h Handler) askMail(w http.ResponseWriter, r *http.Request) (mailView, error) {
	ctx := r.Context()
	var f *frame.Frame
	var m *remind.MailWishes
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, m = frame.Ask(b), remind.Wishes(b) }); err != nil {
		return mailView{}, err
	}
	return mailView{Page: f.Page(w, r, i18n.T(ctx, "mailwish.title"), "profile"), In: *m}, nil
}

func (h Handler) saveMail(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), page.ReadForm(r)
	in := remind.MailWishes{How: f.Text("how"), DailyHour: number(f.Text("hour")), Urgent: f.Has("urgent"), Quiet: f.Has("quiet"),
		QuietFrom: number(f.Text("from")), QuietTo: number(f.Text("to")), DaysOff: f.Has("days_off")}
	bad, _, err := page.Refused(h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return remind.SetWishes(ctx, tx, in) }))
	if err != nil {
		return err
	}
	if bad == nil {
		return page.Done(w, r, "flash.mailwish.saved", link.MailWishes)
	}
	v, err := h.askMail(w, r)
	if err != nil {
		return err
	}
	v.In, v.Bad, v.Page.Invalid = in, bad, true
	return page.Render(w, r, page.FormStatus(false), mailPage(v))
}

func hows(ctx context.Context) []ui.Option { return ui.Options(ctx, "mailwish.how.", remind.Hows) }

// hours are the hours of a day, as a clock on the wall has them.
func hours() []ui.Option {
	var o []ui.Option
	for h := range 24 {
		o = append(o, ui.Option{Value: strconv.Itoa(h), Label: fmt.Sprintf("%02d", h)})
	}
	return o
}
