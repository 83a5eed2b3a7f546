package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/reference"
)

// CheckIn is a check-in that waits today, or an alarm that nobody has closed, with the case that it is about.
type CheckIn struct {
	ID              uuid.UUID
	AgreedAt        time.Time
	AlarmAt         time.Time
	Alarmed         bool
	AlarmName       string // who acts when it is missed
	Channel         string
	Ref, Number     string
	CallingName     string
	Born            *time.Time
	Confidentiality int
}

// Missed reports whether its time and its grace are over.
func (c CheckIn) Missed(now time.Time) bool { return c.Alarmed || !now.Before(c.AlarmAt) }

const selectCheckIn = `
	SELECT k.id, k.agreed_at, k.alarm_at, k.status = 'alarmed' AS alarmed, a.display_name AS alarm_name, k.channel, f.ref, f.number,
	       coalesce(l.calling_name, '') AS calling_name, l.born, f.confidentiality::int AS confidentiality
	  FROM (`

const aboutCheckIn = `) w
	  JOIN app.check_in k ON k.id = w.id JOIN app.case_file f ON f.id = k.case_id JOIN auth.user_account a ON a.id = k.alarm_user
	  LEFT JOIN app.citizen_label l ON l.case_id = f.id
	 ORDER BY k.status = 'agreed', k.agreed_at, k.id LIMIT 50`

// ofTeam is what a lead has to know: missed, whether or not the background work has got to it yet.
const ofTeam = `SELECT k.id FROM app.check_in k WHERE k.team_id = ANY (@teams) AND (k.status = 'alarmed' OR k.status = 'agreed' AND k.alarm_at <= now())`

// CheckIns asks for what the reader has to know of today: alarms, and check-ins of the day, in their own cases and where
// they are the one who acts; for a lead the alarms of the team too. An alarm stays until somebody closes it.
func CheckIns(b *db.Batch) *[]CheckIn {
	return db.All[CheckIn](b, selectCheckIn+`
		SELECT k.id FROM app.check_in k WHERE k.alarm_user = @me AND (k.status = 'alarmed' OR k.status = 'agreed' AND k.agreed_at < `+tomorrow+`)
		UNION SELECT k.id FROM app.case_file f JOIN app.check_in k ON k.case_id = f.id
		       WHERE f.responsible_id = @me AND (k.status = 'alarmed' OR k.status = 'agreed' AND k.agreed_at < `+tomorrow+`)
		UNION `+ofTeam+aboutCheckIn, db.Args{"me": b.Actor.UserID, "teams": led(b.Actor)})
}

// Alarms asks for the alarms of the led teams that nobody has closed.
func Alarms(b *db.Batch) *[]CheckIn {
	return db.All[CheckIn](b, selectCheckIn+ofTeam+aboutCheckIn, db.Args{"teams": led(b.Actor)})
}

// tomorrow is the midnight that ends the day in the office.
const tomorrow = `(date_trunc('day', now() AT TIME ZONE 'Europe/Copenhagen') + interval '1 day') AT TIME ZONE 'Europe/Copenhagen'`

// Prompt is an event in one of the reader's own cases that nobody has answered.
type Prompt struct {
	ID          uuid.UUID
	Rule        string // code of the reference data
	RaisedAt    time.Time
	Ref, Number string
}

// DueAt is when what the event calls for is to be done at the latest; zero where nothing says a time.
func (p Prompt) DueAt() time.Time {
	t, _ := reference.EventTriggerByCode(p.Rule)
	return t.DueAt(p.RaisedAt)
}

// Late reports whether that time is over.
func (p Prompt) Late(now time.Time) bool {
	at := p.DueAt()
	return !at.IsZero() && at.Before(now)
}

// Prompts asks for the open events in the cases that the reader is responsible for: first those that a time is said for,
// the oldest at the top, for theirs runs out; then the others, the newest first.
func Prompts(b *db.Batch, limit int) *[]Prompt {
	return db.All[Prompt](b, `
		SELECT p.id, p.rule, p.raised_at, f.ref, f.number
		  FROM app.case_file f JOIN app.prompt p ON p.case_id = f.id AND p.answer IS NULL
		 WHERE f.responsible_id = @me AND f.status = 'open'
		 ORDER BY p.rule <> ALL (@timed), CASE WHEN p.rule = ANY (@timed) THEN p.raised_at END, p.raised_at DESC, p.id LIMIT @limit`,
		db.Args{"me": b.Actor.UserID, "limit": limit, "timed": reference.TimedEvents()})
}
