package risk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/risk"
)

// Two people assess at once: the second one reads what the first has signed before signing.
func TestASecondSignatureSeesTheFirst(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Dennis, "coworker")
	first, err := d.sign(d.Dennis, input("orange"))
	if err != nil {
		t.Fatal(err)
	}
	in := input("red")
	if _, err := d.sign(d.Mette, in); !errors.Is(err, fault.Stale) {
		t.Errorf("over an assessment that nobody has read: %v", err)
	}
	in.Base = first
	if _, err := d.sign(d.Mette, in); err != nil {
		t.Error(err)
	}
}

func TestASignatureSentTwiceIsOneAssessment(t *testing.T) {
	d := newDesk(t)
	in := input("yellow")
	in.Key = uuid.New()
	one, err := d.sign(d.Mette, in)
	two, again := d.sign(d.Mette, in)
	if err != nil || again != nil || one != two || len(d.history(d.Mette)) != 1 {
		t.Errorf("%v %v, %v %v", one, err, two, again)
	}
}

func TestASecondPersonConfirmsAndTheFirstCannot(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Sara, "consulted")
	id, err := d.sign(d.Mette, input("red"))
	if err != nil {
		t.Fatal(err)
	}
	confirm := func(who actor.Actor, in risk.ConfirmInput) error {
		return d.do(who, func(tx *db.Tx) error { return risk.Confirm(t.Context(), tx, id, in) })
	}
	refused(t, confirm(d.Mette, risk.ConfirmInput{Outcome: "confirm"}), "outcome", "risk.error.second")
	refused(t, confirm(d.Sara, risk.ConfirmInput{Outcome: "advise_against"}), "remarks", "risk.error.remarks")
	refused(t, confirm(d.Sara, risk.ConfirmInput{}), "outcome", "risk.error.outcome")
	if err := confirm(d.Sara, risk.ConfirmInput{Outcome: "insufficient", Remarks: "Hvor er passet?"}); err != nil {
		t.Fatal(err)
	}
	if !d.header().RiskUnconfirmed || !d.get(id).Unconfirmed() {
		t.Error("who cannot judge has confirmed")
	}
	if err := confirm(d.Jonas, risk.ConfirmInput{Outcome: "confirm"}); err != nil {
		t.Fatal(err)
	}
	if d.header().RiskUnconfirmed || d.get(id).Unconfirmed() || len(d.get(id).Confirmations) != 2 {
		t.Errorf("%+v", d.get(id).Confirmations)
	}
	if err := confirm(d.Jonas, risk.ConfirmInput{Outcome: "confirm"}); err != nil {
		t.Errorf("pressed twice: %v", err)
	}
	// the database refuses the signer too
	err = d.do(d.Mette, func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO app.risk_confirmation (case_id, assessment_id, outcome, confirmed_by) VALUES (@case, @id, 'confirm', @me)`,
			db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
		return err
	})
	if !db.Violates(err, "confirmed_by_another") {
		t.Errorf("one's own second person: %v", err)
	}
}

func TestNobodyAddsToWhatIsSigned(t *testing.T) {
	d := newDesk(t)
	id, err := d.sign(d.Mette, input("yellow"))
	if err != nil {
		t.Fatal(err)
	}
	d.Exec(t, `DELETE FROM app.risk_answer WHERE factor = 'RA1'`)
	for name, sql := range map[string]string{
		"an answer later":       `INSERT INTO app.risk_answer (case_id, assessment_id, factor, answer) VALUES (@case, @id, 'RA1', 'absent')`,
		"an answer changed":     `UPDATE app.risk_answer SET answer = 'absent' WHERE case_id = @case AND assessment_id = @id`,
		"the level changed":     `UPDATE app.risk_assessment SET level = 'green' WHERE case_id = @case AND id = @id`,
		"the assessment thrown": `DELETE FROM app.risk_assessment WHERE case_id = @case AND id = @id`,
	} {
		err := d.do(d.Mette, func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, sql, db.Args{"case": d.c.ID, "id": id})
			return err
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStrangersAndTheConsultedSignNothing(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Sara, "consulted")
	if _, err := d.sign(d.Sara, input("yellow")); !errors.Is(err, fault.Forbidden) {
		t.Errorf("somebody consulted: %v", err)
	}
	if _, err := d.sign(d.Huseyin, input("yellow")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

// Two persons are two persons: nobody signs or confirms with a colleague's name, and nobody confirms where they only read.
func TestNobodySignsInAColleaguesName(t *testing.T) {
	d := newDesk(t)
	d.Grant(t, d.c, d.Sara, "consulted")
	id, err := d.sign(d.Mette, input("red"))
	if err != nil {
		t.Fatal(err)
	}
	raw := func(who actor.Actor, sql string, name actor.Actor) error {
		return d.do(who, func(tx *db.Tx) error {
			args := db.Args{"case": d.c.ID, "who": name.UserID}
			if strings.Contains(sql, "@id") {
				args["id"] = id
			}
			_, err := db.Exec(t.Context(), tx, sql, args)
			return err
		})
	}
	const assess = `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, valid_until, signed_by) VALUES (gen_random_uuid(), @case, 'own', 'red', 'x', now() + interval '1 day', @who)`
	const confirm = `INSERT INTO app.risk_confirmation (id, case_id, assessment_id, outcome, confirmed_by) VALUES (gen_random_uuid(), @case, @id, 'confirm', @who)`
	for name, err := range map[string]error{
		"an assessment in a colleague's name":             raw(d.Mette, assess, d.Jonas),
		"an assessment by somebody who is asked":          raw(d.Sara, assess, d.Sara),
		"the signer, in the name of a second person":      raw(d.Mette, confirm, d.Jonas),
		"somebody who is asked, in the name of a manager": raw(d.Sara, confirm, d.Jonas),
	} {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !d.header().RiskUnconfirmed || len(d.history(d.Mette)) != 1 {
		t.Error("signed or confirmed all the same")
	}
	d.Exec(t, `UPDATE app.case_file SET status = 'closed', closed_at = now() WHERE id = $1`, d.c.ID)
	if err := raw(d.Sara, confirm, d.Sara); !errors.Is(err, fault.Forbidden) {
		t.Errorf("in a closed case: %v", err)
	}
}

// Signed, "Back", changed, signed again under the old key: what was signed stands, and the second signature is not taken for it.
func TestASignatureOnSomethingElseIsNotTakenForTheFirst(t *testing.T) {
	d := newDesk(t)
	in := input("yellow")
	in.Key = uuid.New()
	if _, err := d.sign(d.Mette, in); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*risk.Input){
		"level": func(in *risk.Input) { in.Level = "red" }, "reason": func(in *risk.Input) { in.Reason = "Noget andet" }, "scenario": func(in *risk.Input) { in.Scenario += " i juni" },
		"what would change it": func(in *risk.Input) { in.WouldChange = "En pasbestilling" },
		"an answer":            func(in *risk.Input) { in.Answers = slices.Clone(in.Answers); in.Answers[0].Evidence = "Set igen" },
		"a person": func(in *risk.Input) {
			in.Persons = append(slices.Clone(in.Persons), risk.Concern{PersonID: d.c.CitizenID, Concern: "Tager af sted selv"})
		},
	} {
		other := in
		change(&other)
		if _, err := d.sign(d.Mette, other); !errors.Is(err, fault.Stale) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	ext := risk.ExternalInput{Key: uuid.New(), MadeBy: "Sikkerhedskonsulent, Team Øst", MadeOn: time.Now().AddDate(0, 0, -3), Level: "red", Conclusion: "Alvorlig og nær fare"}
	do := func(in risk.ExternalInput) error {
		return d.do(d.Mette, func(tx *db.Tx) error { _, err := risk.SignExternal(t.Context(), tx, in); return err })
	}
	for range 2 { // sent twice
		if err := do(ext); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*risk.ExternalInput){
		"level": func(in *risk.ExternalInput) { in.Level = "orange"; in.Lower = true }, "conclusion": func(in *risk.ExternalInput) { in.Conclusion = "Fare" },
		"author": func(in *risk.ExternalInput) { in.MadeBy = "Politiet" }, "day": func(in *risk.ExternalInput) { in.MadeOn = time.Now().AddDate(0, 0, -2) },
		"end": func(in *risk.ExternalInput) { in.ValidUntil = time.Now().AddDate(0, 0, 1) },
	} {
		other := ext
		change(&other)
		if err := do(other); !errors.Is(err, fault.Stale) {
			t.Errorf("another %s of one from outside: %v", name, err)
		}
	}
	if n := len(d.history(d.Mette)); n != 2 {
		t.Errorf("%d assessments", n)
	}
}
