package jobs

import "github.com/google/uuid"

// Alarm raises the alarm of one check-in, if nobody has heard from the citizen when its grace is over. The database
// writes the job down with the check-in.
type Alarm struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job in its table.
func (Alarm) Kind() string { return "check_in.alarm" }

func (a Alarm) sql() (string, []any) { return `SELECT app.job_alarm($1)`, []any{a.ID} }

// Alarms raises every alarm that is over its time, each minute: the net below the single jobs, for a restored
// database and whatever else may happen to a job.
type Alarms struct{}

// Kind names the job in its table.
func (Alarms) Kind() string { return "check_in.alarms" }

func (Alarms) sql() (string, []any) { return `SELECT app.job_alarms()`, nil }

// Bells rings for every report of concern that nobody has assessed when four hours of its 24 are left (R2), each minute.
type Bells struct{}

// Kind names the job in its table.
func (Bells) Kind() string { return "report.bells" }

func (Bells) sql() (string, []any) { return `SELECT app.job_bells()`, nil }

// Prompts raises the prompts that a date brings: a partner who does not answer, an age, the school's summer holiday.
type Prompts struct{}

// Kind names the job in its table.
func (Prompts) Kind() string { return "prompt.dates" }

func (Prompts) sql() (string, []any) { return `SELECT app.job_prompts()`, nil }

// LookBacks asks, once, how a decision went that was made 90 days ago.
type LookBacks struct{}

// Kind names the job in its table.
func (LookBacks) Kind() string { return "decision.look_backs" }

func (LookBacks) sql() (string, []any) { return `SELECT app.job_look_backs()`, nil }

// Sparring reminds those who are asked for advice, and tells who asked when the day has gone.
type Sparring struct{}

// Kind names the job in its table.
func (Sparring) Kind() string { return "sparring.due" }

func (Sparring) sql() (string, []any) { return `SELECT app.job_sparring()`, nil }

// Verify asks contact persons whether their details are still right, when nobody has confirmed them for 90 days.
type Verify struct{}

// Kind names the job in its table.
func (Verify) Kind() string { return "guest.verify" }

func (Verify) sql() (string, []any) { return `SELECT app.job_verify()`, nil }

// Absences begins and ends what stand-ins may open, and tells the lead of a stand-in who does not answer.
type Absences struct{}

// Kind names the job in its table.
func (Absences) Kind() string { return "remind.absences" }

func (Absences) sql() (string, []any) { return `SELECT app.job_absences()`, nil }

// Digests writes the letters that say that there is something new.
type Digests struct{}

// Kind names the job in its table.
func (Digests) Kind() string { return "remind.digests" }

func (Digests) sql() (string, []any) { return `SELECT app.job_digests()`, nil }

// Forum reminds the seats of a meeting of what they were asked, and tells who put an item that nobody answers.
type Forum struct{}

// Kind names the job in its table.
func (Forum) Kind() string { return "forum.answers" }

func (Forum) sql() (string, []any) { return `SELECT app.job_forum()`, nil }

// Reminders tells who answers for what is due, and the lead of what is over its time.
type Reminders struct{}

// Kind names the job in its table.
func (Reminders) Kind() string { return "remind.due" }

func (Reminders) sql() (string, []any) { return `SELECT app.job_reminders()`, nil }
