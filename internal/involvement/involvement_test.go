package involvement_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/involvement"
	"samspil/internal/testkit"
)

func part(c testkit.Contact) involvement.Input {
	return involvement.Input{OrganisationID: c.OrganisationID, ContactID: c.ID, ResponsibleFor: "Risikovurdering og sikkerhedsplan",
		Origin: involvement.FromPlan, LegalBasis: "CONSENT"}
}

func list(t *testing.T, o *testkit.Office, who actor.Actor, c testkit.CaseFile) []involvement.Involvement {
	t.Helper()
	var vs *[]involvement.Involvement
	if _, err := o.DB.ReadCase(t.Context(), who, c.At("netvaerk"), func(b *db.Batch) { vs = involvement.Involvements(b) }); err != nil {
		t.Fatalf("read: %v", err)
	}
	return *vs
}

func TestPartnerIsDrawnInAnswersAndIsDone(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p := o.Case(t, o.Mette, 1), o.Partner(t, "security_consultant", "Sikkerhedsrådgivningen Øst", "Nadja Iversen")
	in := part(p)
	do := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), fn); err != nil {
			t.Fatal(err)
		}
	}
	var id uuid.UUID
	do(func(tx *db.Tx) (err error) { id, err = involvement.Request(t.Context(), tx, in); return err })
	v := list(t, o, o.Mette, c)[0]
	got := involvement.Input{OrganisationID: v.OrganisationID, ContactID: *v.ContactID, ResponsibleFor: v.ResponsibleFor, Origin: v.Origin, LegalBasis: v.LegalBasis}
	if !reflect.DeepEqual(got, in) {
		t.Errorf("came back as %+v, went in as %+v", got, in)
	}
	if v.Status != involvement.Asked || v.Contact != "Nadja Iversen" || v.Phone == "" || !v.Live() || v.Unanswered(time.Now()) || !v.Unanswered(time.Now().AddDate(0, 0, 4)) {
		t.Errorf("asked: %+v", v)
	}
	do(func(tx *db.Tx) error { return involvement.Accept(t.Context(), tx, id, 1) })
	do(func(tx *db.Tx) error {
		return involvement.Change(t.Context(), tx, id, 2, involvement.Part{ResponsibleFor: "Kun sikkerhedsplanen", LegalBasis: ""})
	})
	v = list(t, o, o.Mette, c)[0]
	if v.Status != involvement.Accepted || v.AnsweredAt == nil || v.ContactID != nil || v.ResponsibleFor != "Kun sikkerhedsplanen" || !v.Nameless() {
		t.Errorf("changed: %+v", v)
	}
	do(func(tx *db.Tx) error { return involvement.End(t.Context(), tx, id, 3, "Planen er på plads") })
	v = list(t, o, o.Mette, c)[0]
	if v.Status != involvement.Ended || v.EndedAt == nil || v.Answer != "Planen er på plads" || v.Live() {
		t.Errorf("ended: %+v", v)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind LIKE 'involvement.%'`, c.ID); n != 4 {
		t.Errorf("%d lines in the timeline, want 4", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_file WHERE id = $1 AND first_partner_at IS NOT NULL`, c.ID); n != 1 {
		t.Error("the case does not know when its first partner came in")
	}
}

func TestPartnerIsAskedOnceAtATime(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p := o.Case(t, o.Mette, 1), o.Partner(t, "police", "Politiet i Ellehøj", "Bo Holm")
	ask := func(in involvement.Input) (id uuid.UUID, err error) {
		err = o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), func(tx *db.Tx) error { id, err = involvement.Request(t.Context(), tx, in); return err })
		return id, err
	}
	id, err := ask(part(p))
	if err != nil {
		t.Fatal(err)
	}
	var bad fault.Invalid
	if _, err := ask(part(p)); !errors.As(err, &bad) || bad["organisation"] != "involvement.error.twice" {
		t.Errorf("asked twice: %v", err)
	}
	nobody := part(p)
	nobody.ContactID = uuid.Nil
	if _, err := ask(nobody); err != nil {
		t.Errorf("the organisation without a name: %v", err)
	}
	err = o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), func(tx *db.Tx) error { return involvement.Decline(t.Context(), tx, id, 1, "Uden for vores område") })
	if err != nil {
		t.Fatal(err)
	}
	yes := part(p)
	yes.Accepted = true
	if _, err := ask(yes); err != nil {
		t.Errorf("asked again after a no: %v", err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.involvement WHERE case_id = $1 AND status = 'accepted'`, c.ID); n != 1 {
		t.Errorf("%d have said yes, want 1", n)
	}
}

func TestPartnerNobodyCouldAskIsRefused(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p, other := o.Case(t, o.Mette, 1), o.Partner(t, "police", "Politiet", "Bo Holm"), o.Partner(t, "school", "Skolen", "Ida Dam")
	for name, change := range map[string]func(*involvement.Input){
		"no organisation":                 func(in *involvement.Input) { in.OrganisationID = uuid.Nil },
		"an organisation that is not":     func(in *involvement.Input) { in.OrganisationID = uuid.New() },
		"somebody who works elsewhere":    func(in *involvement.Input) { in.ContactID = other.ID },
		"no part":                         func(in *involvement.Input) { in.ResponsibleFor = "" },
		"no origin":                       func(in *involvement.Input) { in.Origin = "" },
		"a legal basis that nobody knows": func(in *involvement.Input) { in.LegalBasis = "BECAUSE" },
	} {
		in := part(p)
		change(&in)
		err := o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), func(tx *db.Tx) error { _, err := involvement.Request(t.Context(), tx, in); return err })
		var bad fault.Invalid
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoMayDrawPartnersIn(t *testing.T) {
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1, o.Dennis)
	o.Grant(t, c, o.Sara, "consulted")
	kept := o.Partner(t, "school", "Skolen", "Ida Dam")
	var id uuid.UUID
	if err := o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), func(tx *db.Tx) (err error) { id, err = involvement.Request(t.Context(), tx, part(kept)); return err }); err != nil {
		t.Fatal(err)
	}
	operations := map[string]func(tx *db.Tx) error{
		"request": func(tx *db.Tx) error {
			_, err := involvement.Request(t.Context(), tx, part(o.Partner(t, "police", "Politiet "+uuid.NewString(), "Bo")))
			return err
		},
		"accept":  func(tx *db.Tx) error { return involvement.Accept(t.Context(), tx, id, 1) },
		"decline": func(tx *db.Tx) error { return involvement.Decline(t.Context(), tx, id, 1, "nej") },
		"end":     func(tx *db.Tx) error { return involvement.End(t.Context(), tx, id, 1, "færdig") },
		"change": func(tx *db.Tx) error {
			return involvement.Change(t.Context(), tx, id, 1, involvement.Part{ResponsibleFor: "andet"})
		},
	}
	undo := errors.New("undo")
	for name, op := range operations {
		for who, want := range map[*actor.Actor]error{&o.Mette: nil, &o.Jonas: fault.Forbidden, &o.Sara: fault.Forbidden, &o.Huseyin: fault.NotFound, &o.Dennis: fault.NotFound, &o.Lone: fault.NotFound, &o.Karen: fault.NotFound} {
			err := o.DB.InCase(t.Context(), *who, c.At("netvaerk"), func(tx *db.Tx) error {
				if err := op(tx); err != nil {
					return err
				}
				return undo
			})
			if want == nil {
				want = undo
			}
			if !errors.Is(err, want) {
				t.Errorf("%s as %s: %v, want %v", name, who.Name, err, want)
			}
		}
	}
	if vs := list(t, o, o.Sara, c); len(vs) != 1 {
		t.Errorf("the consulted sees %d partners, want 1", len(vs))
	}
	if _, err := o.DB.ReadCase(t.Context(), o.Dennis, c.At("netvaerk"), func(b *db.Batch) { involvement.Involvements(b) }); !errors.Is(err, fault.NotFound) {
		t.Errorf("the excluded: %v", err)
	}
}

func TestTwoWhoAnswerAtOnce(t *testing.T) {
	o := testkit.NewOffice(t)
	c, p := o.Case(t, o.Mette, 1), o.Partner(t, "police", "Politiet", "Bo Holm")
	var id uuid.UUID
	in := func(fn func(tx *db.Tx) error) error { return o.DB.InCase(t.Context(), o.Mette, c.At("netvaerk"), fn) }
	if err := in(func(tx *db.Tx) (err error) { id, err = involvement.Request(t.Context(), tx, part(p)); return err }); err != nil {
		t.Fatal(err)
	}
	if err := in(func(tx *db.Tx) error { return involvement.Accept(t.Context(), tx, id, 1) }); err != nil {
		t.Fatal(err)
	}
	if err := in(func(tx *db.Tx) error { return involvement.Decline(t.Context(), tx, id, 1, "nej") }); !errors.Is(err, fault.Stale) {
		t.Errorf("the slower answer: %v, want stale", err)
	}
	if err := in(func(tx *db.Tx) error { return involvement.Decline(t.Context(), tx, id, 2, "nej") }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a no after a yes: %v, want forbidden", err)
	}
}
