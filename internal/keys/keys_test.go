package keys_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/keys"
)

func TestProtectedFactOpensOnlyInItsOwnCell(t *testing.T) {
	k := keys.From("test")
	here := keys.Where{Column: "protected_fact", CaseID: uuid.New(), RowID: uuid.New()}
	sealed := k.Seal(here, "Hemmelig Vej 1")
	if got, err := k.Unseal(here, sealed); err != nil || got != "Hemmelig Vej 1" {
		t.Fatalf("Unseal: %q, %v", got, err)
	}
	otherRow, otherCase, otherColumn := here, here, here
	otherRow.RowID, otherCase.CaseID, otherColumn.Column = uuid.New(), uuid.New(), "person.cpr"
	for name, where := range map[string]keys.Where{"another row": otherRow, "another case": otherCase, "another column": otherColumn} {
		if got, err := k.Unseal(where, sealed); err == nil {
			t.Errorf("moved to %s it still opens: %q", name, got)
		}
	}
	if got, err := keys.From("other").Unseal(here, sealed); err == nil {
		t.Errorf("opened with another key: %q", got)
	}
}

func TestInstallationRefusesToStartWithoutItsKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys", "master.key")
	if _, err := keys.Load(file); err == nil {
		t.Error("no file, and no error")
	}
	k, err := keys.LoadOrCreate(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keys.LoadOrCreate(file)
	if err != nil || again.Password("x") != k.Password("x") {
		t.Errorf("second start makes another key: %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file mode %v, %v; want 0600", info.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.LoadOrCreate(file); err == nil {
		t.Error("a damaged key file is silently replaced")
	}
}
