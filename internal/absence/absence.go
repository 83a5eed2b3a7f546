// Package absence is who is away, until when, and who stands in for them (docs/adr/0020-reminders-and-absence.md). What a stand-in may open,
// and until when, is decided by the database; nobody is asked why somebody is away.
package absence

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// The states of an absence.
const (
	Asked    = "asked"    // the stand-in has not answered
	Accepted = "accepted" // with a receipt
	Declined = "declined" // somebody else must be found
	Ended    = "ended"
)

// Absence is one absence.
type Absence struct {
	ID         uuid.UUID
	UserID     uuid.UUID
	StandIn    uuid.UUID
	Person     string // who is away
	Deputy     string // who stands in
	FromDay    time.Time
	ToDay      time.Time // the last day
	State      string
	Words      string // why the stand-in says no
	StatedBy   string
	AnsweredAt *time.Time
}

// Runs reports whether anything can still happen with it.
func (a Absence) Runs() bool { return a.State == Asked || a.State == Accepted }

const selectAbsence = `
	SELECT a.id, a.user_id, a.stand_in, u.display_name AS person, s.display_name AS deputy, a.from_day, a.to_day, a.state, a.words, b.display_name AS stated_by, a.answered_at
	  FROM app.absence a JOIN auth.user_account u ON u.id = a.user_id JOIN auth.user_account s ON s.id = a.stand_in JOIN auth.user_account b ON b.id = a.stated_by`

// shown is how many absences a list goes back.
const shown = 100

// All asks for the absences that concern the reader: their own, those they stand in for, and those of the people they lead. What runs comes first.
func All(b *db.Batch) *[]Absence {
	return db.All[Absence](b, selectAbsence+` ORDER BY a.state NOT IN ('asked','accepted'), a.from_day DESC, a.id LIMIT @limit`, db.Args{"limit": shown})
}

// One asks for one absence.
func One(b *db.Batch, id uuid.UUID) *db.Found[Absence] {
	return db.Maybe[Absence](b, selectAbsence+` WHERE a.id = @id`, db.Args{"id": id})
}

// Person is a colleague to choose.
type Person struct {
	ID    uuid.UUID
	Name  string
	Title string
}

// People asks for those for whom the reader may state an absence: themself not among them.
func People(b *db.Batch) *[]Person {
	return db.All[Person](b, `SELECT u.id, u.display_name AS name, u.title FROM auth.user_account u WHERE u.id = ANY ((SELECT auth.my_people())::uuid[]) AND u.active AND u.id <> @me ORDER BY u.display_name, u.id`,
		db.Args{"me": b.Actor.UserID})
}

// Deputies asks for those who can stand in.
func Deputies(b *db.Batch) *[]Person {
	return db.All[Person](b, `SELECT u.id, u.display_name AS name, u.title FROM auth.user_account u WHERE u.active AND u.role IN ('caseworker','specialist','team_lead') AND u.municipality = (SELECT auth.municipality()) ORDER BY u.display_name, u.id`, db.Args{})
}

// Case is a case by its number.
type Case struct{ Ref, Number string }

// Covered asks for the cases that the reader has by standing in.
func Covered(b *db.Batch, id uuid.UUID) *[]Case {
	return db.All[Case](b, `SELECT f.ref, f.number FROM app.case_grant g JOIN app.case_file f ON f.id = g.case_id WHERE g.absence_id = @id AND g.user_id = @me AND g.revoked_at IS NULL AND g.valid_to > now() ORDER BY f.number, f.id`,
		db.Args{"id": id, "me": b.Actor.UserID})
}

// NotCovered asks, for a lead, for the cases that the stand-in does not get.
func NotCovered(b *db.Batch, id uuid.UUID) *[]Case {
	return db.All[Case](b, `SELECT c.ref, c.number FROM app.not_covered(@id) c`, db.Args{"id": id})
}

// Happened is how much others have done in a case while its responsible was away.
type Happened struct {
	Ref, Number string
	AllOfIt     int
	ByStandIn   int
}

// WhileAway asks, for who is back, what has happened in their cases: counts, and no word of it.
func WhileAway(b *db.Batch, id uuid.UUID) *[]Happened {
	return db.All[Happened](b, `SELECT c.ref, c.number, c.all_of_it, c.by_stand_in FROM app.while_away(@id) c`, db.Args{"id": id})
}

// longest is how many days an absence may last; the database says the same.
const longest = 400

// Input is an absence as it is stated.
type Input struct {
	User, StandIn uuid.UUID
	From, To      time.Time
}

// Validate reports what the form must say again.
func (in Input) Validate() error {
	bad := fault.Invalid{}
	bad.Check("user", in.User != uuid.Nil, "absence.error.user")
	bad.Check("stand_in", in.StandIn != uuid.Nil, "absence.error.stand_in")
	bad.Check("from", !in.From.IsZero(), "absence.error.from")
	bad.Check("to", !in.To.IsZero() && !in.To.Before(in.From), "absence.error.to")
	bad.Check("to", in.To.IsZero() || in.From.IsZero() || !in.To.After(in.From.AddDate(0, 0, longest)), "absence.error.long")
	return bad.Err()
}

// State states an absence. key is the form's own: one that is sent twice is one absence.
func State(ctx context.Context, tx *db.Tx, key uuid.UUID, in Input) (uuid.UUID, error) {
	if err := in.Validate(); err != nil {
		return uuid.Nil, err
	}
	if key == uuid.Nil {
		return uuid.Nil, fault.NotFound
	}
	id := db.KeyOf(key, in)
	return id, do(ctx, tx, `SELECT app.state_absence(@id, @user, @from, @to, @stand_in)`,
		db.Args{"id": id, "user": in.User, "from": in.From.Format(time.DateOnly), "to": in.To.Format(time.DateOnly), "stand_in": in.StandIn})
}

// Answer is the stand-in's: the receipt, or a no with the reason.
func Answer(ctx context.Context, tx *db.Tx, id uuid.UUID, yes bool, words string) error {
	words = strings.TrimSpace(words)
	bad := fault.Invalid{}
	bad.AtMost("words", words, 400)
	if err := bad.Err(); err != nil {
		return err
	}
	return do(ctx, tx, `SELECT app.answer_absence(@id, @yes, @words)`, db.Args{"id": id, "yes": yes, "words": words})
}

// End ends an absence now: somebody is back, or it comes to nothing.
func End(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	return do(ctx, tx, `SELECT app.end_absence(@id)`, db.Args{"id": id})
}

// do runs one of the database's functions and says its answer as the program does.
func do(ctx context.Context, tx *db.Tx, sql string, args db.Args) error {
	answer, err := db.One[string](ctx, tx, sql, args)
	if err != nil {
		return err
	}
	switch answer {
	case "done":
		return nil
	case "none":
		return fault.NotFound
	case "over":
		return fault.Stale
	case "days":
		return fault.Invalid{"from": "absence.error.days"}
	case "unfit":
		return fault.Invalid{"stand_in": "absence.error.unfit"}
	case "overlap":
		return fault.Invalid{"from": "absence.error.overlap"}
	case "away":
		return fault.Invalid{"stand_in": "absence.error.away"}
	case "words":
		return fault.Invalid{"words": "absence.error.words"}
	}
	return fmt.Errorf("the database answers %q", answer)
}
