package concernpages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/partner"
	"samspil/internal/plan"
	"samspil/internal/planrule"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/web/caseframe"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/reportframe"
	"samspil/web/ui"
)

// caseView is the one page between a report and its case. With an acute report it asks for what an acute plan needs, and
// suggests whom to draw in at once.
type caseView struct {
	reportframe.View
	Who     actor.Actor
	A       concern.Answers
	Bad     fault.Invalid
	Cases   []concern.CaseLink
	Found   []concern.Candidate // cases that the child may have
	Teams   []concern.Team
	Takers  []concern.Taker
	Callers []partner.Callable
	Rules   []planrule.Rule // the municipality's plan rules

	Templates []template.Version // of the report's area
}

func (h Handler) readCase(w http.ResponseWriter, r *http.Request) (caseView, error) {
	v := caseView{Who: actor.From(r.Context())}
	var cases *[]concern.CaseLink
	var teams *[]concern.Team
	var takers *[]concern.Taker
	var found *[]concern.Candidate
	var people *[]partner.Callable
	var templates *[]template.Version
	var rules *[]planrule.Rule
	f, err := reportframe.Read(h.DB, w, r, "case", func(b *db.Batch) {
		cases, teams, takers, found = concern.Cases(b), concern.Teams(b), concern.Takers(b), concern.SameChild(b)
		templates = template.InUse(b, "")
		people, rules = partner.Callables(b, partner.Query{Ruled: true}), planrule.Rules(b)
	})
	if err == nil && !f.Report.MakesCase {
		err = fault.NotFound
	}
	if err != nil {
		return v, err
	}
	v.View, v.Cases, v.Teams, v.Takers, v.Callers, v.Rules = f, *cases, *teams, *takers, *people, *rules
	for _, t := range *templates {
		if t.Content.Area == f.Report.Area {
			v.Templates = append(v.Templates, t)
		}
	}
	for _, c := range *found {
		if c.Kind == "case" && !slices.ContainsFunc(v.Cases, func(l concern.CaseLink) bool { return l.CaseID == c.ID && l.How != "match" }) {
			v.Found = append(v.Found, c)
		}
	}
	return v, nil
}

// made is the case that began with the report, if there is one.
func (v caseView) made() (concern.CaseLink, bool) {
	i := slices.IndexFunc(v.Cases, func(c concern.CaseLink) bool { return c.How != "match" })
	if i < 0 {
		return concern.CaseLink{}, false
	}
	return v.Cases[i], true
}

func (h Handler) showCase(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readCase(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, casePage(v))
}

var caseFields = []string{"", "call", "responsible", "template", "severity", "severity_reason", "policy", "channel", "hours", "never", "cover", "name", "cpr", "situation", "certainty", "level"}

// makeCase makes the case and, where one is chosen, its plan; it lands on the plan.
func (h Handler) makeCase(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	a := concern.Answers{}
	for _, name := range caseFields[1:] {
		a[name] = form.Texts(name)
	}
	v, err := h.readCase(w, r)
	if err != nil {
		return err
	}
	if c, ok := v.made(); ok { // sent twice, or a colleague was first
		return page.Done(w, r, "flash.concern.exists", link.Plan(c.Ref))
	}
	v.A = a
	in, bad := v.input()
	var made casefile.Registered
	if len(bad) == 0 {
		err = reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) (err error) {
			made, err = concern.MakeCase(ctx, tx, h.Keys, in)
			return err
		})
		var stale bool
		if bad, stale, err = page.Refused(err); err != nil {
			return err
		} else if stale {
			return page.Redirect(w, r, link.ReportCase(reportframe.Ref(r)))
		}
	}
	if len(bad) > 0 {
		v.Bad, v.Page.Invalid = bad, true
		return page.Render(w, r, http.StatusUnprocessableEntity, casePage(v))
	}
	if in.Template == "" {
		return page.Done(w, r, "flash.concern.case", link.Case(made.Ref))
	}
	return page.Done(w, r, "flash.concern.plan", link.Plan(made.Ref))
}

// cprFollows reports whether the number of the report goes with the child into the case. Of a concluded report it is not
// given out again: then it is typed.
func (v caseView) cprFollows() bool {
	return v.Report.Child().CPRMasked != "" && v.May(actor.Write)
}

// input is what the form says, with what is wrong in it.
func (v caseView) input() (concern.NewCase, fault.Invalid) {
	bad, full := fault.Invalid{}, v.Report
	child := full.Child()
	in := concern.NewCase{Template: v.answer("template"), KeepCPR: v.cprFollows()}
	in.NewCitizen = casefile.NewCitizen{Name: v.answer("name"), CPR: v.answer("cpr"),
		SafeContact: casefile.SafeContact{Policy: v.answer("policy"), Channel: v.answer("channel"), Hours: v.answer("hours"), Never: v.answer("never"), Cover: v.answer("cover")}}
	if child.Born != nil && !v.cprFollows() {
		if cpr, ok := keys.ParseCPR(in.CPR); !ok || cpr.Born.Equal(*child.Born) {
			in.Born = *child.Born
		}
	}
	for _, p := range full.People {
		if !p.IsChild {
			in.Around = append(in.Around, casefile.Around{Name: p.Name, Relation: p.Relation, ConflictRole: "unknown", MayKnow: "unknown"})
		}
	}
	in.Matter = casefile.Matter{Situation: v.answer("situation"), Origin: concern.Origin(full.Source), Certainty: v.answer("certainty"), Severity: v.answer("severity"), SeverityReason: v.answer("severity_reason")}
	in.AccessPlan = casefile.AccessPlan{Nobody: true, FromReport: true, Confidentiality: casefile.Restricted} // who must not know goes with the report
	if v.answer("level") == "2" {
		in.Confidentiality = casefile.Sealed
	}
	// the responsible is chosen together with their team
	user, team, _ := strings.Cut(v.answer("responsible"), "@")
	in.Responsible, _ = uuid.Parse(user)
	in.TeamID, _ = uuid.Parse(team)
	known := in.Template == "" || v.hasTemplate(in.Template)
	bad.Check("template", known, "error.choose")
	if in.Template != "" {
		for _, text := range v.A["call"] {
			kind, contact, _ := strings.Cut(text, "@")
			if id, err := uuid.Parse(contact); err == nil {
				in.Partners = append(in.Partners, concern.Partner{Type: kind, Contact: id})
			}
		}
	}
	check := in.Registration
	if in.KeepCPR {
		check.CPR = ""
	}
	_ = bad.Merge("", check.Validate(v.Who, v.Now)) // Invalid or nil
	if bad["team"] != "" {
		bad.Check("responsible", false, "error.choose")
		delete(bad, "team")
	}
	return in, bad
}

// answer is what was answered, or what the report suggests.
func (v caseView) answer(field string) string {
	if got, given := v.A[field]; given && len(got) > 0 {
		return got[0]
	}
	if v.A != nil {
		return ""
	}
	acute := v.Report.IsAcute()
	switch field {
	case "name":
		return v.Report.Child().Name
	case "policy":
		return "none_written"
	case "situation":
		return v.Report.Told
	case "certainty":
		return "concern"
	case "level":
		return "1"
	case "severity":
		if acute {
			return "red"
		}
	case "severity_reason":
		if acute {
			return v.Report.AssessReason
		}
	case "template":
		if acute {
			if code := concern.AcuteTemplate(v.Report.Area); v.hasTemplate(code) {
				return code
			}
		}
	}
	return "" // of the responsible too: the desk that makes the case seldom carries it
}

// takers are the colleagues who may become responsible, with the team.
func (v caseView) takers() []ui.Option {
	var options []ui.Option
	for _, c := range v.Takers {
		if slices.ContainsFunc(v.Teams, func(t concern.Team) bool { return t.ID == c.TeamID }) {
			options = append(options, ui.Option{Value: c.ID.String() + "@" + c.TeamID.String(), Label: c.Name + ", " + c.Team})
		}
	}
	return options
}

// caller is one suggestion: who can best be called now for a rule that red meets at once.
type caller struct {
	Type string // what the rule asks for
	C    partner.Callable
}

func (v caseView) callers() []caller {
	var list []caller
	for _, r := range v.Rules {
		if !r.Active || !r.Within24() || !r.Condition.OfLevel("red") || r.Area != "both" && r.Area != v.Report.Area ||
			slices.Contains(r.PartnerTypes, planrule.OwnOffice(v.Report.Area)) || slices.ContainsFunc(list, func(c caller) bool { return c.Type == r.PartnerType() }) {
			continue
		}
		if c := plan.First(v.Callers, r.PartnerType(), v.Report.Area, v.Now); c != nil {
			list = append(list, caller{r.PartnerType(), *c})
		}
	}
	return list
}

// calls are the suggestions as boxes to tick: one press each.
func (v caseView) calls(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, c := range v.callers() {
		p := partnerview.Person(c.C)
		hint := partnerview.TypeName(ctx, c.Type) + ", " + c.C.Organisation
		if a := partnerview.Avail(ctx, c.C, v.Now); a.Text != "" {
			hint += " · " + a.Text
		}
		if n := c.C.Number(); n != "" {
			hint += " · " + n
		}
		options = append(options, ui.Option{Value: c.Type + "@" + c.C.ContactID.String(), Label: p.Name, Hint: hint, Person: &p})
	}
	return options
}

// hasTemplate reports whether a plan may begin from a template: one that the municipality has retired is none.
func (v caseView) hasTemplate(code string) bool {
	return slices.ContainsFunc(v.Templates, func(t template.Version) bool { return t.Code == code })
}

func (v caseView) templates(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "concern.template.none")}}
	for _, t := range v.Templates {
		options = append(options, ui.Option{Value: t.Code, Label: t.Content.Name(ctx)})
	}
	return options
}

// severities are the levels, after the choice of none yet.
func (v caseView) severities(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "concern.severity.none")}}
	for _, l := range reference.SeverityLevels() {
		options = append(options, ui.Option{Value: l.Code, Label: l.Name(ctx)})
	}
	return options
}

func (v caseView) field(name string, f ui.Field, options ...ui.Option) ui.Field {
	f.Name, f.Value, f.Values, f.Error, f.Options = name, v.answer(name), v.A[name], v.Bad[name], options
	return f
}

// join takes the report up in a case that the reader may read.
func (h Handler) join(w http.ResponseWriter, r *http.Request) error {
	ctx, ref := r.Context(), page.ReadForm(r).Text("case")
	// the case is opened in its own right, with its line in the trail, before the report's transaction uses it
	if strings.HasPrefix(ref, "u") {
		return fault.NotFound // a report is no case
	}
	opened, err := h.DB.Open(ctx, actor.From(ctx), db.Case{Ref: ref, Page: "underretning"})
	if err != nil {
		return err
	}
	err = reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return concern.Join(ctx, tx, tx.CaseID, opened.CaseID)
	})
	if bad, _, rest := page.Refused(err); len(bad) > 0 {
		v, err := h.readCase(w, r)
		if err != nil {
			return err
		}
		v.Bad, v.Page.Invalid = bad, true
		return page.Render(w, r, http.StatusUnprocessableEntity, casePage(v))
	} else if rest != nil {
		return rest
	}
	return page.Done(w, r, "flash.concern.joined", link.Report(reportframe.Ref(r)))
}

// takeUp takes a report up in the case of the path, from the side of the case.
func (h Handler) takeUp(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	report := page.Param(r, "report")
	if !strings.HasPrefix(report, "u") {
		return fault.NotFound
	}
	opened, err := h.DB.Open(ctx, actor.From(ctx), db.Case{Ref: report, Page: "sag"})
	if err != nil {
		return err
	}
	err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		return concern.Join(ctx, tx, opened.CaseID, tx.CaseID)
	})
	if err != nil {
		return err
	}
	return page.Done(w, r, "flash.concern.taken_up", link.Case(caseframe.Ref(r)))
}
