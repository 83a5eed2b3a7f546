package partner_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/internal/testkit"
)

// as runs fn in a transaction of who.
func as(t *testing.T, o *testkit.Office, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

// fullOrganisation is an organisation with every field set.
func fullOrganisation() partner.OrganisationInput {
	return partner.OrganisationInput{Name: "Krisecenter Birkely", Kind: "external", PartnerType: "crisis_centre", Areas: []string{"adult"}, Can: "Ophold fra 18 år.", Cannot: "Transport.",
		BeforeCall: "Adressen er hemmelig.", AuthorityGroup: "private", Phone: "00 98 76 50", Email: "kontakt@birkely.test", Website: "https://birkely.test", AddressSecret: true}
}

// fullContact is a contact person with every field set but the stand-in.
func fullContact() partner.ContactInput {
	return partner.ContactInput{Name: "Line", FirstNameOnly: true, Title: "Leder", Note: "Afgør optagelse.", Phone: "00 98 76 54", Mobile: "00 98 76 55", SecureMail: "line@birkely.test", Lang: "en",
		Languages: []string{"dansk", "engelsk"}, Competences: []string{"crisis_stay", "housing"}, OnCallText: "Døgntelefon, også helligdage",
		Regular: [7]string{"9-17", "9-12, 13-17", "", "", "9-17", "", ""}, OnCall: [7]string{"0-24", "0-24", "0-24", "0-24", "0-24", "0-24", "0-24"}}
}

// add adds an organisation and a person as the admin does.
func add(t *testing.T, o *testkit.Office) (org, contact uuid.UUID) {
	t.Helper()
	err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) (err error) {
		if org, err = partner.AddOrganisation(ctx, tx, fullOrganisation()); err != nil {
			return err
		}
		contact, err = partner.AddContact(ctx, tx, org, fullContact())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return org, contact
}

// entry reads one contact person with the history of it.
func entry(t *testing.T, o *testkit.Office, id uuid.UUID) (partner.Callable, []partner.Change) {
	t.Helper()
	var people *[]partner.Callable
	var changes *[]partner.Change
	if _, err := o.DB.Read(t.Context(), o.Mette, func(b *db.Batch) {
		people, changes = partner.Callables(b, partner.Query{ContactID: id, Retired: true}), partner.Changes(b, uuid.Nil, id, 50)
	}); err != nil {
		t.Fatal(err)
	}
	if len(*people) != 1 {
		t.Fatalf("found %d", len(*people))
	}
	return (*people)[0], *changes
}

func organisation(t *testing.T, o *testkit.Office, id uuid.UUID) partner.Organisation {
	t.Helper()
	var org *partner.Organisation
	if _, err := o.DB.Read(t.Context(), o.Mette, func(b *db.Batch) { org = partner.GetOrganisation(b, id) }); err != nil {
		t.Fatal(err)
	}
	return *org
}

func TestWhatTheAdminWritesIsWhatEverybodyReads(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	if got := organisation(t, o, org); !reflect.DeepEqual(got.Input(), fullOrganisation()) || got.People != 1 || got.Stale != 1 || !got.Active {
		t.Errorf("the organisation came back as %+v", got)
	}
	c, changes := entry(t, o, id)
	if !reflect.DeepEqual(c.Input(), fullContact()) {
		t.Errorf("the person came back as %+v", c.Input())
	}
	if c.VerifiedOn != nil || len(changes) != 1 || changes[0].Action != "added" || changes[0].By != "Lone Friis" || changes[0].After["phone"] != "00 98 76 54" {
		t.Errorf("history %+v", changes)
	}

	other := o.Partner(t, "security_consultant", "Team Øst", "Yasmin Haddad")
	in := c.Input()
	in.Name, in.Phone, in.Regular[2], in.StandInID, in.Competences, in.Verified = "Linea", "11223344", "22-6", other.ID, []string{"violence"}, true
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, c.Version, in) }); err != nil {
		t.Fatal(err)
	}
	now, changes := entry(t, o, id)
	if now.Name != "Linea" || now.Phone != "11 22 33 44" || now.StandIn != "Yasmin Haddad" || now.VerifiedBy != "Lone Friis" || now.Input().Regular[2] != "22-24" || now.Input().Regular[3] != "0-6" {
		t.Errorf("changed to %+v", now)
	}
	var changed partner.Change
	for _, h := range changes {
		if h.Action == "changed" {
			changed = h
		}
	}
	if changed.Before["phone"] != "00 98 76 54" || changed.After["phone"] != "11 22 33 44" || changed.Before["name"] != "Line" || changed.Before["title"] != "" || len(changed.Facts()) != 5 {
		t.Errorf("history says %+v", changed)
	}
}

func TestOnlyAdminsWriteTheDirectory(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	c, _ := entry(t, o, id)
	face, err := partner.MakePhoto(picture(t, "png", 20, 20))
	if err != nil {
		t.Fatal(err)
	}
	writes := map[string]func(ctx context.Context, tx *db.Tx) error{
		"add organisation": func(ctx context.Context, tx *db.Tx) error {
			_, err := partner.AddOrganisation(ctx, tx, fullOrganisation())
			return err
		},
		"change organisation": func(ctx context.Context, tx *db.Tx) error {
			return partner.ChangeOrganisation(ctx, tx, org, 1, fullOrganisation())
		},
		"retire organisation": func(ctx context.Context, tx *db.Tx) error { return partner.RetireOrganisation(ctx, tx, org, 1, true) },
		"add person": func(ctx context.Context, tx *db.Tx) error {
			_, err := partner.AddContact(ctx, tx, org, fullContact())
			return err
		},
		"change person": func(ctx context.Context, tx *db.Tx) error {
			return partner.ChangeContact(ctx, tx, id, c.Version, fullContact())
		},
		"verify":        func(ctx context.Context, tx *db.Tx) error { return partner.Verify(ctx, tx, id, c.Version) },
		"retire person": func(ctx context.Context, tx *db.Tx) error { return partner.RetireContact(ctx, tx, id, c.Version, true) },
		"set photo":     func(ctx context.Context, tx *db.Tx) error { return partner.SetPhoto(ctx, tx, id, c.Version, face) },
		"remove photo":  func(ctx context.Context, tx *db.Tx) error { return partner.RemovePhoto(ctx, tx, id, c.Version) },
	}
	for name, who := range o.People() {
		if who.Token == "" || who.Role == actor.Admin {
			continue
		}
		for what, write := range writes {
			if err := as(t, o, who, write); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s may %s: %v", name, what, err)
			}
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.directory_change`); n != 2 {
		t.Errorf("%d lines of history after refusals", n)
	}
}

func TestTwoAdminsAtOnceLoseNothing(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	change := func(title string, version int) error {
		in := fullContact()
		in.Title = title
		return as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, version, in) })
	}
	if err := change("Leder af dagen", 1); err != nil {
		t.Fatal(err)
	}
	if err := change("Leder af natten", 1); !errors.Is(err, fault.Stale) {
		t.Errorf("the second overwrites the first: %v", err)
	}
	if c, _ := entry(t, o, id); c.Title != "Leder af dagen" {
		t.Errorf("now %q", c.Title)
	}
	for what, err := range map[string]error{
		"organisation": as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error {
			return partner.ChangeOrganisation(ctx, tx, org, 7, fullOrganisation())
		}),
		"retire":                      as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.RetireOrganisation(ctx, tx, org, 7, true) }),
		"restore what is not retired": as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.RetireOrganisation(ctx, tx, org, 1, false) }),
		"verify":                      as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.Verify(ctx, tx, id, 1) }),
	} {
		if !errors.Is(err, fault.Stale) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error {
		return partner.ChangeContact(ctx, tx, uuid.New(), 1, fullContact())
	}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a person who is not there: %v", err)
	}
}

func TestRetiredPeopleAreNotOffered(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	step := func(fn func(ctx context.Context, tx *db.Tx) error) {
		t.Helper()
		if err := as(t, o, o.Lone, fn); err != nil {
			t.Fatal(err)
		}
	}
	offered := func() int { people, _ := callables(t, o, o.Mette, partner.Query{}); return len(people) }
	step(func(ctx context.Context, tx *db.Tx) error { return partner.RetireContact(ctx, tx, id, 1, true) })
	if c, _ := entry(t, o, id); offered() != 0 || c.Active || !c.Retired {
		t.Error("a retired person is offered")
	}
	step(func(ctx context.Context, tx *db.Tx) error { return partner.RetireContact(ctx, tx, id, 2, false) })
	step(func(ctx context.Context, tx *db.Tx) error { return partner.RetireOrganisation(ctx, tx, org, 1, true) })
	if c, _ := entry(t, o, id); offered() != 0 || c.Active || c.Retired {
		t.Error("the people of a retired organisation are offered")
	}
	step(func(ctx context.Context, tx *db.Tx) error { return partner.RetireOrganisation(ctx, tx, org, 2, false) })
	if offered() != 1 {
		t.Error("not back")
	}
}

func TestWhatCannotBeTakenIsSaidBesideItsField(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	for field, spoil := range map[string]func(*partner.ContactInput){
		"name":        func(in *partner.ContactInput) { in.Name = "" },
		"phone":       func(in *partner.ContactInput) { in.Phone = "12" },
		"mobile":      func(in *partner.ContactInput) { in.Mobile = "ring bare" },
		"secure_mail": func(in *partner.ContactInput) { in.SecureMail = "Line <line@birkely.test>" },
		"lang":        func(in *partner.ContactInput) { in.Lang = "fr" },
		"competences": func(in *partner.ContactInput) { in.Competences = []string{"magic"} },
		"regular_2":   func(in *partner.ContactInput) { in.Regular[1] = "9-17, 16-20" },
		"on_call_7":   func(in *partner.ContactInput) { in.OnCall[6] = "altid" },
		"stand_in":    func(in *partner.ContactInput) { in.StandInID = id },
	} {
		in := fullContact()
		spoil(&in)
		err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeContact(ctx, tx, id, 1, in) })
		var bad fault.Invalid
		if !errors.As(err, &bad) || len(bad) != 1 || bad[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	in := fullContact()
	in.Name = "Line Overgaard"
	if err := in.Validate(); err == nil {
		t.Error("a surname where only the first name may be shown")
	}
	for field, spoil := range map[string]func(*partner.OrganisationInput){
		"name":            func(in *partner.OrganisationInput) { in.Name = "" },
		"kind":            func(in *partner.OrganisationInput) { in.Kind = "" },
		"partner_type":    func(in *partner.OrganisationInput) { in.PartnerType = "wizard" },
		"areas":           func(in *partner.OrganisationInput) { in.Areas = nil },
		"authority_group": func(in *partner.OrganisationInput) { in.AuthorityGroup = strings.Repeat("x", 61) },
		"email":           func(in *partner.OrganisationInput) { in.Email = "x" },
		"website":         func(in *partner.OrganisationInput) { in.Website = "javascript:alert(1)" },
	} {
		in := fullOrganisation()
		spoil(&in)
		err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.ChangeOrganisation(ctx, tx, org, 1, in) })
		var bad fault.Invalid
		if !errors.As(err, &bad) || len(bad) != 1 || bad[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestCorrectionsGoToTheAdminAndTheAnswerComesBack(t *testing.T) {
	o := testkit.NewOffice(t)
	org, id := add(t, o)
	propose := func(who actor.Actor, in partner.CorrectionInput) error {
		return as(t, o, who, func(ctx context.Context, tx *db.Tx) error { return partner.Propose(ctx, tx, in) })
	}
	for name, who := range o.People() {
		in := partner.CorrectionInput{OrganisationID: org, ContactID: id, Proposal: "Nummeret er forkert, siger " + name}
		if err := propose(who, in); (who.Token == "") == (err == nil) {
			t.Errorf("%s proposes: %v", name, err)
		}
	}
	if err := propose(o.Mette, partner.CorrectionInput{OrganisationID: uuid.New(), Proposal: "?"}); !errors.Is(err, fault.NotFound) {
		t.Errorf("about nobody: %v", err)
	}
	if err := propose(o.Mette, partner.CorrectionInput{}); err == nil {
		t.Error("an empty proposal")
	}
	read := func(who actor.Actor) (open, mine, handled []partner.Correction) {
		var a, b, c *[]partner.Correction
		if _, err := o.DB.Read(t.Context(), who, func(q *db.Batch) {
			a, b, c = partner.OpenCorrections(q), partner.MyCorrections(q, 9), partner.HandledCorrections(q, 9)
		}); err != nil {
			t.Fatal(err)
		}
		return *a, *b, *c
	}
	open, _, _ := read(o.Lone)
	if len(open) != 8 || open[0].Contact != "Line" || open[0].Organisation != "Krisecenter Birkely" {
		t.Fatalf("the queue holds %d: %+v", len(open), open)
	}
	if seen, mine, _ := read(o.Mette); len(seen) != 1 || len(mine) != 1 {
		t.Errorf("Mette sees %d proposals, %d of her own", len(seen), len(mine))
	}
	handle := func(who actor.Actor, outcome, answer string) error {
		return as(t, o, who, func(ctx context.Context, tx *db.Tx) error {
			return partner.HandleCorrection(ctx, tx, open[0].ID, outcome, answer)
		})
	}
	var bad fault.Invalid
	if err := handle(o.Lone, "rejected", ""); !errors.As(err, &bad) || bad["answer"] == "" {
		t.Errorf("rejected without a word: %v", err)
	}
	for name, who := range o.People() {
		if who.Role != actor.Admin && who.Token != "" {
			if err := handle(who, "done", ""); err == nil {
				t.Errorf("%s answers", name)
			}
		}
	}
	if err := handle(o.Lone, "rejected", "Nummeret er rigtigt, jeg har ringet."); err != nil {
		t.Fatal(err)
	}
	if err := handle(o.Lone, "done", ""); !errors.Is(err, fault.Stale) {
		t.Errorf("answered twice: %v", err)
	}
	if open, _, handled := read(o.Lone); len(open) != 7 || len(handled) != 1 || handled[0].Answer == "" || handled[0].HandledBy != "Lone Friis" {
		t.Errorf("afterwards %d open, handled %+v", len(open), handled)
	}
}
