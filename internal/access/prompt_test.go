package access

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What the calendar asks for is put away by somebody who says why, also past the program.
func TestAPromptIsNotPutAwayWithoutAReason(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		const sql = `UPDATE app.prompt SET answer = 'not_relevant', answered_by = $2, answered_at = now(), reason = $3 WHERE id = $1`
		if _, n, err := try(t, tx, sql, id("restricted prompt"), id("coworker"), "  "); !strings.Contains(says(err), "not_relevant_says_why") {
			t.Errorf("without a reason: %d rows, %q", n, says(err))
		}
		if _, n, err := try(t, tx, sql, id("restricted prompt"), id("coworker"), "Rejsen er aflyst"); err != nil || n != 1 {
			t.Errorf("with a reason: %d rows, %q", n, says(err))
		}
		return errBack
	})
}
