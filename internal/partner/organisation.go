package partner

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Organisation is a partner: what it can, what it is not responsible for, and what to think of before calling.
type Organisation struct {
	ID             uuid.UUID
	Name           string
	Kind           string // "internal" or "external"
	PartnerType    string
	Areas          []string
	Can            string
	Cannot         string
	BeforeCall     string
	AuthorityGroup string // organisations with the same word are one authority in the law's sense (domain.md 3.5)
	Phone          string
	Email          string
	Website        string
	AddressSecret  bool
	Active         bool
	Version        int
	People         int // active contact persons
	Stale          int // of them, not verified for [StaleAfter]
}

// External reports whether the organisation is outside the municipality.
func (o Organisation) External() bool { return o.Kind == "external" }

const organisationColumns = `
	o.id, o.name, o.kind, o.partner_type, o.areas, o.can, o.cannot, o.before_call, o.authority_group, o.phone, o.email, o.website, o.address_secret, o.active, o.version,
	(SELECT count(*)::int FROM app.contact_person c WHERE c.organisation_id = o.id AND c.active) AS people,
	(SELECT count(*)::int FROM app.contact_person c WHERE c.organisation_id = o.id AND c.active AND (c.verified_on IS NULL OR c.verified_on < now() - interval '180 days')) AS stale`

// Organisations asks for all organisations, the retired ones last.
func Organisations(b *db.Batch) *[]Organisation {
	return db.All[Organisation](b, `SELECT `+organisationColumns+` FROM app.organisation o ORDER BY o.active DESC, o.name, o.id`, db.Args{})
}

// GetOrganisation asks for one organisation, retired or not.
func GetOrganisation(b *db.Batch, id uuid.UUID) *Organisation {
	return db.Get[Organisation](b, `SELECT `+organisationColumns+` FROM app.organisation o WHERE o.id = @id`, db.Args{"id": id})
}

// OrganisationInput is what an admin says about an organisation. There is no address: a place that is
// secret must not be written down, and one that is not stands on the organisation's own pages.
type OrganisationInput struct {
	Name, Kind, PartnerType string
	Areas                   []string
	Can, Cannot, BeforeCall string
	AuthorityGroup          string
	Phone, Email, Website   string
	AddressSecret           bool
}

// Input is the organisation as its form shows it.
func (o Organisation) Input() OrganisationInput {
	return OrganisationInput{o.Name, o.Kind, o.PartnerType, o.Areas, o.Can, o.Cannot, o.BeforeCall, o.AuthorityGroup, o.Phone, o.Email, o.Website, o.AddressSecret}
}

// Validate brings numbers into one form and says what cannot be taken.
func (in *OrganisationInput) Validate() error {
	bad := fault.Invalid{}
	bad.Check("name", in.Name != "", "error.required")
	bad.AtMost("name", in.Name, 160)
	bad.Check("kind", in.Kind == "internal" || in.Kind == "external", "error.choose")
	bad.Check("partner_type", reference.Known(reference.PartnerTypes, in.PartnerType), "error.choose")
	bad.Check("areas", len(in.Areas) > 0 && within(in.Areas, "child", "adult"), "error.choose")
	bad.Check("authority_group", len(in.AuthorityGroup) <= 60, "error.choose")
	for field, text := range map[string]string{"can": in.Can, "cannot": in.Cannot, "before_call": in.BeforeCall} {
		bad.AtMost(field, text, 600)
	}
	in.Phone = phone(bad, "phone", in.Phone)
	bad.Check("email", in.Email == "" || isEmail(in.Email), "error.email")
	bad.Check("website", in.Website == "" || isWebsite(in.Website), "partner.error.website")
	return bad.Err()
}

// Facts lists what the input says, for the history and for showing two versions beside each other.
func (in OrganisationInput) Facts() []Fact {
	return []Fact{{"name", in.Name}, {"kind", in.Kind}, {"partner_type", in.PartnerType}, {"areas", strings.Join(ordered(in.Areas, []string{"child", "adult"}), ",")}, {"can", in.Can}, {"cannot", in.Cannot},
		{"before_call", in.BeforeCall}, {"authority_group", in.AuthorityGroup}, {"phone", in.Phone}, {"email", in.Email}, {"website", in.Website}, {"address_secret", yes(in.AddressSecret)}}
}

func (in OrganisationInput) args(more db.Args) db.Args {
	args := db.Args{"name": in.Name, "kind": in.Kind, "type": in.PartnerType, "areas": in.Areas, "can": in.Can, "cannot": in.Cannot, "before": in.BeforeCall,
		"group": in.AuthorityGroup, "phone": in.Phone, "email": in.Email, "website": in.Website, "secret": in.AddressSecret}
	for k, v := range more {
		args[k] = v
	}
	return args
}

// standAlone makes an organisation that belongs to no other an authority of its own, which others can join.
func (in *OrganisationInput) standAlone(id uuid.UUID) {
	if in.AuthorityGroup == "" {
		in.AuthorityGroup = id.String()
	}
}

// AddOrganisation adds an organisation to the directory.
func AddOrganisation(ctx context.Context, tx *db.Tx, in OrganisationInput) (uuid.UUID, error) {
	if err := in.Validate(); err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	in.standAlone(id)
	_, err := db.Exec(ctx, tx, `
		INSERT INTO app.organisation (id, name, kind, partner_type, areas, can, cannot, before_call, authority_group, phone, email, website, address_secret)
		VALUES (@id, @name, @kind, @type, @areas, @can, @cannot, @before, @group, @phone, @email, @website, @secret)`, in.args(db.Args{"id": id}))
	if err != nil {
		return uuid.Nil, err
	}
	return id, record(ctx, tx, id, nil, "added", nil, in.Facts())
}

// ChangeOrganisation writes what the admin says now. Somebody who saved since version is fault.Stale.
func ChangeOrganisation(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, in OrganisationInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	in.standAlone(id)
	was, err := db.One[Organisation](ctx, tx, `SELECT `+organisationColumns+` FROM app.organisation o WHERE o.id = @id`, db.Args{"id": id})
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.organisation SET name = @name, kind = @kind, partner_type = @type, areas = @areas, can = @can, cannot = @cannot, before_call = @before, authority_group = @group,
		       phone = @phone, email = @email, website = @website, address_secret = @secret, version = version + 1, changed_at = now()
		 WHERE id = @id AND version = @version`, in.args(db.Args{"id": id, "version": version}))
	switch {
	case err != nil:
		return err
	case n == 0:
		return tx.WhyNot(ctx, "organisation", id, version)
	}
	before, after := changed(was.Input().Facts(), in.Facts())
	return record(ctx, tx, id, nil, "changed", before, after)
}

// RetireOrganisation takes an organisation with its people out of the directory, or back into it. Cases in
// which it has a part keep showing it.
func RetireOrganisation(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, retire bool) error {
	n, err := db.Exec(ctx, tx, `UPDATE app.organisation SET active = NOT @retire, version = version + 1, changed_at = now() WHERE id = @id AND version = @version AND active = @retire`,
		db.Args{"id": id, "version": version, "retire": retire})
	switch {
	case err != nil:
		return err
	case n == 0:
		return notNow(tx.WhyNot(ctx, "organisation", id, version), tx)
	}
	return record(ctx, tx, id, nil, retired(retire), nil, nil)
}
