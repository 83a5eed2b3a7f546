package partnerpages

import (
	"net/http"
	"slices"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
)

// caseView is "Hvem ringer jeg til?" for a case: the situations that it points to stand first, those who have
// a part in it are called before others, and what the plan calls for and nobody fills comes below.
type caseView struct {
	caseframe.View
	Finder  finder
	Missing []call
}

func (h Handler) caseCalls(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var needs *partner.Needs
	var people *[]partner.Callable
	frame, err := caseframe.Read(h.DB, w, r, "network", func(b *db.Batch) {
		needs, people = partner.GetNeeds(b), partner.Callables(b, partner.Query{})
	})
	if err != nil {
		return err
	}
	v := caseView{View: frame}
	c, now := v.Case, v.Now
	add := ""
	if v.May(actor.Write) && !c.Closed() {
		add = link.AddPartner(c.Ref) + "?kontakt="
	}
	known := map[string]bool{}
	for _, id := range needs.Involved {
		known[id.String()] = true
	}

	suggested := partner.Suggest(*needs, c.Severity, c.Area)
	current, ok := partner.SituationByCode(r.URL.Query().Get("situation"))
	if !ok {
		current = suggested[0]
	}
	list := suggested
	for _, s := range partner.Situations {
		if (s.Area == "" || s.Area == c.Area) && !containsSituation(suggested, s.Code) {
			list = append(list, s)
		}
	}
	v.Finder = finder{Chips: chips(ctx, list, current.Code, func(code string) string { return link.CaseCalls(c.Ref) + "?situation=" + code }),
		Lead: i18n.T(ctx, "finder.case", i18n.T(ctx, "partners.area."+c.Area))}
	hit := answer(ctx, current, i18n.T(ctx, "situation."+current.Code), *people, c.Area, known, now)
	hit.Danger = hit.Danger || partner.Grave(c.Severity)
	v.Finder.Hit = hit
	for _, t := range needs.Missing {
		one := partner.Situation{Turns: []partner.Turn{{Code: t, Types: []string{t}}}}
		line := call{Call: partner.Ring(one, *people, c.Area, known, now)[0], Reason: i18n.T(ctx, "finder.missing", partnerview.TypeName(ctx, t))}
		v.Missing = append(v.Missing, line)
	}
	for _, lines := range [][]call{hit.Calls, v.Missing} {
		for i := range lines {
			p := lines[i].Person
			if p == nil {
				continue
			}
			lines[i].Asked = slices.Contains(needs.Asked, p.ContactID)
			if add != "" {
				lines[i].AddURL = add + p.ContactID.String()
			}
		}
	}
	return page.Render(w, r, http.StatusOK, casePage(v))
}

func containsSituation(list []partner.Situation, code string) bool {
	for _, s := range list {
		if s.Code == code {
			return true
		}
	}
	return false
}
