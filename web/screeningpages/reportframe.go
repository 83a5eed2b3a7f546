package screeningpages

import (
	"net/http"
	"strings"
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/signin"
	"samspil/web/caseframe"
	"samspil/web/frame"
	"samspil/web/ui"
)

// The frame around a report is a small one of this package until the pages of reports bring theirs.

// reportHead is what the frame shows: never whom the report is about.
type reportHead struct {
	Number     string
	ReceivedAt time.Time
	AssessBy   *time.Time // children: 24 clock hours (R2)
	AssessedAt *time.Time
}

type reportView struct {
	Page   ui.Page
	Head   reportHead
	Ref    string
	Now    time.Time
	Rights actor.Rights
}

func reportPath(ref string) string { return "/underretninger/" + ref }

func (v reportView) base() string { return reportPath(v.Ref) }

// OpenReport makes loading the session also open the report of the path, as [caseframe.Open] does for a case.
func OpenReport(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(signin.WithOpening(r.Context(), atReport(r))))
	})
}

func atReport(r *http.Request) db.Case {
	ref := caseframe.Ref(r)
	part, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(r.URL.Path, reportPath(ref)), "/"), "/")
	return db.Case{Ref: ref, Page: part}
}

func readReport(d *db.DB, w http.ResponseWriter, r *http.Request, title string, queue func(*db.Batch)) (reportView, error) {
	ctx := r.Context()
	v := reportView{Ref: caseframe.Ref(r)}
	var f *frame.Frame
	var head *reportHead
	now, err := d.ReadCase(ctx, actor.From(ctx), atReport(r), func(b *db.Batch) {
		f, v.Rights = frame.Ask(b), b.Rights
		head = db.Get[reportHead](b, `SELECT number, received_at, assess_by, assessed_at FROM app.report WHERE id = @id`, db.Args{"id": b.CaseID})
		queue(b)
	})
	if err != nil {
		return v, err
	}
	v.Now, v.Head = now, *head
	v.Page = f.Page(w, r, title+", "+i18n.T(ctx, "screening.report", head.Number), "day")
	return v, nil
}
