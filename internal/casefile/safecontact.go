package casefile

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// ordinaryContact is the policy that needs no further words.
const ordinaryContact = "normal"

// writesNothing is the policy under which nothing is written that could be found.
const writesNothing = "none_written"

// maxLine is how long one line of the strip of safe contact may be: it stands on every page.
const maxLine = 500

// Validate refuses rules that leave open how the citizen may be reached.
func (s SafeContact) Validate() error {
	bad := fault.Invalid{}
	bad.Check("policy", reference.Known(reference.ContactPolicies, s.Policy), "error.choose")
	for field, text := range map[string]string{"channel": s.Channel, "hours": s.Hours, "never": s.Never, "cover": s.Cover} {
		bad.AtMost(field, text, maxLine)
	}
	bad.Check("never", s.Policy == ordinaryContact || s.Channel != "" || s.Never != "", "safecontact.error.empty")
	return bad.Err()
}

// maxWindows is how many windows the hours may have.
const maxWindows = 8

// clock is a time of day in a window.
var clock = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// Validate refuses rules that contradict themselves, or the policy that the citizen was promised. What a window lacks stands under
// "windows".
func (r ContactRules) Validate(policy string) error {
	bad := fault.Invalid{}
	for _, c := range Channels {
		used := slices.Contains(r.MayUse, c)
		bad.Check("use_"+string(c), !used || !slices.Contains(r.MustNot, c), "error.choose")
	}
	for _, c := range slices.Concat(r.MayUse, r.MustNot) {
		bad.Check("use_"+string(c), slices.Contains(Channels, c), "error.choose")
	}
	r.checkPolicy(bad, policy)
	bad.Check("third", r.Third != "" || !slices.Contains(r.MayUse, Third), "safecontact.error.third")
	bad.AtMost("third", r.Third, 200)
	bad.Check("windows", len(r.Windows) <= maxWindows, "error.choose")
	for _, w := range r.Windows {
		bad.Check("windows", w.Days != "" && strings.Trim(w.Days, "1234567") == "", "safecontact.error.days")
		bad.Check("windows", clock.MatchString(w.From) && clock.MatchString(w.To), "safecontact.error.clock")
		bad.Check("windows", w.From != w.To, "safecontact.error.same")
	}
	return bad.Err()
}

// ChangeSafeContact writes how the citizen may be reached, in words and in rules, expected at version (0: nothing yet). The words stand on
// every page of the case, so that none of them may be a protected number or address.
func ChangeSafeContact(ctx context.Context, tx *db.Tx, k keys.Keys, version int, s SafeContact, r ContactRules) error {
	bad := fault.Invalid{}
	for _, err := range []error{s.Validate(), r.Validate(s.Policy)} {
		if other := bad.Merge("", err); other != nil {
			return other
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	words := map[string]string{"channel": s.Channel, "hours": s.Hours, "never": s.Never, "cover": s.Cover, "third": r.Third}
	if err := CheckOpenWords(ctx, tx, k, words, reachKinds...); err != nil {
		return err
	}
	windows, err := json.Marshal(append([]Window{}, r.Windows...))
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.safe_contact AS s (case_id, policy, channel, hours, never, cover, may_use, must_not, windows, third, changed_at, changed_by)
		VALUES (@case, @policy, @channel, @hours, @never, @cover, @may_use, @must_not, @windows::jsonb, @third, @now, @me)
		ON CONFLICT (case_id) DO UPDATE
		SET policy = excluded.policy, channel = excluded.channel, hours = excluded.hours, never = excluded.never, cover = excluded.cover,
		    may_use = excluded.may_use, must_not = excluded.must_not, windows = excluded.windows, third = excluded.third, version = s.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
		WHERE s.version = @version`,
		db.Args{"case": tx.CaseID, "policy": s.Policy, "channel": s.Channel, "hours": s.Hours, "never": s.Never, "cover": s.Cover,
			"may_use": texts(r.MayUse), "must_not": texts(r.MustNot), "windows": string(windows), "third": r.Third, "now": tx.Now, "me": tx.Actor.UserID, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNotBy(ctx, "safe_contact", "case_id", tx.CaseID, version)
	}
	return timeline.Record(ctx, tx, timeline.SafeContactChanged, uuid.Nil, nil)
}

// texts are channels as a row keeps them.
func texts(list []Channel) []string {
	all := []string{}
	for _, c := range list {
		all = append(all, string(c))
	}
	return all
}
