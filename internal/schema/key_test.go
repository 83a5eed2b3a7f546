package schema_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"samspil/internal/keys"
	"samspil/internal/schema"
	"samspil/internal/testkit"
)

// A key file that is lost must be brought back from its copy. Going on with a new one would leave what is sealed
// unreadable, and the exclusion of relatives without effect.
func TestADatabaseKeepsItsKey(t *testing.T) {
	url := testkit.Fresh(t)
	for range 2 {
		if err := schema.Up(t.Context(), url, testkit.Keys); err != nil {
			t.Fatal(err)
		}
	}
	if err := schema.Up(t.Context(), url, keys.From("another")); !errors.Is(err, schema.ErrOtherKey) {
		t.Fatalf("with another key: %v", err)
	}
	login, err := schema.LoginURL(url, "samspil_app", testkit.Keys)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), login)
	if err != nil {
		t.Fatalf("the refused key has changed the passwords: %v", err)
	}
	defer c.Close(t.Context())
	if _, err := c.Exec(t.Context(), `SELECT key_sign FROM meta.installation`); err == nil {
		t.Error("the application reads the sign of the key")
	}
}
