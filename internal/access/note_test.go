package access_test

import (
	"testing"

	"samspil/internal/db"
	"samspil/internal/testkit"
)

func TestNobodyAddsALineToWhatAColleagueHasSigned(t *testing.T) {
	o := testkit.NewOffice(t)
	c, yasmin := o.Case(t, o.Mette, 1), o.Partner(t, "security_consultant", "Team Øst", "Yasmin")
	o.Grant(t, c, o.Sara, "consulted")
	note := func(id string) string {
		return `INSERT INTO app.note (id, case_id, kind, body, author, family) VALUES ('` + id + `', @case, 'phone', 'x', @me, 'no')`
	}
	const hers, mine = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
	spoken := `INSERT INTO app.note_spoken (case_id, note_id, contact_id) VALUES (@case, @note, @contact)`
	err := o.DB.InCase(t.Context(), o.Mette, c.At("journal"), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, note(hers), db.Args{"case": c.ID, "me": o.Mette.UserID})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, allowed := range map[string]bool{hers: false, mine: true} {
		err := o.DB.InCase(t.Context(), o.Sara, c.At("journal"), func(tx *db.Tx) error {
			if id == mine {
				if _, err := db.Exec(t.Context(), tx, note(mine), db.Args{"case": c.ID, "me": o.Sara.UserID}); err != nil {
					return err
				}
			}
			_, err := db.Exec(t.Context(), tx, spoken, db.Args{"case": c.ID, "note": id, "contact": yasmin.ID})
			return err
		})
		if (err == nil) != allowed {
			t.Errorf("whom one spoke to, on note %s: %v", id, err)
		}
	}
}
