package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Everybody's relation to every case, and the functions that move its steps: who writes in the case, and nobody else. The columns that
// the database keeps itself are written by nobody.
func TestWhoMovesStepsOfAPlan(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	f, err := os.Open("matrix.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	decisions := 0
	for _, line := range lines[1:] {
		for i, name := range cases {
			who, writes := line[0], strings.Contains(line[1+i], "W")
			w.in(t, who, name, func(tx pgx.Tx) error {
				for what, sql := range map[string]string{
					"previews":    `SELECT count(*) FROM (SELECT 1 FROM app.preview_steps($1, now(), NULL, NULL) UNION ALL SELECT 1 LIMIT 1) x`,
					"reschedules": `SELECT app.reschedule_steps($1) + 1`,
					"releases":    `SELECT count(*) FROM (SELECT app.release_waiting($1, gen_random_uuid())) x`,
				} {
					if got := count(t, tx, sql, id(name)) == 1; got != writes {
						t.Errorf("%s %s the steps of %s: %v, want %v", who, what, name, got, writes)
					}
					decisions++
				}
				return errBack
			})
		}
	}
	t.Logf("%d decisions", decisions)
}

func TestNobodyWritesWhatTheDatabaseKeepsOfAStep(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, column := range []string{"released_at = now()", "moved_at = now()", "moved_from = now()", "repeats_step = id"} {
		w.in(t, "responsible", cases[0], func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE app.plan_step SET `+column); err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("%s: %v", column, err)
			}
			return errBack
		})
	}
}
