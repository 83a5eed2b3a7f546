package riskpages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/risk"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// fieldsOf are the fields that a part of the form posts: only these are written over in the draft.
func fieldsOf(form *page.Form, part string) draft.Fields {
	f := draft.Fields{"key": {form.Text("key")}, "base": {form.Text("base")}}
	if part == signing {
		for _, name := range []string{"scenario", "would_change", "level", "reason"} {
			f[name] = []string{form.Text(name)}
		}
		return f
	}
	for _, x := range reference.RiskFactors(part) {
		for _, name := range []string{x.Code, "e." + x.Code, "s." + x.Code, "d." + x.Code} {
			f[name] = []string{form.Text(name)}
		}
	}
	if part == withPersons {
		f["person"] = form.Texts("person")
		for _, id := range form.Texts("around") {
			f["c."+id], f["r."+id] = []string{form.Text("c." + id)}, []string{form.Text("r." + id)}
		}
	}
	return f
}

// saveDraft keeps what has been typed in one part; the script does it while somebody writes.
func (h Handler) saveDraft(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	part := form.Text("part")
	if !slices.Contains(parts(), part) {
		return fault.NotFound
	}
	var now time.Time
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		now = tx.Now
		return keep(ctx, tx, form, part)
	})
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		return page.Done(w, r, "flash.risk.draft", link.Risk(caseframe.Ref(r)))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(i18n.T(r.Context(), "risk.resume.saved", i18n.Clock(r.Context(), now))))
	return nil
}

// keep writes one part into the draft; what has been signed under the same key leaves none, even if a saving comes late. One
// that says something else than what was signed is [fault.Stale]: nobody is told that it is kept.
func keep(ctx context.Context, tx *db.Tx, form *page.Form, part string) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	was, err := risk.SignedAs(ctx, tx, form.ID("key"))
	switch {
	case err != nil:
		return err
	case was.OK && !says(was.Row, form, part, tx.Now):
		return fault.Stale
	case was.OK:
		return nil
	}
	return draft.Merge(ctx, tx, risk.Form, fieldsOf(form, part))
}

func (h Handler) dropDraft(w http.ResponseWriter, r *http.Request) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return draft.Discard(ctx, tx, risk.Form) })
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.risk.dropped", link.Risk(caseframe.Ref(r)))
}

// savePart keeps one part, does what its button says, and goes on: the next part, also where the rest of this one is set to
// unknown, one answer copied forward, or the signature.
func (h Handler) savePart(w http.ResponseWriter, r *http.Request) error {
	form, part := page.ReadForm(r), page.Param(r, "part")
	at := slices.Index(parts(), part)
	if at < 0 {
		return fault.NotFound
	}
	if part == signing && form.Text("go") == "sign" {
		return h.sign(w, r, form)
	}
	ref, to := caseframe.Ref(r), link.Risk(caseframe.Ref(r))
	copied := form.Text("copy")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := keepOrBegin(ctx, tx, form, part); err != nil {
			return err
		}
		switch {
		case copied != "":
			return copyForward(ctx, tx, copied)
		case form.Text("go") == "rest":
			return draft.Merge(ctx, tx, risk.Form, restUnknown(form, part))
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch {
	case copied != "":
		to = partPath(ref, part) + "#" + copied
	case form.Text("go") == "keep":
		return page.Done(w, r, "flash.risk.draft", to)
	case part != signing: // kept, and to be mended here: at the signature nobody knows any more what it was about
		v, err := h.readPart(w, r)
		if err != nil {
			return err
		}
		if v.Bad = v.wrong(false); len(v.Bad) > 0 {
			v.Page.Invalid = true
			return page.Render(w, r, http.StatusUnprocessableEntity, partPage(v))
		}
		to = partPath(ref, parts()[at+1])
	case at+1 < len(parts()):
		to = partPath(ref, parts()[at+1])
	}
	return page.Redirect(w, r, to)
}

// copyForward takes one answer of the last assessment over into the draft.
func copyForward(ctx context.Context, tx *db.Tx, factor string) error {
	var last *db.Found[risk.Assessment]
	if err := tx.Read(ctx, func(b *db.Batch) { last = risk.LatestOwn(b) }); err != nil {
		return err
	}
	a, ok := last.Row.Answered(factor)
	if !ok {
		return nil
	}
	return draft.Merge(ctx, tx, risk.Form, draft.Fields{factor: {a.Answer}, "e." + factor: {a.Evidence}, "s." + factor: {a.Source}, "d." + factor: {i18n.FieldDate(a.Day())}})
}

// restUnknown answers what is not answered in a part with "unknown": it has been looked at, and nobody knows.
func restUnknown(form *page.Form, part string) draft.Fields {
	f := draft.Fields{}
	for _, x := range reference.RiskFactors(part) {
		if form.Text(x.Code) == "" {
			f[x.Code] = []string{"unknown"}
		}
	}
	return f
}
