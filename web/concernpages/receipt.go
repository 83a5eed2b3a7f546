package concernpages

import (
	"context"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
)

// receiptView is what the reporter gets, or why they get nothing now.
type receiptView struct {
	reportframe.View
	Text          string
	Channel, Note string
	How           string
	Assured       bool
	Version       int // of the content, where the channel stands
	Bad           fault.Invalid
	Stale         bool
}

func (h Handler) readReceipt(w http.ResponseWriter, r *http.Request) (receiptView, error) {
	f, err := h.readForm(w, r, "receipt", actor.Note)
	return receiptView{View: f, Text: concern.ReceiptText(f.Report.Report, f.Page.Municipality), Channel: f.Report.Channel, Note: f.Report.ChannelNote, Version: f.Report.ContentVersion}, err
}

func (h Handler) showReceipt(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readReceipt(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, receiptPage(v))
}

func (h Handler) sendReceipt(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	how, assured := form.Text("how"), form.Text("assured") != ""
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, how, assured) })
	if err == nil {
		return page.Done(w, r, "flash.concern.receipt", link.Report(reportframe.Ref(r)))
	}
	return h.again(w, r, err, func(v *receiptView) { v.How, v.Assured = how, assured })
}

func (h Handler) setChannel(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	channel, note, version := form.Text("channel"), form.Text("channel_note"), form.Int("version")
	err := form.Err()
	if err == nil {
		err = reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			return concern.SetChannel(ctx, tx, version, channel, note)
		})
	}
	if err == nil {
		return page.Done(w, r, "flash.concern.channel", link.Receipt(reportframe.Ref(r)))
	}
	return h.again(w, r, err, func(v *receiptView) { v.Channel, v.Note = channel, note })
}

func ticked(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// again shows the page with what was typed and what is wrong with it.
func (h Handler) again(w http.ResponseWriter, r *http.Request, err error, typed func(*receiptView)) error {
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readReceipt(w, r)
	if err != nil {
		return err
	}
	typed(&v)
	v.Bad, v.Stale, v.Page.Invalid = bad, stale, true
	return page.Render(w, r, page.FormStatus(stale), receiptPage(v))
}
