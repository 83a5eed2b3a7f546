package casefile_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// numbered is a case with a number of the citizen and one of a mother.
func numbered(t *testing.T) (x change, citizens, mothers, mother uuid.UUID) {
	t.Helper()
	x = newChange(t)
	citizens, mothers = uuid.New(), uuid.New()
	x.must(t, func(tx *db.Tx) (err error) {
		if mother, err = casefile.AddPerson(t.Context(), tx, x.o.Keys, casefile.PersonInput{Relation: "mor", ConflictRole: "supports", MayKnow: "yes", MayContact: "yes"}); err != nil {
			return err
		}
		if err = casefile.AddFact(t.Context(), tx, x.o.Keys, casefile.FactInput{ID: citizens, PersonID: x.c.CitizenID, Kind: "phone", Text: "00 11 22 33"}); err != nil {
			return err
		}
		return casefile.AddFact(t.Context(), tx, x.o.Keys, casefile.FactInput{ID: mothers, PersonID: mother, Kind: "phone", Text: "00 44 55 66"})
	})
	return x, citizens, mothers, mother
}

func (x change) use(t *testing.T, who actor.Actor, u casefile.Use) (s casefile.Shown, err error) {
	t.Helper()
	err = x.as(t, who, func(tx *db.Tx) (err error) { s, err = casefile.UseFact(t.Context(), tx, x.o.Keys, u); return err })
	return s, err
}

func (x change) settle(t *testing.T, sql string) {
	t.Helper()
	x.o.Exec(t, `UPDATE app.safe_contact SET `+sql+` WHERE case_id = $1`, x.c.ID)
}

func refused(t *testing.T, what string, err error, field, key string) {
	t.Helper()
	var bad fault.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("%s: %v, want %s: %s", what, err, field, key)
	}
}

func TestANumberThatMayNotBeUsedNowTakesAReasonThatStays(t *testing.T) {
	t.Parallel()
	x, citizens, _, _ := numbered(t)
	overridden := func() int {
		return x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'contact.overridden'`)
	}
	call := casefile.Use{Fact: citizens, Purpose: "contact.phone", Key: uuid.New()}
	_, err := x.use(t, x.o.Mette, call)
	refused(t, "nobody has settled it", err, "reason", "contact.error.reason")
	call.Reason = "  "
	_, err = x.use(t, x.o.Mette, call)
	refused(t, "an empty reason", err, "reason", "contact.error.reason")
	for _, none := range []string{"x", "Haster!", "xxxxxxxxxxxxxxxxxxxx", "x x"} {
		call.Reason = none
		_, err = x.use(t, x.o.Mette, call)
		refused(t, "a reason that tells nothing", err, "reason", "contact.error.sentence")
	}
	for _, number := range []string{"00 11 22 33 ring nu, sagde hun", "Ring på 0045 0011-2233, det haster", "Hun står i registret som 740410-1234"} {
		call.Reason = number
		_, err = x.use(t, x.o.Mette, call)
		refused(t, "the number in the reason", err, "reason", "error.open_words")
	}
	call.Reason = "Hun har selv bedt om det i dag."
	s, err := x.use(t, x.o.Mette, call)
	if err != nil || s.Text != "00 11 22 33" || s.Verdict.OK() || overridden() != 1 {
		t.Fatalf("%+v, %v, %d events", s, err, overridden())
	}
	if s, err = x.use(t, x.o.Mette, call); err != nil || !s.Spent || s.Text != "" || overridden() != 1 {
		t.Errorf("sent again it shows %+v, %v", s, err)
	}
	if n := x.o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'contact.overridden' AND (data::text LIKE '%00 11%' OR data::text LIKE '%bedt%' OR data ->> 'channel' <> 'phone' OR data ->> 'why' <> 'unsettled')`); n != 0 {
		t.Error("the timeline holds the number or the reason, or not the way")
	}
	var list *[]casefile.Override
	x.read(t, x.o.Mette, func(b *db.Batch) { list = casefile.Overrides(b) })
	if len(*list) != 1 || (*list)[0].Reason != call.Reason || (*list)[0].By != "Mette Lindhardt" || (*list)[0].Person != "" {
		t.Errorf("%+v", *list)
	}
	// looking at it for something else takes a reason too, else "control" would be the way around
	_, err = x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "control"})
	refused(t, "another purpose", err, "reason", "contact.error.reason")
	for _, purpose := range []string{"contact", "contact.email", "contact.", "x", ""} {
		_, err = x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: purpose, Reason: "x"})
		refused(t, purpose, err, "purpose", "fact.error.purpose")
	}

	x.settle(t, `may_use = '{phone}', must_not = '{sms}'`)
	if s, err = x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.phone"}); err != nil || !s.Verdict.OK() || s.Text == "" || overridden() != 1 {
		t.Errorf("allowed: %+v, %v, %d events", s, err, overridden())
	}
	_, err = x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.sms"})
	refused(t, "the same number, another way", err, "reason", "contact.error.reason")
	x.settle(t, `windows = jsonb_build_array(jsonb_build_object('days', to_char((now() + interval '2 days') AT TIME ZONE 'Europe/Copenhagen', 'ID'), 'from', '08:00', 'to', '09:00'))`)
	_, err = x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.phone"})
	refused(t, "in two days", err, "reason", "contact.error.reason")
}

func TestNoReasonHelpsBeforeTheRiskIsAssessed(t *testing.T) {
	t.Parallel()
	x, _, mothers, mother := numbered(t)
	call := casefile.Use{Fact: mothers, Purpose: "contact.phone", Reason: "Det haster meget nu", Key: uuid.New()}
	_, err := x.use(t, x.o.Mette, call)
	refused(t, "the gate is shut", err, "purpose", "contact.error.gate")
	// past the operation, by the application's own login
	for what, sql := range map[string]string{
		"the number":  `SELECT app.reveal_fact(@case, @fact, 'contact'), @person::uuid, @me::uuid`,
		"an override": `INSERT INTO app.contact_override (case_id, person_id, fact_id, channel, why, reason, by_user, request_key) VALUES (@case, @person, @fact, 'phone', 'ask', 'Det haster meget', @me, gen_random_uuid())`,
	} {
		err := x.as(t, x.o.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, sql, db.Args{"case": x.c.ID, "fact": mothers, "person": mother, "me": x.o.Mette.UserID})
			return err
		})
		if !db.Violates(err, "risk_before_family") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if s, err := x.use(t, x.o.Mette, casefile.Use{Fact: mothers, Purpose: "protection", Reason: "Politiet skal have nummeret nu.", Key: uuid.New()}); err != nil || s.Text == "" || s.Channel != "" {
		t.Errorf("to protect somebody it may be seen: %+v, %v", s, err)
	}
	x.o.Assess(t, x.c, "yellow")
	if s, err := x.use(t, x.o.Mette, call); err != nil || s.Text != "00 44 55 66" || !s.Verdict.OK() {
		t.Errorf("assessed: %+v, %v", s, err)
	}
	x.o.Exec(t, `UPDATE app.person SET may_contact = 'ask', conflict_role = 'threatens' WHERE id = $1`, mother)
	_, err = x.use(t, x.o.Mette, casefile.Use{Fact: mothers, Purpose: "contact.phone"})
	refused(t, "who threatens", err, "reason", "contact.error.reason")
}

func TestARuleOfContactThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	x := newChange(t)
	phone := []casefile.Channel{casefile.Phone}
	for name, c := range map[string]struct {
		rules  casefile.ContactRules
		policy string
		field  string
		sql    string // what the database says to the same, by the application's login
	}{
		"used and never used":      {casefile.ContactRules{MayUse: phone, MustNot: phone}, "normal", "use_phone", `may_use = '{phone}', must_not = '{phone}'`},
		"written under a promise":  {casefile.ContactRules{MayUse: []casefile.Channel{casefile.SMS}}, "none_written", "use_sms", `policy = 'none_written', may_use = '{sms}'`},
		"a call, only in person":   {casefile.ContactRules{MayUse: []casefile.Channel{casefile.Visit, casefile.Phone}}, "in_person", "use_phone", `policy = 'in_person', may_use = '{visit,phone}'`},
		"a call, past the partner": {casefile.ContactRules{MayUse: phone}, "via_partner", "use_phone", `policy = 'via_partner', may_use = '{phone}'`},
		"agreed hours, and none":   {casefile.ContactRules{MayUse: phone}, "phone_agreed", "use_phone", `policy = 'phone_agreed', may_use = '{phone}'`},
		"a third without a name":   {casefile.ContactRules{MayUse: []casefile.Channel{casefile.Third}}, "normal", "third", `may_use = '{third}'`},
		"an unknown way":           {casefile.ContactRules{MayUse: []casefile.Channel{"pigeon"}}, "normal", "use_pigeon", `may_use = '{pigeon}'`},
		"no days":                  {casefile.ContactRules{Windows: []casefile.Window{{From: "08:00", To: "09:00"}}}, "normal", "windows", `windows = '[{"days": "", "from": "08:00", "to": "09:00"}]'`},
		"no hour":                  {casefile.ContactRules{Windows: []casefile.Window{{Days: "1", From: "8", To: "09:00"}}}, "normal", "windows", `windows = '[{"days": "1", "from": "8", "to": "09:00"}]'`},
		"a window of nothing":      {casefile.ContactRules{Windows: []casefile.Window{{Days: "1", From: "08:00", To: "08:00"}}}, "normal", "windows", `windows = '[{"days": "1", "from": "08:00", "to": "08:00"}]'`},
	} {
		var bad fault.Invalid
		if err := c.rules.Validate(c.policy); !errors.As(err, &bad) || bad[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
		err := x.as(t, x.o.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE app.safe_contact SET `+c.sql+` WHERE case_id = @case`, db.Args{"case": x.c.ID})
			return err
		})
		if err == nil {
			t.Errorf("%s: the database takes it", name)
		}
	}
	full := casefile.ContactRules{MayUse: []casefile.Channel{casefile.Third}, MustNot: []casefile.Channel{casefile.Email}, Third: "Anders Møller",
		Windows: []casefile.Window{{Days: "12345", From: "09:00", To: "14:00"}, {Days: "7", From: "22:00", To: "01:00"}}}
	x.must(t, func(tx *db.Tx) error {
		return casefile.ChangeSafeContact(t.Context(), tx, x.o.Keys, 1, fullContact, full)
	})
	var h *casefile.Header
	x.read(t, x.o.Mette, func(b *db.Batch) { h = casefile.GetHeader(b) })
	if got := h.ContactRules; len(got.MayUse) != 1 || len(got.MustNot) != 1 || got.Third != full.Third || len(got.Windows) != 2 || got.Windows[1] != full.Windows[1] {
		t.Errorf("came back as %+v", got)
	}
	if err := (casefile.PersonInput{Relation: "bror", ConflictRole: "threatens", MayKnow: "yes", MayContact: "yes"}).Validate(h.OpenedAt); err == nil {
		t.Error("who threatens may be contacted")
	}
}

func TestTheLeadHearsOfAForbiddenContactAndNotOfAnUnsettledOne(t *testing.T) {
	t.Parallel()
	x, citizens, _, _ := numbered(t)
	heard := func(who actor.Actor) int {
		return x.o.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND case_id = $2 AND kind = 'contact.overridden'`, who.UserID, x.c.ID)
	}
	call := func() {
		t.Helper()
		if _, err := x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.phone", Reason: "Hun har selv bedt om det i dag.", Key: uuid.New()}); err != nil {
			t.Fatal(err)
		}
	}
	if call(); heard(x.o.Jonas) != 0 {
		t.Error("a lead is told of what nobody had settled")
	}
	x.settle(t, `must_not = '{phone}'`)
	if call(); heard(x.o.Jonas) != 1 || heard(x.o.Mette) != 0 || heard(x.o.Dennis) != 0 {
		t.Errorf("told: lead %d, who did it %d, somebody else %d", heard(x.o.Jonas), heard(x.o.Mette), heard(x.o.Dennis))
	}
}

// An old row, from before the database asked, is judged as strictly as a new one.
func TestTheOwnNumberTakesAReasonWhereContactGoesThroughAPartner(t *testing.T) {
	t.Parallel()
	x, citizens, _, _ := numbered(t)
	x.o.Exec(t, `ALTER TABLE app.safe_contact DROP CONSTRAINT policy_is_kept`)
	for policy, why := range map[string]string{"in_person": "policy_in_person", "via_partner": "policy_via_partner", "phone_agreed": "no_hours"} {
		x.settle(t, `may_use = '{phone}', windows = '[]', policy = '`+policy+`'`)
		_, err := x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.phone"})
		refused(t, policy, err, "reason", "contact.error.reason")
		s, err := x.use(t, x.o.Mette, casefile.Use{Fact: citizens, Purpose: "contact.phone", Reason: "Hun har selv bedt om det i dag.", Key: uuid.New()})
		if err != nil || s.Verdict.OK() || s.Verdict.Why != why {
			t.Errorf("%s: %+v, %v", policy, s.Verdict, err)
		}
	}
}

func TestAProtectedNumberDoesNotStandInTheStrip(t *testing.T) {
	t.Parallel()
	x, _, _, _ := numbered(t)
	x.must(t, func(tx *db.Tx) error {
		if err := casefile.AddFact(t.Context(), tx, x.o.Keys, casefile.FactInput{PersonID: x.c.CitizenID, Kind: "school", Text: "Åskolen"}); err != nil {
			return err
		}
		return casefile.AddFact(t.Context(), tx, x.o.Keys, casefile.FactInput{PersonID: x.c.CitizenID, Kind: "address", Text: "Strandvænget 14, 0999 Ellehøj"})
	})
	change := func(field, words string) error {
		s, r := casefile.SafeContact{Policy: "normal", Never: "Ring aldrig til hjemmet"}, casefile.ContactRules{}
		*map[string]*string{"channel": &s.Channel, "hours": &s.Hours, "never": &s.Never, "cover": &s.Cover, "third": &r.Third}[field] = words
		return x.as(t, x.o.Mette, func(tx *db.Tx) error {
			return casefile.ChangeSafeContact(t.Context(), tx, x.o.Keys, 1, s, r)
		})
	}
	for _, field := range []string{"channel", "hours", "never", "cover", "third"} {
		for _, words := range []string{"Ring 00 11 22 33", "0044 5566", "Mød hende ved Strandvænget 14", "strandvaenget 14", "CPR 740410-1234"} {
			refused(t, field+": "+words, change(field, words), field, "error.open_words")
		}
	}
	if err := change("channel", "Gennem skolens vejleder på Åskolen, tlf. 00 99 88 77"); err != nil {
		t.Errorf("words that find nobody: %v", err)
	}
}
