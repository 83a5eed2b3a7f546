package demo

import (
	"encoding/json"
	"slices"
	"time"

	"samspil/internal/reference"
)

// templates are what the municipality has made of the house's proposals: one version of its own, which the cases under way have not heard
// of, and a draft of another.
func (l *loader) templates() error {
	own, err := changed("T3", func(t *reference.Template) {
		first := &t.Phases[0]
		s := &first.Steps[0]
		s.Due, s.Certainty = &reference.Offset{Offset: 2, Unit: "days"}, "local"
		last := &t.Phases[len(t.Phases)-1]
		last.Steps = append(last.Steps, reference.Step{Code: "T3.s7c1d02aa", TitleDA: "Aftal, hvem der holder øje op til ferien", TitleEN: "Agree who keeps an eye before the holiday",
			Role: "coordinator", PartnerTypes: []string{"school"}, Due: &reference.Offset{Offset: 30, Unit: "days"}, Mandatory: true, PurposeDA: "Ferierne er der, hvor vi har opdaget det for sent", Certainty: "local"})
	})
	if err != nil {
		return err
	}
	l.put("app.plan_template_version", municipalityID, "T3", 1, "1", own,
		"Screening inden to dage, som vi har aftalt med skolerne. Nyt trin før ferierne, fordi vi to gange har opdaget en rejse for sent.", id("user", "lone"), at(Due(l.now, -3), "10:20"))
	draft, err := changed("T1", func(t *reference.Template) {
		first := &t.Phases[0]
		first.Steps[1].PurposeDA = "Ingen breve, ingen sms, ingen Digital Post"
		first.Steps[0], first.Steps[1] = first.Steps[1], first.Steps[0]
	})
	if err != nil {
		return err
	}
	l.put("app.plan_template_draft", municipalityID, "T1", draft, id("user", "lone"), l.now.Add(-3*time.Hour))
	return nil
}

// changed is one of the house's templates with something else in it.
func changed(code string, change func(t *reference.Template)) (string, error) {
	t, _ := reference.TemplateByCode(code)
	t.Phases = slices.Clone(t.Phases)
	for i := range t.Phases {
		t.Phases[i].Steps = slices.Clone(t.Phases[i].Steps)
	}
	change(&t)
	raw, err := json.Marshal(t)
	return string(raw), err
}
