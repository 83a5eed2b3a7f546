package ui

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"samspil/internal/actor"
	"samspil/internal/i18n"
)

var (
	danish  = i18n.With(context.Background(), "da")
	english = i18n.With(context.Background(), "en")
)

func TestADeadlineSaysWhatItsColourSays(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, i18n.Zone) }
	tests := []struct {
		name              string
		at                time.Time
		hour, done        bool
		tone, date, words string
	}{
		{name: "yesterday", at: at(18, 0, 0), tone: "late", date: "18. nov.", words: "1 dag over"},
		{name: "two days over", at: at(17, 23, 59), tone: "late", date: "17. nov.", words: "2 dage over"},
		{name: "done late is quiet", at: at(17, 0, 0), done: true, tone: "ok", date: "17. nov."},
		{name: "today, no hour", at: at(19, 0, 0), tone: "today", date: "19. nov.", words: "i dag"},
		{name: "later today", at: at(19, 13, 5), hour: true, tone: "today", date: "I dag", words: "kl. 13.05"},
		{name: "earlier today", at: at(19, 9, 5), hour: true, tone: "late", date: "I dag", words: "kl. 9.05 er passeret"},
		{name: "tomorrow", at: at(20, 0, 0), tone: "today", date: "20. nov.", words: "i morgen"},
		{name: "tomorrow at an hour", at: at(20, 8, 0), hour: true, tone: "today", date: "20. nov.", words: "i morgen kl. 8.00"},
		{name: "in some days", at: at(24, 0, 0), date: "24. nov.", words: "om 5 dage"},
		{name: "next year", at: time.Date(2027, 3, 1, 0, 0, 0, 0, i18n.Zone), date: "1. mar. 2027"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tone, date, words := dueWords(danish, tt.at, tt.hour, now, tt.done)
			if tone != tt.tone || date != tt.date || words != tt.words {
				t.Errorf("got %q %q %q, want %q %q %q", tone, date, words, tt.tone, tt.date, tt.words)
			}
		})
	}
	if got := shown(t, danish, Due(time.Time{}, false, now, false)); got != "Ingen frist" {
		t.Errorf("a step without a deadline says %q", got)
	}
	if got := shown(t, english, Due(at(17, 0, 0), false, now, false)); got != "17 Nov 2 days over" {
		t.Errorf("in English: %q", got)
	}
}

func TestInitialsAreOfTheFirstAndTheLastName(t *testing.T) {
	for name, want := range map[string]string{
		"Mette Lindhardt": "ML", "Sara El-Khatib": "SE", "Line": "L", "Øjvind Aa. Ærø": "ØÆ", "åse å": "ÅÅ",
		"Jonas (vikar)": "JV", "": "?", "  ": "?", "Hüseyin  Doğan": "HD",
	} {
		if got := (Person{Name: name}).Initials(); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestAPersonFromOutsideIsShownWithTheirOrganisation(t *testing.T) {
	out := markup(t, danish, PersonLine(Person{Name: "Bilal Nasser", Org: "Fjordegnens Politi", External: true}, ""))
	if !strings.Contains(out, "Fjordegnens Politi") || !strings.Contains(out, "ext") {
		t.Errorf("no ring or no organisation: %s", out)
	}
	if out := markup(t, danish, PersonLine(Person{Name: "Mette", Org: "Børn og Unge"}, "")); strings.Contains(out, "Børn og Unge") {
		t.Errorf("a colleague needs no organisation: %s", out)
	}
}

func TestAFieldIsTiedToItsHintErrorAndCounter(t *testing.T) {
	out := markup(t, danish, TextArea(Field{Name: "why", Label: "ui.change", Hint: "ui.undo", Error: "error.reason", Max: 200, PII: true, Value: "<b>"}))
	for _, want := range []string{
		`id="why"`, `name="why"`, `for="why"`, `aria-describedby="why-hint why-error why-left"`, `aria-invalid="true"`,
		`id="why-hint"`, `id="why-error"`, `id="why-left"`, `spellcheck="false"`, `autocomplete="off"`, `&lt;b&gt;`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	out = markup(t, danish, Input(Field{Name: "email", Label: "ui.change", Autocomplete: "username"}))
	for _, never := range []string{"aria-describedby", "aria-invalid", "required"} {
		if strings.Contains(out, never) {
			t.Errorf("%s in a field that is well: %s", never, out)
		}
	}
}

func TestEveryErrorLeadsToAFieldThatIsThere(t *testing.T) {
	bad := map[string]string{"basis": "error.choose", "why": "error.reason", "due": "error.date", "": "error.stale"}
	out := markup(t, danish, join(
		ErrorSummary(bad, "why", "basis"),
		Radios(Field{Name: "basis", Label: "ui.change", Error: bad["basis"], Options: []Option{{Value: "1", Label: "Et"}, {Value: "2", Label: "To"}}}),
		TextArea(Field{Name: "why", Label: "ui.change", Error: bad["why"]}),
		DateField(Field{Name: "due", Label: "ui.change", Error: bad["due"]})))
	links := regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(out, -1)
	var order []string
	for _, l := range links {
		order = append(order, l[1])
		if strings.Count(out, ` id="`+l[1]+`"`) != 1 {
			t.Errorf("%d fields have the id %q", strings.Count(out, ` id="`+l[1]+`"`), l[1])
		}
	}
	if got := strings.Join(order, " "); got != "why basis due" {
		t.Errorf("order %q, want that of the form and then the rest", got)
	}
	if got := markup(t, danish, ErrorSummary(nil)); strings.Contains(got, "esum") {
		t.Errorf("a summary of nothing: %s", got)
	}
}

func TestAnUnassessedLevelHasNoBarsButWords(t *testing.T) {
	for level, want := range map[string]struct {
		bars int
		word string
	}{"green": {1, "Grøn"}, "yellow": {2, "Gul"}, "orange": {3, "Orange"}, "red": {4, "Rød"}, "": {0, "Ikke vurderet"}} {
		out := markup(t, danish, Severity(level))
		if got := strings.Count(regexp.MustCompile(`class="lit" d="[^"]*`).FindString(out), "M"); got != want.bars || !strings.Contains(out, want.word) {
			t.Errorf("%q: %d bars in %s", level, got, out)
		}
	}
}

func TestTheMenuOffersWhatTheRoleMayOpen(t *testing.T) {
	for role, want := range map[actor.Role]string{
		actor.Caseworker: "day cases forum partners sparring", actor.Specialist: "day cases forum partners sparring", actor.TeamLead: "day overview cases forum partners sparring",
		actor.Admin: "admin partners", actor.Auditor: "log partners", "": "",
	} {
		var keys []string
		for _, n := range Menu(danish, actor.Actor{Role: role}) {
			keys = append(keys, n.Key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q: %q, want %q", role, got, want)
		}
	}
	admin := markup(t, danish, Layout(Page{Title: "Administration", Actor: actor.Actor{Role: actor.Admin, Name: "Lone Kjær"}}))
	if strings.Contains(admin, "/sager") || strings.Contains(admin, "/soeg\" data-pal") {
		t.Error("the admin is led to cases")
	}
}

func TestTheTabSaysThatAFormWasRefused(t *testing.T) {
	out := markup(t, danish, Layout(Page{Title: "Ny sag", Invalid: true}))
	if !strings.Contains(out, "<title>Fejl: Ny sag – Samspil</title>") {
		t.Error(out[:400])
	}
}

func TestTheFrameCarriesWhatTheReaderChose(t *testing.T) {
	who := actor.Actor{Role: actor.Caseworker, Name: "Mette Lindhardt", Theme: "dark", Density: "airy", Shortcuts: true}
	out := markup(t, english, Layout(Page{Title: "My day", Actor: who, HideNames: true, IdleSeconds: 900, WarnSeconds: 180}))
	for _, want := range []string{`lang="en"`, `data-theme="dark"`, `data-density="airy"`, `data-shortcuts="on"`, `data-idle="900"`, `data-warn="180"`, `class="blur"`, `aria-pressed="true"`, "På dansk"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s", want)
		}
	}
	bare := markup(t, danish, Layout(Page{Title: "Log ind", Actor: who, Bare: true, IdleSeconds: 900}))
	for _, never := range []string{"data-idle", "<nav", `id="pal"`, `id="lock"`, "Mette"} {
		if strings.Contains(bare, never) {
			t.Errorf("%s on the sign-in page", never)
		}
	}
}

func markup(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	var buf bytes.Buffer
	if err := c.Render(ctx, &buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

var tags = regexp.MustCompile(`<[^>]*>`)

// shown is the text of c as it is read.
func shown(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	return strings.Join(strings.Fields(tags.ReplaceAllString(markup(t, ctx, c), " ")), " ")
}

// A link that only goes back cancels nothing, and does not say that it does: least of all on a check-in.
func TestTheWayOutOfAFormSaysBack(t *testing.T) {
	for lang, want := range map[context.Context]string{danish: "Tilbage", english: "Back"} {
		if got := markup(t, lang, FormEnd(Button{Label: "Gem"}, "/min-dag")); !strings.Contains(got, `href="/min-dag">`+want+`</a>`) {
			t.Errorf("no way back in %s", got)
		}
	}
}

// Five fields that are all to be filled in are five lines that say which.
func TestTheSummaryNamesTheFieldOfEachLine(t *testing.T) {
	bad := map[string]string{"why": "error.required", "who": "error.required", "which": "error.choose", "seen": "error.choose", "elsewhere": "error.required", "": "error.stale"}
	form := join(
		ErrorSummary(bad, "why", "who", "which", "seen"),
		TextArea(Field{Name: "why", Label: "Hvad skal der ske?", Error: bad["why"]}),
		Input(Field{Name: "who", Label: "Ansvarlig", Error: bad["who"]}),
		Radios(Field{Name: "which", Label: "Niveau", Error: bad["which"], Options: []Option{{Value: "1", Label: "Et"}}}),
		Checkbox(Field{Name: "seen", Label: "Jeg har set det", Error: bad["seen"]}))
	page := with(Layout(Page{Title: "Prøve", Bare: true, Invalid: true}), form)
	out := markup(t, danish, page)
	for _, want := range []string{`href="#why">Hvad skal der ske? Skriv noget her<`, `href="#who">Ansvarlig: Skriv noget her<`, `href="#which">Niveau: Vælg en af mulighederne<`,
		`href="#seen">Jeg har set det: Vælg en af mulighederne<`, `href="#elsewhere">Skriv noget her<`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if n := strings.Count(out, `id="why"`); n != 1 {
		t.Errorf("the form stands there %d times", n)
	}
}
