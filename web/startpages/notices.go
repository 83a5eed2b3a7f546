package startpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// noticesOnPage is how many notices the page goes back.
const noticesOnPage = 100

// noticesView is everything that the system has told the reader.
type noticesView struct {
	Page    ui.Page
	Now     time.Time
	Notices []overview.Notice
}

func (h Handler) notices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var notices *[]overview.Notice
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, notices = frame.Ask(b), overview.Notices(b, noticesOnPage)
	})
	if err != nil {
		return err
	}
	v := noticesView{Page: f.Page(w, r, i18n.T(ctx, "notices.title"), "day"), Now: now, Notices: *notices}
	return page.Render(w, r, http.StatusOK, noticesPage(v))
}

func (h Handler) readNotices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) error { return overview.ReadAll(ctx, tx) })
	if err != nil {
		return err
	}
	page.Say(w, page.Flash{Key: "flash.notices_read"})
	return page.Redirect(w, r, link.Notices)
}

func (v noticesView) unread() int {
	n := 0
	for _, x := range v.Notices {
		if x.ReadAt == nil {
			n++
		}
	}
	return n
}

// told says what a notice is about, never about whom.
func told(ctx context.Context, n overview.Notice) string {
	if key := "notices.kind." + n.Kind; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "notices.kind.other")
}

// noticeHref is the case or the report of concern that a notice is about.
func noticeHref(n overview.Notice) string {
	if strings.HasPrefix(n.Kind, "absence.") {
		return link.Absences
	}
	if n.Kind == "reminder.begun" {
		return link.Overview
	}
	if n.Kind == "contact.call_asked" {
		return link.StalePartners
	}
	if n.StepID != nil {
		return link.Step(n.Ref, *n.StepID)
	}
	if n.Report {
		return link.Report(n.Ref)
	}
	if strings.HasPrefix(n.Kind, "sharing.") {
		return link.Sharing(n.Ref)
	}
	if strings.HasPrefix(n.Kind, "sparring.") {
		switch {
		case n.Ref != "":
			return link.CaseSparring(n.Ref)
		case n.Kind == "sparring.learning", n.Kind == "sparring.published", n.Kind == "sparring.returned":
			return link.Learnings
		}
		return link.SparringInbox
	}
	if strings.HasPrefix(n.Kind, "forum.") {
		if n.Ref == "" {
			return link.Forum
		}
		return link.CaseForum(n.Ref)
	}
	if strings.HasPrefix(n.Kind, "decision.") {
		return link.Decisions(n.Ref)
	}
	if strings.HasPrefix(n.Kind, "mandate.") {
		return link.Mandates(n.Ref)
	}
	if n.Kind == "contact.overridden" && n.Ref != "" {
		return link.SafeContact(n.Ref)
	}
	return link.Case(n.Ref)
}

// caseless reports whether a notice leads somewhere though it is about no case that the reader may open: to what colleagues ask, a table
// at the forum, an absence.
func caseless(n overview.Notice) bool {
	return n.Number == "" && (n.Kind == "reminder.begun" || n.Kind == "contact.call_asked" || strings.HasPrefix(n.Kind, "forum.") || strings.HasPrefix(n.Kind, "sparring.") || strings.HasPrefix(n.Kind, "absence."))
}
