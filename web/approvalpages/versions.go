package approvalpages

import (
	"context"
	"net/http"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView is every version of a plan.
type listView struct {
	caseframe.View
	Standing *plan.Standing
	Plan     plan.Plan
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	var standing *plan.Standing
	var row *db.Found[plan.Plan]
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { standing, row = plan.AskStanding(b), plan.Get(b) })
	if err != nil {
		return err
	}
	if !row.OK {
		return fault.NotFound
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{View: frame, Standing: standing, Plan: row.Row}))
}

// oneView is one version as it stood, and its answer.
type oneView struct {
	caseframe.View
	plan.Version
	Content plan.Content
	Base    int       // the version that was approved before it, 0 for none
	Rows    []diffRow // what it changes since then
	Newest  int
	Remarks string
	Stale   bool
	Bad     fault.Invalid
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	no, err := strconv.Atoi(page.Param(r, "no"))
	if err != nil || no < 1 {
		return oneView{}, fault.NotFound
	}
	var versions *[]plan.Version
	var contents *[]plan.Numbered
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { versions, contents = plan.Versions(b), plan.WithBase(b, no) })
	if err != nil {
		return oneView{}, err
	}
	if len(*contents) == 0 || (*contents)[0].No != no {
		return oneView{}, fault.NotFound
	}
	v := oneView{View: frame, Content: (*contents)[0].Content, Newest: (*versions)[0].No}
	for _, x := range *versions {
		if x.No == no {
			v.Version = x
		}
	}
	if len(*contents) > 1 {
		v.Base = (*contents)[1].No
		v.Rows = diffRows(r.Context(), (*contents)[1].Content, v.Content)
	}
	return v, nil
}

func (h Handler) one(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	no, err := strconv.Atoi(page.Param(r, "no"))
	if err != nil {
		return fault.NotFound
	}
	approve, remarks := f.Text("go") == "approve", f.Text("remarks")
	err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return plan.Answer(ctx, tx, no, approve, remarks) })
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		key := "flash.version.returned"
		if approve {
			key = "flash.version.approved"
		}
		return page.Done(w, r, key, link.Plan(caseframe.Ref(r)))
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Stale, v.Remarks, v.Page.Invalid = bad, stale, remarks, true
	return page.Render(w, r, page.FormStatus(stale), onePage(v))
}

// mayAnswer reports whether the reader may approve or return this version now.
func (v oneView) mayAnswer() bool {
	return v.State == plan.Submitted && plan.MayApprove(v.Page.Actor, v.Rights) && !v.ByAuthor(v.Page.Actor.UserID)
}

// ownLead reports whether the reader would be the one to answer, had they not written in it.
func (v oneView) ownLead() bool {
	return v.State == plan.Submitted && plan.MayApprove(v.Page.Actor, v.Rights) && v.ByAuthor(v.Page.Actor.UserID)
}

// steps are the steps of one phase.
func (v oneView) steps(p plan.ContentPhase) []plan.ContentStep {
	var list []plan.ContentStep
	for _, s := range v.Content.Steps {
		if s.Phase == p.ID {
			list = append(list, s)
		}
	}
	return list
}

// texts are the parts of the plan that are words, as far as they were written.
func (v oneView) texts() []line {
	var list []line
	for _, t := range []line{{"goals", v.Content.Goals}, {"situation", v.Content.Situation}, {"support", v.Content.Support}, {"support_other", v.Content.SupportOther}} {
		if t.Text != "" {
			list = append(list, t)
		}
	}
	return list
}

// submitted and answered say who did it, and when.
func submitted(ctx context.Context, v plan.Version, view caseframe.View) string {
	return i18n.T(ctx, "version.submitted", v.SubmittedBy, i18n.DateTime(ctx, v.SubmittedAt, view.Now))
}

func answered(ctx context.Context, v plan.Version, view caseframe.View) string {
	switch {
	case v.AnsweredAt != nil:
		return i18n.T(ctx, "version.answered."+string(v.State), v.AnsweredBy, i18n.DateTime(ctx, *v.AnsweredAt, view.Now))
	case v.State == plan.Superseded:
		return i18n.T(ctx, "version.superseded.text")
	}
	return ""
}

func needsText(ctx context.Context, rows []diffRow) string {
	n := 0
	for _, r := range rows {
		if r.Needs {
			n++
		}
	}
	if len(rows) == 0 {
		return ""
	}
	text := i18n.N(ctx, "version.changes", len(rows))
	if n > 0 {
		text += ", " + i18n.N(ctx, "version.changes.needs", n)
	}
	return text
}

// compareView is two versions side by side.
type compareView struct {
	caseframe.View
	Versions []plan.Version
	From, To int // 0: now
	Rows     []diffRow
	Same     int // steps that both say the same of
}

func (h Handler) compare(w http.ResponseWriter, r *http.Request) error {
	from, to := number(r, "fra"), number(r, "til")
	var versions *[]plan.Version
	var contents *[]plan.Numbered
	var now *plan.Numbered
	frame, err := caseframe.Read(h.DB, w, r, "plan", func(b *db.Batch) { versions, contents, now = plan.Versions(b), plan.Contents(b, from, to), plan.Now(b) })
	if err != nil {
		return err
	}
	if len(*versions) == 0 {
		return fault.NotFound
	}
	if to > 0 && (from == 0 || from > to) { // the older one stands first
		from, to = to, from
	}
	if from == 0 { // nothing chosen: what holds, and now
		return page.Redirect(w, r, link.ComparePlan(frame.Case.Ref, holds(*versions), 0))
	}
	v := compareView{View: frame, Versions: *versions, From: from, To: to}
	was, ok := content(*contents, from)
	later, there := *now, true
	if to > 0 {
		later.Content, there = content(*contents, to)
	}
	if !ok || !there {
		return fault.NotFound
	}
	v.Rows = diffRows(r.Context(), was, later.Content)
	v.Same = len(later.Content.Steps)
	for _, d := range v.Rows {
		if d.What == "step" && d.StepNow != nil {
			v.Same--
		}
	}
	return page.Render(w, r, http.StatusOK, comparePage(v))
}

// holds is the version that was approved last, or the newest where none has been.
func holds(versions []plan.Version) int {
	for _, v := range versions {
		if v.State == plan.Approved {
			return v.No
		}
	}
	return versions[0].No
}

func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.URL.Query().Get(name)) // what is no number is now
	return max(n, 0)
}

func content(list []plan.Numbered, no int) (plan.Content, bool) {
	for _, c := range list {
		if c.No == no {
			return c.Content, true
		}
	}
	return plan.Content{}, false
}

func (v compareView) name(ctx context.Context, no int) string {
	if no == 0 {
		return i18n.T(ctx, "version.now")
	}
	return versionName(ctx, no)
}

// options are the versions to choose from; of the later one also the plan as it stands.
func (v compareView) options(ctx context.Context, now bool) []ui.Option {
	var list []ui.Option
	if now {
		list = append(list, ui.Option{Value: "0", Label: i18n.T(ctx, "version.now")})
	}
	for _, x := range v.Versions {
		list = append(list, ui.Option{Value: strconv.Itoa(x.No), Label: versionName(ctx, x.No) + ", " + i18n.Small(i18n.T(ctx, "version.state."+string(x.State)))})
	}
	return list
}

// write reports whether the reader may send the plan.
func (v listView) write() bool { return v.May(actor.Write) }
