package decision_test

import (
	"context"
	"testing"

	"samspil/internal/db"
	"samspil/internal/decision"
	"samspil/internal/risk"
)

// An afgørelse names its rules and says what becomes of the guidance on complaints; a beslutning is not asked.
func TestAnAfgoerelseCarriesWhatTheLawAsksFor(t *testing.T) {
	d := newDesk(t)
	in := moving()
	in.Kind = decision.Appealable
	id, err := d.put(d.Mette, in)
	d.must(err)
	err = d.make(d.Mette, id, atSchool)
	refused(t, err, "law", "decision.error.law")
	refused(t, err, "appeal", "decision.error.appeal")
	made := atSchool
	made.Law, made.Appeal, made.Shielded = "barnets lov § 32", decision.AppealGiven, "Hvor hun bor nu."
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'no', @me)`,
			db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
		return err
	})
	if err == nil {
		t.Error("an afgørelse is made as if it were a beslutning")
	}
	d.must(d.make(d.Mette, id, made))
	if one, _ := d.get(id); one.Law != made.Law || one.Appeal != made.Appeal || one.Shielded != made.Shielded {
		t.Errorf("made: %+v", one)
	}
}

// R1: what reaches parents or network is not decided while the risk is not assessed.
func TestNothingThatReachesTheFamilyIsDecidedBeforeTheRiskIsAssessed(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving())
	d.must(err)
	reaching := atSchool
	reaching.Family = "yes"
	refused(t, d.make(d.Mette, id, reaching), "family", "decision.error.gate")
	reaching.Family = ""
	refused(t, d.make(d.Mette, id, reaching), "family", "decision.error.family")
	raw := func() error {
		return d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'yes', @me)`,
				db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
			return err
		})
	}
	if err := raw(); !risk.At(risk.Refused(err)) {
		t.Errorf("the database lets it through: %v", err)
	}
	d.Assess(t, d.c, "yellow")
	reaching.Family = "yes"
	d.must(d.make(d.Mette, id, reaching))
}

func TestNobodyPassesOverAdviceAgainst(t *testing.T) {
	d := newDesk(t)
	id, err := d.put(d.Mette, moving(d.Dennis))
	d.must(err)
	d.must(d.say(d.Dennis, id, d.askOf(id, d.Dennis), "advise_against", "Broren går der."))
	err = d.do(d.Mette, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by) VALUES (@case, @id, 'beslutning', 'made', 'x', 'x', 'no', @me)`,
			db.Args{"case": d.c.ID, "id": id, "me": d.Mette.UserID})
		return err
	})
	if !db.Violates(err, "advised_against_says_why") {
		t.Errorf("the database lets it through: %v", err)
	}
}
