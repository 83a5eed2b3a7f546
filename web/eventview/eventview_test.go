package eventview_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/internal/timeline"
	"samspil/web/eventview"
	"samspil/web/ui"
)

func init() {
	i18n.MustLoad(eventview.Texts)
	i18n.MustLoad(ui.Texts)
}

var everything = timeline.Data{"from": "yellow", "to": "orange", "relation": "mor", "kind": "phone", "organisation": "Fjordegnens Politi", "contact": "Rikke Holm",
	"template": "T1", "title": "Udtalelse fra skolen", "partner_type": "school", "name": "Sara El-Khatib", "reason": "moved",
	"version": "2", "at": "2026-11-22T15:00:00Z", "rule": "new_report", "answer": "done"}

func TestEveryKindOfEventHasASentenceInBothLanguages(t *testing.T) {
	for _, kind := range kinds(t) {
		for _, lang := range i18n.Languages {
			ctx := i18n.With(t.Context(), lang)
			for name, data := range map[string]timeline.Data{"all data": everything, "no data": {}} {
				e := timeline.Event{Kind: kind, Data: data, Actor: "Mette Lindhardt", At: time.Now()}
				s := eventview.Sentence(ctx, e)
				if strings.Contains(s, "event.") || strings.ContainsAny(s, "%|") || strings.HasSuffix(s, ":") || s == "" {
					t.Errorf("%s, %s, %s: %q", kind, lang, name, s)
				}
				if v := eventview.Event(ctx, e, time.Now()); v.Icon == "" || v.Icon == "history" || v.Title == "" || v.By != "Mette Lindhardt" {
					t.Errorf("%s, %s: %+v", kind, lang, v)
				}
			}
		}
	}
}

func TestASentenceAsTheOfficeSaysIt(t *testing.T) {
	at := time.Date(2026, 11, 19, 10, 0, 0, 0, i18n.Zone)
	for want, e := range map[string]timeline.Event{
		"Trin udført: Udtalelse fra skolen":                                        {Kind: timeline.StepDone, Data: everything},
		"Alarm, check-in udeblevet: 22. nov. kl. 16.00":                            {Kind: timeline.CheckInAlarmed, At: at, Data: everything},
		"Hændelse besvaret: Ny underretning på aktiv sag, gjort":                   {Kind: timeline.PromptAnswered, Data: everything},
		"Forslag fra opsporingen besvaret: Tegn på rejse: relevant":                {Kind: timeline.SuggestionAnswered, Data: timeline.Data{"answer": "yes", "da": "Tegn på rejse", "en": "Signs of travel"}},
		"Forslag fra opsporingen besvaret: ikke relevant":                          {Kind: timeline.SuggestionAnswered, Data: timeline.Data{"answer": "no"}}, // from before the name was kept
		"Sikkerhedsplan skrevet, version 2":                                        {Kind: timeline.SafetyPlanWritten, Data: everything},
		"Niveau ændret fra Gul til Orange":                                         {Kind: timeline.SeverityChanged, Data: everything},
		"Niveau ændret fra Ikke vurderet til Rød":                                  {Kind: timeline.SeverityChanged, Data: timeline.Data{"to": "red"}},
		"Partner spurgt: Rikke Holm, Fjordegnens Politi":                           {Kind: timeline.InvolvementRequested, Data: everything},
		"Partner spurgt: Fjordegnens Politi":                                       {Kind: timeline.InvolvementRequested, Data: timeline.Data{"organisation": "Fjordegnens Politi"}},
		"Notat: Telefonsamtale":                                                    {Kind: timeline.NoteWritten, Data: everything},
		"Handlingsplan startet":                                                    {Kind: timeline.PlanStarted, Data: timeline.Data{"template": ""}},
		"Trin udskudt: Afklar pas, fra 20. nov. til 4. jan. 2027":                  {Kind: timeline.StepPostponed, At: at, Data: timeline.Data{"title": "Afklar pas", "from": "2026-11-20T12:00:00Z", "to": "2027-01-04T12:00:00Z"}},
		"Trin udskudt: Afklar pas, fra 20. nov. kl. 10.00 til 20. nov. kl. 14.30":  {Kind: timeline.StepPostponed, At: at, Data: timeline.Data{"title": "Afklar pas", "from": "2026-11-20T09:00:00Z", "to": "2026-11-20T13:30:00Z"}},
		"Sagens skærmning ændret fra Skærmet til Kun navngivne":                    {Kind: timeline.LevelChanged, Data: timeline.Data{"from": "1", "to": "2"}},
		"Fase ændret fra Bekymring / henvendelse til Screening og risikovurdering": {Kind: timeline.PhaseChanged, Data: timeline.Data{"from": "P0", "to": "P2"}},
	} {
		if got := eventview.Sentence(context.Background(), e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// kinds are the kinds that the timeline names, read from its source, so that a new one is not forgotten here.
func kinds(t *testing.T) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/timeline/timeline.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				list = append(list, s)
			}
		}
		return true
	})
	if len(list) < 30 {
		t.Fatalf("only %d kinds found", len(list))
	}
	return list
}

func TestNoteInAShortListIsCutBetweenWords(t *testing.T) {
	n := journal.Note{ID: uuid.New(), Kind: "phone", Body: strings.Repeat("Skolen ringede\n", 30), Author: "Mette Lindhardt"}
	v := eventview.Entry(t.Context(), journal.Entry{Note: &n}, "abc")
	if v.Title != "Telefonsamtale:" || !strings.HasPrefix(v.Text, "Skolen ringede Skolen") || !strings.HasSuffix(v.Text, "ringede …") && !strings.HasSuffix(v.Text, "Skolen …") || len(v.Text) > 200 || !v.PII || v.Href != "/sager/abc/journal/"+n.ID.String() {
		t.Errorf("%+v", v)
	}
	n.Body, n.Corrects = "Kort", &journal.Pointer{}
	if v := eventview.Entry(t.Context(), journal.Entry{Note: &n}, "abc"); v.Title != "Rettelse:" || v.Text != "Kort" {
		t.Errorf("%+v", v)
	}
	if v := eventview.Entry(t.Context(), journal.Entry{Event: timeline.Event{Kind: timeline.CaseRegistered}}, "abc"); v.Title != "Sagen er oprettet" {
		t.Errorf("%+v", v)
	}
}
