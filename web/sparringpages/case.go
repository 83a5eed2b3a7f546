package sparringpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/sparring"
	"samspil/web/caseframe"
	"samspil/web/groundview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView are the questions about a case.
type listView struct {
	caseframe.View
	List  []sparring.Thread
	Draft bool
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	var list *[]sparring.Thread
	var kept *db.Found[draft.Draft]
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) { list, kept = sparring.OfCase(b), draft.Load(b, form) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listPage(listView{frame, *list, kept.OK}))
}

// oneView is a question about a case, with everything that can be done to it, as it was typed.
type oneView struct {
	caseframe.View
	T          sparring.Thread
	Asks       []sparring.Ask
	Messages   []sparring.Message
	Learnings  []sparring.Learning
	Colleagues []sparring.Colleague
	Contacts   []partner.Callable
	Key        string

	Reply, From         string
	Who                 []string
	Named               string
	Ground              groundview.View
	asked               groundview.Asked
	Helped, HelpedWords string
	Title, Learning     string
	Found               []sparring.Found
	Bad                 fault.Invalid
	Stale               bool
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	v, id := oneView{Key: uuid.NewString()}, page.ID(r, "thread")
	var t *sparring.Thread
	var asks *[]sparring.Ask
	var messages *[]sparring.Message
	var learnings *[]sparring.Learning
	var colleagues *[]sparring.Colleague
	var contacts *[]partner.Callable
	frame, err := caseframe.Read(h.DB, w, r, "overview", func(b *db.Batch) {
		v.asked = groundview.Ask(b)
		t, asks, messages, learnings = sparring.GetOfCase(b, id), sparring.Asks(b, id), sparring.Messages(b, id), sparring.LearningsOf(b, id)
		colleagues, contacts = sparring.Colleagues(b), partner.Callables(b, partner.Query{})
	})
	if err != nil {
		return v, err
	}
	v.View, v.T, v.Asks, v.Messages, v.Learnings = frame, *t, *asks, *messages, *learnings
	already := func(user, contact uuid.UUID) bool {
		return slices.ContainsFunc(v.Asks, func(a sparring.Ask) bool {
			return a.UserID != nil && *a.UserID == user || a.ContactID != nil && *a.ContactID == contact
		})
	}
	v.Colleagues = slices.DeleteFunc(*colleagues, func(c sparring.Colleague) bool {
		return c.ID == v.T.PutByID || already(c.ID, uuid.Nil) || v.T.Named != "" && !v.asked.Opens(c.ID) // who may not open the case was told when it got its names
	})
	v.Contacts = slices.DeleteFunc(*contacts, func(c partner.Callable) bool {
		return v.T.Named != "" || c.Together == 0 || !c.Serves(frame.Case.Area) || already(uuid.Nil, c.ContactID)
	})
	v.Named = v.T.Body
	v.ground(sharing.Ground{})
	return v, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

// small does what one of the forms asks for, and shows the page again with what was typed where it is refused.
func (h Handler) small(w http.ResponseWriter, r *http.Request, f *page.Form, flash string, do func(context.Context, *db.Tx) ([]sparring.Found, error)) error {
	var found []sparring.Found
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
		found, err = do(ctx, tx)
		return err
	})
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	if bad = stops(found, bad); len(bad) == 0 && !stale {
		return page.Done(w, r, flash, link.CaseThread(caseframe.Ref(r), page.ID(r, "thread")))
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	v.Reply, v.From, v.Who = f.Text("reply"), f.Text("from"), f.Texts("who")
	v.Helped, v.HelpedWords, v.Title, v.Learning = f.Text("helped"), f.Text("helped_words"), f.Text("title"), f.Text("learning")
	if f.Has("named") {
		v.Named = f.Text("named")
	}
	if key := f.Text("key"); key != "" {
		v.Key = key
	}
	v.Found, v.Bad, v.Stale, v.Page.Invalid = found, bad, stale, len(bad) > 0
	v.ground(groundview.Read(f))
	return page.Render(w, r, page.FormStatus(stale), onePage(v))
}

func (h Handler) reply(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.sparring.replied", func(ctx context.Context, tx *db.Tx) ([]sparring.Found, error) {
		return sparring.Answered(ctx, tx, h.Keys, page.ID(r, "thread"), f.ID("key"), f.ID("from"), f.Text("reply"))
	})
}

func (h Handler) ask(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.sparring.asked", func(ctx context.Context, tx *db.Tx) ([]sparring.Found, error) {
		return nil, sparring.AskMore(ctx, tx, page.ID(r, "thread"), who(f))
	})
}

func (h Handler) name(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	in := sparring.NamedInput{Body: f.Text("named"), Ground: groundview.Read(f)}
	return h.small(w, r, f, "flash.sparring.named", func(ctx context.Context, tx *db.Tx) ([]sparring.Found, error) {
		return sparring.Name(ctx, tx, h.Keys, page.ID(r, "thread"), in)
	})
}

func (h Handler) end(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.sparring.ended", func(ctx context.Context, tx *db.Tx) ([]sparring.Found, error) {
		return sparring.End(ctx, tx, h.Keys, page.ID(r, "thread"), f.Text("helped"), f.Text("helped_words"))
	})
}

func (h Handler) propose(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	return h.small(w, r, f, "flash.sparring.proposed", func(ctx context.Context, tx *db.Tx) ([]sparring.Found, error) {
		return sparring.Propose(ctx, tx, h.Keys, page.ID(r, "thread"), f.Text("title"), f.Text("learning"))
	})
}

// may reports whether the reader writes in the thread for the case.
func (v oneView) may() bool { return sparring.MayAsk(v.Rights) }

// speakers are those in whose words one writes: one's own, or those of a contact person who is asked.
func (v oneView) speakers(ctx context.Context, own string) []ui.Option {
	list := []ui.Option{{Label: own}}
	for _, a := range v.Asks {
		if a.ContactID != nil {
			list = append(list, ui.Option{Value: a.ID.String(), Label: a.Name + ", " + a.Organisation})
		}
	}
	return list
}

// summary are the names of the forms of a question, in their order.
var summary = slices.Concat([]string{"reply", "who", "named"}, groundview.Names, []string{"helped", "helped_words", "title", "learning"})

// ground asks the compass about those who are asked: contact persons, and colleagues.
func (v *oneView) ground(chosen sharing.Ground) {
	var all []sharing.To
	for _, a := range v.Asks {
		if a.OrganisationID != nil {
			all = append(all, sharing.To{OrganisationID: *a.OrganisationID, PartnerType: a.PartnerType, Name: a.Organisation})
		} else if a.UserID != nil {
			all = append(all, sharing.To{UserID: *a.UserID, PartnerType: reference.Colleague, Name: a.Name})
		}
	}
	v.Ground = v.asked.Of(v.Case, v.Now, all, chosen, v.Bad)
	v.Ground.Named = true
}

// mayName reports whether the reader may put names into the question: what those
// who may not open the case are told is written into the register.
func (v oneView) mayName() bool {
	return v.may() && (len(v.Ground.To) == 0 || v.May(actor.Write|actor.Addresses))
}

// refusedName reports whether that form has come back.
func (v oneView) refusedName() bool {
	return v.Bad["named"] != "" || slices.ContainsFunc(groundview.Names, func(field string) bool { return v.Bad[field] != "" })
}

func helps() []string { return sparring.Helps }

// proposable reports whether a learning can be proposed: none waits, and none is out.
func (v oneView) proposable() bool {
	return v.may() && !slices.ContainsFunc(v.Learnings, func(l sparring.Learning) bool { return l.State != sparring.Returned })
}

// newLabel is what the button to a new question says: some have begun to write one.
func newLabel(ctx context.Context, begun bool) string {
	if begun {
		return i18n.T(ctx, "sparring.resume")
	}
	return i18n.T(ctx, "sparring.ask")
}

// replyHint says what may stand in a reply.
func replyHint(t sparring.Thread) string {
	if t.Named != "" {
		return "sparring.case.reply.named"
	}
	return "sparring.reply.hint"
}
