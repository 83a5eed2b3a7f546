package riskpages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// externalForm is what is noted of an assessment that was made elsewhere.
type externalForm struct {
	caseframe.View
	Key, MadeBy, MadeOn, Level, Conclusion, Until string
	Lowers                                        bool
	Changed                                       bool // it was saved already, and came again with something else in it
	Bad                                           fault.Invalid
}

func (h Handler) readExternal(w http.ResponseWriter, r *http.Request) (externalForm, error) {
	frame, err := caseframe.Read(h.DB, w, r, "risk", func(*db.Batch) {})
	if err == nil && !frame.May(actor.Write) {
		err = fault.Forbidden
	}
	return externalForm{View: frame, Key: uuid.NewString()}, err
}

func (h Handler) newExternal(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readExternal(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, externalPage(v))
}

func (h Handler) saveExternal(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := risk.ExternalInput{Key: f.ID("key"), MadeBy: f.Text("made_by"), Level: f.Text("level"), Conclusion: f.Text("reason"), ValidUntil: f.Date("valid_until"), Lower: f.Has("lower")}
	in.MadeOn = f.Past("made_on")
	steps := 0
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := f.Err(); err != nil {
			return f.With(risk.CheckExternal(in, tx.Now))
		}
		if _, err := risk.SignExternal(ctx, tx, in); err != nil {
			return err
		}
		steps, err = plan.Unlock(ctx, tx)
		return err
	})
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if bad == nil && !stale {
		page.Say(w, counted("flash.risk.signed", steps))
		return page.Redirect(w, r, link.Risk(caseframe.Ref(r)))
	}
	v, err := h.readExternal(w, r)
	if err != nil {
		return err
	}
	v.Page.Invalid, v.Bad = true, bad
	v.Key, v.MadeBy, v.MadeOn, v.Level, v.Conclusion, v.Until = f.Text("key"), in.MadeBy, f.Text("made_on"), in.Level, in.Conclusion, f.Text("valid_until")
	v.Lowers = in.Level != "" && casefile.Lowers(v.Case.Severity, in.Level)
	if v.Changed = stale; stale { // saved once more, it is another one
		v.Key = uuid.NewString()
	}
	return page.Render(w, r, page.FormStatus(stale), externalPage(v))
}
