package sharing

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// To is somebody to whom a room of the case hands text out: a link, a forum, a question with names.
type To struct {
	OrganisationID uuid.UUID
	ContactID      uuid.UUID
	UserID         uuid.UUID // instead of both: a colleague
	PartnerType    string    // code of [reference.PartnerTypes], or [reference.Colleague]
	Name           string    // of the organisation, or the colleague
}

// Colleague reports whether it is one.
func (t To) Colleague() bool { return t.PartnerType == reference.Colleague }

// Towards asks who of some people is told something when they are told: the contact persons, and those colleagues who may not open
// the opened case anyhow.
func Towards(ctx context.Context, tx *db.Tx, users, contacts []uuid.UUID) ([]To, error) {
	return db.Many[To](ctx, tx, `
		SELECT coalesce(c.organisation_id, @nobody) AS organisation_id, coalesce(c.id, @nobody) AS contact_id, coalesce(u.id, @nobody) AS user_id,
		       coalesce(o.partner_type, @colleague) AS partner_type, coalesce(u.display_name, o.name) AS name
		  FROM (SELECT x AS user_id, NULL::uuid AS contact_id FROM unnest(@users::uuid[]) x UNION SELECT NULL, x FROM unnest(@contacts::uuid[]) x) w
		  LEFT JOIN auth.user_account u ON u.id = w.user_id LEFT JOIN app.contact_person c ON c.id = w.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE c.id IS NOT NULL OR u.id <> @me AND NOT EXISTS (SELECT FROM app.may_be_alarmed(@case) m WHERE m.id = u.id)
		 ORDER BY u.id IS NOT NULL, o.name, c.id, u.display_name, u.id`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "nobody": uuid.Nil, "colleague": reference.Colleague, "users": append([]uuid.UUID{}, users...), "contacts": append([]uuid.UUID{}, contacts...)})
}

// Openers asks for the colleagues who may open the opened case: nothing is told to them that they could not read.
func Openers(b *db.Batch) *[]uuid.UUID {
	return db.All[uuid.UUID](b, `SELECT id FROM app.may_be_alarmed(@case) ORDER BY id`, db.Args{"case": b.CaseID})
}

// Ground is what text rests on that a room hands out: the answer to the question of the compass. One answer holds towards all who are
// told; of consents, each has their own.
type Ground struct {
	PurposeCode string // code of [reference.SharingPurposes]
	Purpose     string // in words: what the way asks to be written
	LegalBasis  string // a way that the compass offers
	Consent     string // one of [Consents]; a way by consent answers it by itself
	ConsentIDs  []uuid.UUID
}

// Check refuses what is no answer, under the names of the form. What has names cannot rest on nothing.
func (g *Ground) Check(bad fault.Invalid, named bool) {
	way, known := basis(Out, g.LegalBasis)
	bad.Check("purpose_code", reference.Known(reference.SharingPurposes, g.PurposeCode), "ground.error.purpose_code")
	bad.Check("legal_basis", known && !(named && g.LegalBasis == Anonymous), "ground.error.way")
	if known && way.ConsentNeeded && g.Consent == "" {
		g.Consent = Consented
	}
	bad.Check("consent", slices.Contains(Consents, g.Consent), "sharing.error.consent")
	bad.Check("consent", !known || !way.ConsentNeeded || g.Consent == Consented || bad["consent"] != "", "sharing.error.consent_needed")
	bad.Check("purpose", strings.TrimSpace(g.Purpose) != "", "ground.error.purpose")
	bad.AtMost("purpose", g.Purpose, MaxWhy)
}

// Covers refuses a ground that does not hold towards somebody who is to be told: a way that the compass does not offer them for this
// purpose at the citizen's age, or one by consent where not exactly one is chosen that holds towards them. The database refuses it too.
func (g Ground) Covers(ctx context.Context, tx *db.Tx, all ...To) error {
	rows, err := db.Many[asked](ctx, tx, `SELECT '' AS organisation, '' AS partner_type, f.area, coalesce((SELECT p.born FROM app.person p WHERE p.case_id = f.id AND p.is_citizen), l.born) AS born
		FROM app.case_file f LEFT JOIN app.citizen_label l ON l.case_id = f.id WHERE f.id = @case`, db.Args{"case": tx.CaseID})
	if err != nil || len(rows) == 0 {
		return err
	}
	age, bad := AgeOf(rows[0].Born, rows[0].Area, tx.Now), fault.Invalid{}
	for _, to := range all {
		c := Decide(Question{Partner: to.PartnerType, Purpose: g.PurposeCode, Age: age, Consent: g.Consent})
		bad.Check("legal_basis", g.PurposeCode != "" && c.Knows(g.LegalBasis), "ground.error.not_offered")
	}
	if err := bad.Err(); err != nil || !RestsOnConsent(g.LegalBasis) {
		return err
	}
	for _, to := range all {
		if _, err := g.consentOf(ctx, tx, to); err != nil {
			return err
		}
	}
	return nil
}

// consentOf is the chosen consent that was given towards somebody.
func (g Ground) consentOf(ctx context.Context, tx *db.Tx, to To) (uuid.UUID, error) {
	type given struct {
		ID    uuid.UUID
		Holds bool
	}
	list, err := db.Many[given](ctx, tx, `SELECT id, withdrawn_on IS NULL AND (now() AT TIME ZONE 'Europe/Copenhagen')::date BETWEEN given_on AND expires_on AS holds
		FROM app.consent WHERE case_id = @case AND id = ANY (@ids) AND organisation_id = @organisation ORDER BY id`,
		db.Args{"case": tx.CaseID, "ids": append([]uuid.UUID{}, g.ConsentIDs...), "organisation": to.OrganisationID})
	switch {
	case err != nil:
		return uuid.Nil, err
	case len(list) == 0:
		return uuid.Nil, fault.Invalid{"consent_id": "ground.error.consent"}
	case len(list) > 1:
		return uuid.Nil, fault.Invalid{"consent_id": "ground.error.consents"}
	case !list[0].Holds:
		return uuid.Nil, fault.Invalid{"consent_id": "sharing.error.consent_over"}
	}
	return list[0].ID, nil
}

// RestOn lets an entry rest on a ground, towards one who is told; what does not hold towards them is refused as by [Ground.Covers].
func (in *Input) RestOn(ctx context.Context, tx *db.Tx, g Ground, to To) error {
	if err := g.Covers(ctx, tx, to); err != nil {
		return err
	}
	in.OrganisationID, in.ContactID, in.UserID = to.OrganisationID, to.ContactID, to.UserID
	in.LegalBasis, in.PurposeCode, in.Purpose, in.Consent = g.LegalBasis, g.PurposeCode, g.Purpose, g.Consent
	if !RestsOnConsent(g.LegalBasis) {
		return nil
	}
	id, err := g.consentOf(ctx, tx, to)
	in.ConsentID = id
	return err
}

// OffCompass reports whether the database refused text that a room hands out on another way than those of the compass.
func OffCompass(err error) bool { return db.Violates(err, "compass_offers") }

// Offered is a way that the compass has towards some of those who may be told.
type Offered struct {
	Way
	For []To // those towards whom it is one
	All bool // they are all
}

// Offers are the ways that the compass has towards those who may be told, by consent as well; for what has names, only those that carry
// them. An empty purpose is any.
func Offers(all []To, purpose string, age Age, named bool) []Offered {
	var ways []Offered
	for _, rule := range reference.SharingRules() {
		if named && rule.Code == Anonymous {
			continue
		}
		var o Offered
		for _, to := range all {
			c := Decide(Question{Partner: to.PartnerType, Purpose: purpose, Age: age, Consent: Consented})
			if i := slices.IndexFunc(c.Ways, func(w Way) bool { return w.Rule.Code == rule.Code }); i >= 0 {
				o.Way, o.For = c.Ways[i], append(o.For, to)
			}
		}
		if o.All = len(o.For) == len(all); len(o.For) > 0 {
			ways = append(ways, o)
		}
	}
	return ways
}
