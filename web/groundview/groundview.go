// Package groundview asks on which ground a room of the case hands text out: a link, a forum, a question with names. It is the sharing
// compass beside the text: for what, on which of the ways that it offers those who are told, and what the way asks to be written.
package groundview

import (
	"context"
	"embed"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/web/page"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Names are the fields of the part in their order, for the summary of what is wrong.
var Names = []string{"purpose_code", "legal_basis", "consent_id", "consent", "purpose"}

// Read reads the part out of a form.
func Read(f *page.Form) sharing.Ground {
	return sharing.Ground{PurposeCode: f.Text("purpose_code"), Purpose: f.Text("purpose"), LegalBasis: f.Text("legal_basis"), Consent: f.Text("consent"), ConsentIDs: f.IDs("consent_id")}
}

// Asked is what the part needs to know of the case.
type Asked struct {
	consents *[]sharing.Consent
	openers  *[]uuid.UUID
}

// Ask asks for it.
func Ask(b *db.Batch) Asked { return Asked{sharing.ConsentsOf(b), sharing.Openers(b)} }

// View is the part, as it was filled in.
type View struct {
	Ref    string
	Age    sharing.Age
	To     []sharing.To // those who are, or may be, told
	Named  bool         // the text has names, so that the way without any is none
	Agreed string       // the basis of the cooperation, which is marked among the ways; none is chosen beforehand
	Chosen sharing.Ground
	Bad    fault.Invalid

	consents []sharing.Consent
}

// Opens reports whether a colleague may open the case.
func (a Asked) Opens(user uuid.UUID) bool { return slices.Contains(*a.openers, user) }

// Of is the part about some recipients. Colleagues who may open the case are told nothing, and left out.
func (a Asked) Of(c casefile.Header, now time.Time, all []sharing.To, chosen sharing.Ground, bad fault.Invalid) View {
	v := View{Ref: c.Ref, Age: sharing.AgeOf(c.Born, c.Area, now), Chosen: chosen, Bad: bad}
	for _, to := range all {
		if !to.Colleague() || !a.Opens(to.UserID) {
			v.To = append(v.To, to)
		}
	}
	for _, s := range *a.consents {
		if slices.Contains(chosen.ConsentIDs, s.ID) || s.Holds(now) && slices.ContainsFunc(v.To, func(to sharing.To) bool { return to.OrganisationID == s.OrganisationID }) {
			v.consents = append(v.consents, s)
		}
	}
	return v
}

// offered are the ways for the purpose; where none is left for it, those for any: so that the choice can be mended.
func (v View) offered() []sharing.Offered {
	if ways := sharing.Offers(v.To, v.Chosen.PurposeCode, v.Age, v.Named); len(ways) > 0 || v.Bad["legal_basis"] == "" {
		return ways
	}
	return sharing.Offers(v.To, "", v.Age, v.Named)
}

// byConsent reports whether one of the ways is a consent.
func (v View) byConsent() bool {
	return slices.ContainsFunc(v.offered(), func(o sharing.Offered) bool { return o.Basis.ConsentNeeded })
}

// ways are the ways as choices: the paragraph, when the way is open and towards whom, what must be written and what may not be told.
func (v View) ways(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, o := range v.offered() {
		words := []string{o.Rule.Name(ctx) + "."}
		if o.Rule.Code == v.Agreed {
			words = append(words, i18n.T(ctx, "ground.agreed"))
		}
		if v.Chosen.PurposeCode == "" {
			words = append(words, purposes(ctx, o.Rule))
		}
		if !o.All {
			words = append(words, i18n.T(ctx, "ground.for", strings.Join(names(ctx, o.For), ", ")))
		}
		words = append(words, i18n.T(ctx, "ground.write", o.Rule.Write(ctx)), i18n.T(ctx, "ground.not", o.Rule.Not(ctx)))
		opt := ui.Option{Value: o.Rule.Code, Label: o.Basis.Cited(ctx), Hint: strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")}
		if !o.Rule.Verified() {
			opt.Mark = i18n.T(ctx, "compass.unverified")
		}
		all = append(all, opt)
	}
	return all
}

// purposes say for what a way is, in as few words as they can.
func purposes(ctx context.Context, rule reference.SharingRule) string {
	var yes, no []string
	for _, p := range reference.Items(reference.SharingPurposes) {
		if rule.Serves(p.Code) {
			yes = append(yes, p.Name(ctx))
		} else {
			no = append(no, p.Name(ctx))
		}
	}
	switch {
	case len(no) == 0:
		return ""
	case len(no) < len(yes):
		return i18n.T(ctx, "ground.purposes.not", strings.Join(no, "; "))
	}
	return i18n.T(ctx, "ground.purposes", strings.Join(yes, "; "))
}

// names are the organisations, each once, and colleagues as one.
func names(ctx context.Context, all []sharing.To) []string {
	var list []string
	for _, to := range all {
		name := to.Name
		if to.Colleague() {
			name = i18n.T(ctx, "ground.colleagues")
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// given are the consents to choose from.
func (v View) given(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, c := range v.consents {
		all = append(all, ui.Option{Value: c.ID.String(), Label: Words(ctx, c)})
	}
	return all
}

func (v View) chosenConsents() []string {
	var all []string
	for _, id := range v.Chosen.ConsentIDs {
		all = append(all, id.String())
	}
	return all
}

// hidden carries the answer along to a check; the consents go beside it.
func (v View) hidden() map[string]string {
	return map[string]string{"purpose_code": v.Chosen.PurposeCode, "legal_basis": v.Chosen.LegalBasis, "consent": v.Chosen.Consent, "purpose": v.Chosen.Purpose}
}

// answers are the part as it was answered, to be looked over.
func (v View) answers(ctx context.Context) []ui.Answer {
	way, _ := reference.LegalBasisByCode(v.Chosen.LegalBasis)
	list := []ui.Answer{
		{Label: i18n.T(ctx, "sharing.purpose_code"), Value: reference.Name(ctx, reference.SharingPurposes, v.Chosen.PurposeCode)},
		{Label: i18n.T(ctx, "ground.way"), Value: way.Cited(ctx)},
	}
	if sharing.RestsOnConsent(v.Chosen.LegalBasis) {
		for _, c := range v.consents {
			if slices.Contains(v.Chosen.ConsentIDs, c.ID) {
				list = append(list, ui.Answer{Label: i18n.T(ctx, "ground.consents"), Value: Words(ctx, c)})
			}
		}
	}
	return append(list, ui.Answer{Label: i18n.T(ctx, "sharing.purpose.out"), Value: v.Chosen.Purpose})
}

// Giver is who gave a consent, in words.
func Giver(ctx context.Context, c sharing.Consent) string {
	if c.Person == "" {
		return i18n.T(ctx, "consent.citizen")
	}
	return c.Person
}

// Words are a consent in a line: from whom, to whom, to what, until when.
func Words(ctx context.Context, c sharing.Consent) string {
	return i18n.T(ctx, "consent.line", Giver(ctx, c), c.Organisation, c.What, i18n.LongDate(ctx, c.ExpiresOn))
}

// AgeWords say how old the citizen is, and that it is a guess where it is one: a group of [sharing.Ages], with "?" behind it.
func AgeWords(ctx context.Context, group string) string {
	name, guess := strings.CutSuffix(group, "?")
	words := i18n.T(ctx, "compass.age."+name)
	if guess {
		words += ". " + i18n.T(ctx, "compass.age.guess")
	}
	return words
}

func (v View) ageGroup() string {
	if v.Age.Guess {
		return v.Age.Group + "?"
	}
	return v.Age.Group
}
