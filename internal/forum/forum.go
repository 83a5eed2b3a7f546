// Package forum is the meeting with the police and others (domain.md 1.29, 3.6): standing or ad hoc, with seats for colleagues and
// contact persons. A seat sees its own slices of the items and nothing that leads to their cases; who may see what is decided by the
// database (migration 000260). What a seat is given of a case stands in the register of sharings, in the same transaction, and
// has passed the leak guard. What is decided becomes a step of the plan.
package forum

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
)

// Frames are the legal frames of a meeting (retsplejeloven § 115, stk. 1). There is none for honour conflicts: whether PSP can be
// used for adults is not settled (domain.md 3.6, K-med), and [Other] is consent, another basis or nothing personal.
var Frames = []string{"SSP", "PSP", "KSP", Other}

// Other is a meeting outside § 115.
const Other = "other"

// Rhythms are how often a standing forum meets.
var Rhythms = []string{"weekly", "fortnightly", "monthly", "none"}

// How an item is told.
const (
	Anonymous = "anonymous"
	Named     = "named"
)

// Namings are the two, in the order in which they are offered.
var Namings = []string{Anonymous, Named}

// Where a meeting stands.
const (
	Planned   = "planned"
	Held      = "held"
	Cancelled = "cancelled"
)

// Attendances are whether a seat was there.
var Attendances = []string{"expected", "present", "absent"}

// What a seat answers.
const (
	Answered    = "answered"
	CannotShare = "cannot_share" // nobody is obliged (retsplejeloven § 115, stk. 4)
)

// Answers are the two.
var Answers = []string{Answered, CannotShare}

// Open is a decision that waits; the others say how it went.
const Open = "open"

// Reports are how a decision went. Not possible is not the same as not done.
var Reports = []string{"done", "not_possible", "not_done"}

// Forum is a standing forum.
type Forum struct {
	ID     uuid.UUID
	Name   string
	Frame  string
	Rhythm string
	RunBy  string
}

// Forums asks for the standing forums of the office.
func Forums(b *db.Batch) *[]Forum {
	return db.All[Forum](b, `SELECT f.id, f.name, f.frame, f.rhythm, u.display_name AS run_by FROM app.forum f JOIN auth.user_account u ON u.id = f.run_by ORDER BY f.name, f.id`, db.Args{})
}

// Meeting is a meeting, standing or ad hoc.
type Meeting struct {
	ID       uuid.UUID
	ForumID  *uuid.UUID
	Name     string // of the forum; empty: ad hoc
	Rhythm   string
	Frame    string
	StartsAt time.Time
	Place    string
	State    string
	LedByID  uuid.UUID
	LedBy    string
	Seats    int
	MySeat   *uuid.UUID
}

// ToCome reports whether the meeting is still to be held.
func (m Meeting) ToCome() bool { return m.State == Planned }

// MayBeHeld reports whether the day of the meeting has come, so that somebody can say that it was held.
func (m Meeting) MayBeHeld(now time.Time) bool { return i18n.Days(m.StartsAt, now) <= 0 }

const selectMeeting = `
	SELECT m.id, m.forum_id, coalesce(f.name, '') AS name, coalesce(f.rhythm, 'none') AS rhythm, m.frame, m.starts_at, m.place, m.state, m.led_by AS led_by_id, u.display_name AS led_by,
	       (SELECT count(*)::int FROM app.forum_seat s WHERE s.meeting_id = m.id AND s.left_at IS NULL) AS seats, (SELECT s.id FROM app.forum_seat s WHERE s.meeting_id = m.id AND s.user_id = @me AND s.left_at IS NULL) AS my_seat
	  FROM app.forum_meeting m LEFT JOIN app.forum f ON f.id = m.forum_id JOIN auth.user_account u ON u.id = m.led_by`

// Meetings asks for the meetings that the reader has a seat in or leads: those to come first, the next one at the top.
func Meetings(b *db.Batch) *[]Meeting {
	return db.All[Meeting](b, selectMeeting+` WHERE m.led_by = @me OR EXISTS (SELECT 1 FROM app.forum_seat s WHERE s.meeting_id = m.id AND s.user_id = @me AND s.left_at IS NULL)
		ORDER BY m.state <> 'planned', CASE WHEN m.state = 'planned' THEN m.starts_at END, m.starts_at DESC, m.id LIMIT 60`, db.Args{"me": b.Actor.UserID})
}

// Coming asks for the meetings to come onto which the reader may put an item.
func Coming(b *db.Batch) *[]Meeting {
	return db.All[Meeting](b, selectMeeting+` WHERE m.state = 'planned' ORDER BY m.starts_at, m.id LIMIT 40`, db.Args{"me": b.Actor.UserID})
}

// One asks for a meeting. None is [fault.NotFound] for the whole batch.
func One(b *db.Batch, id uuid.UUID) *Meeting {
	return db.Get[Meeting](b, selectMeeting+` WHERE m.id = @id`, db.Args{"me": b.Actor.UserID, "id": id})
}

// Seat is somebody at the table.
type Seat struct {
	ID             uuid.UUID
	UserID         *uuid.UUID
	ContactID      *uuid.UUID
	OrganisationID *uuid.UUID
	Name           string
	Title          string
	Organisation   string
	Phone          string // of a contact person, from the directory
	PartnerType    string // code of reference.PartnerTypes; empty: a colleague
	External       bool
	PhotoID        *uuid.UUID
	Attendance     string
	PromisedAt     *time.Time
	Left           bool // the seat is empty: only what it was told and decided stands in the case
}

// Key is the seat as a form posts it.
func (s Seat) Key() string { return Who{UserID: s.UserID, ContactID: s.ContactID}.Key() }

const seatColumns = `s.id, s.user_id, s.contact_id, c.organisation_id, coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END) AS name,
	       coalesce(u.title, c.title) AS title, coalesce(o.name, '') AS organisation, coalesce(c.phone, '') AS phone, coalesce(o.partner_type, '') AS partner_type, coalesce(o.kind = 'external', false) AS external, coalesce(u.photo_id, c.photo_id) AS photo_id, s.attendance, s.promised_at`

// Seats asks for the seats of a meeting, the colleagues first.
func Seats(b *db.Batch, meeting uuid.UUID) *[]Seat {
	return db.All[Seat](b, `
		SELECT `+seatColumns+`, false AS left
		  FROM app.forum_seat s LEFT JOIN auth.user_account u ON u.id = s.user_id LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE s.meeting_id = @meeting AND s.left_at IS NULL ORDER BY s.user_id IS NULL, o.name, name, s.id`, db.Args{"meeting": meeting})
}

// Item is what the table is told.
type Item struct {
	ID        uuid.UUID
	MeetingID uuid.UUID
	Naming    string
	Title     string
	Body      string
	Basis     string // code of [reference.LegalBases]
	Purpose   string
	// PurposeCode is of [reference.SharingPurposes]; empty: anonymous, or put before the compass asked for it.
	PurposeCode string
	Consent     string
	AnswerBy    *time.Time // the day by which the seats answer; nil: at the meeting
	Theme       bool       // about no case
	PutByID     uuid.UUID
	PutBy       string
	PutAt       time.Time
	Withdrawn   bool
}

const itemColumns = `i.id, i.meeting_id, i.naming, i.title, i.body, i.basis, i.purpose, i.purpose_code, i.consent, i.answer_by, i.without_case AS theme, i.put_by AS put_by_id, p.display_name AS put_by, i.put_at, i.withdrawn_at IS NOT NULL AS withdrawn`

// Slice is what one seat sees of an item: its own words, what it is asked, and the last answer.
type Slice struct {
	ItemID     uuid.UUID
	SeatID     uuid.UUID
	Extra      string
	Question   string
	GivenAt    *time.Time
	Outcome    string // empty: not answered yet
	Words      string
	WrittenBy  string
	AnsweredAt *time.Time
}

const sliceColumns = `l.item_id, l.seat_id, l.extra, l.question, l.given_at, coalesce(w.outcome, '') AS outcome, coalesce(w.words, '') AS words, coalesce(w.name, '') AS written_by, w.answered_at`
const lastAnswer = ` LEFT JOIN LATERAL (SELECT a.outcome, a.words, coalesce(u.display_name, (SELECT c.name FROM app.forum_seat s JOIN app.contact_person c ON c.id = s.contact_id WHERE s.id = a.seat_id)) AS name, a.answered_at FROM app.forum_answer a LEFT JOIN auth.user_account u ON u.id = a.written_by
	WHERE a.item_id = l.item_id AND a.seat_id = l.seat_id ORDER BY a.answered_at DESC, a.id LIMIT 1) w ON true`

// Told is an item as the reader's seat sees it.
type Told struct {
	Item
	Slice
	Released []string `db:"-"` // what somebody released to this seat alone, opened
}

// MyItems asks for what the reader's seat sees of a meeting, in its order. Outside an opened case the database gives no more.
func MyItems(b *db.Batch, meeting uuid.UUID) *[]Told {
	return db.All[Told](b, `SELECT `+itemColumns+`, `+sliceColumns+` FROM app.forum_item i JOIN auth.user_account p ON p.id = i.put_by
		JOIN app.forum_slice l ON l.item_id = i.id JOIN app.forum_seat s ON s.id = l.seat_id AND s.user_id = @me`+lastAnswer+`
		WHERE i.meeting_id = @meeting ORDER BY i.position, i.id`, db.Args{"meeting": meeting, "me": b.Actor.UserID})
}

// Look leaves the line in the trail of each case of which the reader now sees something.
func Look(b *db.Batch, meeting uuid.UUID) {
	db.Do(b, `SELECT app.look_at_items(@meeting)`, db.Args{"meeting": meeting})
}

// Outline is an item as who leads the meeting knows it without seeing it: who is in it.
type Outline struct {
	ItemID uuid.UUID
	Seats  []uuid.UUID
}

// Outlines asks for the agenda in outline; nothing for whoever does not lead.
func Outlines(b *db.Batch, meeting uuid.UUID) *[]Outline {
	return db.All[Outline](b, `SELECT item_id, seats FROM app.forum_outline(@meeting)`, db.Args{"meeting": meeting})
}

// CaseOf is the case of an item, for whoever may open it.
type CaseOf struct {
	ItemID      uuid.UUID
	Ref, Number string
}

// CasesOf asks for the cases behind the items that the reader sees, where they may open them.
func CasesOf(b *db.Batch, meeting uuid.UUID) *[]CaseOf {
	return db.All[CaseOf](b, `SELECT item_id, ref, number FROM app.forum_cases(@meeting)`, db.Args{"meeting": meeting})
}

// Action is a decision: who does what by when, and how it went.
type Action struct {
	ID        uuid.UUID
	ItemID    uuid.UUID
	SeatID    uuid.UUID
	MeetingID uuid.UUID
	What      string
	DueOn     time.Time
	State     string
	Who       string
	Mine      bool
	Words     string // of the last report
	ItemTitle string
	MetAt     time.Time
	StepID    *uuid.UUID // in the opened case
}

const selectAction = `
	SELECT a.id, a.item_id, a.seat_id, i.meeting_id, a.what, a.due_on, a.state, coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END) AS who,
	       coalesce(s.user_id = @me, false) AS mine, coalesce((SELECT r.words FROM app.forum_report r WHERE r.action_id = a.id ORDER BY r.written_at DESC, r.id LIMIT 1), '') AS words,
	       i.title AS item_title, m.starts_at AS met_at, t.step_id
	  FROM app.forum_action a JOIN app.forum_item i ON i.id = a.item_id JOIN app.forum_meeting m ON m.id = i.meeting_id JOIN app.forum_seat s ON s.id = a.seat_id
	  LEFT JOIN auth.user_account u ON u.id = s.user_id LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.forum_action_step t ON t.action_id = a.id`

// LastTime asks for what was decided at earlier meetings of the same forum and is not done: what waits, then what was not done, then
// what was not possible. The reader sees their own, and those of the items that they brought or lead.
func LastTime(b *db.Batch, meeting uuid.UUID) *[]Action {
	return db.All[Action](b, selectAction+` JOIN app.forum_meeting h ON h.id = @meeting
		WHERE m.id <> h.id AND m.starts_at < h.starts_at AND a.state <> 'done' AND (m.forum_id = h.forum_id OR h.forum_id IS NULL AND m.forum_id IS NULL AND m.led_by = h.led_by)
		ORDER BY array_position(ARRAY['open','not_done','not_possible'], a.state), a.due_on, a.id LIMIT 100`, db.Args{"meeting": meeting, "me": b.Actor.UserID})
}

// Actions asks for what was decided at a meeting, as far as the reader sees it.
func Actions(b *db.Batch, meeting uuid.UUID) *[]Action {
	return db.All[Action](b, selectAction+` WHERE m.id = @meeting ORDER BY a.due_on, a.made_at, a.id`, db.Args{"meeting": meeting, "me": b.Actor.UserID})
}

// ActionsOf asks for what was decided about an item of the opened case.
func ActionsOf(b *db.Batch, item uuid.UUID) *[]Action {
	return db.All[Action](b, selectAction+` WHERE a.item_id = @item ORDER BY a.due_on, a.made_at, a.id`, db.Args{"item": item, "me": b.Actor.UserID})
}

// CaseItem is an item of the opened case, with its meeting and the lead's answer.
type CaseItem struct {
	Item
	Meeting    string // name of the forum; empty: ad hoc
	Frame      string
	StartsAt   time.Time
	State      string
	Given      int
	Outcome    string // of the approval; empty: not answered
	Approval   string // its words
	ApprovedBy string
	ApprovedAt *time.Time
}

// MayBeCorrected reports whether the item can be taken off, or put again in other words: until the meeting is over.
func (i CaseItem) MayBeCorrected() bool { return i.State == Planned && !i.Withdrawn }

// Waits reports whether a named item waits for a lead.
func (i CaseItem) Waits() bool { return i.Naming == Named && i.Outcome == "" && !i.Withdrawn }

const selectCaseItem = `SELECT ` + itemColumns + `, coalesce(f.name, '') AS meeting, m.frame, m.starts_at, m.state, (SELECT count(*)::int FROM app.forum_given g WHERE g.case_id = k.case_id AND g.item_id = i.id) AS given,
	coalesce(a.outcome, '') AS outcome, coalesce(a.words, '') AS approval, coalesce(q.display_name, '') AS approved_by, a.answered_at AS approved_at
	FROM app.forum_item_case k JOIN app.forum_item i ON i.id = k.id JOIN app.forum_meeting m ON m.id = i.meeting_id LEFT JOIN app.forum f ON f.id = m.forum_id JOIN auth.user_account p ON p.id = i.put_by
	LEFT JOIN app.forum_approval a ON a.case_id = k.case_id AND a.item_id = i.id LEFT JOIN auth.user_account q ON q.id = a.answered_by WHERE k.case_id = @case`

// CaseItems asks for the items of the opened case, the newest meeting first.
func CaseItems(b *db.Batch) *[]CaseItem {
	return db.All[CaseItem](b, selectCaseItem+` ORDER BY m.starts_at DESC, i.position, i.id LIMIT 100`, db.Args{"case": b.CaseID})
}

// GetItem asks for one of them. None is [fault.NotFound] for the whole batch.
func GetItem(b *db.Batch, id uuid.UUID) *CaseItem {
	return db.Get[CaseItem](b, selectCaseItem+` AND i.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Slices asks for every slice of an item of the opened case.
func Slices(b *db.Batch, item uuid.UUID) *[]Slice {
	return db.All[Slice](b, `SELECT `+sliceColumns+` FROM app.forum_slice l`+lastAnswer+` WHERE l.item_id = @item ORDER BY l.seat_id`, db.Args{"item": item})
}

// SeatsOf asks for the seats of the meeting of an item of the opened case.
func SeatsOf(b *db.Batch, item uuid.UUID) *[]Seat {
	return db.All[Seat](b, `
		SELECT `+seatColumns+`, s.left_at IS NOT NULL AS left
		  FROM app.forum_slice l JOIN app.forum_seat s ON s.id = l.seat_id LEFT JOIN auth.user_account u ON u.id = s.user_id
		  LEFT JOIN app.contact_person c ON c.id = s.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		 WHERE l.item_id = @item AND (s.left_at IS NULL OR l.given_at IS NOT NULL) ORDER BY s.user_id IS NULL, o.name, name, s.id`, db.Args{"item": item})
}
