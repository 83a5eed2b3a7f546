package ui

import (
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/web/static"
)

// gallery serves all parts at an address until interrupted, to be looked at:
//
//	go test ./web/ui -run TestGallery -gallery 127.0.0.1:8090
var gallery = flag.String("gallery", "", "address to serve the gallery on")

func TestMain(m *testing.M) {
	flag.Parse()
	i18n.MustLoad(Texts)
	os.Exit(m.Run())
}

// now is the moment of all examples: Thursday 19 November 2026, 10.31.
var now = time.Date(2026, 11, 19, 10, 31, 0, 0, i18n.Zone)

func day(n int) time.Time { return now.AddDate(0, 0, n) }

func face(name, title, org string, external bool) Person {
	p := Person{Name: name, Title: title, Org: org, External: external}
	file := "demo/p-" + strings.ToLower(firstName(name)) + ".svg"
	if static.Has(file) {
		p.PhotoURL = static.URL(file)
	}
	return p
}

var (
	mette  = face("Mette Lindhardt", "Rådgiver", "Børn og Unge", false)
	sara   = face("Sara El-Khatib", "Ressourceperson", "Børn og Unge", false)
	bilal  = face("Bilal Nasser", "Politiassistent", "Fjordegnens Politi", true)
	yasmin = face("Yasmin Haddad", "Sikkerhedskonsulent", "Team Øst", true)
	new1   = Person{Name: "Øjvind Aa. Ærø", Title: "Lærer", Org: "Åskolen", External: true, Href: "#"}
)

// with renders c around kids.
func with(c templ.Component, kids ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(kids...)), w)
	})
}

func raw(html string) templ.Component { return templ.Raw(html) }

func join(parts ...templ.Component) templ.Component { return templ.Join(parts...) }

// framed is a page of the gallery in the frame of a caseworker.
func framed(who actor.Actor, change func(*Page), kids ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		p := Page{
			Title: "Prøve", Active: "day", Actor: who, Me: mette, Nav: Menu(ctx, who),
			Recent:       []RecentCase{{"2026-0147", "#"}, {"2026-0139", "#"}},
			Municipality: "Ellehøj Kommune (fiktiv)", IdleSeconds: 900, WarnSeconds: 180, Path: "/",
		}
		p.Nav[0].Count, p.Nav[0].Hot, p.Nav[1].Count = 7, true, 14
		change(&p)
		return with(Layout(p), kids...).Render(ctx, w)
	})
}

var caseworker = actor.Actor{Role: actor.Caseworker, Name: "Mette Lindhardt"}

// examples are the pages of the gallery. Together they show every part at least once.
var examples = map[string]func() templ.Component{
	"dag":   examplesDay,
	"sag":   examplesCase,
	"form":  examplesForm,
	"leder": examplesLead,
	// A session of six seconds, with shortcuts.
	"kort": func() templ.Component {
		who := caseworker
		who.Shortcuts = true
		return framed(who, func(p *Page) { p.IdleSeconds, p.WarnSeconds = 6, 4 }, PageHead(Head{Title: "Kort"}), raw(`<table><caption class="vh">Trin</caption><tbody>`),
			row("Et", "", raw("Dig"), day(1), false, raw("")), row("To", "", raw("Dig"), day(1), false, raw("")), raw(`</tbody></table>`))
	},
	"bare": func() templ.Component {
		return framed(caseworker, func(p *Page) { p.Bare = true },
			PageHead(Head{Title: "Log ind"}), raw(`<form class="panel pad" method="post">`),
			Input(Field{Name: "email", Label: "Mail", Type: "email", Autocomplete: "username"}),
			Input(Field{Name: "password", Label: "Adgangskode", Type: "password", Autocomplete: "current-password"}),
			FormEnd(Button{Label: "Log ind"}, ""), raw(`</form>`))
	},
}

func row(title, sub string, who templ.Component, at time.Time, hour bool, button templ.Component) templ.Component {
	return join(raw(`<tr><th scope="row" class="full"><a class="tt" href="#">`+title+`</a><span class="sub">`+sub+`</span></th>
		<td><a class="tt" href="#">2026-0147</a><span class="sub"><span class="pii">Amira S.</span>, 16 år</span></td><td>`),
		who, raw(`</td><td>`), Due(at, hour, now, false), raw(`</td><td class="num end">`), button, raw(`</td></tr>`))
}

func examplesDay() templ.Component {
	remind := LinkButton(Button{Label: "Ryk", URL: "#", Kind: "secondary", Small: true, VH: "Afklar pas"})
	tick := PostButton(Button{Label: "Udført", URL: "/udfoert", Kind: "secondary", Small: true, Icon: "check", Frag: true, Key: "u"})
	me := raw(`<span class="mut">Dig</span>`)
	chips := Chips([]Chip{{Text: "Alle", Href: "#", Current: true}, {Text: "Hos mig", Href: "#", Count: 6}, {Text: "Hos partnere", Href: "#", Count: 3}})
	return framed(caseworker, func(p *Page) {
		p.Flash = &FlashMsg{Text: "Trinnet er udført.", UndoURL: "/fortryd"}
	},
		with(PageHead(Head{Title: "Min dag", Body: raw(`<p>Torsdag 19. november, uge 47. <b>2 underretninger</b> skal vurderes, og <b>3 trin</b> er over tid.</p>`)}),
			LinkButton(Button{Label: "Opret sag", URL: "#", Kind: "secondary", Icon: "plus"})),
		raw(`<div class="grid g-main"><div class="col">`),
		with(Panel(PanelHead{ID: "t", Title: "Trin, der venter", Count: "9 i 4 sager", Icon: "checklist", Side: chips}),
			raw(`<div class="tw"><table class="resp dt"><caption class="vh">Trin</caption><thead><tr><th scope="col">Trin</th><th scope="col" class="d2">Sag</th><th scope="col" class="d3">Hos</th><th scope="col" class="d4">Frist</th><th scope="col" class="d5"><span class="vh">Handling</span></th></tr></thead><tbody><tr class="grp"><th scope="rowgroup" colspan="5" class="full">Over tid <span class="mut">3</span></th></tr>`),
			row("Afklar pas og rejseplaner", "Rykket én gang", PersonLine(bilal, ""), day(-1), false, remind),
			row("Få en sikkerhedskonsulent til at gennemgå risikovurderingen", "Mangler partner", with(NoPerson("Vælg partner", "#"), raw("1 forslag")), day(-2), false, tick),
			raw(`<tr class="grp"><th scope="rowgroup" colspan="5" class="full">I dag <span class="mut">2</span></th></tr>`),
			row("Børnesamtale nr. 2", "Møde på Åskolen", me, now.Add(2*time.Hour), true, tick),
			row("Udtalelse fra skolen", "Bedt om 12. nov.", PersonLine(new1, ""), day(1), false, remind),
			row("Start i støtteforløb", "", PersonLine(yasmin, "Sikkerhedskonsulent"), day(6), false, tick),
			row("Uden frist", "", me, time.Time{}, false, tick),
			raw(`</tbody></table></div>`), Pager(Paging{NextHref: "#", Text: "1–6 af 64"})),
		with(Panel(PanelHead{ID: "tom", Title: "Sparring"}), with(Empty("Ingen venter på dig. Har du selv noget, du er i tvivl om?"), LinkButton(Button{Label: "Bed om sparring", URL: "#", Kind: "secondary", Small: true}))),
		raw(`</div><div class="col">`),
		with(Panel(PanelHead{ID: "s", Title: "Dine 14 sager", LinkText: "Se alle", LinkHref: "#"}), raw(`<ul class="list sm">`),
			join(raw(`<li>`), Severity("red"), raw(`<span class="sp"><a href="#">1 sag</a></span></li><li>`), Severity("orange"), raw(`<span class="sp"><a href="#">3 sager</a></span></li><li>`), Severity("yellow"), raw(`<span class="sp"><a href="#">7 sager</a></span></li><li>`), Severity("green"), raw(`<span class="sp"><a href="#">4 sager</a></span></li><li>`), Severity(""), raw(`</li><li>`), Status("late"), raw(`</li></ul>`))),
		with(Panel(PanelHead{ID: "n", Title: "Netværk og partnere", LinkText: "Alle 7", LinkHref: "#"}), raw(`<ul class="list"><li>`),
			with(PersonCard(sara, "Ressourceperson · medansvarlig"), Availability(Avail{true, "Til kl. 15.30"})), raw(`</li><li>`),
			with(PersonCard(bilal, ""), Availability(Avail{false, "Vagt fra kl. 15"})), raw(`</li></ul>`)),
		raw(`</div></div>`))
}

func examplesCase() templ.Component {
	states := []templ.Component{raw(`<div class="row pad">`)}
	for kind := range statusIcons {
		states = append(states, Status(kind))
	}
	states = append(states, Flag("restricted"), Flag("special_address"), Flag("name_address"), Flag("sealed"), Tag("Truer", "red", ""), Tag("Aktiv", "green", "check"), Tag("Til godkendelse", "amber", ""), Tag("Nyt svar", "blue", ""), Tag("Trusler", "ol", ""), raw(`</div>`))
	return framed(caseworker, func(p *Page) { p.Active, p.HideNames = "cases", true },
		with(PageHead(Head{Title: "Dele af en sag"}), Segments("Visning", []Chip{{Text: "Liste", Href: "#", Icon: "list-bulleted", Current: true}, {Text: "Tavle", Href: "#", Icon: "view-split"}}), LinkButton(Button{Label: "Nyt trin", URL: "#", Icon: "plus"})),
		with(Suggestion(Call{ID: "f", Title: "Planen kalder på en sikkerhedskonsulent – ingen er inddraget endnu", Why: "Niveauet er orange, og der er trusler fra familien.", DismissHref: "#", Person: &yasmin, Sub: "Sikkerhedskonsulent, Team Øst", Avail: Avail{true, "Kan træffes nu, til kl. 16"}, Relation: "2 sager med dig", Note: "Anonym sparring er fri."}),
			LinkButton(Button{Label: "00 12 34 56", URL: "tel:00123456", Kind: "secondary", Small: true, Icon: "phone"}), PostButton(Button{Label: "Tilføj i planen", URL: "#", Small: true, Icon: "person-add"})),
		with(Panel(PanelHead{ID: "st", Title: "Tilstande", Side: Faces([]Person{mette, sara, new1})}), states...),
		raw(`<div class="grid g-2 mt">`),
		with(Panel(PanelHead{ID: "tl", Title: "Seneste i sagen"}), Timeline([]Event{
			{Icon: "chat", Tone: "b", Title: "Sparring besvaret:", Text: "tryghedsplan", By: "Yasmin Haddad", At: now.Add(-time.Hour), More: "anonym sparring"},
			{Icon: "edit", Title: "Notat:", Text: "Amira kom i skole alle dage i uge 46.", PII: true, By: "Mette Lindhardt", At: day(-6)},
			{Icon: "warning", Tone: "r", Title: "Niveau ændret", Text: "fra gul til orange", By: "Mette Lindhardt", At: day(-400)}}, now)),
		with(Panel(PanelHead{ID: "al", Title: "Meddelelser"}), raw(`<div class="pad">`), with(Alert("info", "Til orientering"), raw("<p>En linje.</p>")), with(Alert("warn", ""), raw("<p>En linje.</p>")), with(Alert("err", "Noget gik galt"), raw("<p>Prøv igen om lidt.</p>")), with(Alert("ok", ""), raw("<p>Gemt.</p>")),
			raw(`<p class="row mt">`), with(RowMenu("Mere om trinnet"), raw(`<li>`), LinkButton(Button{Label: "Ret", URL: "#", Icon: "edit"}), raw(`</li><li>`), PostButton(Button{Label: "Udskyd", URL: "#"}), raw(`</li>`)), PostButton(Button{Label: "Slet", Kind: "danger", URL: "#"}), PostButton(Button{Label: "Fortryd", Kind: "quiet", URL: "#"}), raw(`</p></div>`)),
		raw(`</div>`))
}

func examplesForm() templ.Component {
	bad := map[string]string{"why": "error.reason", "basis": "error.choose", "due": "error.date", "": "error.stale"}
	return framed(caseworker, func(p *Page) { p.Invalid = true },
		raw(`<div class="form">`), ErrorSummary(bad, "basis", "why"),
		PageHead(Head{Title: "Del oplysninger", Lead: "Trin 2 af 3."}), StepOf(2, "Modtager", "Indhold", "Tjek dine svar"),
		raw(`<form class="panel mt" method="post" data-draft="/kladde">`),
		Radios(Field{Name: "basis", Label: "Hvilken hjemmel deler du på?", Hint: "Spørg juristen.", Value: "115", Error: bad["basis"], Options: []Option{{Value: "115", Label: "Retsplejelovens § 115, stk. 2", Hint: "Må ikke bruges til efterforskning."}, {Value: "s", Label: "Samtykke fra borgeren", Person: &sara}}}),
		TextArea(Field{Name: "why", Label: "Hvad skal modtageren bruge oplysningerne til?", Hint: "Én til to sætninger.", Error: bad["why"], Max: 200, PII: true}),
		Input(Field{Name: "name", Label: "Navn", Value: "Amira Saleh", PII: true, Optional: true, Width: "medium"}),
		DateField(Field{Name: "due", Label: "Frist", Hint: "error.date", Value: "i overmorgen", Error: bad["due"]}),
		Select(Field{Name: "phase", Label: "Fase", Value: "2", Width: "medium", Options: []Option{{Value: "1", Label: "Sikre"}, {Value: "2", Label: "Afklare"}}}),
		Checkboxes(Field{Name: "lang", Label: "Sprog", Values: []string{"ar"}, Options: []Option{{Value: "ar", Label: "Arabisk"}, {Value: "fa", Label: "Farsi"}}}),
		Checkbox(Field{Name: "known", Label: "Borgeren ved det", Hint: "Vi har talt om det.", Value: "1"}),
		FileField(Field{Name: "photo", Label: "Billede", Optional: true}, "image/jpeg"),
		with(FormEnd(Button{Label: "Fortsæt"}, "#"), Submit(Button{Label: "Gem kladde", Kind: "secondary"})),
		raw(`<p class="sm mut" data-draft-state></p></form></div>`),
		raw(`<div class="mt form panel">`), CheckAnswers([]Answer{{Label: "Modtager", Value: "Rikke Holm", ChangeHref: "#"}, {Label: "Sprog", ChangeHref: "#"}}), raw(`</div>`))
}

func examplesLead() templ.Component {
	levels := []Series{{"Grøn", "k1"}, {"Gul", "k2"}, {"Orange", "k3"}, {"Rød", "k4"}}
	var months []ChartRow
	for i, n := range []int{11, 12, 10, 9, 9, 10, 8, 9, 8, 7, 7, 6} {
		months = append(months, ChartRow{Label: []string{"dec", "jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov"}[i], Values: []int{n}, Current: i == 11})
	}
	return framed(actor.Actor{Role: actor.TeamLead, Name: "Jonas Brandt-Holm"}, func(p *Page) { p.Active = "overview" },
		PageHead(Head{Title: "Overblik, Børn og Unge", Lead: "64 aktive sager."}),
		KPIs([]KPI{{"Aktive sager", "64", "+3 siden oktober", "", "#"}, {"Trin over tid", "17", "i 11 sager", "bad", "#"}, {"Uden aktiv plan", "5", "mål: 0", "bad", "#"}, {"Uden partner", "9", "heraf 3 røde", "bad", "#"}, {"Dage til første partner", "6", "median, mål 5", "", "#"}, {"Svar inden 24 timer", "97 %", "2 af 71 for sent", "good", ""}}),
		with(Panel(PanelHead{ID: "o", Title: "Kræver din opmærksomhed", Count: "2 sager"}), raw(`<div class="tw"><table class="resp"><caption class="vh">Sager</caption><thead><tr>`), SortHeader(Sort{Text: "Sag", Href: "#"}), SortHeader(Sort{Text: "Niveau", Href: "#", Dir: "descending"}), raw(`<th scope="col">Ansvarlig</th></tr></thead><tbody><tr><th scope="row"><a class="tt" href="#">2026-0151</a></th><td>`), Severity("red"), raw(`</td><td>`), PersonLine(mette, ""), raw(`</td></tr></tbody></table></div>`)),
		raw(`<div class="grid g-2 mt">`),
		with(Panel(PanelHead{ID: "c1", Title: "Sager pr. rådgiver"}), StackedBars(Chart{ID: "c1-h", RowName: "Rådgiver", Series: levels, Target: 12, TargetText: "vejledende loft 12", Conclusion: "To har mere end det vejledende loft på 12.", Rows: []ChartRow{{Label: "Mette Lindhardt", Values: []int{4, 7, 3, 0}, Href: "#"}, {Label: "Hüseyin Doğan", Values: []int{5, 6, 2, 1}}, {Label: "Amalie Friis", Values: []int{3, 4, 2, 0}}}})),
		with(Panel(PanelHead{ID: "c2", Title: "Partnere i aktive sager"}), Bars(Chart{ID: "c2-h", RowName: "Partner", Series: []Series{{"Sager", ""}}, Conclusion: "Skole og dagtilbud er med i flest sager.", Rows: []ChartRow{{Label: "Skole og dagtilbud", Values: []int{41}}, {Label: "Politi", Values: []int{22}}, {Label: "Krisecenter", Values: []int{9}}}})),
		with(Panel(PanelHead{ID: "c3", Title: "Dage til første partner"}), MonthBars(Chart{ID: "c3-h", RowName: "Måned", Series: []Series{{"Dage", ""}}, Target: 5, TargetText: "mål: 5 dage", Conclusion: "Faldet fra 11 dage til 6.", Rows: months})),
		raw(`</div>`))
}

// galleryServer serves the examples in both languages, as /g/da/dag and /g/en/dag.
func galleryServer() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("GET /g/{lang}/{page}", func(w http.ResponseWriter, r *http.Request) {
		page, ok := examples[r.PathValue("page")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types samspil")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page().Render(i18n.With(r.Context(), r.PathValue("lang")), w); err != nil {
			panic(err)
		}
	})
	return mux
}

func TestGalleryShowsEveryPartInBothLanguages(t *testing.T) {
	if *gallery != "" {
		t.Logf("look at http://%s/g/da/dag", *gallery)
		t.Fatal(http.ListenAndServe(*gallery, galleryServer()))
	}
	srv := httptest.NewServer(galleryServer())
	defer srv.Close()
	for _, lang := range i18n.Languages {
		for name := range examples {
			resp, err := http.Get(srv.URL + "/g/" + lang + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%s/%s: %d %v", lang, name, resp.StatusCode, err)
			}
			body := string(raw)
			if n := strings.Count(body, "<h1"); name != "leder" && name != "sag" && n != 1 {
				t.Errorf("%s/%s has %d h1", lang, name, n)
			}
			for _, forbidden := range []string{" style=", "<style", "onclick=", "javascript:", ">ui.", ">when.", "%!"} {
				if strings.Contains(body, forbidden) {
					t.Errorf("%s/%s contains %q", lang, name, forbidden)
				}
			}
		}
	}
}
