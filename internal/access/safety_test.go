package access

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Everybody's relation to every case, and what they may say about a check-in and an event, as the letters of the matrix
// have it: who may add a note or manages the case answers a check-in, who writes or manages cancels it, who writes, or
// manages and notes, raises an event, who writes answers it, and who reads knows whom an alarm can go to.
func TestWhoSaysWhatBecameOfACheckIn(t *testing.T) {
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
			who, letters := line[0], line[1+i]
			may := func(all ...string) bool {
				for _, some := range all {
					ok := true
					for _, letter := range some {
						ok = ok && strings.ContainsRune(letters, letter)
					}
					if ok {
						return true
					}
				}
				return false
			}
			w.in(t, who, name, func(tx pgx.Tx) error {
				for _, act := range []struct {
					what string
					want bool
					sql  string
					args []any
				}{
					{"hears", may("N", "M"), `SELECT CASE WHEN app.answer_check_in($1, $2, 1, 'ok', '') THEN 1 END`, []any{id(name), id(name + " check")}},
					{"cancels", may("W", "M"), `SELECT CASE WHEN app.answer_check_in($1, $2, 1, 'cancelled', 'x') THEN 1 END`, []any{id(name), id(name + " check")}},
					{"raises", may("W", "NM"), `SELECT CASE WHEN app.raise_prompt($1, 'new_report', '2') IS NOT NULL THEN 1 END`, []any{id(name)}},
					{"answers", may("W"), `UPDATE app.prompt SET answer = 'done', answered_by = $2, answered_at = now() WHERE case_id = $1 RETURNING 1`, []any{id(name), id(who)}},
					{"knows whom to alarm", may("R"), `SELECT least(count(*), 1) FROM app.may_be_alarmed($1)`, []any{id(name)}},
				} {
					inner, err := tx.Begin(t.Context())
					if err != nil {
						return err
					}
					got := count(t, inner, act.sql, act.args...) == 1
					_ = inner.Rollback(t.Context())
					if decisions++; got != act.want {
						t.Errorf("%s (%s), %s case: %s is %t, should be %t", who, letters, name, act.what, got, act.want)
					}
				}
				return errBack
			})
		}
	}
	t.Logf("%d decisions", decisions)
}

// The list of whom an alarm can go to holds those who may open the case, and nobody else: not the excluded, not whose
// time is over, of a sealed case no lead who is not named.
func TestAnAlarmGoesToWhoMayOpenTheCase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	want := map[string]string{
		"normal": "consulted,coworker,lead_named,responsible,specialist_granted,team_lead,locked,no_session,Jonas Brandt-Holm",
		"sealed": "consulted,coworker,lead_named,responsible,specialist_granted,locked,no_session",
	}
	for name, names := range want {
		w.in(t, "responsible", name, func(tx pgx.Tx) error {
			rows, _ := tx.Query(t.Context(), `SELECT name FROM app.may_be_alarmed($1)`, id(name))
			got, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			listed := map[string]bool{}
			for _, n := range got {
				listed[n] = true
			}
			for _, n := range strings.Split(names, ",") {
				if !listed[n] {
					t.Errorf("%s case: %s is missing", name, n)
				}
				delete(listed, n)
			}
			for n := range listed {
				t.Errorf("%s case: %s could be alarmed", name, n)
			}
			return errBack
		})
	}
}
