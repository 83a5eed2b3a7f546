package partner_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/internal/testkit"
)

// Who is shown by first name only, for their own safety, is so in the history too: the surname that stood there before is
// what somebody looking for them would look up.
func TestTheHistoryForgetsASurname(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	in := fullContact()
	in.Name, in.FirstNameOnly = "Yasmin Haddad", false
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, 1, in) }); err != nil {
		t.Fatal(err)
	}
	said := func() string {
		var changes *[]partner.Change
		if _, err := o.DB.Read(t.Context(), o.Mette, func(b *db.Batch) { changes = partner.Changes(b, org, id, 20) }); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, c := range *changes {
			all.WriteString(c.Contact + " " + c.Action)
			for _, f := range c.Facts() {
				all.WriteString(" " + f + ": " + c.Before[f] + " > " + c.After[f])
			}
			all.WriteString("\n")
		}
		return all.String()
	}
	if !strings.Contains(said(), "Haddad") {
		t.Fatalf("the history of an ordinary person:\n%s", said())
	}
	in.Name, in.FirstNameOnly = "Yasmin", true
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, 2, in) }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said(), "Haddad") || !strings.Contains(said(), "first_name_only") {
		t.Errorf("the history:\n%s", said())
	}
	for _, name := range []string{"Yasmin Haddad", "Yasmin\u00a0Haddad", "Yasmin\tHaddad", "Yasmin\u2009Haddad"} {
		in.Name = name
		err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, 3, in) })
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad["name"] == "" {
			t.Errorf("%q passes for a first name: %v", name, err)
		}
	}
}
