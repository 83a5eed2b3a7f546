package safety

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/timeline"
)

// Status is where a check-in stands.
type Status string

// The states of a check-in. Only the database sets [Alarmed].
const (
	Agreed    Status = "agreed"    // waited for
	OK        Status = "ok"        // the citizen was heard
	Alarmed   Status = "alarmed"   // missed, and nobody has written yet what was done
	Closed    Status = "closed"    // missed, with what was done
	Cancelled Status = "cancelled" // not waited for any more
)

// ClosedWithCase is the words of a check-in that was cancelled because its case was closed: a code, for a text.
const ClosedWithCase = "case_closed"

// Graces are how long after the agreed time somebody may wait before the alarm, in minutes. A proposal: the office
// chooses per agreement.
var Graces = []int{15, 30, 60, 120, 240}

// Repeats are how often a check-in comes again: not, every day, every week.
var Repeats = []string{"", "daily", "weekly"}

// CheckIn is an agreement that the citizen is heard from at a time.
type CheckIn struct {
	ID           uuid.UUID
	AgreedAt     time.Time
	GraceMinutes int
	AlarmAt      time.Time        // when the alarm is raised, if nobody has heard
	Way          casefile.Channel // "" where it was agreed before there were ways
	Channel      string           // what else is agreed about the way, in words
	AlarmUser    uuid.UUID
	AlarmName    string
	ThenWhat     string
	Repeat       string
	RepeatUntil  *time.Time
	Status       Status
	AlarmedAt    *time.Time
	AnsweredBy   string
	AnsweredAt   *time.Time
	Words        string
	CreatedBy    string
	Version      int
}

// Open reports whether somebody still has something to do.
func (c CheckIn) Open() bool { return c.Status == Agreed || c.Status == Alarmed }

// Missed reports whether the time and the grace are over and nobody has said that the citizen was heard. The alarm is
// raised within seconds of that moment; a page must not say that all is well in between.
func (c CheckIn) Missed(now time.Time) bool {
	return c.Status == Alarmed || c.Status == Agreed && !now.Before(c.AlarmAt)
}

// MayAnswer reports whether who has rights may say that the citizen was heard, or what was done after an alarm.
func MayAnswer(rights actor.Rights) bool { return rights.May(actor.Note) || rights.May(actor.Manage) }

// MayCancel reports whether who has rights may stop waiting.
func MayCancel(rights actor.Rights) bool { return rights.May(actor.Write) || rights.May(actor.Manage) }

const selectCheckIn = `
	SELECT k.id, k.agreed_at, k.grace_minutes, k.alarm_at, coalesce(k.way, '') AS way, k.channel, k.alarm_user, a.display_name AS alarm_name, k.then_what, k.repeat, k.repeat_until,
	       k.status, k.alarmed_at, coalesce(w.display_name, '') AS answered_by, k.answered_at, k.words, m.display_name AS created_by, k.version
	  FROM app.check_in k JOIN auth.user_account a ON a.id = k.alarm_user JOIN auth.user_account m ON m.id = k.created_by
	  LEFT JOIN auth.user_account w ON w.id = k.answered_by
	 WHERE k.case_id = @case`

// CheckIns asks for the check-ins of the opened case: alarms first, then what is waited for, then the last ones answered.
func CheckIns(b *db.Batch) *[]CheckIn {
	return db.All[CheckIn](b, selectCheckIn+` ORDER BY array_position(ARRAY['alarmed','agreed'], k.status) NULLS LAST,
		CASE WHEN k.status IN ('alarmed','agreed') THEN k.agreed_at END, k.agreed_at DESC, k.id LIMIT 60`, db.Args{"case": b.CaseID})
}

// GetCheckIn asks for one check-in of the opened case. None is [fault.NotFound] for the whole batch.
func GetCheckIn(b *db.Batch, id uuid.UUID) *CheckIn {
	return db.Get[CheckIn](b, selectCheckIn+` AND k.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Brief is what the overview of a case shows: whether there is a plan, and what is waited for.
type Brief struct {
	PlanAgreedOn *time.Time // of the newest version; nil: there is no plan
	CheckInID    *uuid.UUID // an alarm, else the next that is waited for; nil: none
	AgreedAt     *time.Time
	AlarmAt      *time.Time
	Alarmed      bool
}

// GetBrief asks for it.
func GetBrief(b *db.Batch) *Brief {
	return db.Get[Brief](b, `
		SELECT (SELECT p.agreed_on FROM app.safety_plan p WHERE p.case_id = @case ORDER BY p.version DESC LIMIT 1) AS plan_agreed_on,
		       k.id AS check_in_id, k.agreed_at, k.alarm_at, coalesce(k.status = 'alarmed', false) AS alarmed
		  FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT c.id, c.agreed_at, c.alarm_at, c.status FROM app.check_in c
		        WHERE c.case_id = @case AND c.status IN ('agreed','alarmed') ORDER BY c.status = 'agreed', c.agreed_at, c.id LIMIT 1) k ON true`, db.Args{"case": b.CaseID})
}

// Missed reports whether the check-in of the brief is over its time.
func (s Brief) Missed(now time.Time) bool {
	return s.Alarmed || s.AlarmAt != nil && !now.Before(*s.AlarmAt)
}

// Person is somebody who can be alarmed.
type Person struct {
	ID    uuid.UUID
	Name  string
	Title string
}

// Alarmable asks for who can be alarmed: everybody who may open the case, and nobody else.
func Alarmable(b *db.Batch) *[]Person {
	return db.All[Person](b, `SELECT id, name, title FROM app.may_be_alarmed(@case)`, db.Args{"case": b.CaseID})
}

// CheckInInput is what is agreed about one check-in, or a row of them.
type CheckInInput struct {
	// Key makes a form that is sent twice one check-in. Another time, agreed under the same key after "Back", is a check-in of
	// its own: somebody waits for each. Zero for none.
	Key          uuid.UUID
	At           time.Time
	GraceMinutes int
	Way          casefile.Channel // one of [casefile.Channels]
	WayOK        bool             // the writer has agreed on the way with the citizen, though nobody has noted that it is safe
	Channel      string           // what else is agreed about it, in words; may be empty
	AlarmUser    uuid.UUID
	ThenWhat     string
	Repeat       string    // one of [Repeats]
	RepeatUntil  time.Time // the last day; zero without a repeat
}

// Validate reports everything that is wrong with the input by itself.
func (in CheckInInput) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("date", !in.At.IsZero(), "safety.error.at")
	bad.Check("date", in.At.IsZero() || in.At.After(now), "safety.error.past")
	bad.Check("date", in.At.Before(now.AddDate(1, 0, 0)), "safety.error.far")
	bad.Check("grace", slices.Contains(Graces, in.GraceMinutes), "error.choose")
	bad.Check("way", slices.Contains(casefile.Channels, in.Way), "safety.error.way")
	bad.AtMost("channel", in.Channel, MaxLine)
	bad.Check("alarm_user", in.AlarmUser != uuid.Nil, "safety.error.alarm_user")
	bad.Check("then_what", strings.TrimSpace(in.ThenWhat) != "", "safety.error.then_what")
	bad.AtMost("then_what", in.ThenWhat, MaxText)
	bad.Check("repeat", slices.Contains(Repeats, in.Repeat), "error.choose")
	if in.Repeat != "" && !in.At.IsZero() {
		bad.Check("until", !in.RepeatUntil.IsZero() && i18n.Days(in.RepeatUntil, in.At) >= 0, "safety.error.until")
		bad.Check("until", in.RepeatUntil.Before(now.AddDate(1, 0, 1)), "safety.error.far")
	}
	return bad.Err()
}

// agreed is how the citizen may be reached.
type agreed struct {
	casefile.ContactRules
	Policy string
}

// judge says what the rules of safe contact have against the way, at each time that is agreed. What they forbid is refused: there is
// another way, or the rules are to be changed first. What nobody has settled takes the writer's word that the citizen was asked.
func (in CheckInInput) judge(bad fault.Invalid, rules agreed) {
	r := casefile.Rules{ContactRules: rules.ContactRules, Policy: rules.Policy, Gate: casefile.GateNone}
	days := map[string]int{"daily": 1, "weekly": 7}[in.Repeat]
	for at := in.At.In(i18n.Zone); ; at = at.AddDate(0, 0, days) {
		switch v := casefile.Allowed(r, in.Way, at); v.State {
		case casefile.Forbidden:
			bad.Check("way", false, "contact.why."+v.Why)
			return
		case casefile.Unsettled:
			bad.Check("way_ok", in.WayOK, "contact.why."+v.Why)
		}
		if days == 0 || i18n.Days(in.RepeatUntil, at.AddDate(0, 0, days)) < 0 {
			return
		}
	}
}

// Agree writes down a check-in. The database writes its job down in the same transaction.
func Agree(ctx context.Context, tx *db.Tx, in CheckInInput) (uuid.UUID, error) {
	bad := fault.Invalid{}
	if err := bad.Merge("", in.Validate(tx.Now)); err != nil {
		return uuid.Nil, err
	}
	id := db.KeyOf(in.Key, in)
	var people *[]Person
	var same *int
	var rules *db.Found[agreed]
	err := tx.Read(ctx, func(b *db.Batch) {
		people = Alarmable(b)
		rules = db.Maybe[agreed](b, `SELECT policy, may_use, must_not, windows, third FROM app.safe_contact WHERE case_id = @case`, db.Args{"case": tx.CaseID})
		same = db.Get[int](b, `SELECT count(*)::int FROM app.check_in WHERE case_id = @case AND id = @id AND created_by = @me`, db.Args{"case": tx.CaseID, "id": id, "me": tx.Actor.UserID})
	})
	if err != nil {
		return uuid.Nil, err
	}
	if *same > 0 {
		return id, nil // the same form, sent twice
	}
	in.judge(bad, rules.Row)
	bad.Check("alarm_user", slices.ContainsFunc(*people, func(p Person) bool { return p.ID == in.AlarmUser }), "safety.error.alarm_user_gone")
	if err := bad.Err(); err != nil {
		return uuid.Nil, err
	}
	var until *time.Time
	if in.Repeat != "" {
		until = &in.RepeatUntil
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO app.check_in (id, case_id, agreed_at, grace_minutes, way, channel, alarm_user, then_what, repeat, repeat_until, created_by)
		VALUES (@id, @case, @at, @grace, @way, @channel, @who, @then, @repeat, @until, @me) ON CONFLICT (id) DO NOTHING`, db.Args{"id": id, "case": tx.CaseID, "at": in.At, "grace": in.GraceMinutes,
		"way": string(in.Way), "channel": strings.TrimSpace(in.Channel), "who": in.AlarmUser, "then": strings.TrimSpace(in.ThenWhat), "repeat": in.Repeat, "until": until, "me": tx.Actor.UserID})
	if err != nil || n == 0 { // both sendings came at once
		return id, err
	}
	return id, timeline.Record(ctx, tx, timeline.CheckInAgreed, id, timeline.Data{"at": in.At.UTC().Format(time.RFC3339)})
}

// Answer says what became of a check-in: that the citizen was heard ([OK], words say how), what was done after an alarm
// ([Closed]), or why nobody waits any more ([Cancelled]). The last two need words. One that is repeated and was answered
// brings the next. When somebody was faster, or the alarm was, it is [fault.Stale]. The database writes the line of the
// journal itself: whoever is asked for advice, and alarmed, may answer too.
func Answer(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, outcome Status, words string) error {
	bad := fault.Invalid{}
	bad.Check("words", outcome == OK || strings.TrimSpace(words) != "", "safety.error.words."+string(outcome))
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	found, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.check_in WHERE case_id = @case AND id = @id)`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil {
		return err
	}
	if !found {
		return fault.NotFound
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.answer_check_in(@case, @id, @version, @outcome, @words)`,
		db.Args{"case": tx.CaseID, "id": id, "version": version, "outcome": string(outcome), "words": words})
	if err == nil && !done {
		return fault.Stale
	}
	return err
}
