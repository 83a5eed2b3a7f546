package sparringpages

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/sparring"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// inboxView is what the reader is asked, and what they have asked.
type inboxView struct {
	Page ui.Page
	Now  time.Time
	List []sparring.Thread
}

func (h Handler) inbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f *frame.Frame
	var list *[]sparring.Thread
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, list = frame.Ask(b), sparring.Inbox(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, inboxPage(inboxView{f.Page(w, r, i18n.T(ctx, "sparring.title"), "sparring"), now, *list}))
}

// toMe are the questions that the reader is asked.
func (v inboxView) toMe() (list []sparring.Thread) {
	for _, t := range v.List {
		if t.Mine {
			list = append(list, t)
		}
	}
	return list
}

// mine are the reader's own.
func (v inboxView) mine() (list []sparring.Thread) {
	for _, t := range v.List {
		if !t.Mine {
			list = append(list, t)
		}
	}
	return list
}

func (v inboxView) waiting() int {
	n := 0
	for _, t := range v.List {
		if t.Waits && t.Open() {
			n++
		}
	}
	return n
}

// href is where the reader follows a question: in the case where it is theirs and they may open it.
func href(t sparring.Thread) string {
	if t.Ref != "" && !t.Mine {
		return link.CaseThread(t.Ref, t.ID)
	}
	return link.SparringThread(t.ID)
}

// threadView is a question with what was said, as a colleague who is asked reads it.
type threadView struct {
	Page     ui.Page
	Now      time.Time
	T        sparring.Thread
	Asks     []sparring.Ask
	Messages []sparring.Message
	Key      string
	Kind     string
	Reply    string
	Found    []sparring.Found
	Bad      fault.Invalid
	Stale    bool
}

func (h Handler) readThread(w http.ResponseWriter, r *http.Request) (threadView, error) {
	ctx, id := r.Context(), page.ID(r, "thread")
	v := threadView{Key: uuid.NewString(), Kind: sparring.Answer}
	var f *frame.Frame
	var t *sparring.Thread
	var asks *[]sparring.Ask
	var messages *[]sparring.Message
	now, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, t, asks, messages = frame.Ask(b), sparring.Get(b, id), sparring.Asks(b, id), sparring.Messages(b, id)
	})
	if err != nil {
		return v, err
	}
	v.Page, v.Now, v.T, v.Asks, v.Messages = f.Page(w, r, i18n.T(ctx, "sparring.title"), "sparring"), now, *t, *asks, *messages
	return v, nil
}

func (h Handler) thread(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readThread(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, threadPage(v))
}

func (h Handler) say(w http.ResponseWriter, r *http.Request) error {
	ctx, f, id := r.Context(), page.ReadForm(r), page.ID(r, "thread")
	kind, body := f.Text("kind"), f.Text("reply")
	var found []sparring.Found
	err := h.DB.InTx(ctx, actor.From(ctx), func(tx *db.Tx) (err error) {
		found, err = sparring.Say(ctx, tx, id, f.ID("key"), kind, body)
		return err
	})
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad = stops(found, bad); len(bad) == 0 && !stale {
		return page.Done(w, r, "flash.sparring.said."+kind, link.SparringThread(id))
	}
	v, err := h.readThread(w, r)
	if err != nil {
		return err
	}
	v.Key, v.Kind, v.Reply, v.Found, v.Bad, v.Stale, v.Page.Invalid = f.Text("key"), kind, body, found, bad, stale, len(bad) > 0
	return page.Render(w, r, page.FormStatus(stale), threadPage(v))
}

func kinds() []string { return []string{sparring.Answer, sparring.Question} }
