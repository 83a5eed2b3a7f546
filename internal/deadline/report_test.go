package deadline_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
)

// A deadline of a report is seen by whoever sees the report, and started by whoever has opened it: a desk of others is no door to it.
func TestTheClocksOfAReportStandWithItsDesk(t *testing.T) {
	d := newDesk(t)
	var report uuid.UUID
	var desk string
	d.Scan(t, []any{&report}, `INSERT INTO app.report (ref, number, municipality, area, source, received_at, assess_by, registered_by, assigned_to)
		VALUES ('ureport2', 'U-1', 999, 'child', 'professional', now(), now() + interval '24 hours', $1, $1) RETURNING id`, d.Mette.UserID)
	d.Scan(t, []any{&desk}, `INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Modtagelsen', true) RETURNING id::text`)
	at := db.Case{Ref: "ureport2", Page: "p"}
	d.Exec(t, `UPDATE app.report SET registered_by = $1 WHERE id = $2`, d.Dennis.UserID, report) // who took it reads it for a fortnight, and no more
	if err := d.DB.InCase(t.Context(), d.Dennis, at, func(tx *db.Tx) error {
		_, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_24H", tx.Now)
		return err
	}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who only reads a report starts its clock: %v", err)
	}
	d.must(d.DB.InCase(t.Context(), d.Mette, at, func(tx *db.Tx) error {
		first, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_24H", tx.Now)
		if err != nil {
			return err
		}
		if again, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_24H", tx.Now); again != first || err != nil {
			t.Errorf("two clocks for one report: %v", err)
		}
		return deadline.MeetForReport(t.Context(), tx, report, tx.Now, "UND_24H", "UND_RECEIPT")
	}))
	if n := d.Count(t, `SELECT count(*) FROM app.deadline d JOIN app.deadline_change c ON c.deadline_id = d.id AND c.what = 'met' WHERE d.report_id = $1 AND d.status = 'met' AND d.team_id = $2`, report, desk); n != 1 {
		t.Errorf("%d met", n)
	}
	for name, who := range d.People() {
		if name == "nobody" {
			continue
		}
		d.must(d.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			n, err := db.One[int](t.Context(), tx, `SELECT count(*)::int FROM app.deadline`, db.Args{})
			if (n == 1) != (who.UserID == d.Mette.UserID || who.UserID == d.Dennis.UserID) {
				t.Errorf("%s sees %d", name, n)
			}
			return err
		}))
		err := d.DB.InTx(t.Context(), who, func(tx *db.Tx) error { // without opening the report
			_, err := deadline.StartForReport(t.Context(), tx, deadline.OfTheLaw(), report, "UND_RECEIPT", tx.Now)
			return err
		})
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s starts one: %v", name, err)
		}
	}
}
