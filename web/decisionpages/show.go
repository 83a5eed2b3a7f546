package decisionpages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// oneView is a decision with its answers, and the small forms below it as they were typed.
type oneView struct {
	caseframe.View
	D         decision.Decision
	Asks      []decision.Ask
	Additions []decision.Addition
	Witnesses []decision.Witness // who may be asked and is not yet
	Draft     bool               // the reader has begun to write the decision
	Key       string

	Who                  []string
	AnswerBy, DropReason string
	Body, Went, Words    string
	Bad                  fault.Invalid
	Stale                bool
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	v := oneView{Key: uuid.NewString()}
	var d *decision.Decision
	var asks *[]decision.Ask
	var additions *[]decision.Addition
	var kept *db.Found[draft.Draft]
	list := &[]decision.Witness{}
	id := page.ID(r, "decision")
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		d, asks, additions, kept = decision.Get(b, id), decision.Asks(b, id), decision.Additions(b, id), draft.Load(b, decision.FormOf(id))
		if decision.MayDecide(b.Rights) {
			list = decision.Witnesses(b)
		}
	})
	if err != nil {
		return v, err
	}
	v.View, v.D, v.Asks, v.Additions, v.Draft = frame, *d, *asks, *additions, kept.OK
	v.Witnesses = slices.DeleteFunc(*list, func(w decision.Witness) bool {
		return w.UserID != nil && *w.UserID == d.PutByID || slices.ContainsFunc(v.Asks, func(a decision.Ask) bool {
			return a.UserID != nil && w.UserID != nil && *a.UserID == *w.UserID || a.ContactID != nil && w.ContactID != nil && *a.ContactID == *w.ContactID
		})
	})
	return v, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

// small does what one of the small forms asks for, and shows the page again with what was typed where it is refused.
func (h Handler) small(w http.ResponseWriter, r *http.Request, f *page.Form, flash string, do func(context.Context, *db.Tx) error) error {
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if err := f.Err(); err != nil {
			return err
		}
		return do(ctx, tx)
	})
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil {
		return page.Done(w, r, flash, here(r))
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	v.Who, v.AnswerBy, v.DropReason, v.Body, v.Went, v.Words = f.Texts("who"), f.Text("answer_by"), f.Text("drop_reason"), f.Text("body"), f.Text("went"), f.Text("words")
	if key := f.Text("key"); key != "" {
		v.Key = key
	}
	v.Bad, v.Stale, v.Page.Invalid = bad, stale, len(bad) > 0
	return page.Render(w, r, page.FormStatus(stale), onePage(v))
}

func (h Handler) ask(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := askInput(f)
	return h.small(w, r, f, "flash.decision.asked", func(ctx context.Context, tx *db.Tx) error {
		return decision.AskMore(ctx, tx, page.ID(r, "decision"), in)
	})
}

func (h Handler) drop(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.decision.dropped", func(ctx context.Context, tx *db.Tx) error {
		return decision.Drop(ctx, tx, page.ID(r, "decision"), f.Text("drop_reason"))
	})
}

func (h Handler) add(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.decision.added", func(ctx context.Context, tx *db.Tx) error {
		return decision.Add(ctx, tx, page.ID(r, "decision"), f.ID("key"), f.Text("body"))
	})
}

func (h Handler) review(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.decision.reviewed", func(ctx context.Context, tx *db.Tx) error {
		return decision.Review(ctx, tx, page.ID(r, "decision"), f.Text("went"), f.Text("words"))
	})
}

// mine is the reader's own question that waits for an answer.
func (v oneView) mine() *decision.Ask {
	for i, a := range v.Asks {
		if a.Of(v.Page.Actor.UserID) && !a.Answered() && v.D.Ending != decision.Dropped && v.May(actor.Note) {
			return &v.Asks[i]
		}
	}
	return nil
}

// mayDecide reports whether the reader can decide now.
func (v oneView) mayDecide() bool { return v.D.Open() && mayDecide(v.View) }

// mayWriteDown reports whether the reader can write down what a contact person says.
func (v oneView) mayWriteDown(a decision.Ask) bool {
	return a.ContactID != nil && !a.Answered() && v.D.Ending != decision.Dropped && mayDecide(v.View)
}

// mayLookBack reports whether it is time to say how it went.
func (v oneView) mayLookBack() bool {
	at := v.D.LookBackAt()
	return v.D.Went == "" && !at.IsZero() && !v.Now.Before(at) && mayDecide(v.View)
}

// silent are those who had not answered when it was decided.
func (v oneView) silent() string {
	if v.D.MadeAt == nil {
		return ""
	}
	var names []string
	for _, a := range v.Asks {
		if !a.Before(*v.D.MadeAt) {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, ", ")
}

// late reports whether an answer came after the decision.
func (v oneView) late(a decision.Ask) bool {
	return v.D.Ending == decision.Made && a.Answered() && !a.Before(*v.D.MadeAt)
}

// by is until when an answer is asked for; zero: nobody said.
func by(a decision.Ask) time.Time {
	if a.AnswerBy == nil {
		return time.Time{}
	}
	return *a.AnswerBy
}

// outlooks are the codes that the look-back offers.
func outlooks() []string { return decision.Outlooks }

// answerView is the form of one answer.
type answerView struct {
	oneView
	Ask              decision.Ask
	Outcome, Remarks string
}

func (h Handler) readAnswer(w http.ResponseWriter, r *http.Request) (answerView, error) {
	one, err := h.readOne(w, r)
	if err != nil {
		return answerView{}, err
	}
	id := page.ID(r, "ask")
	for _, a := range one.Asks {
		if a.ID == id {
			return answerView{oneView: one, Ask: a}, nil
		}
	}
	return answerView{}, fault.NotFound
}

// mayAnswer reports whether the reader can answer: for themselves, or what a contact person has said.
func (v answerView) mayAnswer() bool {
	m := v.mine()
	return m != nil && m.ID == v.Ask.ID || v.mayWriteDown(v.Ask)
}

func (h Handler) answerForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readAnswer(w, r)
	if err != nil {
		return err
	}
	if !v.mayAnswer() {
		return page.Redirect(w, r, here(r)+"#svar") // where the answer stands, or where nobody waits for one
	}
	return page.Render(w, r, http.StatusOK, answerPage(v))
}

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := decision.AnswerInput{Outcome: f.Text("outcome"), Remarks: f.Text("remarks")}
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return decision.Say(ctx, tx, page.ID(r, "decision"), page.ID(r, "ask"), in)
	})
	bad, stale, other := page.Refused(err)
	if other != nil {
		return other
	}
	if err == nil {
		return page.Done(w, r, "flash.decision.answered", here(r))
	}
	v, err := h.readAnswer(w, r)
	if err != nil {
		return err
	}
	v.Outcome, v.Remarks, v.Bad, v.Stale, v.Page.Invalid = in.Outcome, in.Remarks, bad, stale, len(bad) > 0
	return page.Render(w, r, page.FormStatus(stale), answerPage(v))
}
