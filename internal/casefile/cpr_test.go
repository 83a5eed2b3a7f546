package casefile_test

import (
	"errors"
	"testing"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/fault"
)

// A number that was typed wrong is told apart: too short, or with a date that does not exist.
func TestMistypedNumberIsToldApartEverywhere(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for typed, want := range map[string]string{"12345": "error.cpr", "310210-1234": "register.cpr.impossible", "280210 1234": ""} {
		for where, err := range map[string]error{
			"search":  casefile.SearchWord{CPR: typed}.Validate(),
			"citizen": casefile.CitizenInput{CallingName: "A.", CPR: typed}.Validate(now),
			"person":  casefile.PersonInput{Relation: "far", ConflictRole: "unknown", MayKnow: "unknown", CPR: typed}.Validate(now),
		} {
			var bad fault.Invalid
			errors.As(err, &bad)
			if bad["cpr"] != want {
				t.Errorf("%s, %s: %q, want %q (%v)", where, typed, bad["cpr"], want, err)
			}
		}
	}
}
