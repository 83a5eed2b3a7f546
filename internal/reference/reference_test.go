package reference_test

import (
	"testing"

	"samspil/internal/reference"
)

func TestReferenceDataHoldsTogether(t *testing.T) {
	for _, kind := range []reference.Kind{reference.Certainties, reference.Phases, reference.ConflictPhases, reference.Origins, reference.Severities,
		reference.ControlTypes, reference.PartnerTypes, reference.LegalBases, reference.ContactPolicies, reference.InvolvementOrigins, reference.Roles} {
		items, seen := reference.Items(kind), map[string]bool{}
		if len(items) == 0 {
			t.Errorf("%s is empty", kind)
		}
		for _, it := range items {
			if it.Code == "" || it.DA == "" || it.EN == "" || seen[it.Code] {
				t.Errorf("%s: %+v lacks a name or stands twice", kind, it)
			}
			seen[it.Code] = true
		}
	}
}

func TestEveryTemplateStepNamesWhatExists(t *testing.T) {
	templates := reference.Templates("")
	if len(templates) != 6 {
		t.Fatalf("%d templates, want 6", len(templates))
	}
	seen := map[string]bool{}
	for _, tpl := range templates {
		if !reference.Known(reference.Severities, tpl.Level) {
			t.Errorf("%s: level %q", tpl.Code, tpl.Level)
		}
		for _, phase := range tpl.Phases {
			for _, step := range phase.Steps {
				if seen[step.Code] || step.TitleDA == "" || step.TitleEN == "" {
					t.Errorf("%s: step %q without title or twice", tpl.Code, step.Code)
				}
				seen[step.Code] = true
				for _, p := range step.PartnerTypes {
					if !reference.Known(reference.PartnerTypes, p) {
						t.Errorf("%s calls for %q, which is no partner type", step.Code, p)
					}
				}
				if !reference.Known(reference.Roles, step.Role) {
					t.Errorf("%s: role %q", step.Code, step.Role)
				}
			}
		}
	}
	if len(seen) != 81 {
		t.Errorf("%d steps, want 81", len(seen))
	}
}
