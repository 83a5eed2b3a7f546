package plan

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/timeline"
)

// Part is one of the four things that an adult's plan must hold (serviceloven § 12 a).
type Part string

// The four mandatory parts: the risk; the situation with home, work, education and relation to relatives; the support that is considered
// for home, work and education, and its purpose; the support under this or other law, and its purpose.
const (
	PartRisk         Part = "risk"
	PartSituation    Part = "situation"
	PartSupport      Part = "support"
	PartSupportOther Part = "support_other"
)

// Parts are the four in the order of the law.
var Parts = []Part{PartRisk, PartSituation, PartSupport, PartSupportOther}

// Missing are the parts that the plan lacks: an empty text, or no assessment of the risk that holds at now.
func (p Plan) Missing(now time.Time) []Part {
	return slices.DeleteFunc(slices.Clone(Parts), func(part Part) bool {
		if part == PartRisk {
			return p.RiskUntil != nil && p.RiskUntil.After(now)
		}
		return strings.TrimSpace(p.Text(part)) != ""
	})
}

// Text is what is written of a part; of the risk nothing, for that is its assessment.
func (p Plan) Text(part Part) string {
	return map[Part]string{PartSituation: p.Situation, PartSupport: p.Support, PartSupportOther: p.SupportOther}[part]
}

// PartsInput is what is written of the three parts that are words.
type PartsInput struct{ Situation, Support, SupportOther string }

// Validate reports everything that is wrong with the input. An empty part is none: it shows as missing.
func (in PartsInput) Validate() error {
	bad := fault.Invalid{}
	bad.AtMost(string(PartSituation), in.Situation, MaxGoals)
	bad.AtMost(string(PartSupport), in.Support, MaxGoals)
	bad.AtMost(string(PartSupportOther), in.SupportOther, MaxGoals)
	return bad.Err()
}

// ChangeParts writes the parts of § 12 a in the plan of the opened case. version is the plan's.
func ChangeParts(ctx context.Context, tx *db.Tx, version int, in PartsInput) error {
	if err := in.Validate(); err != nil {
		return err
	}
	id, err := db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.plan WHERE case_id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.plan SET situation = @situation, support = @support, support_other = @other, version = version + 1, changed_at = now()
		 WHERE id = @id AND case_id = @case AND version = @version`,
		db.Args{"situation": strings.TrimSpace(in.Situation), "support": strings.TrimSpace(in.Support), "other": strings.TrimSpace(in.SupportOther), "id": id, "case": tx.CaseID, "version": version})
	if err == nil && n == 0 {
		err = tx.WhyNot(ctx, "plan", id, version)
	}
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.PlanChanged, id, nil)
}

// The outcomes of an offer.
const (
	Offered       = "offered"
	OfferAccepted = "accepted"
	OfferDeclined = "declined"
)

// OfferOutcomes are the three in their order.
var OfferOutcomes = []string{Offered, OfferAccepted, OfferDeclined}

// Offer says that a plan was offered to the citizen, taken or declined (serviceloven § 12 a). It is never changed; what was written last counts.
type Offer struct {
	ID      uuid.UUID
	Outcome string
	OnDay   time.Time // a date without a zone
	Words   string    // what the citizen said
	By      string    // who wrote it down
	At      time.Time
}

// Offers asks for everything that was written down of offers in the opened case, the newest first.
func Offers(b *db.Batch) *[]Offer {
	return db.All[Offer](b, `
		SELECT o.id, o.outcome, o.on_day, o.words, u.display_name AS by, o.recorded_at AS at FROM app.plan_offer o JOIN auth.user_account u ON u.id = o.recorded_by
		 WHERE o.case_id = @case ORDER BY o.recorded_at DESC, o.id DESC LIMIT 50`, db.Args{"case": b.CaseID})
}

// Declined reports whether the citizen has declined the plan: what was written last, of offers that are newest first.
func Declined(offers []Offer) bool { return len(offers) > 0 && offers[0].Outcome == OfferDeclined }

// OfferInput is what is written down of an offer.
type OfferInput struct {
	Key     uuid.UUID // makes a form that is sent twice one offer
	Outcome string
	Day     time.Time // a day that has been, or today
	Words   string    // what the citizen said; asked for with [OfferDeclined]
}

// Validate reports everything that is wrong with the input.
func (in OfferInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("outcome", slices.Contains(OfferOutcomes, in.Outcome), "error.choose")
	bad.Check("day", !in.Day.IsZero(), "offer.error.day")
	bad.Check("day", in.Day.IsZero() || !i18n.Today(in.Day).After(i18n.Today(now)), "offer.error.to_come")
	bad.Check("words", in.Outcome != OfferDeclined || strings.TrimSpace(in.Words) != "", "offer.error.words")
	bad.AtMost("words", in.Words, MaxText)
	return bad.Err()
}

// RecordOffer writes down an offer in the opened case of an adult.
func RecordOffer(ctx context.Context, tx *db.Tx, in OfferInput) error {
	if err := in.Validate(tx.Now); err != nil {
		return err
	}
	area, err := db.One[string](ctx, tx, `SELECT area FROM app.case_file WHERE id = @case`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	if area != "adult" {
		return fault.NotFound
	}
	id := in.Key
	if id == uuid.Nil {
		id = uuid.New()
	}
	args := db.Args{"id": id, "case": tx.CaseID, "outcome": in.Outcome, "day": in.Day.In(i18n.Zone).Format(time.DateOnly), "words": strings.TrimSpace(in.Words), "me": tx.Actor.UserID}
	const insert = `INSERT INTO app.plan_offer (id, case_id, outcome, on_day, words, recorded_by) VALUES (@id, @case, @outcome, @day::text::date, @words, @me) ON CONFLICT (id) DO NOTHING`
	n, err := db.Exec(ctx, tx, insert, args)
	if err == nil && n == 0 { // the same form sent twice is one offer; another, written after "Back", is its own
		same, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM app.plan_offer WHERE id = @id AND case_id = @case AND outcome = @outcome AND on_day = @day::text::date AND words = @words AND recorded_by = @me)`, args)
		if err != nil || same {
			return err
		}
		id = uuid.New()
		args["id"] = id
		if _, err := db.Exec(ctx, tx, insert, args); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.PlanOffered, id, timeline.Data{"outcome": in.Outcome})
}
