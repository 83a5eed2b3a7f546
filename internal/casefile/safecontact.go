package casefile

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// ordinaryContact is the policy that needs no further words.
const ordinaryContact = "normal"

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

// ChangeSafeContact writes how the citizen may be reached, expected at version (0: nothing yet).
func ChangeSafeContact(ctx context.Context, tx *db.Tx, version int, s SafeContact) error {
	if err := s.Validate(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.safe_contact AS s (case_id, policy, channel, hours, never, cover, changed_at, changed_by)
		VALUES (@case, @policy, @channel, @hours, @never, @cover, @now, @me)
		ON CONFLICT (case_id) DO UPDATE
		SET policy = excluded.policy, channel = excluded.channel, hours = excluded.hours, never = excluded.never, cover = excluded.cover,
		    version = s.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
		WHERE s.version = @version`,
		db.Args{"case": tx.CaseID, "policy": s.Policy, "channel": s.Channel, "hours": s.Hours, "never": s.Never, "cover": s.Cover,
			"now": tx.Now, "me": tx.Actor.UserID, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return tx.WhyNotBy(ctx, "safe_contact", "case_id", tx.CaseID, version)
	}
	return timeline.Record(ctx, tx, timeline.SafeContactChanged, uuid.Nil, nil)
}
