package partnerpages

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// peoplePerPage is how many faces one page of the directory shows; whole organisations, so it may be a few more.
const peoplePerPage = 14

// firstCompetences are shown in the filter; more of them are folded away.
const firstCompetences = 8

// directoryView is the directory with the finder above it.
type directoryView struct {
	Page    ui.Page
	Now     time.Time
	Finder  finder
	Filter  partner.Filter
	Groups  []choices
	Chosen  []ui.Chip // what is filtered by, each with a link that takes it away
	Orgs    []orgGroup
	People  int
	OrgsAll int
	Paging  ui.Paging
	Params  map[string]string // what the filter form carries along
	Empty   bool              // nobody is in the directory at all
}

// choices is one group of the filter.
type choices struct {
	Name    string // of the form value
	Title   string
	Options []choice
	More    []choice // folded away
}

// choice is one box of the filter, with how many people it would leave.
type choice struct {
	Value, Label string
	Count        int
	On           bool
}

// orgGroup is an organisation with those of its people who passed the filter.
type orgGroup struct {
	First  partner.Callable // carries the organisation's own words
	People []partner.Callable
}

func (h Handler) directory(w http.ResponseWriter, r *http.Request) error {
	var f *frame.Frame
	var people *[]partner.Callable
	now, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, people = frame.Ask(b), partner.Callables(b, partner.Query{})
	})
	if err != nil {
		return err
	}
	v := directoryView{Page: f.Page(w, r, title(r, "partners.title"), "partners"), Now: now, Empty: len(*people) == 0}
	v.ask(r, *people)
	return page.Render(w, r, http.StatusOK, directoryPage(v))
}

// ask fills the view with what the query of r asks for.
func (v *directoryView) ask(r *http.Request, people []partner.Callable) {
	ctx, q := r.Context(), r.URL.Query()
	v.Filter = filterOf(q)
	words := searchWords(q.Get("q"))
	situation, known := partner.SituationByCode(q.Get("situation"))
	if !known {
		situation, known = partner.SituationFor(words)
	}
	v.Finder = finder{Query: words, Search: true, Chips: chips(ctx, partner.Situations, situation.Code, link.Situation)}
	area := ""
	if len(v.Filter.Areas) == 1 {
		area = v.Filter.Areas[0]
	}
	if known {
		name := i18n.T(ctx, "situation."+situation.Code)
		v.Finder.Hit = answer(ctx, situation, name, people, area, nil, v.Now)
	}
	// Words narrow the list where they name somebody in it; a situation described in words does not empty it.
	v.Filter.Words = words
	if found := v.Filter.Apply(people, v.Now, names(ctx)); len(found) == 0 && known {
		v.Filter.Words = ""
	}
	counts := v.Filter.Counts(people, v.Now, names(ctx))
	v.Groups = groups(r, v.Filter, counts)
	v.Chosen = chosen(q, v.Groups, v.Filter.Words)
	v.Params = map[string]string{}
	if words != "" {
		v.Params["q"] = words
	}
	if known && q.Get("situation") != "" {
		v.Params["situation"] = situation.Code
	}
	found := v.Filter.Apply(people, v.Now, names(ctx))
	v.People = len(found)
	v.group(found, q)
}

// number is what a CPR number looks like. It has no place in a search of the directory, and is not shown again.
var number = regexp.MustCompile(`\d{6}[ -]?\d{4}`)

// searchWords are the words that were written, at most 80 letters of them.
func searchWords(text string) string {
	letters := []rune(strings.TrimSpace(number.ReplaceAllString(text, "")))
	return strings.TrimSpace(string(letters[:min(len(letters), 80)]))
}

func filterOf(q url.Values) partner.Filter {
	return partner.Filter{Kinds: q["type"], Competences: q["kompetence"], Areas: q["omraade"], Now: q.Get("nu") == "1", Duty: q.Get("vagt") == "1"}
}

// groups are the boxes of the filter. A competence that nobody has is left out, unless it is ticked.
func groups(r *http.Request, f partner.Filter, n partner.Counts) []choices {
	ctx := r.Context()
	kinds := choices{Name: "type", Title: i18n.T(ctx, "partners.filter.kind")}
	for _, k := range []string{"external", "internal"} {
		kinds.Options = append(kinds.Options, choice{k, i18n.T(ctx, "partners.kind."+k), n["kind."+k], slices.Contains(f.Kinds, k)})
	}
	areas := choices{Name: "omraade", Title: i18n.T(ctx, "partners.filter.area")}
	for _, a := range []string{"child", "adult"} {
		areas.Options = append(areas.Options, choice{a, i18n.T(ctx, "partners.area."+a), n["area."+a], slices.Contains(f.Areas, a)})
	}
	reach := choices{Title: i18n.T(ctx, "partners.filter.reach"), Options: []choice{
		{"nu", i18n.T(ctx, "partners.filter.now"), n["now"], f.Now}, {"vagt", i18n.T(ctx, "partners.filter.duty"), n["duty"], f.Duty}}}
	skills := choices{Name: "kompetence", Title: i18n.T(ctx, "partners.filter.competence")}
	for _, k := range partner.Competences {
		if on := slices.Contains(f.Competences, k); on || n["competence."+k] > 0 {
			c := choice{k, partnerview.Competence(ctx, k), n["competence."+k], on}
			if on || len(skills.Options) < firstCompetences {
				skills.Options = append(skills.Options, c)
			} else {
				skills.More = append(skills.More, c)
			}
		}
	}
	return []choices{kinds, areas, reach, skills}
}

// chosen are the ticked boxes as chips that take themselves away.
func chosen(q url.Values, groups []choices, words string) []ui.Chip {
	var all []ui.Chip
	for _, g := range groups {
		for _, o := range g.Options {
			name, value := g.Name, o.Value
			if name == "" {
				name, value = o.Value, "1"
			}
			if o.On {
				all = append(all, ui.Chip{Text: o.Label, Href: without(q, name, value), Icon: "close"})
			}
		}
	}
	if words != "" {
		all = append(all, ui.Chip{Text: "»" + words + "«", Href: without(q, "q", q.Get("q")), Icon: "close"})
	}
	return all
}

// without is the address of the directory with one choice less.
func without(q url.Values, name, value string) string {
	left := url.Values{}
	for k, vs := range q {
		for _, v := range vs {
			if k != "side" && (k != name || v != value) {
				left.Add(k, v)
			}
		}
	}
	return directoryURL(left)
}

func directoryURL(q url.Values) string {
	if len(q) == 0 {
		return link.Partners
	}
	return link.Partners + "?" + q.Encode()
}

// group puts people below their organisations, in Danish order, and cuts out the page that is asked for.
func (v *directoryView) group(people []partner.Callable, q url.Values) {
	var all []orgGroup
	at := map[string]int{}
	for _, c := range people {
		i, ok := at[c.OrganisationID.String()]
		if !ok {
			i = len(all)
			at[c.OrganisationID.String()] = i
			all = append(all, orgGroup{First: c})
		}
		all[i].People = append(all[i].People, c)
	}
	danish := collate.New(language.Danish)
	slices.SortStableFunc(all, func(a, b orgGroup) int { return danish.CompareString(a.First.Organisation, b.First.Organisation) })
	v.OrgsAll = len(all)

	v.Orgs, v.Paging = paged(all, func(g orgGroup) int { return len(g.People) }, peoplePerPage, q, link.Partners, "#liste")
}

// paged cuts a list into pages of about per people, without dividing an organisation, and returns the page
// that q asks for.
func paged[T any](all []T, people func(T) int, per int, q url.Values, path, anchor string) ([]T, ui.Paging) {
	pages, n := [][]T{nil}, 0
	for _, g := range all {
		last := len(pages) - 1
		if n > 0 && n+people(g) > per {
			pages, n = append(pages, []T{g}), people(g)
			continue
		}
		pages[last], n = append(pages[last], g), n+people(g)
	}
	at, _ := strconv.Atoi(q.Get("side")) // nonsense is the first page
	at = min(max(at, 1), len(pages))
	if len(pages) == 1 {
		return pages[0], ui.Paging{}
	}
	to := func(n int) string {
		other := maps.Clone(q)
		other.Set("side", strconv.Itoa(n))
		return path + "?" + other.Encode() + anchor
	}
	p := ui.Paging{Text: strconv.Itoa(at) + " / " + strconv.Itoa(len(pages))}
	if at > 1 {
		p.PrevHref = to(at - 1)
	}
	if at < len(pages) {
		p.NextHref = to(at + 1)
	}
	return pages[at-1], p
}
