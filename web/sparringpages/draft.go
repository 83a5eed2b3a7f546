package sparringpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/sparring"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

func (h Handler) saveDraft(w http.ResponseWriter, r *http.Request) error {
	v, now := typed(page.ReadForm(r)), time.Time{}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if now = tx.Now; !sparring.MayAsk(tx.Rights) {
			return fault.Forbidden
		}
		return draft.Save(ctx, tx, form, v.fields())
	})
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		return page.Done(w, r, "flash.sparring.draft", link.CaseSparring(caseframe.Ref(r)))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(r.Context(), "sparring.draft.saved", i18n.Clock(r.Context(), now))))
	return nil
}

func (h Handler) discardDraft(w http.ResponseWriter, r *http.Request) error {
	if err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return draft.Discard(ctx, tx, form) }); err != nil {
		return err
	}
	return page.Done(w, r, "flash.sparring.draft_gone", link.CaseSparring(caseframe.Ref(r)))
}

func draftSaved(ctx context.Context, at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return i18n.T(ctx, "sparring.draft.saved", i18n.DateTime(ctx, at, now))
}
