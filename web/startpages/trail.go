package startpages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// trailView is the access trail as an auditor reads it: who, when and what; cases by an opaque sign.
type trailView struct {
	Page      ui.Page
	Now       time.Time
	Query     overview.LineQuery
	From, To  string // as typed
	Bad       fault.Invalid
	Lines     []overview.Line
	More      bool
	Employees []overview.Employee
	Denied    overview.Refusals
}

func (h Handler) trail(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := readTrail(r)
	var (
		f         *frame.Frame
		lines     *[]overview.Line
		employees *[]overview.Employee
		denied    *overview.Refusals
	)
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f = frame.Ask(b)
		overview.NoteReading(b, v.Query)
		lines, employees, denied = overview.Lines(b, v.Query), overview.Employees(b), overview.DeniedLately(b)
	})
	if err != nil {
		return err
	}
	v.Page, v.Now = f.Page(w, r, i18n.T(ctx, "ui.nav.log"), "log"), now
	v.Lines, v.Employees, v.Denied = *lines, *employees, *denied
	if v.More = len(v.Lines) > overview.PageOfLines; v.More {
		v.Lines = v.Lines[:overview.PageOfLines]
	}
	status := http.StatusOK
	if len(v.Bad) > 0 {
		status, v.Page.Invalid = http.StatusUnprocessableEntity, true
	}
	return page.Render(w, r, status, trailPage(v))
}

// readTrail reads what is asked for. Ids that are none, and unknown kinds, ask for nothing special.
func readTrail(r *http.Request) trailView {
	q := r.URL.Query()
	v := trailView{From: strings.TrimSpace(q.Get("fra")), To: strings.TrimSpace(q.Get("til")), Bad: fault.Invalid{}}
	v.Query.Kind = query(r, "slags", overview.LineKinds...)
	v.Query.Who, _ = uuid.Parse(q.Get("hvem"))
	v.Query.Case, _ = uuid.Parse(q.Get("sag"))
	read := func(name, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := i18n.ParsePast(text, time.Now())
		v.Bad.Check(name, err == nil, "error.date_been")
		return t
	}
	v.Query.From = read("fra", v.From)
	if to := read("til", v.To); !to.IsZero() {
		v.Query.Until = i18n.Today(to).AddDate(0, 0, 1) // the whole of that day
	}
	v.Query.AfterAt, v.Query.AfterID = readPlace(q.Get("efter"))
	return v
}

// The place in the trail where a page begins: after the line with this time and number.
func place(l overview.Line) string { return fmt.Sprintf("%d-%d", l.At.UnixMicro(), l.ID) }

func readPlace(s string) (time.Time, int64) {
	var at, id int64
	if n, err := fmt.Sscanf(s, "%d-%d", &at, &id); err != nil || n != 2 {
		return time.Time{}, 0
	}
	return time.UnixMicro(at), id
}

// href is this page with the filters, and the given pair changed; an empty value takes a filter off.
func (v trailView) href(name, value string) string {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	set("slags", v.Query.Kind)
	set("hvem", id(v.Query.Who))
	set("sag", id(v.Query.Case))
	set("fra", v.From)
	set("til", v.To)
	q.Del(name)
	set(name, value)
	if len(q) == 0 {
		return link.Log
	}
	return link.Log + "?" + q.Encode()
}

// id writes an id for an address, and nothing for the zero one.
func id(u uuid.UUID) string {
	if u == uuid.Nil {
		return ""
	}
	return u.String()
}

func (v trailView) filtered() bool {
	return v.Query.Kind != "" || v.Query.Who != uuid.Nil || v.Query.Case != uuid.Nil || v.From != "" || v.To != ""
}

func (v trailView) paging() ui.Paging {
	p := ui.Paging{}
	if !v.Query.AfterAt.IsZero() {
		p.PrevHref = v.href("efter", "")
	}
	if v.More {
		p.NextHref = v.href("efter", place(v.Lines[len(v.Lines)-1]))
	}
	return p
}

func (v trailView) chips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{Text: i18n.T(ctx, "log.kind.all"), Href: v.href("slags", ""), Current: v.Query.Kind == ""}}
	for _, kind := range overview.LineKinds {
		chips = append(chips, ui.Chip{Text: i18n.T(ctx, "log.kind."+kind), Href: v.href("slags", kind), Current: v.Query.Kind == kind})
	}
	return chips
}

func (v trailView) employees(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "log.everybody")}}
	for _, e := range v.Employees {
		options = append(options, ui.Option{Value: e.ID.String(), Label: e.Name + ", " + e.Title})
	}
	return options
}

// sign is what the trail calls a case: the same case has the same sign, and the sign says nothing.
func sign(caseID uuid.UUID) string {
	sum := sha256.Sum256(caseID[:])
	return hex.EncodeToString(sum[:4])
}

// action says what was done: "Åbnede en sag".
func action(ctx context.Context, l overview.Line) string {
	if l.Action == "case.open" && ofReport(l) {
		return i18n.T(ctx, "log.action.report.open")
	}
	for _, key := range []string{"log.action." + l.Action, "log.action.other"} {
		if i18n.Has(ctx, key) {
			return i18n.T(ctx, key)
		}
	}
	return l.Action
}

// ofReport reports whether a line is about a report of concern: the column that holds a case's id holds a report's there, and the
// purpose of opening one is always its intake.
func ofReport(l overview.Line) bool {
	return strings.HasPrefix(l.Object, "intake:") || strings.HasPrefix(l.Action, "report.")
}

// signOf is the sign of what a line is about, with the word for it.
func signOf(ctx context.Context, l overview.Line) string {
	if ofReport(l) {
		return i18n.T(ctx, "log.report.sign", sign(*l.CaseID))
	}
	return i18n.T(ctx, "log.case.sign", sign(*l.CaseID))
}

// circumstances says what the trail holds beside the action: purpose and page of an opening, whom access was about,
// which level. Ids of rows are not words, and are left out.
func circumstances(ctx context.Context, l overview.Line) string {
	switch {
	case l.About != "":
		return l.About
	case l.Action == "case.open":
		purpose, on, _ := strings.Cut(l.Object, ":")
		return word(ctx, "log.purpose.", purpose) + " · " + word(ctx, "log.page.", on)
	case l.Action == "case.denied": // whoever has no part in a case has no purpose there either
		_, on, _ := strings.Cut(l.Object, ":")
		return word(ctx, "log.page.", on)
	case l.Action == "case.level" || l.Action == "case.unseal_requested":
		return word(ctx, "log.level.", l.Object)
	case l.Action == "fact.reveal":
		kind, _, _ := strings.Cut(l.Object, ":")
		return word(ctx, "event.fact.", kind)
	}
	return ""
}

// word is the text for a code, or the code itself.
func word(ctx context.Context, prefix, code string) string {
	if i18n.Has(ctx, prefix+code) {
		return i18n.T(ctx, prefix+code)
	}
	return code
}

// who is the actor of a line; the system itself where there is none.
func who(ctx context.Context, l overview.Line) string {
	if l.Actor == "" {
		return i18n.T(ctx, "log.system")
	}
	return l.Actor
}

// caseCount names the one case that the lines are about, where one is chosen.
func caseCount(ctx context.Context, v trailView) string {
	if v.Query.Case == uuid.Nil {
		return ""
	}
	return i18n.T(ctx, "log.case.sign", sign(v.Query.Case))
}
