package concern_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/testkit"
)

// desk is an office in which Dennis and Jonas are the intake desk for children.
type desk struct{ *testkit.Office }

func newDesk(t *testing.T) desk {
	t.Helper()
	o := testkit.NewOffice(t)
	team := uuid.New()
	o.Exec(t, `INSERT INTO app.team (id, municipality, area, name, intake) VALUES ($1, 999, 'child', 'Modtagelsen', true)`, team)
	o.Exec(t, `INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ($1, $2, false), ($1, $3, true)`, team, o.Dennis.UserID, o.Jonas.UserID)
	return desk{o}
}

// call is a telephone call with everything in it.
func call(now time.Time) concern.Input {
	return concern.Input{
		Source: "professional", Area: concern.Child, ReceivedAt: now.Add(-10 * time.Minute),
		Child:  concern.PersonInput{Name: "Khadija Haddad", CPR: "740410-4234", Phone: "00 12 34 56"},
		People: []concern.PersonInput{{Name: "Tarek Haddad", Relation: "bror", CPR: "010175-1111", Phone: "00 12 34 57"}, {}},
		Told:   "Hun bliver hentet hver dag.", WhereNow: "I skole til kl. 14", Siblings: "En lillesøster", Measures: "no",
		ReporterName: "Lærke Winther", ReporterRole: "lærer", ReporterContact: "00 12 34 58", Household: false, Channel: "safe", ChannelNote: "Ring til skolen", Nobody: true,
	}
}

func (d desk) register(t *testing.T, who actor.Actor, in concern.Input) (made concern.Registered, err error) {
	t.Helper()
	err = d.DB.InTx(t.Context(), who, func(tx *db.Tx) (err error) {
		made, err = concern.Register(t.Context(), tx, d.Keys, in)
		return err
	})
	return made, err
}

func (d desk) must(t *testing.T, who actor.Actor, in concern.Input) concern.Registered {
	t.Helper()
	made, err := d.register(t, who, in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// in does something with a report, as a request does.
func (d desk) in(t *testing.T, who actor.Actor, ref string, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.DB.InCase(t.Context(), who, db.Case{Ref: ref, Page: "test"}, func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func (d desk) read(t *testing.T, who actor.Actor, ref string) (concern.Full, error) {
	t.Helper()
	var asked *concern.Asked
	if _, err := d.DB.ReadCase(t.Context(), who, db.Case{Ref: ref, Page: "test"}, func(b *db.Batch) { asked = concern.Get(b) }); err != nil {
		return concern.Full{}, err
	}
	return asked.Full(), nil
}

func TestNothingOfATelephoneCallIsLost(t *testing.T) {
	d := newDesk(t)
	now := time.Now()
	in := call(now)
	in.Exclude, in.Nobody = []uuid.UUID{d.Sara.UserID}, false
	made := d.must(t, d.Mette, in)
	got, err := d.read(t, d.Dennis, made.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if got.Source != in.Source || got.Told != in.Told || got.WhereNow != in.WhereNow || got.Siblings != in.Siblings || got.Measures != in.Measures || got.ReporterName != in.ReporterName ||
		got.ReporterRole != in.ReporterRole || got.ReporterContact != in.ReporterContact || got.Channel != in.Channel || got.ChannelNote != in.ChannelNote || got.LateReason != "" {
		t.Errorf("%+v", got)
	}
	child := got.Child()
	if len(got.People) != 2 || child.Name != in.Child.Name || child.CPRMasked != "740410-••••" || child.Born == nil || child.Phone != in.Child.Phone || got.People[1].Relation != "bror" {
		t.Errorf("people %+v", got.People)
	}
	if got.AssessBy == nil || !got.AssessBy.Equal(got.ReceivedAt.Add(24*time.Hour)) || got.ReceiptBy == nil || got.AssignedTo != nil || got.Assessed() {
		t.Errorf("clocks %+v", got.Report)
	}
	for name, who := range map[string]actor.Actor{"the desk": d.Dennis, "its lead": d.Jonas, "who registered it": d.Mette} {
		if _, err := d.read(t, who, made.Ref); err != nil {
			t.Errorf("%s cannot read it: %v", name, err)
		}
	}
	for name, who := range map[string]actor.Actor{"the excluded": d.Sara, "another area": d.Huseyin, "its lead": d.Anders, "admin": d.Lone, "auditor": d.Karen} {
		if _, err := d.read(t, who, made.Ref); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads it: %v", name, err)
		}
	}
	if d.Count(t, `SELECT count(*) FROM app.report_person WHERE position('7404104234'::bytea IN cpr_enc) > 0 OR name LIKE '%7404%'`) != 0 {
		t.Error("the number lies in clear")
	}
}

func TestAnAnonymousReporterLeavesNoTrace(t *testing.T) {
	d := newDesk(t)
	in := call(time.Now())
	in.Source = concern.Anonymous // and somebody had typed a name before that was said
	made := d.must(t, d.Dennis, in)
	got, err := d.read(t, d.Dennis, made.Ref)
	if err != nil || got.ReporterName+got.ReporterRole+got.ReporterContact+got.ChannelNote != "" || got.Channel != "none" || got.ReceiptBy != nil {
		t.Errorf("%v %+v", err, got.Content)
	}
	err = d.in(t, d.Dennis, made.Ref, func(ctx context.Context, tx *db.Tx) error { return concern.SendReceipt(ctx, tx, "phone", true) })
	if bad := (fault.Invalid{}); !errors.As(err, &bad) {
		t.Errorf("nobody is answered, and: %v", err)
	}
}

func TestAReportIsRegisteredAlsoByARelative(t *testing.T) {
	d := newDesk(t)
	d.Exec(t, `INSERT INTO auth.user_relation (user_id, cpr_bidx) VALUES ($1, $2)`, d.Dennis.UserID, d.Keys.BlindCPR("0101751111"))
	d.Exec(t, `UPDATE auth.user_account SET own_cpr_bidx = $2 WHERE id = $1`, d.Mette.UserID, d.Keys.BlindCPR("0101751111")) // a colleague whom the report names
	made := d.must(t, d.Dennis, call(time.Now()))
	if n := d.Count(t, `SELECT count(*) FROM app.report_exclusion WHERE report_id = $1 AND user_id IN ($2, $3) AND source = 'relation'`, made.ID, d.Dennis.UserID, d.Mette.UserID); n != 2 {
		t.Errorf("%d are kept from it: the cousin, and who is named in it", n)
	}
	if !made.Kept() {
		t.Error("a cousin of the brother keeps the report")
	}
	if _, err := d.read(t, d.Dennis, made.Ref); !errors.Is(err, fault.NotFound) {
		t.Errorf("and reads it: %v", err)
	}
	if _, err := d.read(t, d.Jonas, made.Ref); err != nil {
		t.Errorf("the rest of the desk does not: %v", err)
	}
}

func TestTheResponsibleWhoIsRelatedHearsNothing(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	d.Exec(t, `INSERT INTO auth.user_relation (user_id, cpr_bidx) VALUES ($1, $2)`, d.Mette.UserID, d.Keys.BlindCPR("0101751111")) // of the brother, whom the report names
	d.Exec(t, `DELETE FROM app.notice`)
	d.must(t, d.Dennis, call(time.Now()))
	if n := d.Count(t, `SELECT count(*) FROM app.notice`); n != 0 {
		t.Errorf("%d notices", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_case WHERE how = 'match'`); n != 1 {
		t.Errorf("%d matches", n)
	}
}

func TestASecondReportOnTheSameChildIsAReport(t *testing.T) {
	d := newDesk(t)
	c := d.Case(t, d.Mette, 1)
	d.Exec(t, `UPDATE app.person SET cpr_bidx = $2 WHERE id = $1`, c.CitizenID, d.Keys.BlindCPR("7404104234"))
	for range 2 {
		d.must(t, d.Dennis, call(time.Now()))
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report WHERE assess_by = received_at + interval '24 hours' AND assessed_at IS NULL`); n != 2 {
		t.Errorf("%d clocks run although the child has a case (R2)", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE kind = 'report.on_case' AND to_user = $1`, d.Mette.UserID); n != 2 {
		t.Errorf("the responsible got %d notices", n)
	}
}

func TestEveryImpossibleAnswerOfACallIsRefused(t *testing.T) {
	d := newDesk(t)
	now := time.Now()
	for name, c := range map[string]struct {
		field, key string
		change     func(*concern.Input)
	}{
		"an empty form":           {"told", "concern.told.missing", func(in *concern.Input) { *in = concern.Input{} }},
		"no source":               {"source", "concern.source.missing", func(in *concern.Input) { in.Source = "" }},
		"a source nobody knows":   {"source", "concern.source.missing", func(in *concern.Input) { in.Source = "x" }},
		"no area":                 {"area", "concern.area.missing", func(in *concern.Input) { in.Area = "" }},
		"received tomorrow":       {"received", "concern.received.future", func(in *concern.Input) { in.ReceivedAt = now.AddDate(0, 0, 1) }},
		"received two years ago":  {"received", "concern.received.year", func(in *concern.Input) { in.ReceivedAt = now.AddDate(-2, 0, 0) }},
		"yesterday without a why": {"late_reason", "concern.late_reason.missing", func(in *concern.Input) { in.ReceivedAt = now.AddDate(0, 0, -1) }},
		"nothing told":            {"told", "concern.told.missing", func(in *concern.Input) { in.Told = " \n\u200f" }},
		"100 KB":                  {"told", "error.at_most:20000:50000", func(in *concern.Input) { in.Told = strings.Repeat("ø", 50_000) }},
		"nine digits":             {"cpr", "error.cpr", func(in *concern.Input) { in.Child.CPR = "740410-423" }},
		"31 February":             {"cpr", "register.cpr.impossible", func(in *concern.Input) { in.Child.CPR = "310210-1234" }},
		"born tomorrow":           {"born", "error.date_future", func(in *concern.Input) { in.Child.CPR, in.Child.Born = "", now.AddDate(0, 0, 1) }},
		"born otherwise":          {"born", "register.born.differs", func(in *concern.Input) { in.Child.Born = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) }},
		"a child of forty":        {"born_ok", "concern.born_ok.missing", func(in *concern.Input) { in.Child.CPR, in.Child.Born = "", now.AddDate(-40, 0, 0) }},
		"a child of forty, about": {"born_ok", "concern.born_ok.missing", func(in *concern.Input) { age := 40; in.Child.CPR, in.Child.Age = "", &age }},
		"a phone of letters":      {"phone", "concern.phone.form", func(in *concern.Input) { in.Child.Phone = "ring til mor" }},
		"a number of nobody":      {"p2-name", "register.around.nobody", func(in *concern.Input) { in.People[1].Phone = "00 12 34 59" }},
		"whether to answer":       {"channel", "concern.channel.missing", func(in *concern.Input) { in.Channel = "" }},
		"the question left open":  {"excluding", "concern.exclude.missing", func(in *concern.Input) { in.Nobody = false }},
		"oneself":                 {"exclude", "concern.exclude.self", func(in *concern.Input) { in.Nobody, in.Exclude = false, []uuid.UUID{d.Dennis.UserID} }},
	} {
		in := call(now)
		c.change(&in)
		_, err := d.register(t, d.Dennis, in)
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad[c.field] != c.key {
			t.Errorf("%s: %v %v, want %s: %s", name, err, map[string]string(bad), c.field, c.key)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report`); n != 0 {
		t.Errorf("%d reports were made all the same", n)
	}
	for name, right := range map[string]func(*concern.Input){"said to be right": func(in *concern.Input) { in.BornOK = true }, "on an adult": func(in *concern.Input) { in.Area = concern.Adult }, "of seventeen": func(in *concern.Input) { in.Child.Born = now.AddDate(-18, 0, 1) }} {
		in := call(now)
		in.Child.CPR, in.Child.Born = "", now.AddDate(-40, 0, 0)
		right(&in)
		if err := in.Validate(d.Dennis.UserID, now); err != nil {
			t.Errorf("somebody of forty, %s: %v", name, err)
		}
	}
	in := call(now)
	in.Child.Name, in.Told = "خديجة 😀", "\u202eجد"
	d.must(t, d.Dennis, in)
	for name, who := range map[string]actor.Actor{"admin": d.Lone, "auditor": d.Karen, "nobody": {}} {
		if _, err := d.register(t, who, call(now)); err == nil {
			t.Errorf("%s registers a report", name)
		}
	}
	d.must(t, d.Sara, call(now))    // a specialist who takes the telephone
	d.must(t, d.Huseyin, call(now)) // and somebody of the other area
}

func TestACallSentTwiceIsOneReport(t *testing.T) {
	d := newDesk(t)
	id := uuid.New()
	send := func(who actor.Actor) (ref string, err error) {
		err = d.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			draft, err := concern.SaveDraft(t.Context(), tx, d.Keys, id, concern.Answers{"told": {"x"}})
			if err != nil || draft.Ref != "" {
				ref = draft.Ref
				return err
			}
			made, err := concern.RegisterDraft(t.Context(), tx, d.Keys, id, call(tx.Now))
			ref = made.Ref
			return err
		})
		return ref, err
	}
	refs := make([]string, 4)
	var group sync.WaitGroup
	for i := range refs {
		group.Go(func() {
			ref, err := send(d.Dennis)
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
	if n := d.Count(t, `SELECT count(*) FROM app.report`); n != 1 {
		t.Errorf("%d reports", n)
	}
	if _, err := send(d.Mette); !errors.Is(err, fault.NotFound) {
		t.Errorf("a colleague sends somebody else's draft: %v", err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.report_draft WHERE answers <> ''`); n != 0 {
		t.Error("the answers stay after the report is there")
	}
}

// "Hadidja" on the telephone is Khadija in the case; her number finds her too, and a case that is not the searcher's does not exist.
func TestTheChildIsFoundHoweverTheCallerSaysIt(t *testing.T) {
	d := newDesk(t)
	c, hidden := d.Case(t, d.Dennis, 1), d.Case(t, d.Mette, 2)
	for _, x := range []testkit.CaseFile{c, hidden} {
		d.Exec(t, `UPDATE app.person SET name = 'Khadija El-Haddad', name_folded = $2, cpr_bidx = $3 WHERE id = $1`, x.CitizenID, casefile.Fold("Khadija El-Haddad"), d.Keys.BlindCPR("7404104234"))
	}
	if err := d.DB.InCase(t.Context(), d.Dennis, db.Case{Ref: c.Ref}, func(tx *db.Tx) error {
		return casefile.AddFact(t.Context(), tx, d.Keys, casefile.FactInput{PersonID: c.CitizenID, Kind: "phone", Text: "+45 00 12 34 56"})
	}); err != nil {
		t.Fatal(err)
	}
	find := func(who actor.Actor, w concern.Words) []concern.Candidate {
		t.Helper()
		id := uuid.New()
		var found []concern.Candidate
		err := d.DB.InTx(t.Context(), who, func(tx *db.Tx) (err error) {
			if err := concern.KeepWords(t.Context(), tx, d.Keys, id, w); err != nil {
				return err
			}
			found, err = concern.FindCandidates(t.Context(), tx, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for w, by := range map[concern.Words]string{{Name: "Hadidja Hadad"}: "sound", {Name: "khadija"}: "name", {Name: "Kadhija El Haddad"}: "name", {Phone: "00123456"}: "phone", {CPR: "7404104234"}: "cpr", {Name: "Khadidscha"}: "sound"} {
		if got := find(d.Dennis, w); len(got) != 1 || got[0].Ref != c.Ref || got[0].FoundBy != by && by != "name" {
			t.Errorf("%+v: %+v", w, got)
		}
		if got := find(d.Huseyin, w); len(got) != 0 {
			t.Errorf("%+v finds for a stranger %+v", w, got)
		}
	}
	if got := find(d.Dennis, concern.Words{Name: "Samira Nielsen"}); len(got) != 0 {
		t.Errorf("another name finds %+v", got)
	}
	// somebody consulted reads the case, and not its protected facts: the number does not find it
	d.Grant(t, c, d.Huseyin, "consulted")
	if got := find(d.Huseyin, concern.Words{Phone: "00123456"}); len(got) != 0 {
		t.Error("a protected number is tried out by somebody consulted")
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'search' AND actor = $1`, d.Dennis.UserID); n != 7 {
		t.Errorf("%d lines about the searches", n)
	}
	made := d.must(t, d.Mette, call(time.Now()))
	if got := find(d.Dennis, concern.Words{Name: "Hadidja Haddad"}); len(got) != 2 || got[0].Kind == got[1].Kind {
		t.Errorf("case and report %s: %+v", made.Number, got)
	}
}
