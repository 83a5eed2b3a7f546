package forum

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/reference"
	"samspil/internal/sharing"
)

// covers refuses a ground that does not hold towards everybody who is told; who may open the case is told nothing.
func (in ItemInput) covers(ctx context.Context, tx *db.Tx) error {
	var users, contacts []uuid.UUID
	for _, s := range in.Slices {
		if s.UserID != nil {
			users = append(users, *s.UserID)
		} else if s.ContactID != nil {
			contacts = append(contacts, *s.ContactID)
		}
	}
	all, err := sharing.Towards(ctx, tx, users, contacts)
	if err != nil {
		return err
	}
	return in.Covers(ctx, tx, all...)
}

// restsOn are the columns of [given] that say on what its item, i, rests, and what its organisation, o, is.
const restsOn = `i.naming, coalesce(o.partner_type, @colleague) AS partner_type, i.basis AS legal_basis, i.purpose, i.purpose_code, i.consent,
		       ARRAY(SELECT k.consent_id FROM app.forum_item_consent k WHERE k.case_id = @case AND k.item_id = i.id ORDER BY k.consent_id) AS consent_ids`

// to is whom a seat is told as.
func (g given) to() sharing.To {
	if g.ContactID == nil {
		return sharing.To{UserID: *g.UserID, PartnerType: reference.Colleague}
	}
	return sharing.To{OrganisationID: *g.OrganisationID, ContactID: *g.ContactID, PartnerType: g.PartnerType}
}
