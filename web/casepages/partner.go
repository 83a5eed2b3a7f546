package casepages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// chooseShown is how many contact persons the first step shows; a filter finds the others.
const chooseShown = 20

// choose is the first step of drawing a partner in: who?
type choose struct {
	caseframe.View
	Q, Type, Origin string
	AllAreas        bool
	Found           []partner.Callable // in the order in which one would call them
	Total           int
	Organisations   []partner.Organisation
	InAlready       map[uuid.UUID]bool // contact persons who are in, or have been asked
}

func (h Handler) choosePartner(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	contact, _ := uuid.Parse(q.Get("kontakt"))
	organisation, _ := uuid.Parse(q.Get("organisation"))
	if contact != uuid.Nil || organisation != uuid.Nil {
		return h.askPartner(w, r, contact, organisation)
	}
	var (
		people *[]partner.Callable
		orgs   *[]partner.Organisation
		parts  *[]involvement.Involvement
	)
	query := partner.Query{}
	if t := q.Get("type"); t != "" {
		query.PartnerTypes = []string{t}
	}
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) {
		people, orgs, parts = partner.Callables(b, query), partner.Organisations(b), involvement.Involvements(b)
	})
	if err != nil {
		return err
	}
	v := choose{View: frame, Q: q.Get("q"), Type: q.Get("type"), Origin: origin(q), AllAreas: q.Get("alle") != "", InAlready: map[uuid.UUID]bool{}}
	for _, p := range *parts {
		if p.Live() && p.ContactID != nil {
			v.InAlready[*p.ContactID] = true
		}
	}
	v.find(r.Context(), *people, *orgs)
	return page.Render(w, r, http.StatusOK, choosePage(v))
}

// origin is where the wish for the partner came from: what the way here says, the plan where a type is called
// for, or a person's own idea (R7).
func origin(q url.Values) string {
	switch o := q.Get("fra"); {
	case reference.Known(reference.InvolvementOrigins, o):
		return o
	case q.Get("type") != "":
		return involvement.FromPlan
	}
	return involvement.AdHoc
}

// find keeps the partners that the filter asks for.
func (v *choose) find(ctx context.Context, people []partner.Callable, orgs []partner.Organisation) {
	terms := strings.Fields(casefile.Fold(v.Q))
	match := func(texts ...string) bool {
		all := casefile.Fold(strings.Join(texts, " "))
		return !slices.ContainsFunc(terms, func(term string) bool { return !strings.Contains(all, term) })
	}
	for _, c := range partner.Rank(people, v.Now) {
		area := v.AllAreas || c.Serves(v.Case.Area)
		words := []string{c.Name, c.Title, c.Organisation, c.Can, partnerview.TypeName(ctx, c.PartnerType)}
		for _, k := range c.Competences {
			words = append(words, partnerview.Competence(ctx, k))
		}
		if area && match(words...) {
			v.Found = append(v.Found, c)
		}
	}
	v.Total = len(v.Found)
	v.Found = v.Found[:min(chooseShown, len(v.Found))]
	for _, o := range orgs {
		area := v.AllAreas || slices.Contains(o.Areas, v.Case.Area)
		if o.Active && area && (v.Type == "" || o.PartnerType == v.Type) && match(o.Name, o.Can, partnerview.TypeName(ctx, o.PartnerType)) {
			v.Organisations = append(v.Organisations, o)
		}
	}
}

// pick is the address of the second step.
func (v choose) pick(key string, id uuid.UUID) string {
	return link.AddPartner(v.Case.Ref) + "?" + url.Values{key: {id.String()}, "fra": {v.Origin}}.Encode()
}

func (v choose) types(ctx context.Context) []ui.Option {
	return ui.OrNone(i18n.T(ctx, "partner_new.all_types"), ui.Listed(ctx, reference.PartnerTypes))
}

// ask is the second step, what for, and the third, check.
type ask struct {
	caseframe.View
	In      involvement.Input
	Other   string // the basis chosen from the long list
	Person  *partner.Callable
	Org     partner.Organisation
	Bad     fault.Invalid
	Suggest []string // bases that the partner type usually works under
}

func (h Handler) askPartner(w http.ResponseWriter, r *http.Request, contact, organisation uuid.UUID) error {
	in := involvement.Input{OrganisationID: organisation, ContactID: contact, Origin: origin(r.URL.Query())}
	v, err := h.readAsk(w, r, in)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, askPartnerPage(v))
}

// readAsk reads who is meant. A contact person brings their organisation along.
func (h Handler) readAsk(w http.ResponseWriter, r *http.Request, in involvement.Input) (ask, error) {
	var people *[]partner.Callable
	var orgs *[]partner.Organisation
	frame, err := h.readForm(w, r, "network", func(b *db.Batch) {
		people, orgs = &[]partner.Callable{}, partner.Organisations(b)
		if in.ContactID != uuid.Nil {
			people = partner.Callables(b, partner.Query{ContactID: in.ContactID})
		}
	})
	if err != nil {
		return ask{}, err
	}
	v := ask{View: frame, In: in}
	if in.ContactID != uuid.Nil {
		if len(*people) == 0 {
			return ask{}, fault.NotFound
		}
		v.Person = &(*people)[0]
		v.In.OrganisationID = v.Person.OrganisationID
	}
	i := slices.IndexFunc(*orgs, func(o partner.Organisation) bool { return o.ID == v.In.OrganisationID && o.Active })
	if i < 0 {
		return ask{}, fault.NotFound
	}
	v.Org = (*orgs)[i]
	for _, t := range reference.AllPartnerTypes() {
		if t.Code == v.Org.PartnerType {
			v.Suggest = t.LegalBases
		}
	}
	return v, nil
}

// otherBasis is the choice that opens the long list of bases, noBasis the one without any.
const (
	otherBasis = "OTHER"
	noBasis    = "NONE"
)

func (h Handler) drawIn(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in := involvement.Input{OrganisationID: form.ID("organisation"), ContactID: form.ID("contact"), ResponsibleFor: form.Text("responsible_for"),
		Origin: form.Text("origin"), Accepted: form.Text("answer") == "yes"}
	chosen := form.Text("legal_basis")
	in.LegalBasis = chosen
	switch chosen {
	case "":
		form.Refuse("legal_basis", "involvement.error.basis")
	case noBasis:
		in.LegalBasis = ""
	case otherBasis:
		if in.LegalBasis = form.Text("other_basis"); in.LegalBasis == "" {
			form.Refuse("other_basis", "involvement.error.basis")
		}
	}
	err := form.With(in.Validate())
	if err == nil && form.Has("confirmed") {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			_, err := involvement.Request(ctx, tx, in)
			return err
		})
		if err == nil {
			return page.Done(w, r, "flash.partner_in", link.Network(caseframe.Ref(r)))
		}
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readAsk(w, r, in)
	if err != nil {
		return err
	}
	v.Bad = bad
	v.In.LegalBasis, v.Other = chosen, form.Text("other_basis")
	switch {
	case bad != nil:
		v.Page.Invalid = true
		return page.Render(w, r, http.StatusUnprocessableEntity, askPartnerPage(v))
	case form.Has("change"):
		return page.Render(w, r, http.StatusOK, askPartnerPage(v))
	}
	return page.Render(w, r, http.StatusOK, checkPartnerPage(v))
}

// code is the legal basis that has been chosen.
func (v ask) code() string {
	switch v.In.LegalBasis {
	case otherBasis:
		return v.Other
	case noBasis:
		return ""
	}
	return v.In.LegalBasis
}

// who names the partner.
func (v ask) who() string {
	if v.Person != nil {
		return v.Person.Name
	}
	return v.Org.Name
}

// fields carry the answers along from step to step.
func (v ask) fields() map[string]string {
	answer := "asked"
	if v.In.Accepted {
		answer = "yes"
	}
	m := map[string]string{"organisation": v.In.OrganisationID.String(), "responsible_for": v.In.ResponsibleFor, "origin": v.In.Origin,
		"legal_basis": v.In.LegalBasis, "other_basis": v.Other, "answer": answer}
	if v.In.ContactID != uuid.Nil {
		m["contact"] = v.In.ContactID.String()
	}
	return m
}

// bases are the legal bases that fit the partner, then the one without, then the way to all the others.
func (v ask) bases(ctx context.Context) []ui.Option {
	var all []ui.Option
	anonymous := false
	for _, code := range v.Suggest {
		all = append(all, basisOption(ctx, code))
		anonymous = anonymous || code == involvement.Anonymous
	}
	if !anonymous {
		all = append(all, basisOption(ctx, involvement.Anonymous))
	}
	return append(all, ui.Option{Value: otherBasis, Label: i18n.T(ctx, "involvement.basis.other"), Hint: i18n.T(ctx, "involvement.basis.other.hint")},
		ui.Option{Value: noBasis, Label: i18n.T(ctx, "involvement.basis.none"), Hint: i18n.T(ctx, "involvement.basis.none.hint")})
}

// allBases is the long list.
func allBases(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "answer.choose")}}
	for _, b := range reference.AllLegalBases() {
		o := basisOption(ctx, b.Code)
		o.Label += " – " + o.Hint
		all = append(all, o)
	}
	return all
}

// basisOption is a legal basis with its law; what nobody has confirmed says so.
func basisOption(ctx context.Context, code string) ui.Option {
	o := ui.Option{Value: code, Label: reference.Name(ctx, reference.LegalBases, code)}
	for _, b := range reference.AllLegalBases() {
		if b.Code == code {
			o.Hint = b.Law()
		}
	}
	if unsure(code) {
		o.Hint += ". " + i18n.T(ctx, "involvement.basis.unsure")
	}
	return o
}

// unsure reports whether the reference data is not certain of a legal basis: a lawyer should look.
func unsure(code string) bool {
	for _, b := range reference.AllLegalBases() {
		if b.Code == code {
			return b.Unsure()
		}
	}
	return false
}
