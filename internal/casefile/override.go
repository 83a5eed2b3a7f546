package casefile

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// ToContact begins the purpose of whoever wants to reach somebody with a fact; the channel follows: "contact.phone".
const ToContact = "contact."

// noChannel is the channel of an override for something else than contact.
const noChannel = "none"

// maxReason is how many characters a reason holds.
const maxReason = 2000

// Use is what a protected fact that reaches somebody is wanted for.
type Use struct {
	Fact    uuid.UUID
	Purpose string    // one of [RevealPurposes]; "contact" with its channel, as [ToContact] says
	Reason  string    // needed where the rules do not allow it now
	Key     uuid.UUID // of the form: one reason shows the fact once
}

// channel is the way that a use means, or "".
func (u Use) channel() Channel {
	c, _ := strings.CutPrefix(u.Purpose, ToContact)
	if c == u.Purpose {
		return ""
	}
	return Channel(c)
}

// Shown is a protected fact that is shown.
type Shown struct {
	Text    string
	Channel Channel // "" where it is not for contact
	Verdict Verdict // what the rules said
	Spent   bool    // the reason of this form has shown it once already: it is not shown again
}

// reachable is a fact that reaches somebody, with the rules for it.
type reachable struct {
	Kind     string
	PersonID uuid.UUID
	Citizen  bool
	Gate     GateState
	Policy   string
	Reach
	ContactRules
}

func (r reachable) rules() Rules {
	if r.Citizen {
		return Rules{ContactRules: r.ContactRules, Policy: r.Policy, Gate: r.Gate}
	}
	return Rules{ContactRules: r.ContactRules, Policy: r.Policy, Gate: r.Gate, Reach: &r.Reach}
}

// Best is the kindest verdict over some channels: what may be done with the fact at all now.
func Best(r Rules, channels []Channel, now time.Time) Verdict {
	var best Verdict
	for i, c := range channels {
		if v := Allowed(r, c, now); i == 0 || v.OK() || best.State == Forbidden && v.State == Unsettled {
			best = v
		}
		if best.OK() {
			break
		}
	}
	return best
}

// UseFact shows a protected fact to who says what for. A number or address that the rules do not allow now takes a reason as well,
// which stays on the record as [timeline.ContactOverridden]; while the gate to the family is shut no reason helps (R1).
func UseFact(ctx context.Context, tx *db.Tx, k keys.Keys, u Use) (Shown, error) {
	f, err := db.One[reachable](ctx, tx, `
		SELECT f.kind, f.person_id, p.is_citizen AS citizen, g.state AS gate, p.conflict_role, p.may_know, p.may_contact, coalesce(s.policy, '') AS policy,
		       coalesce(s.may_use, '{}') AS may_use, coalesce(s.must_not, '{}') AS must_not, coalesce(s.windows, '[]') AS windows, coalesce(s.third, '') AS third
		  FROM app.protected_fact f JOIN app.person p ON p.case_id = f.case_id AND p.id = f.person_id CROSS JOIN app.gate(f.case_id) g
		  LEFT JOIN app.safe_contact s ON s.case_id = f.case_id
		 WHERE f.case_id = @case AND f.id = @fact AND f.retired_at IS NULL`, db.Args{"case": tx.CaseID, "fact": u.Fact})
	if err != nil {
		return Shown{}, err
	}
	ways := FactChannels(f.Kind)
	if len(ways) == 0 {
		text, err := RevealFact(ctx, tx, k, u.Fact, u.Purpose)
		return Shown{Text: text}, err
	}
	shown, purpose := Shown{Channel: u.channel(), Verdict: Best(f.rules(), ways, tx.Now)}, u.Purpose
	if shown.Channel != "" {
		purpose, shown.Verdict = "contact", Allowed(f.rules(), shown.Channel, tx.Now)
	}
	switch {
	case shown.Channel == "" && (purpose == "contact" || !slices.Contains(RevealPurposes, purpose)), shown.Channel != "" && !slices.Contains(ways, shown.Channel):
		return Shown{}, fault.Invalid{"purpose": "fact.error.purpose"}
	case shown.Channel != "" && shown.Verdict.Final():
		return Shown{}, fault.Invalid{"purpose": "contact.error.gate"}
	}
	if !shown.Verdict.OK() {
		if shown.Spent, err = override(ctx, tx, k, u, f.PersonID, shown); err != nil || shown.Spent {
			return shown, err
		}
	}
	shown.Text, err = RevealFact(ctx, tx, k, u.Fact, purpose)
	return shown, err
}

// override puts on the record that the rules were set aside. spent tells that the form has done so before.
func override(ctx context.Context, tx *db.Tx, k keys.Keys, u Use, person uuid.UUID, shown Shown) (spent bool, err error) {
	bad, reason, channel := fault.Invalid{}, strings.TrimSpace(u.Reason), string(shown.Channel)
	bad.Check("reason", reason != "", "contact.error.reason")
	bad.Check("reason", explains(reason), "contact.error.sentence")
	bad.AtMost("reason", reason, maxReason)
	if err := bad.Err(); err != nil {
		return false, err
	}
	if err := CheckOpenWords(ctx, tx, k, map[string]string{"reason": reason}, reachKinds...); err != nil {
		return false, err
	}
	if channel == "" {
		channel = noChannel
	}
	key, id := u.Key, uuid.New()
	if key == uuid.Nil {
		key = id
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.contact_override (id, case_id, person_id, fact_id, channel, why, reason, by_user, request_key)
		VALUES (@id, @case, @person, @fact, @channel, @why, @reason, @me, @key) ON CONFLICT (case_id, by_user, request_key) DO NOTHING`,
		db.Args{"id": id, "case": tx.CaseID, "person": person, "fact": u.Fact, "channel": channel, "why": shown.Verdict.Why, "reason": reason, "me": tx.Actor.UserID, "key": key})
	if err != nil || n == 0 {
		return n == 0, err
	}
	return false, timeline.Record(ctx, tx, timeline.ContactOverridden, id, timeline.Data{"channel": channel, "why": shown.Verdict.Why})
}

// Override is one time that the rules were set aside.
type Override struct {
	At      time.Time
	By      string // display name
	Person  string // relation or name of whom it was about; empty for the citizen
	Channel string // a [Channel], or "none": seen for something else
	Why     string // what the rules said
	Reason  string
}

// Overrides asks when the rules of the opened case were set aside, newest first.
func Overrides(b *db.Batch) *[]Override {
	return db.All[Override](b, `
		SELECT o.at, u.display_name AS by, CASE WHEN p.is_citizen THEN '' WHEN p.relation <> '' THEN p.relation ELSE p.name END AS person, o.channel, o.why, o.reason
		  FROM app.contact_override o JOIN auth.user_account u ON u.id = o.by_user JOIN app.person p ON p.case_id = o.case_id AND p.id = o.person_id
		 WHERE o.case_id = @case ORDER BY o.at DESC, o.id LIMIT 50`, db.Args{"case": b.CaseID})
}
