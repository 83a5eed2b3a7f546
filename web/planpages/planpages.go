// Package planpages are the pages of a case's action plan: the list and the board, one step with its
// actions, the choice of a template, and what the plan calls for.
package planpages

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/internal/plan"
	"samspil/internal/template"
	"samspil/internal/timeline"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Handler answers the plan's addresses.
type Handler struct{ DB *db.DB }

// CaseRoutes are the plan's pages, below the address of a case.
func (h Handler) CaseRoutes(r chi.Router) {
	r.Get("/handlingsplan", page.Handle(h.show))
	r.Post("/handlingsplan/start", page.Handle(h.start))
	r.Post("/handlingsplan/set-igennem", page.Handle(h.lookThrough))
	r.Get("/handlingsplan/maal", page.Handle(h.goals))
	r.Post("/handlingsplan/maal", page.Handle(h.saveGoals))

	r.Get("/handlingsplan/trin/ny", page.Handle(h.newStep))
	r.Post("/handlingsplan/trin/ny", page.Handle(h.addStep))
	r.Post("/handlingsplan/trin/hurtig", page.Handle(h.quickAdd))
	r.Get("/handlingsplan/trin/{step}", page.Handle(h.step))
	r.Post("/handlingsplan/trin/{step}", page.Handle(h.saveStep))
	r.Post("/handlingsplan/trin/{step}/udfoert", page.Handle(h.complete))
	r.Post("/handlingsplan/trin/{step}/fortryd", page.Handle(h.undo))
	r.Post("/handlingsplan/trin/{step}/til", page.Handle(h.put))
	r.Get("/handlingsplan/trin/{step}/flyt", page.Handle(h.move))
	r.Post("/handlingsplan/trin/{step}/flyt", page.Handle(h.saveMove))
	r.Get("/handlingsplan/trin/{step}/udskyd", page.Handle(h.postpone))
	r.Post("/handlingsplan/trin/{step}/udskyd", page.Handle(h.savePostpone))
	r.Get("/handlingsplan/trin/{step}/udgaar", page.Handle(h.skip))
	r.Post("/handlingsplan/trin/{step}/udgaar", page.Handle(h.saveSkip))

	r.Post("/handlingsplan/forslag/{type}/tilfoej", page.Handle(h.drawIn))
	r.Get("/handlingsplan/forslag/{type}/afvis", page.Handle(h.dismiss))
	r.Post("/handlingsplan/forslag/{type}/afvis", page.Handle(h.saveDismiss))
}

// latest is how many changes the plan shows below its steps.
const latest = 6

// data is everything that a page about the plan reads, in one batch.
type data struct {
	frame  *caseframe.Frame
	plan   *db.Found[plan.Plan]
	phases *[]plan.Phase
	steps  *[]plan.Step
	asked  *plan.Calling
	events *[]timeline.Event
	now    time.Time

	standing *plan.Standing
	offers   *[]plan.Offer

	deadlines *[]deadline.Deadline
	templates *[]template.Version // to start from
}

func (h Handler) read(r *http.Request) (data, error) {
	var d data
	now, err := h.DB.ReadCase(r.Context(), actor.From(r.Context()), caseframe.At(r), func(b *db.Batch) {
		d.frame, d.plan, d.phases, d.steps = caseframe.Ask(b), plan.Get(b), plan.Phases(b), plan.Steps(b)
		d.asked, d.events = plan.AskCalls(b, d.steps), plan.Events(b, latest)
		d.standing, d.offers = plan.AskStanding(b), plan.Offers(b)
		d.deadlines = deadline.Open(b)
		d.templates = template.ToStart(b)
	})
	d.now = now
	return d, err
}

// step finds the step of the path.
func (d data) step(r *http.Request) (plan.Step, error) {
	id := page.ID(r, "step")
	for _, s := range *d.steps {
		if s.ID == id {
			return s, nil
		}
	}
	return plan.Step{}, fault.NotFound
}

// view puts the frame around the page. It takes the message of the last action, so it is asked once.
func (d data) view(w http.ResponseWriter, r *http.Request) caseframe.View {
	return d.frame.View(w, r, "plan", d.now)
}

// person is somebody of the directory.
func (d data) person(id uuid.UUID) (partner.Callable, bool) {
	for _, p := range *d.asked.People {
		if p.ContactID == id {
			return p, true
		}
	}
	return partner.Callable{}, false
}

// refusals are the fields that err refuses, if that is what it does.
func refusals(err error) (fault.Invalid, bool) {
	var bad fault.Invalid
	return bad, errors.As(err, &bad)
}

// fragment reports whether a script asks for the row only.
func fragment(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "fragment=row") }

// look is how the plan is looked at; it is kept in the address, and carried through every action.
type look struct {
	Board  bool   // columns instead of a table
	Filter string // "", "mine", "partnere" or "over"
	Done   bool   // done steps are unfolded
	Calls  bool   // all suggestions are shown
	Print  bool   // everything is unfolded, for paper
	Back   string // Min dag, with its own filters: where a tick was made, and where it returns to
}

func lookOf(q url.Values) look {
	l := look{Board: q.Get("vis") == "tavle", Filter: q.Get("filter"), Done: q.Get("udfoerte") == "1", Calls: q.Get("forslag") == "alle", Print: q.Get("udskriv") == "1"}
	switch l.Filter {
	case "mine", "partnere", "over":
	default:
		l.Filter = ""
	}
	if back := q.Get("tilbage"); back == link.Day || strings.HasPrefix(back, link.Day+"?") { // nowhere else
		l.Back = back
	}
	return l
}

// formLook is the look that a form carries along in its hidden field "v".
func formLook(r *http.Request) look {
	return lookOf(parseQuery(r.PostFormValue("v")))
}

// parseQuery reads a query as far as it can be read.
func parseQuery(s string) url.Values {
	q, _ := url.ParseQuery(s) // what is broken is left out
	return q
}

func (l look) query() string {
	q := url.Values{}
	set := func(key, value string, when bool) {
		if when {
			q.Set(key, value)
		}
	}
	set("vis", "tavle", l.Board)
	set("filter", l.Filter, l.Filter != "")
	set("udfoerte", "1", l.Done)
	set("forslag", "alle", l.Calls)
	set("tilbage", l.Back, l.Back != "")
	return q.Encode()
}

// href is the plan of a case, looked at like this, or the page that sent the reader here.
func (l look) href(ref string) string {
	if l.Back != "" {
		return l.Back
	}
	if q := l.query(); q != "" {
		return link.Plan(ref) + "?" + q
	}
	return link.Plan(ref)
}
