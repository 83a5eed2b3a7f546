package partnerpages

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// orgForm is the form of an organisation, new or known.
type orgForm struct {
	Page     ui.Page
	ID       uuid.UUID // zero: new
	Version  int
	Active   bool
	People   int
	In       partner.OrganisationInput
	Bad      fault.Invalid
	Conflict *ui.Conflict
	Types    []ui.Option
	Groups   []ui.Option
}

func (v orgForm) action() string {
	if v.ID == uuid.Nil {
		return link.NewPartner
	}
	return link.EditOrganisation(v.ID)
}

func (v orgForm) back() string {
	if v.ID == uuid.Nil {
		return link.AdminPartners
	}
	return link.Organisation(v.ID)
}

func readOrganisation(f *page.Form) partner.OrganisationInput {
	return partner.OrganisationInput{
		Name: f.Text("name"), Kind: f.Text("kind"), PartnerType: f.Text("partner_type"), Areas: f.Texts("areas"),
		Can: f.Text("can"), Cannot: f.Text("cannot"), BeforeCall: f.Text("before_call"), AuthorityGroup: f.Text("authority_group"),
		Phone: f.Text("phone"), Email: f.Text("email"), Website: f.Text("website"), AddressSecret: f.Has("address_secret"),
	}
}

func (h Handler) newOrganisation(w http.ResponseWriter, r *http.Request) error {
	return h.orgForm(w, r, http.StatusOK, orgForm{In: partner.OrganisationInput{Areas: []string{"child", "adult"}}})
}

func (h Handler) addOrganisation(w http.ResponseWriter, r *http.Request) error {
	in := readOrganisation(page.ReadForm(r))
	var id uuid.UUID
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) (err error) {
		id, err = partner.AddOrganisation(r.Context(), tx, in)
		return err
	})
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.orgForm(w, r, http.StatusUnprocessableEntity, orgForm{In: in, Bad: bad})
	case err != nil:
		return err
	}
	page.Say(w, page.Flash{Key: "flash.organisation.added"})
	return page.Redirect(w, r, link.NewContact(id)) // an organisation is of use once it has somebody to call
}

func (h Handler) editOrganisation(w http.ResponseWriter, r *http.Request) error {
	return h.orgForm(w, r, http.StatusOK, orgForm{ID: page.ID(r, "id")})
}

func (h Handler) changeOrganisation(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "id")
	in, version := readOrganisation(f), versioned(f)
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return partner.ChangeOrganisation(r.Context(), tx, id, version, in) })
	var bad fault.Invalid
	switch {
	case errors.As(err, &bad):
		return h.orgForm(w, r, http.StatusUnprocessableEntity, orgForm{ID: id, Version: version, In: in, Bad: bad})
	case errors.Is(err, fault.Stale):
		_ = in.Validate() // valid, or it would have been refused: brings the numbers into one form to compare them
		return h.orgForm(w, r, http.StatusConflict, orgForm{ID: id, In: in, Conflict: &ui.Conflict{}})
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.directory.saved", link.Organisation(id))
}

// orgForm shows the form: with what is saved, or with what was typed where it was refused.
func (h Handler) orgForm(w http.ResponseWriter, r *http.Request, status int, v orgForm) error {
	ctx := r.Context()
	var f *frame.Frame
	saved := &partner.Organisation{Active: true}
	var all *[]partner.Organisation
	_, err := h.DB.Read(ctx, me(r), func(b *db.Batch) {
		f, all = frame.Ask(b), partner.Organisations(b)
		if v.ID != uuid.Nil {
			saved = partner.GetOrganisation(b, v.ID)
		}
	})
	if err != nil {
		return err
	}
	v.Page, v.Active, v.People = f.Page(w, r, title(r, "orgform.title"), menu(r)), saved.Active, saved.People
	v.Page.Invalid = len(v.Bad) > 0
	switch {
	case v.Conflict != nil:
		v.Conflict, v.Version = conflicts(ctx, v.In.Facts(), saved.Input().Facts(), nil, v.back()), saved.Version
	case status == http.StatusOK && v.ID != uuid.Nil:
		v.In, v.Version = saved.Input(), saved.Version
	}
	v.Types, v.Groups = partnerTypes(ctx, v.In.PartnerType), authorityGroups(ctx, *all, v.ID)
	return page.Render(w, r, status, orgFormPage(v))
}

// authorityGroups are the authorities that there are: the organisation's own, or the one of others.
func authorityGroups(ctx context.Context, all []partner.Organisation, self uuid.UUID) []ui.Option {
	own := ""
	var others []ui.Option
	for _, o := range all {
		if o.ID == self && len(sameAuthority(all, o)) == 0 {
			own = o.AuthorityGroup
		}
		known := slices.ContainsFunc(others, func(x ui.Option) bool { return x.Value == o.AuthorityGroup })
		if o.ID != self && o.AuthorityGroup != "" && !known {
			names := sameAuthority(all, o)
			label := i18n.T(ctx, "orgform.group.with", o.Name)
			if len(names) > 0 {
				label = i18n.N(ctx, "orgform.group.others", len(names), o.Name)
			}
			others = append(others, ui.Option{Value: o.AuthorityGroup, Label: label})
		}
	}
	return append([]ui.Option{{Value: own, Label: i18n.T(ctx, "orgform.group.alone")}}, others...)
}

// sameAuthority are the names of the other organisations that are one authority with o.
func sameAuthority(all []partner.Organisation, o partner.Organisation) []string {
	var names []string
	for _, other := range all {
		if other.ID != o.ID && other.AuthorityGroup == o.AuthorityGroup && o.AuthorityGroup != "" {
			names = append(names, other.Name)
		}
	}
	return names
}

// partnerTypes are the types of the reference data, those inside the municipality first.
func partnerTypes(ctx context.Context, current string) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "orgform.choose")}}
	for _, kind := range []string{"internal", "external"} {
		for _, t := range reference.AllPartnerTypes() {
			if t.Kind == kind {
				options = append(options, ui.Option{Value: t.Code, Label: t.Name(ctx)})
			}
		}
	}
	if current != "" && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == current }) {
		options = append(options, ui.Option{Value: current, Label: current})
	}
	return options
}

func (h Handler) retireOrganisation(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.organisation.retired", link.Organisation(page.ID(r, "id")), func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		return partner.RetireOrganisation(ctx, tx, id, version, true)
	})
}

func (h Handler) restoreOrganisation(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.organisation.restored", link.Organisation(page.ID(r, "id")), func(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
		return partner.RetireOrganisation(ctx, tx, id, version, false)
	})
}
