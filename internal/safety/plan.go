// Package safety keeps the safety plan that is made with the citizen, and the check-ins that somebody waits for.
//
// The plan answers three questions (domain.md 5.6; the questions are Aalborg Kommune's, the wording is ours): what does
// the citizen do if things sharpen, whom do they contact, and who reacts if they do not come back at the agreed time. A
// change is a new version, and the old ones stay (R13). A check-in that nobody has heard of when its grace is over
// raises an alarm: the database does that (migration 101), worked by package jobs.
//
// Nothing here reaches the citizen or anybody around them: what is agreed stays inside (R12).
package safety

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/timeline"
)

// The longest answers, in characters.
const (
	MaxText = 4000
	MaxLine = 200
)

// MostContacts is how many people one plan names: more than these nobody remembers in a hurry.
const MostContacts = 8

// Contact is somebody whom the citizen can contact. A colleague and a contact person are named by their own entry, so
// that a number that has changed is right here too; anybody else by words.
type Contact struct {
	Who          string     `json:"who"`
	How          string     `json:"how"`
	Hours        string     `json:"hours"`
	AnyHour      bool       `json:"any_hour"` // can be reached around the clock, as somebody has ticked
	UserID       *uuid.UUID `json:"user_id"`
	ContactID    *uuid.UUID `json:"contact_id"`
	Name         string     `json:"name"` // of the colleague or contact person, else the words
	Organisation string     `json:"organisation"`
	Phone        string     `json:"phone"` // of the colleague or contact person, as their own entry has it today; empty for words
	External     bool       `json:"external"`
}

// Plan is one version of a safety plan.
type Plan struct {
	ID        uuid.UUID
	Version   int
	IfWorse   string // what the citizen does if things sharpen
	IfNotBack string // who reacts, and how, if the citizen does not come back at the agreed time
	AgreedOn  time.Time
	WrittenBy string
	WrittenAt time.Time
	Contacts  []Contact
}

// AnyHour reports whether one of the contacts can be reached around the clock. A plan without one is valid, and says so:
// what is agreed with the citizen is not refused for it.
func (p Plan) AnyHour() bool {
	return slices.ContainsFunc(p.Contacts, func(c Contact) bool { return c.AnyHour })
}

// ContactInput is one row of whom the citizen contacts: exactly one of the three says who.
type ContactInput struct {
	Who        string
	User       uuid.UUID
	Contact    uuid.UUID
	How, Hours string
	AnyHour    bool // can be reached around the clock
}

// Empty reports whether nothing was written in the row.
func (c ContactInput) Empty() bool { return c == ContactInput{} }

// PlanInput is what is agreed with the citizen.
type PlanInput struct {
	// Key makes a form that is sent twice one version. One that was changed after "Back" is not the same form: it is made from an
	// older version, and stands beside the newer one. Zero for none.
	Key       uuid.UUID
	IfWorse   string
	Contacts  []ContactInput // in the order in which the citizen tries them; empty rows are left out
	IfNotBack string
	AgreedOn  time.Time
}

// Validate reports everything that is wrong. Row n of the contacts is answered for by "who-n", "how-n" and "hours-n".
func (in PlanInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	for field, text := range map[string]string{"if_worse": in.IfWorse, "if_not_back": in.IfNotBack} {
		bad.Check(field, strings.TrimSpace(text) != "", "safety.error."+field)
		bad.AtMost(field, text, MaxText)
	}
	bad.Check("agreed_on", !in.AgreedOn.IsZero(), "safety.error.agreed_on")
	bad.Check("agreed_on", !in.AgreedOn.After(now), "safety.error.future")
	rows := 0
	for i, c := range in.Contacts {
		if c.Empty() {
			continue
		}
		rows++
		n := "-" + strconv.Itoa(i)
		named := 0
		for _, is := range []bool{c.Who != "", c.User != uuid.Nil, c.Contact != uuid.Nil} {
			if is {
				named++
			}
		}
		bad.Check("who"+n, named > 0, "safety.error.who")
		bad.Check("who"+n, named < 2, "safety.error.who_twice")
		bad.Check("how"+n, c.How != "", "safety.error.how")
		for field, text := range map[string]string{"who" + n: c.Who, "how" + n: c.How, "hours" + n: c.Hours} {
			bad.AtMost(field, text, MaxLine)
		}
	}
	bad.Check("who-0", rows > 0, "safety.error.contacts")
	return bad.Err()
}

const selectPlan = `
	SELECT p.id, p.version, p.if_worse, p.if_not_back, p.agreed_on, u.display_name AS written_by, p.written_at,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('who', k.who, 'how', k.how, 'hours', k.hours, 'any_hour', k.any_hour, 'user_id', k.user_id, 'contact_id', k.contact_id,
	              'name', coalesce(v.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, k.who),
	              'phone', coalesce(v.phone, nullif(c.phone, ''), nullif(c.mobile, ''), o.phone, ''), 'organisation', coalesce(o.name, ''), 'external', coalesce(o.kind = 'external', false)) ORDER BY k.position, k.id)
	          FROM app.safety_contact k LEFT JOIN auth.user_account v ON v.id = k.user_id
	          LEFT JOIN app.contact_person c ON c.id = k.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
	         WHERE k.case_id = p.case_id AND k.plan_id = p.id), '[]') AS contacts
	  FROM app.safety_plan p JOIN auth.user_account u ON u.id = p.written_by
	 WHERE p.case_id = @case`

// Plans asks for every version of the opened case's safety plan, the newest first.
func Plans(b *db.Batch) *[]Plan {
	return db.All[Plan](b, selectPlan+` ORDER BY p.version DESC, p.id LIMIT 50`, db.Args{"case": b.CaseID})
}

// Write adds a version of the safety plan of the opened case, made from version (0: there was none). When somebody
// else has written one meanwhile it is [fault.Stale].
func Write(ctx context.Context, tx *db.Tx, version int, in PlanInput) error {
	if err := in.Validate(tx.Now); err != nil {
		return err
	}
	id := db.KeyOf(in.Key, in)
	type place struct{ Highest, Same int }
	was, err := db.One[place](ctx, tx, `SELECT coalesce(max(version), 0)::int AS highest, (count(*) FILTER (WHERE id = @id AND written_by = @me))::int AS same
		FROM app.safety_plan WHERE case_id = @case`, db.Args{"case": tx.CaseID, "id": id, "me": tx.Actor.UserID})
	switch {
	case err != nil:
		return err
	case was.Same > 0:
		return nil // the same form, sent twice
	case was.Highest != version:
		return fault.Stale
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO app.safety_plan (id, case_id, version, if_worse, if_not_back, agreed_on, written_by)
		VALUES (@id, @case, @version, @worse, @back, @on, @me)`, db.Args{"id": id, "case": tx.CaseID, "version": version + 1,
		"worse": strings.TrimSpace(in.IfWorse), "back": strings.TrimSpace(in.IfNotBack), "on": in.AgreedOn, "me": tx.Actor.UserID})
	if db.Violates(err, "safety_plan_case_id_version_key") || db.Violates(err, "safety_plan_pkey") {
		return fault.Stale // written in the same moment
	}
	if err != nil {
		return err
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		for i, c := range in.Contacts {
			if !c.Empty() {
				db.Do(b, `INSERT INTO app.safety_contact (case_id, plan_id, position, who, how, hours, any_hour, user_id, contact_id)
					VALUES (@case, @plan, @position, @who, @how, @hours, @any, @user, @contact)`, db.Args{"case": tx.CaseID, "plan": id, "position": i,
					"who": c.Who, "how": c.How, "hours": c.Hours, "any": c.AnyHour, "user": db.Null(c.User), "contact": db.Null(c.Contact)})
			}
		}
	})
	if err != nil {
		return err
	}
	return timeline.Record(ctx, tx, timeline.SafetyPlanWritten, id, timeline.Data{"version": strconv.Itoa(version + 1)})
}
