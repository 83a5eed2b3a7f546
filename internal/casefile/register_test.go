package casefile_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/testkit"
)

// full is a registration with every field set.
func full(o *testkit.Office) casefile.Registration {
	return casefile.Registration{
		NewCitizen: casefile.NewCitizen{
			Name: "Åse Sørensen", CallingName: "Åse", CPR: "740410-4234", NameAddressProtection: true, NameAddressUntil: time.Now().AddDate(0, 3, 0),
			SpecialAddressProtection: true,
			SafeContact:              casefile.SafeContact{Policy: "phone_agreed", Channel: "Skolens telefon", Hours: "Hverdage 9-14", Never: "Ring aldrig hjem.", Cover: "Det er tandlægen"},
		},
		Around: []casefile.Around{
			{Name: "Omar S.", Relation: "far", ConflictRole: "pressures", MayKnow: "no", CPR: "010175-1111"},
			{},
			{Relation: "moster", ConflictRole: "supports", MayKnow: "yes"},
		},
		Matter: casefile.Matter{Situation: "Må ikke gå i skole. 😀", Origin: "report_professional", Certainty: "suspicion", Severity: "orange", SeverityReason: "Trusler om rejse"},
		AccessPlan: casefile.AccessPlan{
			TeamID: o.TeamNorth, Responsible: o.Mette.UserID, CoResponsible: []uuid.UUID{o.Sara.UserID}, Confidentiality: casefile.Sealed,
			Exclude: []uuid.UUID{o.Dennis.UserID, o.Jonas.UserID},
		},
	}
}

func register(ctx context.Context, o *testkit.Office, who actor.Actor, in casefile.Registration) (made casefile.Registered, err error) {
	err = o.DB.InTx(ctx, who, func(tx *db.Tx) error {
		made, err = casefile.Register(ctx, tx, o.Keys, in)
		return err
	})
	return made, err
}

func TestARegisteredCaseHoldsEverythingThatWasWritten(t *testing.T) {
	o := testkit.NewOffice(t)
	in := full(o)
	made, err := register(t.Context(), o, o.Mette, in)
	if err != nil {
		t.Fatal(err)
	}
	var h *casefile.Header
	var p *casefile.Profile
	var people *[]casefile.Person
	read := func(who actor.Actor) error {
		_, err := o.DB.ReadCase(t.Context(), who, db.Case{Ref: made.Ref, Page: "overblik"}, func(b *db.Batch) {
			h, p, people = casefile.GetHeader(b), casefile.GetProfile(b), casefile.People(b)
		})
		return err
	}
	if err := read(o.Mette); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in.SafeContact, h.SafeContact); diff != "" {
		t.Errorf("safe contact (-want +got):\n%s", diff)
	}
	if h.Name != in.Name || h.CallingName != "Åse" || h.CPRMasked != "740410-••••" || h.Born.Format(time.DateOnly) != "2010-04-14" ||
		h.Number != made.Number || h.Area != "child" || h.Confidentiality != casefile.Sealed || h.Severity != "orange" || h.SeveritySetAt == nil || !h.NameAddressProtection || !h.SpecialAddressProtection {
		t.Errorf("header: %+v", h)
	}
	if p.Situation != in.Situation || p.Origin != in.Origin || p.Certainty != in.Certainty || p.SeverityReason != in.SeverityReason ||
		p.NameAddressUntil.Format(time.DateOnly) != in.NameAddressUntil.Format(time.DateOnly) || p.Anonymous {
		t.Errorf("profile: %+v", p)
	}
	if len(*people) != 2 || (*people)[0].Name != "Omar S." || (*people)[0].MayKnow != "no" || (*people)[0].CPRMasked != "010175-••••" || (*people)[1].Relation != "moster" {
		t.Errorf("people: %+v", *people)
	}
	if len(h.Members) != 2 || h.Members[0].UserID != o.Mette.UserID || h.Members[1].UserID != o.Sara.UserID || h.Members[1].Kind != "coworker" {
		t.Errorf("members: %+v", h.Members)
	}
	if err := read(o.Sara); err != nil {
		t.Errorf("the co-responsible cannot open the case: %v", err)
	}
	for _, who := range []actor.Actor{o.Dennis, o.Jonas, o.Huseyin, o.Lone, o.Karen} {
		if err := read(who); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s opens the case: %v", who.Name, err)
		}
	}
	// the number can be revealed by who may, and found by its index; it lies nowhere in clear
	var sealed []byte
	var person, folded string
	o.Scan(t, []any{&person, &sealed, &folded}, `SELECT id::text, cpr_enc, name_folded FROM app.person WHERE case_id = $1 AND is_citizen`, made.ID)
	if text, err := o.Keys.Unseal(keys.Where{Column: "person.cpr", CaseID: made.ID, RowID: uuid.MustParse(person)}, sealed); err != nil || text != "740410-4234" || folded != "aase soerensen" {
		t.Errorf("sealed number %q, %v; folded %q", text, err, folded)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = 'case.registered'`, made.ID); n != 1 {
		t.Errorf("%d lines about the registration", n)
	}
	if got, _ := find(t, o, o.Mette, casefile.SearchWord{CPR: "7404104234"}); len(got) != 1 {
		t.Errorf("by its CPR number are found %v", got)
	}
}

func TestWhoMayRegisterACase(t *testing.T) {
	o := testkit.NewOffice(t)
	plain := func(team uuid.UUID, responsible actor.Actor) casefile.Registration {
		in := full(o)
		in.CPR, in.Around, in.CoResponsible, in.Exclude, in.Nobody, in.TeamID, in.Responsible = "", nil, nil, nil, true, team, responsible.UserID
		return in
	}
	for name, c := range map[string]struct {
		who actor.Actor
		in  casefile.Registration
		ok  bool
	}{
		"a caseworker, for themselves":               {o.Mette, plain(o.TeamNorth, o.Mette), true},
		"a caseworker, for a colleague":              {o.Mette, plain(o.TeamNorth, o.Dennis), false},
		"a caseworker, in another team":              {o.Mette, plain(o.TeamAdults, o.Mette), false},
		"a lead, for a caseworker of the team":       {o.Jonas, plain(o.TeamNorth, o.Dennis), true},
		"a lead, for themselves":                     {o.Jonas, plain(o.TeamNorth, o.Jonas), true},
		"a lead, for a caseworker of another team":   {o.Jonas, plain(o.TeamNorth, o.Huseyin), false},
		"a lead, for a specialist":                   {o.Jonas, plain(o.TeamNorth, o.Sara), false},
		"a specialist":                               {o.Sara, plain(o.TeamNorth, o.Sara), false},
		"an admin":                                   {o.Lone, plain(o.TeamNorth, o.Lone), false},
		"an auditor":                                 {o.Karen, plain(o.TeamNorth, o.Karen), false},
		"somebody who is not signed in":              {actor.Actor{}, plain(o.TeamNorth, o.Mette), false},
		"a caseworker of the adults, for their area": {o.Huseyin, plain(o.TeamAdults, o.Huseyin), true},
	} {
		before := o.Count(t, `SELECT count(*) FROM app.case_file`)
		_, err := register(t.Context(), o, c.who, c.in)
		if after := o.Count(t, `SELECT count(*) FROM app.case_file`); (err == nil) != c.ok || (after > before) != c.ok {
			t.Errorf("%s: %v, %d cases more", name, err, after-before)
		}
	}
}

func TestEveryImpossibleAnswerIsRefused(t *testing.T) {
	o := testkit.NewOffice(t)
	long := strings.Repeat("ø", 50_000) // 100 KB
	for name, c := range map[string]struct {
		field, key string
		change     func(*casefile.Registration)
	}{
		"no name":                          {"name", "register.name.missing", func(r *casefile.Registration) { r.Name = "" }},
		"a name of marks only":             {"name", "register.name.missing", func(r *casefile.Registration) { r.Name = "\u200f\u200e" }},
		"anonymous with a name":            {"name", "register.name.anonymous", func(r *casefile.Registration) { r.Anonymous, r.CPR = true, "" }},
		"anonymous with a number":          {"cpr", "register.cpr.anonymous", func(r *casefile.Registration) { r.Anonymous, r.Name = true, "" }},
		"a name of 100 KB":                 {"name", "error.at_most:200:50000", func(r *casefile.Registration) { r.Name = long }},
		"nine digits":                      {"cpr", "error.cpr", func(r *casefile.Registration) { r.CPR = "140410-123" }},
		"31 February":                      {"cpr", "register.cpr.impossible", func(r *casefile.Registration) { r.CPR = "310210-1234" }},
		"a number from the future":         {"cpr", "register.cpr.impossible", func(r *casefile.Registration) { r.CPR = "010136-4000" }},
		"born tomorrow":                    {"born", "error.date_future", func(r *casefile.Registration) { r.CPR, r.Born = "", time.Now().AddDate(0, 0, 1) }},
		"born otherwise than the number":   {"born", "register.born.differs", func(r *casefile.Registration) { r.Born = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) }},
		"protected until last year":        {"until", "error.date_past", func(r *casefile.Registration) { r.NameAddressUntil = time.Now().AddDate(-1, 0, 0) }},
		"until without the protection":     {"until", "register.until.alone", func(r *casefile.Registration) { r.NameAddressProtection = false }},
		"a policy nobody knows":            {"policy", "error.choose", func(r *casefile.Registration) { r.Policy = "x" }},
		"a cover story of 100 KB":          {"cover", "error.at_most:500:50000", func(r *casefile.Registration) { r.Cover = long }},
		"somebody with only a number":      {"p2-name", "register.around.nobody", func(r *casefile.Registration) { r.Around[1].CPR = "0101751111" }},
		"an impossible number of a person": {"p1-cpr", "register.cpr.impossible", func(r *casefile.Registration) { r.Around[0].CPR = "999999-9999" }},
		"a role nobody knows":              {"p1-role", "error.choose", func(r *casefile.Registration) { r.Around[0].ConflictRole = "perpetrator" }},
		"too many people":                  {"", "register.around.many", func(r *casefile.Registration) { r.Around = make([]casefile.Around, 25) }},
		"nothing about the situation":      {"situation", "register.situation.missing", func(r *casefile.Registration) { r.Situation = " \n" }},
		"a situation of 100 KB":            {"situation", "error.at_most:5000:50000", func(r *casefile.Registration) { r.Situation = long }},
		"no origin":                        {"origin", "register.origin.missing", func(r *casefile.Registration) { r.Origin = "" }},
		"a level without a reason":         {"severity_reason", "register.severity.reason", func(r *casefile.Registration) { r.SeverityReason = "" }},
		"a level nobody knows":             {"severity", "error.choose", func(r *casefile.Registration) { r.Severity = "purple" }},
		"nobody responsible":               {"responsible", "error.choose", func(r *casefile.Registration) { r.Responsible = uuid.Nil }},
		"the question not answered":        {"excluding", "register.exclude.missing", func(r *casefile.Registration) { r.Exclude = nil }},
		"the question answered twice":      {"excluding", "register.exclude.both", func(r *casefile.Registration) { r.Nobody = true }},
		"oneself kept from it":             {"exclude", "register.exclude.self", func(r *casefile.Registration) { r.Exclude = append(r.Exclude, o.Mette.UserID) }},
		"a co-responsible kept from it":    {"co", "register.co.excluded", func(r *casefile.Registration) { r.CoResponsible = append(r.CoResponsible, o.Dennis.UserID) }},
		"the responsible twice":            {"co", "register.co.responsible", func(r *casefile.Registration) { r.CoResponsible = append(r.CoResponsible, o.Mette.UserID) }},
	} {
		in := full(o)
		c.change(&in)
		_, err := register(t.Context(), o, o.Mette, in)
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad[c.field] != c.key {
			t.Errorf("%s: %v %v, want %s: %s", name, err, map[string]string(bad), c.field, c.key)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_file`); n != 0 {
		t.Errorf("%d cases were made all the same", n)
	}
	in := full(o)
	in.Name, in.CallingName, in.Around[0].Name = "أميرة صالح 😀", "", "\u202eجد"
	if _, err := register(t.Context(), o, o.Mette, in); err != nil {
		t.Errorf("a name from the right, and an emoji: %v", err)
	}
}

func TestTheResponsibleOfAHiddenCaseHearsOfTheDuplicate(t *testing.T) {
	o := testkit.NewOffice(t)
	first, err := register(t.Context(), o, o.Mette, full(o)) // sealed, and Dennis and Jonas may not know
	if err != nil {
		t.Fatal(err)
	}
	again := full(o)
	again.Responsible, again.TeamID, again.Exclude, again.Nobody, again.CoResponsible = o.Huseyin.UserID, o.TeamAdults, nil, true, nil
	again.Confidentiality = casefile.Restricted // a sealed one would tell nobody
	fresh := again
	fresh.CPR = "740412-5678" // a citizen without another case
	took := func(in casefile.Registration) time.Duration {
		start := time.Now()
		if _, err := register(t.Context(), o, o.Huseyin, in); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	took(fresh) // warm
	fresh.CPR = "740412-5679"
	b, a := took(fresh), took(again)
	if a > 5*b+50*time.Millisecond {
		t.Errorf("a duplicate takes %v, a new citizen %v", a, b)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'case.duplicate' AND to_user = $1 AND case_id = $2`, o.Mette.UserID, first.ID); n != 1 {
		t.Errorf("the responsible got %d notices", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'case.duplicate' AND to_user <> $1`, o.Mette.UserID); n != 0 {
		t.Errorf("others got %d notices", n)
	}
}

func TestARelativeAmongTheEmployeesIsExcluded(t *testing.T) {
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE auth.user_account SET own_cpr_bidx = $2 WHERE id = $1`, o.Dennis.UserID, o.Keys.BlindCPR("0101751111"))      // the father
	o.Exec(t, `INSERT INTO auth.user_relation (user_id, cpr_bidx) VALUES ($1, $2)`, o.Jonas.UserID, o.Keys.BlindCPR("7404104234")) // an uncle of the citizen
	in := full(o)
	in.Exclude, in.Nobody = nil, true
	made, err := register(t.Context(), o, o.Mette, in)
	if err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_exclusion WHERE case_id = $1 AND source = 'relation' AND user_id IN ($2, $3)`, made.ID, o.Dennis.UserID, o.Jonas.UserID); n != 2 {
		t.Errorf("%d of the two relatives are excluded", n)
	}
	// Dennis himself cannot register it, nor be given a part in it, and nothing is left behind
	before := o.Count(t, `SELECT count(*) FROM app.case_file`)
	in.Responsible, in.CoResponsible = o.Dennis.UserID, nil
	if _, err := register(t.Context(), o, o.Dennis, in); !casefile.Barred(err) {
		t.Errorf("the relative registers the case: %v", err)
	}
	in.Responsible, in.CoResponsible = o.Mette.UserID, []uuid.UUID{o.Dennis.UserID}
	if _, err := register(t.Context(), o, o.Mette, in); !casefile.Barred(err) {
		t.Errorf("the relative becomes co-responsible: %v", err)
	}
	if after := o.Count(t, `SELECT count(*) FROM app.case_file`); after != before {
		t.Errorf("%d cases are left behind", after-before)
	}
}

func TestAFormSentTwiceIsOneCase(t *testing.T) {
	o := testkit.NewOffice(t)
	ctx := t.Context()
	var id uuid.UUID
	if err := o.DB.InTx(ctx, o.Mette, func(tx *db.Tx) (err error) {
		id, err = casefile.StartDraft(ctx, tx, o.Keys, casefile.Answers{"name": {"Åse Sørensen"}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	send := func(who actor.Actor) (ref string, err error) {
		err = o.DB.InTx(ctx, who, func(tx *db.Tx) error {
			ref, _, err = casefile.RegisterDraft(ctx, tx, o.Keys, id, func(a casefile.Answers) (casefile.Registration, error) {
				in := full(o)
				in.Name = a.Get("name")
				return in, nil
			})
			return err
		})
		return ref, err
	}
	if _, err := send(o.Dennis); !errors.Is(err, fault.NotFound) {
		t.Errorf("a colleague sends somebody else's registration: %v", err)
	}
	refs := make([]string, 4)
	var group sync.WaitGroup
	for i := range refs {
		group.Go(func() {
			ref, err := send(o.Mette)
			if err != nil {
				t.Error(err)
			}
			refs[i] = ref
		})
	}
	group.Wait()
	for _, ref := range refs {
		if ref == "" || ref != refs[0] {
			t.Errorf("sent four times: %v", refs)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_file`); n != 1 {
		t.Errorf("%d cases", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.registration WHERE answers <> ''`); n != 0 {
		t.Error("the answers stay after the case is there")
	}
}

func TestARegistrationInProgressIsItsWritersAlone(t *testing.T) {
	o := testkit.NewOffice(t)
	ctx := t.Context()
	var id uuid.UUID
	must := func(who actor.Actor, fn func(*db.Tx) error) {
		t.Helper()
		if err := o.DB.InTx(ctx, who, fn); err != nil {
			t.Fatal(err)
		}
	}
	must(o.Mette, func(tx *db.Tx) (err error) {
		id, err = casefile.StartDraft(ctx, tx, o.Keys, casefile.Answers{"name": {"Åse"}, "cpr": {"7404104234"}})
		return err
	})
	citizen := func(f string) bool { return f == "name" || f == "anonymous" }
	must(o.Mette, func(tx *db.Tx) error {
		_, err := casefile.SaveDraft(ctx, tx, o.Keys, id, citizen, casefile.Answers{"name": {"Åse S."}, "anonymous": {"1"}})
		return err
	})
	must(o.Mette, func(tx *db.Tx) error { // a box that is not ticked any more is gone
		_, err := casefile.SaveDraft(ctx, tx, o.Keys, id, citizen, casefile.Answers{"name": {"Åse S."}})
		return err
	})
	var d *casefile.Draft
	read := func(who actor.Actor) error {
		_, err := o.DB.Read(ctx, who, func(b *db.Batch) { d = casefile.GetDraft(b, id) })
		return err
	}
	if err := read(o.Mette); err != nil {
		t.Fatal(err)
	}
	a, err := d.Open(o.Keys)
	if diff := cmp.Diff(casefile.Answers{"name": {"Åse S."}, "cpr": {"7404104234"}}, a); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, who := range []actor.Actor{o.Dennis, o.Jonas, o.Sara, o.Lone, o.Karen} {
		if err := read(who); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads it: %v", who.Name, err)
		}
		if err := o.DB.InTx(ctx, who, func(tx *db.Tx) error { return casefile.DropDraft(ctx, tx, id) }); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s drops it: %v", who.Name, err)
		}
	}
	for _, who := range []actor.Actor{o.Sara, o.Lone, o.Karen} {
		if err := o.DB.InTx(ctx, who, func(tx *db.Tx) error { _, err := casefile.StartDraft(ctx, tx, o.Keys, nil); return err }); err == nil {
			t.Errorf("%s starts one", who.Name)
		}
	}
	if o.Count(t, `SELECT count(*) FROM app.registration WHERE position('7404104234'::bytea IN answers) > 0`) != 0 {
		t.Error("the number lies in the database in clear")
	}
	must(o.Mette, func(tx *db.Tx) error { return casefile.DropDraft(ctx, tx, id) })
	if err := read(o.Mette); !errors.Is(err, fault.NotFound) {
		t.Errorf("after dropping: %v", err)
	}
}

func TestAListCallsAPersonByFirstNameAndInitial(t *testing.T) {
	for name, want := range map[string]string{"Amira Saleh": "Amira S.", "Amira": "Amira", "Åse Marie ødegård": "Åse Ø.", "أميرة صالح": "أميرة ص.", "": ""} {
		if got := casefile.CallingName(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
