// Package sharingpages are the pages of the register of what leaves a case, comes in and is refused, and of what a second person
// is asked to release.
package sharingpages

import (
	"context"
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
	"samspil/web/caseframe"
	"samspil/web/eventview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers for the pages.
type Handler struct {
	DB   *db.DB
	Keys keys.Keys
}

// CaseRoutes are the pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/delinger", page.Handle(h.register))
	r.Get("/delinger/ny", page.Handle(h.newSharing))
	r.Post("/delinger/ny", page.Handle(h.share))
	r.Get("/delinger/kompas", page.Handle(h.compass))
	r.Get("/delinger/{sharing}", page.Handle(h.show))
	r.Get("/delinger/{sharing}/fil", page.Handle(h.download))
	r.Post("/delinger/{sharing}/svar", page.Handle(h.answer))
	r.Get("/samtykker", page.Handle(h.consents))
	r.Get("/samtykker/ny", page.Handle(h.newConsent))
	r.Post("/samtykker/ny", page.Handle(h.recordConsent))
	r.Get("/samtykker/{consent}", page.Handle(h.consent))
	r.Post("/samtykker/{consent}/traek", page.Handle(h.withdraw))
}

// registerView is the register of a case.
type registerView struct {
	caseframe.View
	All      []sharing.Sharing
	Received []sharing.Received
}

func (h Handler) register(w http.ResponseWriter, r *http.Request) error {
	var all *[]sharing.Sharing
	var received *[]sharing.Received
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) { all, received = sharing.Register(b), sharing.ReceivedOf(b) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, registerPage(registerView{View: frame, All: *all, Received: *received}))
}

// told is what a contact person has told, in a sentence.
func told(ctx context.Context, x sharing.Received) string {
	return eventview.Sentence(ctx, timeline.Event{ID: x.ID, At: x.At, Actor: x.Actor, Kind: x.Kind, ObjectID: x.ObjectID, Data: x.Data})
}

// toldAt is where it stands: with the question, or with their part in the case.
func toldAt(ref string, x sharing.Received) string {
	switch {
	case x.Kind == timeline.SparringAnswered && x.ObjectID != nil:
		return link.CaseSparring(ref) + "/" + x.ObjectID.String()
	case x.PartID != nil:
		return link.GuestLinks(ref, *x.PartID)
	}
	return link.Network(ref)
}

// mayShare reports whether the reader writes in the case and reads what must not leave it.
func mayShare(v caseframe.View) bool {
	return v.May(actor.Write|actor.Addresses) && !v.Case.Closed()
}

// mayRelease reports whether the reader may let go what waits, if somebody else has written it.
func mayRelease(v caseframe.View) bool {
	return v.May(actor.Read|actor.Addresses|actor.Note) && !v.Case.Closed()
}

// ways are the words for a direction in an address.
var ways = map[string]string{"ud": sharing.Out, "ind": sharing.In, "afvist": sharing.Refused}

func newPath(ref, direction string) string {
	for way, d := range ways {
		if d == direction {
			return link.Sharing(ref) + "/ny?retning=" + way
		}
	}
	return link.Sharing(ref) + "/ny"
}

func onePath(ref string, id uuid.UUID) string { return link.Sharing(ref) + "/" + id.String() }

// oneView is an entry with everything in it.
type oneView struct {
	caseframe.View
	S          sharing.Sharing
	Text, File string
	Barred     bool // there is a protected fact in it, which the reader may not read
	Found      []sharing.Finding
	Outcome    string
	Reason     string
	Stale      bool
	Bad        fault.Invalid
}

func (h Handler) readOne(w http.ResponseWriter, r *http.Request) (oneView, error) {
	var (
		s      *sharing.Sharing
		sealed *db.Found[sharing.Sealed]
		facts  *[]sharing.SealedFact
		held   *db.Found[[]byte]
		id     = page.ID(r, "sharing")
		caseID uuid.UUID
	)
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		caseID = b.CaseID
		s, sealed, facts, held = sharing.Get(b, id), sharing.ReadText(b, id), sharing.HeldFacts(b, id), sharing.HeldWords(b, id)
	})
	if err != nil {
		return oneView{}, err
	}
	v := oneView{View: frame, S: *s, Barred: sealed.Row.Barred}
	if v.Text, v.File, err = sealed.Row.Open(h.Keys, caseID, id); err != nil {
		return v, err
	}
	words, err := sharing.OpenWords(h.Keys, caseID, id, held.Row)
	if err != nil {
		return v, err
	}
	v.Found, err = sharing.Compare(h.Keys, caseID, *facts, v.Text, v.File, words)
	return v, err
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, onePage(v))
}

// The answers to what waits.
const (
	release  = "release"
	keepBack = "keep_back"
)

func (h Handler) answer(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "sharing")
	outcome, reason := f.Text("outcome"), f.Text("reason")
	err := caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Read | actor.Addresses) {
			return fault.Forbidden
		}
		seen := f.Int("seen")
		if outcome != release && outcome != keepBack {
			f.Refuse("outcome", "error.choose")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return sharing.Answer(ctx, tx, h.Keys, id, outcome == release, reason, seen)
	})
	bad, stale, err := page.Refused(err)
	switch {
	case err != nil:
		return err
	case bad == nil && !stale:
		return page.Done(w, r, "flash.sharing."+outcome, onePath(caseframe.Ref(r), id))
	}
	v, err := h.readOne(w, r)
	if err != nil {
		return err
	}
	v.Outcome, v.Reason, v.Bad, v.Stale, v.Page.Invalid = outcome, reason, bad, stale, bad != nil
	return page.Render(w, r, page.FormStatus(stale), onePage(v))
}

// own reports whether the reader wrote the entry.
func (v oneView) own() bool { return v.S.WrittenByID == v.Page.Actor.UserID }

func (v oneView) waits() bool { return v.S.Status == sharing.Held }

// mayAnswer reports whether the reader may say what becomes of what waits; the writer can only keep it back.
func (v oneView) mayAnswer() bool {
	return v.waits() && (mayRelease(v.View) || v.own() && mayShare(v.View))
}

// who names the other side: the person and the organisation.
func who(s sharing.Sharing) string {
	if s.Contact == "" {
		return s.Organisation
	}
	return s.Contact + ", " + s.Organisation
}

// basisWords is a legal basis with its law; none is said plainly (R9).
func basisWords(ctx context.Context, code string) string {
	b, ok := groundOf(code)
	if !ok {
		return i18n.T(ctx, "sharing.basis.none")
	}
	return b.Cited(ctx)
}

func groundOf(code string) (reference.LegalBasis, bool) {
	for _, b := range reference.AllLegalBases() {
		if b.Code == code {
			return b, true
		}
	}
	return reference.LegalBasis{}, false
}

// unsure reports whether the reference data is not certain of a legal basis: a lawyer should look.
func unsure(code string) bool {
	b, _ := groundOf(code)
	return b.Unsure()
}

// of says of whom a protected fact is.
func of(ctx context.Context, kind, person string) string {
	name := i18n.T(ctx, "sharing.fact."+kind)
	if person == "" {
		return i18n.Capital(i18n.T(ctx, "sharing.fact.citizens", name))
	}
	return i18n.Capital(i18n.T(ctx, "sharing.fact.of", name, person))
}

// state is the tag of an entry: its word, its colour, its symbol.
func state(ctx context.Context, s sharing.Sharing) (text, tone, icon string) {
	key := "sharing.state." + s.Direction
	switch {
	case s.Status == sharing.Held:
		key, tone, icon = "sharing.state.held", "amber", "lock"
	case s.Status == sharing.KeptBack:
		key, icon = "sharing.state.kept_back", "block"
	case s.Direction == sharing.Out:
		tone, icon = "blue", "send"
	case s.Direction == sharing.In:
		tone, icon = "ol", "arrow-forward"
	default:
		icon = "block"
	}
	return i18n.T(ctx, key), tone, icon
}

func outcomes(ctx context.Context, v oneView) []ui.Option {
	if v.own() || !mayRelease(v.View) {
		return ui.Options(ctx, "sharing.answer.", []string{keepBack})
	}
	return ui.Options(ctx, "sharing.answer.", []string{release, keepBack})
}
