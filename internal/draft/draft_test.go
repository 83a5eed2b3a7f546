package draft_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/testkit"
)

func TestAFormOfSeveralPagesKeepsThePagesThatWereLeft(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	save := func(do func(*db.Tx) error) {
		t.Helper()
		if err := o.DB.InCase(t.Context(), o.Mette, c.At("risiko"), do); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []draft.Fields{{"a": {"1"}, "b": {"2"}}, {"b": {"3"}, "c": {"4", "5"}}} {
		save(func(tx *db.Tx) error { return draft.Merge(t.Context(), tx, "risk", part) })
	}
	load := func() draft.Fields {
		var d *db.Found[draft.Draft]
		if _, err := o.DB.ReadCase(t.Context(), o.Mette, c.At("risiko"), func(b *db.Batch) { d = draft.Load(b, "risk") }); err != nil {
			t.Fatal(err)
		}
		return d.Row.Fields
	}
	if diff := cmp.Diff(draft.Fields{"a": {"1"}, "b": {"3"}, "c": {"4", "5"}}, load()); diff != "" {
		t.Error(diff)
	}
	save(func(tx *db.Tx) error { return draft.Save(t.Context(), tx, "risk", draft.Fields{"a": {"9"}}) })
	if diff := cmp.Diff(draft.Fields{"a": {"9"}}, load()); diff != "" {
		t.Error(diff)
	}
	save(func(tx *db.Tx) error { return draft.Discard(t.Context(), tx, "risk") })
	if got := load(); got != nil {
		t.Errorf("still there: %v", got)
	}
}
