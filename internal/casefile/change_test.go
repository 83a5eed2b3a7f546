package casefile_test

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

func day(s string) *time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &t
}

// fullProfile has every field set, so that one that is lost on the way is seen.
func fullProfile() casefile.ProfileInput {
	return casefile.ProfileInput{Situation: "Telefonen bliver tjekket hver dag.", CitizenWish: "At gå i skole.", LegalGround: "Barnets lov § 18", Interpreter: "Kun telefontolk",
		ControlTypes: []string{"surveillance", "isolation"}, Anonymous: true, NameAddressProtection: true, NameAddressUntil: day("2027-03-01"),
		SpecialAddressProtection: true, Phase: "P2", ConflictPhase: "acute"}
}

func fullPerson() casefile.PersonInput {
	return casefile.PersonInput{Name: "Sami Saleh", Born: day("2005-02-03"), Relation: "storebror", ConflictRole: "threatens", MayKnow: "no", Note: "Følger hende til skole", CPR: "030205-1234"}
}

var fullContact = casefile.SafeContact{Policy: "via_partner", Channel: "Skolens vejleder", Hours: "Hverdage 9–14", Never: "Ring aldrig til hjemmet", Cover: "Sig, det er tandplejen"}

type change struct {
	o *testkit.Office
	c testkit.CaseFile
}

func (x change) as(t *testing.T, who actor.Actor, fn func(tx *db.Tx) error) error {
	return x.o.DB.InCase(t.Context(), who, x.c.At("ret"), fn)
}

func (x change) must(t *testing.T, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := x.as(t, x.o.Mette, fn); err != nil {
		t.Fatal(err)
	}
}

func (x change) read(t *testing.T, who actor.Actor, fn func(b *db.Batch)) {
	t.Helper()
	if _, err := x.o.DB.ReadCase(t.Context(), who, x.c.At("ret"), fn); err != nil {
		t.Fatal(err)
	}
}

func newChange(t *testing.T) change {
	o := testkit.NewOffice(t)
	return change{o, o.Case(t, o.Mette, 1, o.Dennis)}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func TestProfileComesBackAsItWasWritten(t *testing.T) {
	x, in := newChange(t), fullProfile()
	x.must(t, func(tx *db.Tx) error { return casefile.ChangeProfile(t.Context(), tx, 1, in) })
	var p *casefile.Profile
	x.read(t, x.o.Mette, func(b *db.Batch) { p = casefile.GetProfile(b) })
	p.NameAddressUntil = utc(p.NameAddressUntil)
	if !reflect.DeepEqual(p.ProfileInput, in) || p.Version != 2 || p.ChangedBy == "" {
		t.Errorf("came back as %+v", p)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind IN ('case.changed','phase.changed')`, x.c.ID); n != 2 {
		t.Errorf("%d lines in the timeline, want 2", n)
	}
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.ChangeProfile(t.Context(), tx, 1, in) }); !errors.Is(err, fault.Stale) {
		t.Errorf("the slower of two: %v", err)
	}
}

func TestProfileIsRefusedWithReasons(t *testing.T) {
	for name, c := range map[string]struct {
		field  string
		change func(*casefile.ProfileInput)
	}{
		"100 KB of text":             {"situation", func(in *casefile.ProfileInput) { in.Situation = strings.Repeat("😀", 25000) }},
		"an unknown kind of control": {"control_types", func(in *casefile.ProfileInput) { in.ControlTypes = []string{"x"} }},
		"no phase":                   {"phase", func(in *casefile.ProfileInput) { in.Phase = "" }},
		"an end without protection":  {"name_address_until", func(in *casefile.ProfileInput) { in.NameAddressProtection = false }},
	} {
		in := fullProfile()
		c.change(&in)
		var bad fault.Invalid
		if err := in.Validate(); !errors.As(err, &bad) || bad[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSafeContactComesBackAsItWasWritten(t *testing.T) {
	x := newChange(t)
	x.must(t, func(tx *db.Tx) error {
		return casefile.ChangeSafeContact(t.Context(), tx, x.o.Keys, 1, fullContact, casefile.ContactRules{})
	})
	var h *casefile.Header
	x.read(t, x.o.Mette, func(b *db.Batch) { h = casefile.GetHeader(b) })
	if h.SafeContact != fullContact || h.SafeContactVersion != 2 {
		t.Errorf("came back as %+v", h.SafeContact)
	}
	var bad fault.Invalid
	if err := (casefile.SafeContact{Policy: "via_partner"}).Validate(); !errors.As(err, &bad) || bad["never"] == "" {
		t.Errorf("rules without a word: %v", err)
	}
	if err := (casefile.SafeContact{Policy: "normal"}).Validate(); err != nil {
		t.Errorf("ordinary contact needs no words: %v", err)
	}
}

func TestLevelIsChosenWithAReasonAndNeverSilentlyLowered(t *testing.T) {
	x := newChange(t)
	set := func(version int, in casefile.SeverityInput) error {
		return x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.SetSeverity(t.Context(), tx, version, in) })
	}
	var bad fault.Invalid
	if err := set(1, casefile.SeverityInput{Level: "orange"}); !errors.As(err, &bad) || bad["reason"] == "" {
		t.Errorf("no reason: %v", err)
	}
	if err := set(1, casefile.SeverityInput{Level: "orange", Reason: "Trusler fra storebror"}); err != nil {
		t.Fatal(err)
	}
	if err := set(2, casefile.SeverityInput{Level: "green", Reason: "Roligt nu"}); !errors.As(err, &bad) || bad["lower"] == "" {
		t.Errorf("lowered without a word: %v", err)
	}
	if err := set(1, casefile.SeverityInput{Level: "red", Reason: "Afrejse"}); !errors.Is(err, fault.Stale) {
		t.Errorf("the slower of two: %v", err)
	}
	if err := set(2, casefile.SeverityInput{Level: "green", Reason: "Roligt nu", Lower: true}); err != nil {
		t.Fatal(err)
	}
	var history *[]casefile.SeverityChange
	x.read(t, x.o.Mette, func(b *db.Batch) { history = casefile.SeverityHistory(b) })
	var got []string
	for _, h := range *history {
		got = append(got, h.From+">"+h.To+":"+h.Reason)
	}
	if want := []string{"orange>green:Roligt nu", ">orange:Trusler fra storebror"}; !slices.Equal(got, want) {
		t.Errorf("history %v, want %v", got, want)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND data::text LIKE '%Trusler%'`, x.c.ID); n != 0 {
		t.Error("the reason stands in the timeline, which lists show without opening the case")
	}
}

func TestPeopleAroundTheCitizenComeBackAsTheyWereWritten(t *testing.T) {
	x, in := newChange(t), fullPerson()
	var id uuid.UUID
	x.must(t, func(tx *db.Tx) (err error) { id, err = casefile.AddPerson(t.Context(), tx, x.o.Keys, in); return err })
	check := func(in casefile.PersonInput, masked string) {
		t.Helper()
		var p *casefile.Person
		x.read(t, x.o.Mette, func(b *db.Batch) { p = casefile.GetPerson(b, id) })
		got := casefile.PersonInput{Name: p.Name, Born: utc(p.Born), Relation: p.Relation, ConflictRole: p.ConflictRole, MayKnow: p.MayKnow, Note: p.Note, CPR: in.CPR}
		if !reflect.DeepEqual(got, in) || p.CPRMasked != masked {
			t.Errorf("came back as %+v", p)
		}
	}
	check(in, "030205-••••")
	in = casefile.PersonInput{Name: "", Relation: "onkel", ConflictRole: "unknown", MayKnow: "unknown"}
	x.must(t, func(tx *db.Tx) error { return casefile.ChangePerson(t.Context(), tx, x.o.Keys, id, 1, in) })
	check(in, "030205-••••") // nothing typed keeps the number
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.ChangePerson(t.Context(), tx, x.o.Keys, id, 1, in) }); !errors.Is(err, fault.Stale) {
		t.Errorf("the slower of two: %v", err)
	}
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.ChangePerson(t.Context(), tx, x.o.Keys, x.c.CitizenID, 1, in) }); err == nil {
		t.Error("the citizen was written over as if a relative")
	}
	var bad fault.Invalid
	future := time.Now().AddDate(1, 0, 0)
	in.Born, in.CPR, in.Relation = &future, "123", ""
	if err := in.Validate(time.Now()); !errors.As(err, &bad) || bad["born"] == "" || bad["cpr"] == "" || bad["relation"] == "" {
		t.Errorf("refused: %v", err)
	}
}

func TestCitizenComesBackAsWritten(t *testing.T) {
	x := newChange(t)
	in := casefile.CitizenInput{Name: "Åse Çelik", CallingName: "Åse Ç.", Born: day("2009-05-06"), CPR: "060509-4321"}
	x.must(t, func(tx *db.Tx) error { return casefile.ChangeCitizen(t.Context(), tx, x.o.Keys, 1, in) })
	var c *casefile.Citizen
	x.read(t, x.o.Mette, func(b *db.Batch) { c = casefile.GetCitizen(b) })
	if got := (casefile.CitizenInput{Name: c.Name, CallingName: c.CallingName, Born: utc(c.Born), CPR: in.CPR}); !reflect.DeepEqual(got, in) || c.CPRMasked != "060509-••••" || c.Version != 2 {
		t.Errorf("came back as %+v", c)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM app.person WHERE case_id = $1 AND name_folded = 'aase celik' AND cpr_bidx = $2`, x.c.ID, x.o.Keys.BlindCPR("0605094321")); n != 1 {
		t.Error("the citizen cannot be found by name or number")
	}
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.ChangeCitizen(t.Context(), tx, x.o.Keys, 1, in) }); !errors.Is(err, fault.Stale) {
		t.Errorf("the slower of two: %v", err)
	}
	x.o.Exec(t, `DELETE FROM app.person WHERE case_id = $1`, x.c.ID)
	x.must(t, func(tx *db.Tx) error { return casefile.ChangeCitizen(t.Context(), tx, x.o.Keys, 0, in) })
	if n := x.o.Count(t, `SELECT count(*) FROM app.person WHERE case_id = $1 AND is_citizen`, x.c.ID); n != 1 {
		t.Error("a citizen who was nobody before was not entered")
	}
}

func TestProtectedFactIsSealedAndShownOnlyWithATrace(t *testing.T) {
	x := newChange(t)
	o, c := x.o, x.c
	o.Grant(t, c, o.Sara, "consulted")
	secret := "Havnegade 14, 2. tv."
	x.must(t, func(tx *db.Tx) error {
		return casefile.AddFact(t.Context(), tx, o.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "place_of_stay", Text: secret})
	})
	var facts *[]casefile.Fact
	x.read(t, o.Mette, func(b *db.Batch) { facts = casefile.Facts(b) })
	if len(*facts) != 1 || (*facts)[0].Kind != "place_of_stay" || (*facts)[0].SetBy == "" {
		t.Fatalf("listed as %+v", *facts)
	}
	f := (*facts)[0]
	var stored []byte
	o.Scan(t, []any{&stored}, `SELECT ciphertext FROM app.protected_fact WHERE id = $1`, f.ID)
	if bytes.Contains(stored, []byte("Havnegade")) {
		t.Error("the fact is stored in the clear")
	}
	var got string
	x.must(t, func(tx *db.Tx) (err error) {
		got, err = casefile.RevealFact(t.Context(), tx, o.Keys, f.ID, "contact")
		return err
	})
	if got != secret {
		t.Errorf("shown as %q", got)
	}
	if n := o.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND actor = $2 AND action = 'fact.reveal' AND object = 'place_of_stay:' || $3::text || ':contact'`, c.ID, o.Mette.UserID, f.ID.String()); n != 1 {
		t.Errorf("%d lines in the trail, want 1", n)
	}
	var bad fault.Invalid
	if err := x.as(t, o.Mette, func(tx *db.Tx) error { _, err := casefile.RevealFact(t.Context(), tx, o.Keys, f.ID, ""); return err }); !errors.As(err, &bad) {
		t.Errorf("shown without a purpose: %v", err)
	}
	x.read(t, o.Sara, func(b *db.Batch) { facts = casefile.Facts(b) })
	if len(*facts) != 0 {
		t.Errorf("who was asked for advice knows of %d protected facts", len(*facts))
	}
	x.must(t, func(tx *db.Tx) error { return casefile.RetireFact(t.Context(), tx, f.ID) })
	if err := x.as(t, o.Mette, func(tx *db.Tx) error {
		_, err := casefile.RevealFact(t.Context(), tx, o.Keys, f.ID, "contact")
		return err
	}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a retired fact: %v", err)
	}
}

func TestCPRIsShownOnlyWithATrace(t *testing.T) {
	x := newChange(t)
	x.must(t, func(tx *db.Tx) error {
		return casefile.ChangeCitizen(t.Context(), tx, x.o.Keys, 1, casefile.CitizenInput{CallingName: "A.", CPR: "1404104321"})
	})
	var got string
	x.must(t, func(tx *db.Tx) (err error) {
		got, err = casefile.RevealCPR(t.Context(), tx, x.o.Keys, x.c.CitizenID)
		return err
	})
	if got != "140410-4321" {
		t.Errorf("shown as %q", got)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = 'cpr.reveal' AND object = $2`, x.c.ID, x.c.CitizenID.String()); n != 1 {
		t.Errorf("%d lines in the trail, want 1", n)
	}
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { _, err := casefile.RevealCPR(t.Context(), tx, x.o.Keys, uuid.New()); return err }); !errors.Is(err, fault.NotFound) {
		t.Errorf("nobody's number: %v", err)
	}
}

func TestWhoMayChangeACase(t *testing.T) {
	x := newChange(t)
	o, c := x.o, x.c
	o.Grant(t, c, o.Sara, "consulted")
	var person uuid.UUID
	x.must(t, func(tx *db.Tx) (err error) {
		if person, err = casefile.AddPerson(t.Context(), tx, o.Keys, fullPerson()); err != nil {
			return err
		}
		return casefile.AddFact(t.Context(), tx, o.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "phone", Text: "00 11 22 33"})
	})
	var fact uuid.UUID
	o.Scan(t, []any{&fact}, `SELECT id FROM app.protected_fact WHERE case_id = $1`, c.ID)
	no, hidden := fault.Forbidden, fault.NotFound
	for name, op := range map[string]struct {
		do              func(tx *db.Tx) error
		lead, consulted error
	}{
		"profile": {func(tx *db.Tx) error { return casefile.ChangeProfile(t.Context(), tx, 1, fullProfile()) }, no, no},
		"safe contact": {func(tx *db.Tx) error {
			return casefile.ChangeSafeContact(t.Context(), tx, o.Keys, 1, fullContact, casefile.ContactRules{})
		}, no, no},
		"level": {func(tx *db.Tx) error {
			return casefile.SetSeverity(t.Context(), tx, 1, casefile.SeverityInput{Level: "red", Reason: "Afrejse"})
		}, no, no},
		"add person":    {func(tx *db.Tx) error { _, err := casefile.AddPerson(t.Context(), tx, o.Keys, fullPerson()); return err }, no, no},
		"change person": {func(tx *db.Tx) error { return casefile.ChangePerson(t.Context(), tx, o.Keys, person, 1, fullPerson()) }, no, no},
		"citizen": {func(tx *db.Tx) error {
			return casefile.ChangeCitizen(t.Context(), tx, o.Keys, 1, casefile.CitizenInput{CallingName: "A."})
		}, no, no},
		"add fact": {func(tx *db.Tx) error {
			return casefile.AddFact(t.Context(), tx, o.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "school", Text: "Åskolen"})
		}, no, no},
		"reveal fact": {func(tx *db.Tx) error {
			_, err := casefile.RevealFact(t.Context(), tx, o.Keys, fact, "control")
			return err
		}, nil, no},
		"reveal cpr":  {func(tx *db.Tx) error { _, err := casefile.RevealCPR(t.Context(), tx, o.Keys, person); return err }, nil, no},
		"retire fact": {func(tx *db.Tx) error { return casefile.RetireFact(t.Context(), tx, fact) }, no, hidden},
	} {
		undo := errors.New("undo")
		for who, want := range map[*actor.Actor]error{&o.Mette: nil, &o.Jonas: op.lead, &o.Sara: op.consulted, &o.Huseyin: hidden, &o.Dennis: hidden, &o.Lone: hidden, &o.Karen: hidden} {
			err := x.as(t, *who, func(tx *db.Tx) error {
				if err := op.do(tx); err != nil {
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
}
