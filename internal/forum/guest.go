package forum

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// GuestSeat is the seat of a contact person who has no account, as its page shows it.
type GuestSeat struct {
	SeatID     uuid.UUID
	Name       string // of the forum; empty: ad hoc
	Frame      string
	StartsAt   time.Time
	Place      string
	State      string
	LedBy      string
	Attendance string
	Promised   bool
	Sits       string
}

// GuestItem is an item as that seat sees it.
type GuestItem struct {
	ID                                                         uuid.UUID
	Naming, Title, Body, Basis, Purpose, Consent, PutBy, Extra string
	Question, Outcome, Words                                   string
	AnswerBy                                                   *time.Time
	Released                                                   []string `db:"-"`
}

// GuestAction is a decision that waits for that seat.
type GuestAction struct {
	ID, ItemID uuid.UUID
	What       string
	DueOn      time.Time
	State      string
	Words      string
	ItemTitle  string
	Earlier    bool // of a meeting before this one
}

// AskGuest asks for the page of the seat that a guest's link is about, in a batch of [db.DB.ReadGuest].
func AskGuest(b *db.Batch) (*GuestSeat, *[]GuestItem, *[]GuestAction) {
	return db.Get[GuestSeat](b, `SELECT seat_id, name, frame, starts_at, place, state, led_by, attendance, promised, sits FROM app.guest_seat()`, db.Args{}),
		db.All[GuestItem](b, `SELECT id, naming, title, body, basis, purpose, consent, put_by, extra, question, outcome, words, answer_by FROM app.guest_seat_items()`, db.Args{}),
		db.All[GuestAction](b, `SELECT id, item_id, what, due_on, state, words, item_title, earlier FROM app.guest_seat_actions()`, db.Args{})
}

// GuestPromise is [Promise] of a guest.
func GuestPromise(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `SELECT app.guest_seat_promise()`, db.Args{})
	return err
}

// GuestSay is [Say] of a guest: it stands in the case as theirs.
func GuestSay(ctx context.Context, tx *db.Tx, item uuid.UUID, outcome, words string) error {
	bad := fault.Invalid{}
	bad.Check("outcome", slices.Contains(Answers, outcome), "error.choose")
	bad.Check("words", words != "", "forum.error.answer")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	return done(db.One[bool](ctx, tx, `SELECT app.guest_seat_answer(@item, @outcome, @words)`, db.Args{"item": item, "outcome": outcome, "words": words}))
}

// GuestReport is [Report] of a guest.
func GuestReport(ctx context.Context, tx *db.Tx, action uuid.UUID, state, words string) error {
	bad := fault.Invalid{}
	bad.Check("state", slices.Contains(Reports, state), "error.choose")
	bad.Check("words", state == "done" || words != "", "forum.error.why")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	return done(db.One[bool](ctx, tx, `SELECT app.guest_seat_report(@action, @state, @words)`, db.Args{"action": action, "state": state, "words": words}))
}

func done(ok bool, err error) error {
	if err == nil && !ok {
		return fault.NotFound
	}
	return err
}

// Invite sends the contact person of a seat a neutral letter with a link to its page; the one before is void. Who leads does.
func Invite(ctx context.Context, tx *db.Tx, seat uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `SELECT app.invite_seat(@seat)`, db.Args{"seat": seat})
	if db.Violates(err, "guest_has_mail") {
		return fault.Invalid{"seat": "forum.error.mail"}
	}
	return err
}

// Code is a new code for that link, to be read out on the telephone; it is shown once.
func Code(ctx context.Context, tx *db.Tx, seat uuid.UUID) (string, error) {
	code, err := db.One[*string](ctx, tx, `SELECT app.seat_code(@seat)`, db.Args{"seat": seat})
	if err == nil && code == nil {
		return "", fault.Stale
	}
	if err != nil {
		return "", err
	}
	return *code, nil
}

// Invited are the seats that a link is open for.
func Invited(b *db.Batch, meeting uuid.UUID) *[]uuid.UUID {
	return db.All[uuid.UUID](b, `SELECT seat_id FROM app.seat_links(@meeting)`, db.Args{"meeting": meeting})
}
