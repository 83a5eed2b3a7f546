package casepages

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/missing"
	"samspil/internal/reference"
	"samspil/web/link"
)

// gapText says what is missing, why it is a gap, and what to do about it, in the reader's language.
type gapText struct{ Title, Why, Action, Href string }

func describe(ctx context.Context, ref string, g missing.Gap, now time.Time) gapText {
	key := "missing." + g.Rule
	t := gapText{Title: i18n.T(ctx, key), Action: i18n.T(ctx, key+".action")}
	kind := reference.Name(ctx, reference.PartnerTypes, g.Partner)
	switch g.Rule {
	case "partner_rule":
		said := ".why"
		if g.Hit.Over(now) {
			said = ".over"
		}
		t.Title, t.Why = i18n.T(ctx, key, kind), g.Hit.Name(ctx)+". "+i18n.T(ctx, key+said, i18n.DateTime(ctx, g.Date, now))
		t.Href = callFor(ref, g.Partner, involvement.FromTrigger)
	case "partner_plan":
		t.Title, t.Why = i18n.T(ctx, key, kind), i18n.T(ctx, key+".why")
		t.Href = callFor(ref, g.Partner, involvement.FromPlan)
	case "unanswered":
		t.Title, t.Why = i18n.T(ctx, key, g.Name), i18n.N(ctx, key+".why", g.Days)
		t.Href = link.Involvement(ref, g.Object)
	case "step_nobody":
		t.Title, t.Why, t.Href = i18n.N(ctx, key, g.Count), i18n.T(ctx, key+".why"), link.Plan(ref)
	case "step_impossible":
		t.Title, t.Why, t.Href = i18n.T(ctx, key, g.Name), i18n.T(ctx, key+".why", i18n.Date(ctx, g.Date, now)), link.Step(ref, g.Object)
	case "mandate":
		t.Title, t.Why, t.Href = i18n.N(ctx, key, g.Count), i18n.T(ctx, key+".why"), link.Mandates(ref)
	case "risk_old":
		t.Why, t.Href = i18n.T(ctx, key+".why", i18n.LongDate(ctx, g.Date)), link.Risk(ref)
	case "protection":
		if g.Days < 0 {
			t.Title = i18n.T(ctx, key+".over")
		}
		t.Why, t.Href = i18n.T(ctx, key+".why", i18n.LongDate(ctx, g.Date)), profilePath(ref)+"#name_address_until"
	case "consent":
		t.Title, t.Why, t.Href = i18n.T(ctx, key, g.Name), i18n.T(ctx, key+".why", i18n.LongDate(ctx, g.Date)), link.Consents(ref)+"/"+g.Object.String()
	case "screening":
		t.Why, t.Href = i18n.T(ctx, key+".why"), link.Screening(link.Case(ref))
	case "note":
		t.Title, t.Why, t.Href = i18n.N(ctx, key, g.Days), i18n.T(ctx, key+".why"), link.NewNote(ref)
	default:
		t.Why = i18n.T(ctx, key+".why")
		t.Href = map[string]string{"contact": safeContactPath(ref), "risk": link.Risk(ref), "risk_risen": link.Risk(ref), "risk_second": link.Risk(ref), "alone": link.NewSparring(ref), "plan": link.Plan(ref), "calling_name": citizenPath(ref), "safety": link.EditSafetyPlan(ref)}[g.Rule]
	}
	return t
}

// callFor leads to the partners of a type, with where the wish came from (R7).
func callFor(ref, partnerType, origin string) string {
	return link.AddPartner(ref) + "?" + url.Values{"type": {partnerType}, "fra": {origin}}.Encode()
}

func profilePath(ref string) string     { return link.Case(ref) + "/ret" }
func citizenPath(ref string) string     { return link.Case(ref) + "/borger" }
func severityPath(ref string) string    { return link.Case(ref) + "/niveau" }
func safeContactPath(ref string) string { return link.SafeContact(ref) }
func newFactPath(ref string) string     { return link.Case(ref) + "/fakta/ny" }
func newPersonPath(ref string) string   { return link.Network(ref) + "/person/ny" }

func factPath(ref string, id uuid.UUID) string   { return link.Case(ref) + "/fakta/" + id.String() }
func personPath(ref string, id uuid.UUID) string { return link.Network(ref) + "/person/" + id.String() }
