package sharing_test

import (
	"slices"
	"testing"
	"time"

	"samspil/internal/reference"
	"samspil/internal/sharing"
)

// everyQuestion asks the compass everything that can be asked.
func everyQuestion(t *testing.T, check func(q sharing.Question, c sharing.Course)) {
	t.Helper()
	n := 0
	for _, p := range reference.AllPartnerTypes() {
		for _, purpose := range reference.Items(reference.SharingPurposes) {
			for _, age := range sharing.Ages {
				for _, consent := range sharing.Consents {
					q := sharing.Question{Partner: p.Code, Purpose: purpose.Code, Age: sharing.Age{Group: age}, Consent: consent}
					check(q, sharing.Decide(q))
					n++
				}
			}
		}
	}
	if n < 47*13*4*3 {
		t.Errorf("only %d questions", n)
	}
	t.Logf("%d questions", n)
}

func TestTheCompassAnswersEveryQuestion(t *testing.T) {
	t.Parallel()
	open, shut := 0, 0
	everyQuestion(t, func(q sharing.Question, c sharing.Course) {
		if c.Version == "" {
			t.Fatalf("%+v: nobody knows by which data", q)
		}
		if len(c.Ways) > 0 {
			open++
		} else {
			shut++
		}
		if len(c.Ways)+len(c.With) == 0 { // consent opens every door of the directory
			t.Errorf("%+v: neither a way nor what would open one", q)
		}
		for _, w := range slices.Concat(c.Ways, c.With) {
			if w.Basis.Reference == "" || w.Rule.WriteDA == "" || w.Rule.WriteEN == "" || w.Rule.NotDA == "" || w.Rule.NotEN == "" || w.Rule.Certainty == "" {
				t.Errorf("%+v: %s lacks the paragraph, what to write, or what not to share", q, w.Basis.Code)
			}
		}
	})
	if open == 0 || shut == 0 {
		t.Errorf("%d open, %d shut: it decides nothing", open, shut)
	}
}

func TestTheCompassKeepsToTheLaw(t *testing.T) {
	t.Parallel()
	children := []string{"BL_132", "BL_126", "SSD_VERIFY", "RPL_115_SSP", "UDL_44C"}
	everyQuestion(t, func(q sharing.Question, c sharing.Course) {
		for _, w := range c.Ways {
			code := w.Basis.Code
			switch {
			case w.Basis.Direction == "obtain":
				t.Errorf("%+v: %s is for obtaining", q, code)
			case w.Basis.ConsentNeeded && q.Consent != sharing.Consented:
				t.Errorf("%+v: %s without consent", q, code)
			case (code == "RPL_115_SSP" || code == "RPL_115_PSP") && (q.Purpose == "investigation" || q.Purpose == "crime"):
				t.Errorf("%+v: § 115, stk. 2 bars investigation", q)
			case code == "CRIME_REPORT" && q.Purpose != "crime":
				t.Errorf("%+v: a report of crime for something else", q)
			case slices.Contains(children, code) && q.Age.Group == sharing.Adult:
				t.Errorf("%+v: %s is about children", q, code)
			case code == sharing.Anonymous && w.Despite:
				t.Errorf("%+v: an anonymous question asks for no consent", q)
			}
		}
		if q.Purpose == "advice" && !c.Knows(sharing.Anonymous) {
			t.Errorf("%+v: one may always ask anonymously", q)
		}
		if !c.Knows("CONSENT") && q.Consent == sharing.Consented {
			t.Errorf("%+v: consent is of no use", q)
		}
	})
}

func TestWhatTheCompassSaysOfWhatHappensInTheOffice(t *testing.T) {
	t.Parallel()
	for what, tr := range map[string]struct {
		partner, purpose, age, consent string
		ways                           []string
	}{
		"the police, before a crime, about a girl of 16":   {"police_district", "prevention", sharing.Youth, sharing.NotAsked, []string{"ABUSE_PREVENTION_VERIFY", "RPL_115_SSP", "RPL_115_PSP"}},
		"the police, before a crime, about a grown woman":  {"police_district", "prevention", sharing.Adult, sharing.NotAsked, []string{"ABUSE_PREVENTION_VERIFY", "RPL_115_PSP"}},
		"the police investigate and ask for the journal":   {"police_district", "investigation", sharing.Youth, sharing.NotAsked, nil},
		"the police, in danger, though she said no":        {"police_district", "danger", sharing.Adult, sharing.Declined, []string{"GDPR_FVL28", "VITAL_INTEREST"}},
		"the security consultant, not asked":               {"security_consultant", "risk", sharing.Youth, sharing.NotAsked, []string{"ANONYMOUS"}},
		"the security consultant, with consent":            {"security_consultant", "risk", sharing.Youth, sharing.Consented, []string{"ANONYMOUS", "CONSENT", "SL_12C"}},
		"the immigration service, before a trip":           {"immigration_service", "travel", sharing.Under15, sharing.Declined, []string{"GDPR_FVL28", "UDL_44C"}},
		"the same, under 18 as the area says":              {"immigration_service", "travel", sharing.Minor, sharing.Declined, []string{"GDPR_FVL28", "UDL_44C"}},
		"the children's house, about an adult":             {"childrens_house", "abuse", sharing.Adult, sharing.NotAsked, nil},
		"the new municipality of a child":                  {"other_municipality", "moving", sharing.Under15, sharing.NotAsked, []string{"GDPR_FVL28", "BL_132"}},
		"a housing association, without consent":           {"housing_association", "task", sharing.Adult, sharing.NotAsked, nil},
		"the interpreter":                                  {"interpreter_service", "task", sharing.Adult, sharing.NotAsked, []string{"NEED_TO_KNOW"}},
		"the population register, to protect the address":  {"citizen_service", "protect_address", sharing.Adult, sharing.NotAsked, []string{"OWN_AUTHORITY", "CPR_6"}},
		"a colleague, to support a child's school":         {reference.Colleague, "casework", sharing.Youth, sharing.Consented, []string{"OWN_AUTHORITY", "SSD_VERIFY"}},
		"a colleague of SSP, before a crime":               {reference.Colleague, "prevention", sharing.Under15, sharing.NotAsked, []string{"OWN_AUTHORITY", "SSD_VERIFY", "RPL_115_SSP", "RPL_115_PSP"}},
		"a colleague, about a grown woman":                 {reference.Colleague, "prevention", sharing.Adult, sharing.Consented, []string{"OWN_AUTHORITY", "RPL_115_PSP"}},
		"a colleague, in danger":                           {reference.Colleague, "danger", sharing.Adult, sharing.Declined, []string{"OWN_AUTHORITY", "VITAL_INTEREST"}},
		"a colleague, for an investigation":                {reference.Colleague, "investigation", sharing.Youth, sharing.Consented, nil},
		"a colleague, without names":                       {reference.Colleague, "advice", sharing.Adult, sharing.NotAsked, []string{"ANONYMOUS", "OWN_AUTHORITY"}},
		"somebody who is no partner type of the reference": {"cousin", "advice", sharing.Adult, sharing.Consented, nil},
	} {
		c := sharing.Decide(sharing.Question{Partner: tr.partner, Purpose: tr.purpose, Age: sharing.Age{Group: tr.age}, Consent: tr.consent})
		var got []string
		for _, w := range c.Ways {
			got = append(got, w.Basis.Code)
		}
		if !slices.Equal(got, tr.ways) {
			t.Errorf("%s: %v, want %v", what, got, tr.ways)
		}
	}
}

func TestTheRulesOfTheCompassNameWhatExists(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range reference.SharingRules() {
		if _, ok := reference.LegalBasisByCode(r.Code); !ok || seen[r.Code] {
			t.Errorf("%s is no legal basis, or stands twice", r.Code)
		}
		seen[r.Code] = true
		for _, code := range r.Recipients {
			if code != reference.Every && code != reference.Colleague && !reference.Known(reference.PartnerTypes, code) {
				t.Errorf("%s reaches %q, which is no partner type", r.Code, code)
			}
		}
		for _, code := range r.Purposes {
			if code != reference.Every && !reference.Known(reference.SharingPurposes, code) {
				t.Errorf("%s serves %q, which is no purpose", r.Code, code)
			}
		}
		for _, a := range r.Ages {
			if !slices.Contains([]string{sharing.Under15, sharing.Youth, sharing.Adult}, a) {
				t.Errorf("%s: age %q", r.Code, a)
			}
		}
	}
	for _, b := range reference.AllLegalBases() {
		if b.Direction != "obtain" && !seen[b.Code] {
			t.Errorf("no rule is about %s", b.Code)
		}
	}
	for code, want := range map[string]bool{"SSD_VERIFY": false, "ABUSE_PREVENTION_VERIFY": false, "RPL_115_PSP": false, "GDPR_FVL28": false, "CONSENT": false, "RPL_115_SSP": true, "UDL_44C": true} {
		for _, r := range reference.SharingRules() {
			if r.Code == code && r.Verified() != want {
				t.Errorf("%s verified: %t", code, r.Verified())
			}
		}
	}
}

func TestAGuessedAgeStaysAGuess(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	day := func(y int, m time.Month, d int) *time.Time {
		t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return &t
	}
	for what, tr := range map[string]struct {
		born *time.Time
		area string
		want sharing.Age
	}{
		"14, fifteen tomorrow":          {day(2011, 11, 23), "child", sharing.Age{Group: sharing.Under15}},
		"15 today":                      {day(2011, 11, 22), "child", sharing.Age{Group: sharing.Youth}},
		"18 today, in a child's case":   {day(2008, 11, 22), "child", sharing.Age{Group: sharing.Adult}},
		"no birthday, a child's case":   {nil, "child", sharing.Age{Group: sharing.Minor, Guess: true}},
		"no birthday, an adult's case":  {nil, "adult", sharing.Age{Group: sharing.Adult, Guess: true}},
		"16, in a case of the grown up": {day(2010, 4, 14), "adult", sharing.Age{Group: sharing.Youth}},
	} {
		if got := sharing.AgeOf(tr.born, tr.area, now); got != tr.want {
			t.Errorf("%s: %+v", what, got)
		}
	}
}
