package screeningpages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/screening"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// own stands in addresses for an observation in own words, which has no code.
const own = "egen"

// known is what both pages show: what has been seen and what the rules make of it.
type known struct {
	place
	Subject     screening.Subject
	Signs       []screening.Seen
	Suggestions []screening.Suggestion
	Answers     []screening.Answer
	Screenings  []screening.Screening
	Given       map[string]screening.AnswerInput // what was typed in answers that were refused
	Bad         fault.Invalid
}

// know asks for all of it in one batch.
func (s site) know(w http.ResponseWriter, r *http.Request, title string) (known, error) {
	var (
		subject    *screening.Subject
		signs      *[]screening.Seen
		rules      *[]screening.Rule
		answers    *[]screening.Answer
		screenings *[]screening.Screening
	)
	p, err := s.read(w, r, title, func(b *db.Batch) {
		subject, signs, rules, answers, screenings = screening.GetSubject(b), screening.Signs(b), screening.Rules(b), screening.Answers(b), screening.Screenings(b)
	})
	if err != nil {
		return known{}, err
	}
	return known{place: p, Subject: *subject, Signs: *signs, Answers: *answers, Screenings: *screenings,
		Suggestions: screening.Suggest(*rules, *signs, *answers, subject.Facts(p.Now))}, nil
}

// live are the signs that hold, retired the ones that were taken back.
func (k known) live() []screening.Seen { return k.signs(true) }

func (k known) retired() []screening.Seen { return k.signs(false) }

func (k known) signs(live bool) []screening.Seen {
	return slices.DeleteFunc(slices.Clone(k.Signs), func(s screening.Seen) bool { return s.Live() != live })
}

// open are the suggestions that wait for an answer.
func (k known) open() []screening.Suggestion { return screening.Unanswered(k.Suggestions) }

// last is the latest screening, or nil.
func (k known) last() *screening.Screening {
	if len(k.Screenings) == 0 {
		return nil
	}
	return &k.Screenings[0]
}

// signsView is the page of signs, with at most one small form open in it.
type signsView struct {
	known
	Adding   string // code of the sign whose form is open, or [own]
	FormID   uuid.UUID
	In       screening.SignInput
	SeenOn   string    // the date as it was typed
	Retiring uuid.UUID // the sign whose form of taking back is open
	Reason   string
	Changed  bool // the suggestion that was answered rests on other signs by now
}

func (s site) readSigns(w http.ResponseWriter, r *http.Request) (signsView, error) {
	k, err := s.know(w, r, "signs.title")
	return signsView{known: k, FormID: uuid.New()}, err
}

// signsAgain reads the page for a form on it that was refused; nobody but writers has one.
func (s site) signsAgain(w http.ResponseWriter, r *http.Request) (signsView, error) {
	v, err := s.readSigns(w, r)
	if err == nil && !v.mayWrite() {
		err = fault.Forbidden
	}
	if err == nil {
		v.refused()
	}
	return v, err
}

func (s site) signs(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readSigns(w, r)
	if err != nil {
		return err
	}
	if v.mayWrite() {
		v.Adding = r.URL.Query().Get("tegn")
		v.Retiring, _ = uuid.Parse(r.URL.Query().Get("udgaar"))
	}
	return page.Render(w, r, http.StatusOK, signsPage(v))
}

func (s site) noteSign(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := screening.SignInput{Code: form.Text("code"), Observation: form.Text("observation"), Source: form.Text("source")}
	if day := form.Date("seen_on"); !day.IsZero() {
		in.SeenOn = &day
	}
	id := form.ID("id")
	err := form.Err()
	if err != nil {
		err = form.With(in.Validate("", time.Now()))
	} else {
		err = s.write(r, func(tx *db.Tx) error { return screening.NoteSign(r.Context(), tx, s.on, id, in) })
	}
	if err == nil {
		return page.Done(w, r, "flash.sign.noted", link.Signs(s.base(r)))
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := s.signsAgain(w, r)
	if err != nil {
		return err
	}
	v.In, v.SeenOn, v.Bad, v.Adding, v.FormID = in, form.Text("seen_on"), bad, in.Code, id
	if in.Code == "" || bad[""] != "" {
		v.Adding = own
	}
	return page.Render(w, r, http.StatusUnprocessableEntity, signsPage(v))
}

func (s site) retireSign(w http.ResponseWriter, r *http.Request) error {
	id, reason := page.ID(r, "sign"), page.ReadForm(r).Text("reason")
	err := s.write(r, func(tx *db.Tx) error { return screening.RetireSign(r.Context(), tx, s.on, id, reason) })
	if err == nil {
		return page.Done(w, r, "flash.sign.retired", link.Signs(s.base(r)))
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := s.signsAgain(w, r)
	if err != nil {
		return err
	}
	v.Retiring, v.Reason, v.Bad = id, reason, bad
	return page.Render(w, r, http.StatusUnprocessableEntity, signsPage(v))
}

// readAnswer reads the answer to the suggestion of a rule.
func readAnswer(form *page.Form, code string) screening.AnswerInput {
	return screening.AnswerInput{Key: form.Text("til-" + code), Relevant: form.Text("svar-" + code), Reason: form.Text("hvorfor-" + code)}
}

func (s site) answer(w http.ResponseWriter, r *http.Request) error {
	code := page.Param(r, "rule")
	in := readAnswer(page.ReadForm(r), code)
	err := s.write(r, func(tx *db.Tx) error { return screening.AnswerSuggestion(r.Context(), tx, s.on, code, in) })
	if err == nil {
		return page.Done(w, r, "flash.suggestion.answered", link.Signs(s.base(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := s.signsAgain(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Changed, v.Given = bad, stale, map[string]screening.AnswerInput{code: in}
	return page.Render(w, r, page.FormStatus(stale), signsPage(v))
}

// group is a group of signs with what there is in it.
type group struct {
	Code, Name string
	Signs      []reference.Sign
	Seen       []screening.Seen
}

// groups are the groups of the area in their own order, and own observations last.
func (k known) groups(ctx context.Context) []group {
	var all []group
	for _, it := range reference.Items(reference.SignGroups) {
		g := group{Code: it.Code, Name: it.Name(ctx)}
		for _, s := range reference.Signs(k.Subject.Area) {
			if s.Group == it.Code {
				g.Signs = append(g.Signs, s)
			}
		}
		for _, s := range k.live() {
			if s.Group() == it.Code {
				g.Seen = append(g.Seen, s)
			}
		}
		all = append(all, g)
	}
	other := group{Name: i18n.T(ctx, "signs.own")}
	for _, s := range k.live() {
		if s.Group() == "" {
			other.Seen = append(other.Seen, s)
		}
	}
	return append(all, other)
}

// times counts how often a sign has been seen.
func (k known) times(code string) int {
	n := 0
	for _, s := range k.live() {
		if s.Code == code {
			n++
		}
	}
	return n
}

// signName is what a sign says; an own observation speaks for itself.
func signName(ctx context.Context, code string) string {
	if s, ok := reference.SignByCode(code); ok {
		return s.Name(ctx)
	}
	return i18n.T(ctx, "signs.own_one")
}

// seenWords say from whom a sign is known and when it was seen: "Skole, set 14. nov."
func seenWords(ctx context.Context, s screening.Seen, now time.Time) string {
	source := i18n.T(ctx, "signs.source."+s.Source)
	if s.SeenOn == nil {
		return i18n.T(ctx, "signs.seen.unknown", source)
	}
	return i18n.T(ctx, "signs.seen.on", source, i18n.Date(ctx, *s.SeenOn, now))
}

// sources are the choices of a source; none is chosen beforehand.
func sources(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "signs.source.choose"), ui.Options(ctx, "signs.source.", screening.Sources))
}

// yesNo are the two answers to a suggestion.
func yesNo(ctx context.Context) []ui.Option {
	return ui.Options(ctx, "suggestion.answer.", []string{"yes", "no"})
}

// reasons say why a rule asks, beside the signs themselves.
func reasons(ctx context.Context, w screening.Why, now time.Time) []string {
	var all []string
	if w.Holiday != nil {
		all = append(all, i18n.T(ctx, "suggestion.holiday", i18n.T(ctx, "school_holiday."+w.Holiday.Name), i18n.Date(ctx, w.Holiday.Begins, now), i18n.Relative(ctx, w.Holiday.Begins, now)))
	}
	if w.Age > 0 {
		all = append(all, i18n.T(ctx, "suggestion.age", w.Age))
	}
	return all
}

// said is what an answer said, in one word, and the tone of it.
func said(ctx context.Context, relevant bool) (word, tone string) {
	if relevant {
		return i18n.T(ctx, "suggestion.answer.yes"), "amber"
	}
	return i18n.T(ctx, "suggestion.answer.no"), ""
}
