package sharing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// How a consent was given.
const (
	Written = "written"
	Orally  = "orally"
)

// Hows are the two, in the order in which they are offered.
var Hows = []string{Written, Orally}

// ConsentWithdrawn is the event that a consent was withdrawn on which something has been shared; its key is the consent's id.
const ConsentWithdrawn = "consent_withdrawn"

// Consent is who said yes, to what, towards whom, for what, and until when (retssikkerhedsloven § 11 a). It is consent in the sense of
// social law, not of the GDPR.
type Consent struct {
	ID             uuid.UUID
	PersonID       *uuid.UUID // a parent with custody; nil: the citizen
	Person         string     // their name, or relation; empty: the citizen
	OrganisationID uuid.UUID
	Organisation   string
	What, Purpose  string
	How            string // one of [Hows]
	GivenOn        time.Time
	ExpiresOn      time.Time // the last day on which it holds
	WithdrawnOn    *time.Time
	WithdrawnWords string
	WithdrawnBy    string
	Uses           int // what has left on it, or waits to
	WrittenBy      string
	WrittenAt      time.Time
}

// Over reports whether the last day has passed.
func (c Consent) Over(now time.Time) bool { return i18n.Days(c.ExpiresOn, now) < 0 }

// Holds reports whether something may be shared on it now.
func (c Consent) Holds(now time.Time) bool { return c.WithdrawnOn == nil && !c.Over(now) }

const consentColumns = `
	SELECT c.id, c.person_id, coalesce(CASE WHEN p.is_citizen THEN '' WHEN p.name <> '' THEN p.name ELSE p.relation END, '') AS person, c.organisation_id, o.name AS organisation,
	       c.what, c.purpose, c.how, c.given_on, c.expires_on, c.withdrawn_on, c.withdrawn_words, coalesce(x.display_name, '') AS withdrawn_by,
	       (SELECT count(*)::int FROM app.sharing s WHERE s.case_id = c.case_id AND s.consent_id = c.id AND s.direction = 'out' AND s.status <> 'kept_back') AS uses,
	       w.display_name AS written_by, c.written_at
	  FROM app.consent c JOIN app.organisation o ON o.id = c.organisation_id LEFT JOIN app.person p ON p.case_id = c.case_id AND p.id = c.person_id
	  JOIN auth.user_account w ON w.id = c.written_by LEFT JOIN auth.user_account x ON x.id = c.withdrawn_by
	 WHERE c.case_id = @case`

// ConsentsOf asks for the consents of the opened case: those in force first, the one that ends first before the others.
func ConsentsOf(b *db.Batch) *[]Consent {
	return db.All[Consent](b, consentColumns+` ORDER BY c.withdrawn_on IS NOT NULL, c.expires_on < (now() AT TIME ZONE 'Europe/Copenhagen')::date, c.expires_on, c.given_on DESC, c.id LIMIT @most`,
		db.Args{"case": b.CaseID, "most": most})
}

// RestsOnConsent reports whether a legal basis of the reference data is a consent, which is then named.
func RestsOnConsent(basis string) bool { return basis == "CONSENT" || basis == "SL_12C" }

// ConsentByID asks for one consent. None is [fault.NotFound] for the whole batch.
func ConsentByID(b *db.Batch, id uuid.UUID) *Consent {
	return db.Get[Consent](b, consentColumns+` AND c.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// RestOn asks for what has been shared on a consent, or waits to: what to act on when it is withdrawn.
func RestOn(b *db.Batch, consent uuid.UUID) *[]Sharing {
	return db.All[Sharing](b, columns+` AND s.consent_id = @id AND s.status <> 'kept_back' ORDER BY s.status <> 'held', s.happened_on DESC, s.written_at DESC, s.id LIMIT @most`,
		db.Args{"case": b.CaseID, "id": consent, "most": most})
}

// Waiting is an item of a forum that rests on a consent, and that somebody at the table has not been given yet.
type Waiting struct {
	ID    uuid.UUID
	Title string
}

// WaitsOn asks for the items that wait on a consent: nothing of them can be told once it is withdrawn.
func WaitsOn(b *db.Batch, consent uuid.UUID) *[]Waiting {
	return db.All[Waiting](b, `
		SELECT i.id, i.title FROM app.forum_item_consent k JOIN app.forum_item i ON i.id = k.item_id AND i.withdrawn_at IS NULL
		 WHERE k.case_id = @case AND k.consent_id = @id AND EXISTS (SELECT FROM app.forum_slice l WHERE l.item_id = i.id AND l.given_at IS NULL)
		   AND NOT EXISTS (SELECT FROM app.forum_approval a WHERE a.case_id = k.case_id AND a.item_id = i.id AND a.outcome = 'returned') ORDER BY i.put_at, i.id`,
		db.Args{"case": b.CaseID, "id": consent})
}

// Custodian is somebody around the citizen who may have custody.
type Custodian struct {
	ID             uuid.UUID
	Name, Relation string
}

// Custodians asks who around the citizen could be asked: whoever threatens, must not know of the case or is a child is not among them, and
// an adult answers for themself. Whether they have custody is the caseworker's to know.
func Custodians(b *db.Batch) *[]Custodian {
	return db.All[Custodian](b, `
		SELECT p.id, p.name, p.relation FROM app.person p JOIN app.person c ON c.case_id = p.case_id AND c.is_citizen
		 WHERE p.case_id = @case AND NOT p.is_citizen AND p.conflict_role <> 'threatens' AND p.may_know <> 'no'
		   AND coalesce(p.born + interval '18 years' <= now(), true) AND coalesce(c.born + interval '18 years' > now(), true) ORDER BY p.name, p.id LIMIT 50`, db.Args{"case": b.CaseID})
}

// ConsentInput is a consent as it is written down.
type ConsentInput struct {
	Key            uuid.UUID // makes a form that is sent twice one consent
	FromCitizen    bool
	PersonID       uuid.UUID // a parent with custody, where not the citizen
	OrganisationID uuid.UUID
	What, Purpose  string
	How            string
	GivenOn        time.Time
	ExpiresOn      time.Time
}

// Validate refuses what is no consent: it is specific, and ends.
func (in ConsentInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("from", in.FromCitizen || in.PersonID != uuid.Nil, "consent.error.from")
	bad.Check("to", in.OrganisationID != uuid.Nil, "sharing.error.to")
	bad.Check("what", strings.TrimSpace(in.What) != "", "consent.error.what")
	bad.AtMost("what", in.What, MaxWhy)
	bad.Check("purpose", strings.TrimSpace(in.Purpose) != "", "consent.error.purpose")
	bad.AtMost("purpose", in.Purpose, MaxWhy)
	bad.Check("how", slices.Contains(Hows, in.How), "error.choose")
	bad.Check("given_on", !in.GivenOn.IsZero(), "sharing.error.day")
	bad.Check("given_on", in.GivenOn.IsZero() || i18n.Days(in.GivenOn, now) <= 0, "sharing.error.future")
	bad.Check("expires_on", !in.ExpiresOn.IsZero(), "consent.error.expires")
	bad.Check("given_on", in.GivenOn.IsZero() || in.GivenOn.Year() >= firstYear, "sharing.error.year")
	bad.Check("expires_on", in.ExpiresOn.IsZero() || in.GivenOn.IsZero() || !in.ExpiresOn.After(in.GivenOn.AddDate(10, 0, 0)), "consent.error.long")
	bad.Check("expires_on", in.ExpiresOn.IsZero() || in.GivenOn.IsZero() || !in.ExpiresOn.Before(in.GivenOn), "consent.error.order")
	return bad.Err()
}

// Record writes a consent into the opened case. Asking a parent is contact with parents, and stands at the gate (R1): it is refused
// under "from", as is somebody who must not know of the case. Its words stand open in lists and hold no protected fact.
func (in ConsentInput) Record(ctx context.Context, tx *db.Tx, k keys.Keys) (uuid.UUID, error) {
	if !tx.Rights.May(actor.Write) {
		return uuid.Nil, fault.Forbidden
	}
	if err := in.Validate(tx.Now); err != nil {
		return uuid.Nil, err
	}
	same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.consent WHERE case_id = @case AND written_by = @me AND request_key = @key`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	if err != nil || len(same) > 0 {
		return append(same, uuid.Nil)[0], err // the same form, sent twice
	}
	to, ok, err := recipientOf(ctx, tx, in.OrganisationID, uuid.Nil)
	switch {
	case err != nil:
		return uuid.Nil, err
	case !ok:
		return uuid.Nil, fault.Invalid{"to": "sharing.error.to"}
	}
	if in.FromCitizen {
		in.PersonID = uuid.Nil
	}
	if tx.Rights.May(actor.Addresses) { // who may not read the facts cannot be told that one stands there
		guard, err := watchOf(ctx, tx, k)
		if err != nil {
			return uuid.Nil, err
		}
		bad := fault.Invalid{}
		bad.Check("what", len(guard.Scan(in.What)) == 0, "sharing.error.open")
		bad.Check("purpose", len(guard.Scan(in.Purpose)) == 0, "sharing.error.open")
		if err := bad.Err(); err != nil {
			return uuid.Nil, err
		}
	}
	id := uuid.New()
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.consent (id, case_id, person_id, organisation_id, what, purpose, how, given_on, expires_on, written_by, request_key)
		VALUES (@id, @case, @person, @organisation, @what, @purpose, @how, @given::text::date, @expires::text::date, @me, @key)`,
		db.Args{"id": id, "case": tx.CaseID, "person": db.Null(in.PersonID), "organisation": in.OrganisationID, "what": strings.TrimSpace(in.What), "purpose": strings.TrimSpace(in.Purpose),
			"how": in.How, "given": in.GivenOn.Format(time.DateOnly), "expires": in.ExpiresOn.Format(time.DateOnly), "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	switch {
	case db.Violates(err, "risk_before_family"):
		return uuid.Nil, fault.Invalid{"from": "consent.error.gate"}
	case db.Violates(err, "consent_case_id_person_id_fkey"):
		return uuid.Nil, fault.Invalid{"from": "consent.error.from"}
	case db.Violates(err, "giver_must_not_know"):
		return uuid.Nil, fault.Invalid{"from": "consent.error.must_not_know"}
	case db.Violates(err, "giver_is_a_child"):
		return uuid.Nil, fault.Invalid{"from": "consent.error.child"}
	case db.Violates(err, "adult_gives_it_themself"):
		return uuid.Nil, fault.Invalid{"from": "consent.error.adult"}
	case err != nil:
		return uuid.Nil, fmt.Errorf("record consent: %w", err)
	}
	return id, timeline.Record(ctx, tx, timeline.ConsentGiven, id, timeline.Data{"organisation": to.Organisation})
}

// Withdraw ends a consent of the opened case on a day, with the words in which it was withdrawn. If something rests on it, the case
// asks what is to be done. A second time it is [fault.Stale].
func Withdraw(ctx context.Context, tx *db.Tx, id uuid.UUID, on time.Time, words string) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	given, err := db.One[time.Time](ctx, tx, `SELECT given_on FROM app.consent WHERE case_id = @case AND id = @id`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil {
		return err
	}
	bad := fault.Invalid{}
	bad.Check("words", strings.TrimSpace(words) != "", "consent.error.words")
	bad.AtMost("words", words, MaxWhy)
	bad.Check("on", !on.IsZero(), "sharing.error.day")
	bad.Check("on", on.IsZero() || i18n.Days(on, tx.Now) <= 0, "sharing.error.future")
	bad.Check("on", on.IsZero() || i18n.Days(on, given) >= 0, "consent.error.before")
	if err := bad.Err(); err != nil {
		return err
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.withdraw_consent(@case, @id, @on::text::date, @words)`,
		db.Args{"case": tx.CaseID, "id": id, "on": on.Format(time.DateOnly), "words": words})
	if err == nil && !done {
		return fault.Stale
	}
	return err
}
