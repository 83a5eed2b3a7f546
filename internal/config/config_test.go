package config_test

import (
	"strings"
	"testing"

	"samspil/internal/config"
	"samspil/internal/keys"
)

// Without its login nobody would be alarmed, and the administrator's is none to work with.
func TestBackgroundWorkHasALoginOfItsOwn(t *testing.T) {
	k := keys.From("test")
	for name, c := range map[string]struct {
		in   config.Config
		want string // part of the URL; empty: refused
	}{
		"made from the administrator's": {config.Config{DatabaseURL: "postgres://postgres:secret@db:5432/samspil"}, "postgres://samspil_job:"},
		"given":                         {config.Config{JobURL: "postgres://samspil_job:pw@db/samspil", DatabaseURL: "postgres://postgres@db/samspil"}, "postgres://samspil_job:pw@db/samspil"},
		"none":                          {config.Config{AppURL: "postgres://samspil_app@db/samspil", LoginURL: "postgres://samspil_login@db/samspil"}, ""},
		"the administrator":             {config.Config{JobURL: "postgres://postgres:secret@db/samspil"}, ""},
	} {
		got, err := c.in.Jobs(k)
		if (err == nil) != (c.want != "") || !strings.HasPrefix(got, c.want) || strings.Contains(got, "secret") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
