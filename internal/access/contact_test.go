package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// What the pages enforce of safe contact, the database holds to by itself: against a page that forgets, and a statement that is
// slipped in.
func TestTheDatabaseHoldsToSafeContact(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	mother, hers := uuid.New(), uuid.New()
	w.Exec(t, `INSERT INTO app.person (id, case_id, relation) VALUES ($1, $2, 'mor')`, mother, id("restricted"))
	w.Exec(t, `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES ($1, $2, $3, 'phone', '\x02', $4)`, hers, id("restricted"), mother, id("responsible"))
	const aside = `INSERT INTO app.contact_override (case_id, person_id, fact_id, channel, why, reason, by_user, request_key) VALUES (@case, @person, @fact, 'visit', 'hours', 'Hun bad selv om det', @me, gen_random_uuid())`
	args := func(who string) pgx.NamedArgs {
		return pgx.NamedArgs{"case": id("restricted"), "person": id("restricted person"), "fact": id("restricted fact"), "me": id(who), "other": id("responsible"), "mother": mother, "hers": hers, "elsewhere": id("normal fact")}
	}
	for who, may := range map[string]bool{"coworker": true, "lead_named": true, "consulted": false} {
		w.in(t, who, "restricted", func(tx pgx.Tx) error {
			if _, n, err := try(t, tx, aside, args(who)); (err == nil && n == 1) != may {
				t.Errorf("%s sets the rules aside: %v", who, err)
			}
			return errBack
		})
	}
	w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
		refused := func(what, code, sql string) {
			t.Helper()
			if _, n, err := try(t, tx, sql, args("coworker")); err == nil && n > 0 || err != nil && !strings.Contains(says(err), code) || err == nil && code != "" {
				t.Errorf("%s: %d rows, %v", what, n, err)
			}
		}
		refused("in a colleague's name", "42501", strings.Replace(aside, "@me", "@other", 1))
		refused("of a fact of somebody else", "42501", strings.Replace(aside, "@fact", "@hers", 1))
		refused("of another case's fact", "42501", strings.Replace(aside, "@fact", "@elsewhere", 1))
		refused("without a reason", "23514", strings.Replace(aside, "'Hun bad selv om det'", "' '", 1))
		refused("for a reason that is none", "a_reason_in_words", strings.Replace(aside, "'Hun bad selv om det'", "'xxxxxxxxxxxxxxxx'", 1))
		refused("for a reason of two letters", "a_reason_in_words", strings.Replace(aside, "'Hun bad selv om det'", "'x y'", 1))
		refused("changed", "42501", `UPDATE app.contact_override SET reason = 'y' WHERE case_id = @case`)
		refused("taken back", "42501", `DELETE FROM app.contact_override WHERE case_id = @case`)
		family := strings.NewReplacer("@person", "@mother", "@fact", "@hers").Replace(aside)
		refused("the mother, while the gate is shut", "risk_before_family", family)
		refused("her number", "risk_before_family", `SELECT app.reveal_fact(@case, @hers, 'contact')`)
		refused("the gate set aside for contact", "23514", strings.Replace(aside, "'hours'", "'gate'", 1))
		for what, sql := range map[string]string{
			"used and never used":        `UPDATE app.safe_contact SET may_use = '{phone}', must_not = '{phone}' WHERE case_id = @case`,
			"written, against the word":  `UPDATE app.safe_contact SET policy = 'none_written', may_use = '{sms}' WHERE case_id = @case`,
			"a call, only in person":     `UPDATE app.safe_contact SET policy = 'in_person', may_use = '{visit,phone}' WHERE case_id = @case`,
			"a call, past the partner":   `UPDATE app.safe_contact SET policy = 'via_partner', may_use = '{third,phone}', third = 'x' WHERE case_id = @case`,
			"a letter on the telephone":  `UPDATE app.safe_contact SET policy = 'phone_agreed', may_use = '{letter}', windows = '[{"days": "1", "from": "08:00", "to": "09:00"}]' WHERE case_id = @case`,
			"agreed hours that are none": `UPDATE app.safe_contact SET policy = 'phone_agreed', may_use = '{phone}' WHERE case_id = @case`,
			"a third without a name":     `UPDATE app.safe_contact SET policy = 'normal', may_use = '{third}' WHERE case_id = @case`,
			"an hour of nothing":         `UPDATE app.safe_contact SET windows = '[{"days": "1", "from": "08:00", "to": "08:00"}]' WHERE case_id = @case`,
			"the 25th hour":              `UPDATE app.safe_contact SET windows = '[{"days": "1", "from": "08:00", "to": "25:00"}]' WHERE case_id = @case`,
			"days that are none":         `UPDATE app.safe_contact SET windows = '[{"days": "8", "from": "08:00", "to": "09:00"}]' WHERE case_id = @case`,
			"who threatens":              `UPDATE app.person SET conflict_role = 'threatens', may_contact = 'yes' WHERE id = @mother`,
			"who may not know":           `UPDATE app.person SET may_know = 'no', may_contact = 'yes' WHERE id = @mother`,
		} {
			refused(what, "23514", sql)
		}
		for what, sql := range map[string]string{ // what is right goes through, or the refusals above prove nothing
			"the citizen's number":         `SELECT app.reveal_fact(@case, @fact, 'contact')`,
			"hers, to protect":             `SELECT app.reveal_fact(@case, @hers, 'protection')`,
			"hers, looked at for its sake": strings.NewReplacer("'visit'", "'none'", "'hours'", "'gate'").Replace(family),
			"rules":                        `UPDATE app.safe_contact SET policy = 'normal', may_use = '{phone,third}', must_not = '{sms}', third = 'x', windows = '[{"days": "17", "from": "22:00", "to": "02:00"}]' WHERE case_id = @case`,
			"agreed hours":                 `UPDATE app.safe_contact SET policy = 'phone_agreed', may_use = '{phone,sms}', must_not = '{}', windows = '[{"days": "1", "from": "08:00", "to": "09:00"}]' WHERE case_id = @case`,
			"a mother who may":             `UPDATE app.person SET conflict_role = 'supports', may_know = 'yes', may_contact = 'yes' WHERE id = @mother`,
		} {
			if _, n, err := try(t, tx, sql, args("coworker")); err != nil || n != 1 {
				t.Errorf("%s: %d rows, %v", what, n, err)
			}
		}
		return errBack
	})
}

// The leads hear that somebody went against what is forbidden, and of nothing that was only not settled.
func TestSafeContactThatIsForbiddenIsToldToTheLead(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for n, why := range []string{"unsettled", "ask", "policy_via_partner"} {
		w.in(t, "coworker", "restricted", func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO app.contact_override (case_id, person_id, fact_id, channel, why, reason, by_user, request_key) VALUES (@case, @person, @fact, 'phone', @why, 'Hun bad selv om det', @me, gen_random_uuid())`,
				pgx.NamedArgs{"case": id("restricted"), "person": id("restricted person"), "fact": id("restricted fact"), "me": id("coworker"), "why": why})
			return err
		})
		told := func(who string) int {
			return w.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = 'contact.overridden'`, id(who))
		}
		if want := n / 2; told("team_lead") != want || told("coworker") != 0 || told("stranger") != 0 {
			t.Errorf("%s: the lead is told %d times, who did it %d, a stranger %d", why, told("team_lead"), told("coworker"), told("stranger"))
		}
	}
}
