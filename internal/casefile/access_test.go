package casefile_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// grants is everybody's access to the case, as its responsible or lead sees it.
func (x change) grants(t *testing.T, who actor.Actor) map[string]casefile.Grant {
	t.Helper()
	var list *[]casefile.Grant
	x.read(t, who, func(b *db.Batch) { list = casefile.Grants(b) })
	now := map[string]casefile.Grant{}
	for _, g := range *list {
		if g.Live() {
			now[g.Name] = g
		}
	}
	return now
}

func (x change) events(t *testing.T, kind string) int {
	t.Helper()
	return x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = $2`, x.c.ID, kind)
}

func TestAccessIsGivenAndTakenAgain(t *testing.T) {
	x := newChange(t)
	until := time.Now().AddDate(0, 0, 20)
	give := func(who, to actor.Actor, kind string) error {
		return x.as(t, who, func(tx *db.Tx) error {
			return casefile.GiveAccess(t.Context(), tx, casefile.AccessInput{UserID: to.UserID, Kind: kind, Until: &until, Reason: "sparring"})
		})
	}
	if err := give(x.o.Mette, x.o.Sara, casefile.Consulted); err != nil {
		t.Fatal(err)
	}
	got := x.grants(t, x.o.Mette)["Sara El-Khatib"]
	if got.Kind != "consulted" || got.Reason != "sparring" || got.By != "Mette Lindhardt" || got.Until == nil || got.Until.Sub(until).Abs() > time.Second || got.Since.IsZero() || got.Excluded {
		t.Errorf("%+v", got)
	}
	if err := give(x.o.Mette, x.o.Huseyin, casefile.Coworker); err != nil {
		t.Fatal(err)
	}
	if g := x.grants(t, x.o.Mette)["Hüseyin Doğan"]; g.Kind != "coworker" || g.Until != nil {
		t.Errorf("a co-worker with an end: %+v", g)
	}
	// a co-worker asks for advice, and gives nothing else; a reader gives nothing; a stranger and an excluded person find no case
	if err := give(x.o.Huseyin, x.o.Anders, casefile.Consulted); err != nil {
		t.Error(err)
	}
	if g := x.grants(t, x.o.Mette)["Anders Lund"]; g.Until == nil || g.Until.After(time.Now().AddDate(0, 0, casefile.ConsultedDays+1)) {
		t.Errorf("advice by a co-worker: %+v", g)
	}
	take := func(who, from actor.Actor) error {
		return x.as(t, who, func(tx *db.Tx) error { return casefile.TakeAccess(t.Context(), tx, from.UserID, "slut") })
	}
	for name, c := range map[string]struct{ got, want error }{
		"coworker gives coworker":  {give(x.o.Huseyin, x.o.Anders, casefile.Coworker), fault.Forbidden},
		"reader asks for advice":   {give(x.o.Sara, x.o.Anders, casefile.Consulted), fault.Forbidden},
		"reader takes":             {take(x.o.Sara, x.o.Huseyin), fault.Forbidden},
		"coworker takes":           {take(x.o.Huseyin, x.o.Sara), fault.Forbidden},
		"excluded gives":           {give(x.o.Dennis, x.o.Sara, casefile.Consulted), fault.NotFound},
		"excluded takes":           {take(x.o.Dennis, x.o.Sara), fault.NotFound},
		"stranger gives":           {give(x.o.Karen, x.o.Sara, casefile.Consulted), fault.NotFound},
		"from the responsible":     {take(x.o.Jonas, x.o.Mette), fault.NotFound},
		"from somebody without it": {take(x.o.Mette, x.o.Lone), fault.NotFound},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	for name, c := range map[string]struct {
		got   error
		field string
	}{
		"to an excluded colleague": {give(x.o.Mette, x.o.Dennis, casefile.Coworker), "person"},
		"to an admin":              {give(x.o.Mette, x.o.Lone, casefile.Coworker), "person"},
		"lead to a caseworker":     {give(x.o.Mette, x.o.Huseyin, casefile.Lead), "kind"},
		"to nobody":                {give(x.o.Mette, actor.Actor{}, casefile.Coworker), "person"},
		"to somebody unknown":      {give(x.o.Mette, actor.Actor{UserID: uuid.New()}, casefile.Coworker), "person"},
		"responsible by the back":  {give(x.o.Mette, x.o.Huseyin, casefile.Responsible), "kind"},
	} {
		var bad fault.Invalid
		if !errors.As(c.got, &bad) || bad[c.field] == "" {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	if err := take(x.o.Jonas, x.o.Huseyin); err != nil {
		t.Fatal(err)
	}
	if _, still := x.grants(t, x.o.Mette)["Hüseyin Doğan"]; still || !errors.Is(give(x.o.Huseyin, x.o.Sara, casefile.Consulted), fault.NotFound) {
		t.Error("the access is still there")
	}
	if g, r := x.events(t, "access.granted"), x.events(t, "access.revoked"); g != 3 || r != 1 {
		t.Errorf("%d and %d events", g, r)
	}
}

func TestAccessInputRefusesAllThatIsWrong(t *testing.T) {
	now := time.Now()
	past, far := now.AddDate(0, 0, -1), now.AddDate(0, 0, 61)
	for name, c := range map[string]struct {
		in     casefile.AccessInput
		fields []string
	}{
		"nothing":       {casefile.AccessInput{}, []string{"person", "kind", "reason"}},
		"ended already": {casefile.AccessInput{UserID: uuid.New(), Kind: "consulted", Until: &past, Reason: "x"}, []string{"until"}},
		"too long":      {casefile.AccessInput{UserID: uuid.New(), Kind: "consulted", Until: &far, Reason: string(make([]byte, 600))}, []string{"until", "reason"}},
		"all well":      {casefile.AccessInput{UserID: uuid.New(), Kind: "coworker", Until: &far, Reason: "x"}, nil},
	} {
		bad := fault.Invalid{}
		if err := bad.Merge("", c.in.Validate(now)); err != nil || len(bad) != len(c.fields) {
			t.Errorf("%s: %v, %v", name, bad, err)
		}
		for _, f := range c.fields {
			if bad[f] == "" {
				t.Errorf("%s: %s is not refused", name, f)
			}
		}
	}
}

func TestHandingTheCaseOver(t *testing.T) {
	x := newChange(t)
	over := func(who, to actor.Actor, stay bool) error {
		return x.as(t, who, func(tx *db.Tx) error {
			return casefile.HandOver(t.Context(), tx, casefile.HandOverInput{UserID: to.UserID, Stay: stay, Reason: "barsel"})
		})
	}
	x.o.Grant(t, x.c, x.o.Sara, "consulted")
	x.o.Grant(t, x.c, x.o.Huseyin, "coworker")
	for name, c := range map[string]struct{ got, want error }{
		"reader": {over(x.o.Sara, x.o.Sara, false), fault.Forbidden}, "coworker": {over(x.o.Huseyin, x.o.Huseyin, false), fault.Forbidden},
		"excluded": {over(x.o.Dennis, x.o.Dennis, false), fault.NotFound}, "stranger": {over(x.o.Anders, x.o.Anders, false), fault.NotFound},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	for _, to := range []actor.Actor{x.o.Dennis, x.o.Sara, x.o.Lone, x.o.Mette, {}} {
		var bad fault.Invalid
		if err := over(x.o.Mette, to, false); !errors.As(err, &bad) || bad["person"] == "" {
			t.Errorf("to %q: %v", to.Name, err)
		}
	}
	if err := over(x.o.Mette, x.o.Huseyin, true); err != nil {
		t.Fatal(err)
	}
	g := x.grants(t, x.o.Huseyin)
	if g["Hüseyin Doğan"].Kind != "responsible" || g["Mette Lindhardt"].Kind != "coworker" {
		t.Errorf("%+v", g)
	}
	if err := over(x.o.Jonas, x.o.Anders, false); err != nil {
		t.Fatal(err)
	}
	if g := x.grants(t, x.o.Anders); g["Hüseyin Doğan"].Kind != "" || g["Anders Lund"].Kind != "responsible" {
		t.Errorf("%+v", g)
	}
	if n := x.events(t, "case.handed_over"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestExcludingAndLifting(t *testing.T) {
	x := newChange(t)
	x.o.Grant(t, x.c, x.o.Sara, "consulted")
	exclude := func(who, whom actor.Actor) error {
		return x.as(t, who, func(tx *db.Tx) error { return casefile.Exclude(t.Context(), tx, whom.UserID, "nabo") })
	}
	lift := func(who actor.Actor) (lifted bool, err error) {
		err = x.as(t, who, func(tx *db.Tx) error {
			lifted, err = casefile.Lift(t.Context(), tx, x.o.Sara.UserID, "flyttet")
			return err
		})
		return lifted, err
	}
	if err := exclude(x.o.Sara, x.o.Huseyin); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a reader excludes a colleague: %v", err)
	}
	if err := exclude(x.o.Sara, x.o.Sara); err != nil { // but themselves they may
		t.Fatal(err)
	}
	if err := exclude(x.o.Sara, x.o.Sara); !errors.Is(err, fault.NotFound) {
		t.Errorf("the excluded: %v", err)
	}
	if err := exclude(x.o.Anders, x.o.Mette); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
	var list *[]casefile.Exclusion
	x.read(t, x.o.Mette, func(b *db.Batch) { list = casefile.Exclusions(b) })
	if len(*list) != 2 || (*list)[0].Name != "Dennis Kjær" || (*list)[0].Source != "creation" || (*list)[1].Source != "self" || (*list)[1].Reason != "nabo" || (*list)[1].SetBy != "Sara El-Khatib" {
		t.Errorf("%+v", *list)
	}
	if g := x.grants(t, x.o.Mette)["Sara El-Khatib"]; !g.Excluded {
		t.Errorf("the grant does not say that it is of no use: %+v", g)
	}
	x.o.Grant(t, x.c, x.o.Huseyin, "coworker")
	x.read(t, x.o.Huseyin, func(b *db.Batch) { list = casefile.Exclusions(b) })
	if len(*list) != 0 {
		t.Errorf("a co-worker reads the exclusions: %+v", *list)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND (data::text LIKE '%Sara%' OR kind LIKE '%exclu%')`, x.c.ID); n != 0 {
		t.Errorf("%d events tell of the exclusion", n)
	}
	for who, want := range map[*actor.Actor]error{&x.o.Huseyin: fault.Forbidden, &x.o.Dennis: fault.NotFound, &x.o.Sara: fault.NotFound} {
		if _, err := lift(*who); !errors.Is(err, want) {
			t.Errorf("%s lifts: %v", who.Name, err)
		}
	}
	if lifted, err := lift(x.o.Mette); lifted || err != nil {
		t.Errorf("one person: %t, %v", lifted, err)
	}
	if lifted, err := lift(x.o.Jonas); !lifted || err != nil {
		t.Errorf("the second: %t, %v", lifted, err)
	}
	if _, err := lift(x.o.Mette); !errors.Is(err, fault.NotFound) {
		t.Errorf("lifted already: %v", err)
	}
}

func TestSealingAndUnsealing(t *testing.T) {
	x := newChange(t)
	x.o.Grant(t, x.c, x.o.Anders, "lead")
	x.o.Grant(t, x.c, x.o.Sara, "consulted")
	set := func(who actor.Actor, level casefile.Confidentiality) (changed bool, err error) {
		err = x.as(t, who, func(tx *db.Tx) error {
			changed, err = casefile.SetConfidentiality(t.Context(), tx, level, "trusler")
			return err
		})
		return changed, err
	}
	var bad fault.Invalid
	if _, err := set(x.o.Mette, 1); !errors.As(err, &bad) {
		t.Errorf("to the same level: %v", err)
	}
	if _, err := set(x.o.Mette, 7); !errors.As(err, &bad) {
		t.Errorf("to no level: %v", err)
	}
	if _, err := set(x.o.Sara, 2); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a reader: %v", err)
	}
	if changed, err := set(x.o.Jonas, 2); !changed || err != nil { // not named: shuts the door behind himself
		t.Fatal(changed, err)
	}
	if _, err := set(x.o.Jonas, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("the team's lead after sealing: %v", err)
	}
	if changed, err := set(x.o.Mette, 1); changed || err != nil {
		t.Errorf("one person: %t, %v", changed, err)
	}
	var q *db.Found[casefile.Unsealing]
	x.read(t, x.o.Anders, func(b *db.Batch) { q = casefile.GetUnsealing(b) })
	if !q.OK || q.Row.To != casefile.Restricted || q.Row.Reason != "trusler" || q.Row.Requester != "Mette Lindhardt" || q.Row.RequestedBy != x.o.Mette.UserID || q.Row.At.IsZero() {
		t.Errorf("%+v", q)
	}
	if changed, err := set(x.o.Anders, 1); !changed || err != nil {
		t.Errorf("the second: %t, %v", changed, err)
	}
	if n := x.events(t, "case.level"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestWhoLookedAtTheCase(t *testing.T) {
	x := newChange(t)
	x.o.Grant(t, x.c, x.o.Sara, "consulted")
	for range 2 {
		x.read(t, x.o.Sara, func(*db.Batch) {})
	}
	if _, err := x.o.DB.ReadCase(t.Context(), x.o.Dennis, x.c.At("journal"), func(*db.Batch) {}); !errors.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	var looks *[]casefile.Looks
	x.read(t, x.o.Mette, func(b *db.Batch) { looks = casefile.WhoLooked(b, 30) })
	by := map[string]casefile.Looks{}
	for _, l := range *looks {
		by[l.Name] = l
	}
	if l := by["Sara El-Khatib"]; l.Openings != 2 || len(l.Pages) != 1 || l.Pages[0] != "ret" || l.Purposes[0] != "consultation" || l.Last.IsZero() || l.Day.IsZero() {
		t.Errorf("%+v", l)
	}
	if l := by["Dennis Kjær"]; l.Refused != 1 || l.Openings != 0 {
		t.Errorf("an attempt in vain: %+v", l)
	}
	x.read(t, x.o.Sara, func(b *db.Batch) { looks = casefile.WhoLooked(b, 30) })
	if len(*looks) != 0 {
		t.Errorf("a reader sees who looked: %+v", *looks)
	}
}

func TestClosingACaseAndTakingItUpAgain(t *testing.T) {
	x := newChange(t)
	x.o.Grant(t, x.c, x.o.Sara, "consulted")
	x.o.Grant(t, x.c, x.o.Huseyin, "coworker")
	police := x.o.Partner(t, "police", "Politiet", "Rikke Holm")
	x.o.Exec(t, `UPDATE app.case_file SET severity = 'orange' WHERE id = $1`, x.c.ID)
	x.o.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, 'x', 'ad_hoc', $4)`,
		x.c.ID, police.OrganisationID, police.ID, x.o.Mette.UserID)
	var loose *casefile.LooseEnds
	x.read(t, x.o.Mette, func(b *db.Batch) { loose = casefile.GetLooseEnds(b) })
	if *loose != (casefile.LooseEnds{Partners: 1, Severity: "orange", Consulted: 1}) || !loose.Any() {
		t.Errorf("%+v", *loose)
	}
	in := casefile.ClosingInput{Code: "moved", Reason: "Familien er flyttet.", Seen: true}
	closing := func(who actor.Actor, in casefile.ClosingInput) error {
		return x.as(t, who, func(tx *db.Tx) error { return casefile.Close(t.Context(), tx, in) })
	}
	for who, want := range map[*actor.Actor]error{&x.o.Huseyin: fault.Forbidden, &x.o.Sara: fault.Forbidden, &x.o.Dennis: fault.NotFound, &x.o.Anders: fault.NotFound} {
		if err := closing(*who, in); !errors.Is(err, want) {
			t.Errorf("%s closes: %v", who.Name, err)
		}
	}
	var bad fault.Invalid
	if err := closing(x.o.Mette, casefile.ClosingInput{}); !errors.As(err, &bad) || bad["code"] == "" || bad["reason"] == "" || bad["seen"] == "" {
		t.Errorf("nothing said: %v", err)
	}
	if err := closing(x.o.Mette, in); err != nil {
		t.Fatal(err)
	}
	if err := closing(x.o.Jonas, in); !errors.Is(err, fault.Stale) {
		t.Errorf("closed by somebody else meanwhile: %v", err)
	}
	if err := x.as(t, x.o.Mette, func(tx *db.Tx) error { return casefile.ChangeProfile(t.Context(), tx, 1, fullProfile()) }); !errors.Is(err, fault.Forbidden) {
		t.Errorf("writing in a closed case: %v", err)
	}
	reopen := func(who actor.Actor, reason string) error {
		return x.as(t, who, func(tx *db.Tx) error { return casefile.Reopen(t.Context(), tx, reason) })
	}
	if err := reopen(x.o.Huseyin, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a co-worker reopens: %v", err)
	}
	if err := reopen(x.o.Mette, ""); !errors.As(err, &bad) {
		t.Errorf("without a reason: %v", err)
	}
	if err := reopen(x.o.Jonas, "Familien er tilbage."); err != nil {
		t.Fatal(err)
	}
	if err := reopen(x.o.Mette, "x"); !errors.Is(err, fault.Stale) {
		t.Errorf("reopened by somebody else meanwhile: %v", err)
	}
	var closings *[]casefile.Closing
	x.read(t, x.o.Sara, func(b *db.Batch) { closings = casefile.Closings(b) })
	if len(*closings) != 1 {
		t.Fatalf("%+v", *closings)
	}
	c := (*closings)[0]
	if c.Code != "moved" || c.Reason != in.Reason || c.By != "Mette Lindhardt" || c.At.IsZero() || c.Reopened == nil || c.ReopenedBy != "Jonas Brandt-Holm" || c.ReopenReason != "Familien er tilbage." {
		t.Errorf("%+v", c)
	}
	if a, b := x.events(t, "case.closed"), x.events(t, "case.reopened"); a != 1 || b != 1 {
		t.Errorf("%d and %d events", a, b)
	}
}

func TestTeamLeadsReadUnlessSealed(t *testing.T) {
	x := newChange(t)
	var leads *[]casefile.Member
	x.read(t, x.o.Mette, func(b *db.Batch) { leads = casefile.TeamLeads(b) })
	if len(*leads) != 1 || (*leads)[0].UserID != x.o.Jonas.UserID {
		t.Errorf("%+v", *leads)
	}
	o := testkit.NewOffice(t)
	sealed := change{o, o.Case(t, o.Mette, 2)}
	sealed.read(t, o.Mette, func(b *db.Batch) { leads = casefile.TeamLeads(b) })
	if len(*leads) != 0 {
		t.Errorf("of a sealed case: %+v", *leads)
	}
}
