package sharingpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// compassView is what the compass was asked, and its answer.
type compassView struct {
	caseframe.View
	Who, Purpose, Consent string // as asked; Who is a recipient of the directory, or "type:" and a partner type
	Age                   sharing.Age
	Recipients            []sharing.Recipient
	Consents              []sharing.Consent
	Asked                 bool
	Course                sharing.Course
}

// ofType marks a partner type among the recipients.
const ofType = "type:"

func (h Handler) compass(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := compassView{Who: q.Get("hvem"), Purpose: q.Get("formaal"), Consent: q.Get("samtykke")}
	var recipients *[]sharing.Recipient
	var consents *[]sharing.Consent
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		recipients, consents = sharing.Recipients(b, false), sharing.ConsentsOf(b)
	})
	if err != nil {
		return err
	}
	v.View, v.Recipients, v.Age = frame, *recipients, sharing.AgeOf(frame.Case.Born, frame.Case.Area, frame.Now)
	for _, c := range *consents {
		if c.Holds(frame.Now) && strings.HasPrefix(v.Who, c.OrganisationID.String()) {
			v.Consents = append(v.Consents, c)
		}
	}
	if !slices.Contains(sharing.Consents, v.Consent) {
		v.Consent = sharing.NotAsked
		if len(v.Consents) > 0 {
			v.Consent = sharing.Consented
		}
	}
	partner := v.partner()
	if v.Asked = (partner == reference.Colleague || reference.Known(reference.PartnerTypes, partner)) && reference.Known(reference.SharingPurposes, v.Purpose); v.Asked {
		v.Course = sharing.Decide(sharing.Question{Partner: partner, Purpose: v.Purpose, Age: v.Age, Consent: v.Consent})
	}
	return page.Render(w, r, http.StatusOK, compassPage(v))
}

// partner is the type of who was asked about.
func (v compassView) partner() string {
	if code, ok := strings.CutPrefix(v.Who, ofType); ok {
		return code
	}
	for _, r := range v.Recipients {
		if to(r.OrganisationID, r.ContactID) == v.Who {
			return r.PartnerType
		}
	}
	return ""
}

// whom are the partners of the case, and after them the types of the directory.
func (v compassView) whom(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: i18n.T(ctx, "sharing.choose")}}
	for _, r := range v.Recipients {
		all = append(all, ui.Option{Value: to(r.OrganisationID, r.ContactID), Label: recipientWords(r)})
	}
	for _, p := range reference.AllPartnerTypes() {
		all = append(all, ui.Option{Value: ofType + p.Code, Label: i18n.T(ctx, "compass.type", p.Name(ctx))})
	}
	return append(all, ui.Option{Value: ofType + reference.Colleague, Label: i18n.T(ctx, "compass.colleague")})
}

// sharePath is the form of a new sharing with what the compass was asked, on one of its grounds.
func (v compassView) sharePath(way sharing.Way) string {
	q := url.Values{"retning": {"ud"}, "formaal": {v.Purpose}, "samtykke": {v.Consent}, "grundlag": {way.Basis.Code}}
	if strings.HasPrefix(v.Who, ofType) {
		q.Set("alle", "1")
	} else {
		q.Set("til", v.Who)
	}
	if v.Consent == sharing.Consented && len(v.Consents) > 0 && way.Basis.ConsentNeeded {
		q.Set("givet", v.Consents[0].ID.String())
	}
	return link.Sharing(v.Case.Ref) + "/ny?" + q.Encode()
}

// gateShut reports whether asking a parent would be refused (R1).
func (v compassView) gateShut() bool {
	return v.Age.Group != sharing.Adult && v.Case.Gate == casefile.GateShut
}

func compassPath(ref string) string { return link.Sharing(ref) + "/kompas" }

func (v compassView) ageGroup() string {
	if v.Age.Guess {
		return v.Age.Group + "?"
	}
	return v.Age.Group
}
