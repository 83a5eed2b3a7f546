// Package decision is a decision with witnesses (domain.md 1.13, 1.14): a question is put before others with what was considered,
// each who is asked says what they think, and what is decided stands beside their answers for good. Advice moves no
// responsibility. After [LookBackDays] the case asks once how it went.
//
// No row of it is ever changed, and nobody has the right to (migration 160): an answer stands against the words that were asked.
// What is half-written is a draft of its writer's; what turns out wrong is corrected by an [Addition] (R13).
package decision

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/reference"
)

// The two kinds, codes of [reference.DecisionKinds]: an afgørelse can be appealed, and the law asks for its reasons and for guidance
// on complaints; a beslutning is about the process (domain.md 2).
const (
	Appealable = "afgoerelse"
	Process    = "beslutning"
)

// LookBack is the event (code of [reference.EventTriggers]) by which the case asks how a decision went; package prompt knows it too.
const LookBack = "decision_look_back"

// How a decision ends.
const (
	Made    = "made"
	Dropped = "dropped" // the question is not one any more
)

// What becomes of the guidance on complaints that belongs to an afgørelse.
const (
	AppealGiven  = "given"
	AppealInFull = "in_full" // the party gets everything they asked for
)

// Appeals are the two, in the order of the form.
var Appeals = []string{AppealGiven, AppealInFull}

// Families are the answers to whether the decision reaches parents or network (R1).
var Families = []string{"no", "yes"}

// Outlooks are what one can say of how a decision went.
var Outlooks = []string{"hoped", "not", "early"}

// AdvisesAgainst is the outcome (code of [reference.Confirmations]) that a decider answers in words.
const AdvisesAgainst = "advise_against"

// maxText is how many characters a free text holds, maxShort a short one.
const (
	maxText  = 8000
	maxShort = 400
)

// LookBackDays is after how many days the case asks how a decision went: reference data, a proposal of the house.
func LookBackDays() int {
	t, _ := reference.EventTriggerByCode(LookBack)
	return t.Days
}

// Decision is a question that was put before others, and how it ended.
type Decision struct {
	ID       uuid.UUID
	Kind     string // code of [reference.DecisionKinds]
	Question string
	Options  string // what was considered
	Leaning  string // what the writer would choose, and why; may be empty
	PutByID  uuid.UUID
	PutBy    string
	PutPhoto *uuid.UUID
	PutAt    time.Time

	Ending    string // empty: open
	Choice    string
	Reason    string // of a dropped one, why
	Law       string // of an afgørelse: the rules that it stands on
	Shielded  string // what must not stand in the reasons that the parties get
	Appeal    string
	Family    string // whether it reaches parents or network: "yes", "no"
	Despite   string // why they went on although somebody advised against
	MadeBy    string
	MadePhoto *uuid.UUID
	MadeAt    *time.Time

	Went       string // one of [Outlooks]; empty: nobody has looked back
	WentWords  string
	WentBy     string
	ReviewedAt *time.Time

	Asked    int // how many are asked
	Answered int
	Against  int // how many advise against
}

// Open reports whether nothing has been decided yet.
func (d Decision) Open() bool { return d.Ending == "" }

// LookBackAt is the day from which one may look back; zero where there is nothing to look back at.
func (d Decision) LookBackAt() time.Time {
	if d.Ending != Made || d.MadeAt == nil {
		return time.Time{}
	}
	return d.MadeAt.AddDate(0, 0, LookBackDays())
}

const selectDecision = `
	SELECT d.id, d.kind, d.question, d.options, d.leaning, d.put_by AS put_by_id, p.display_name AS put_by, p.photo_id AS put_photo, d.put_at,
	       coalesce(m.ending, '') AS ending, coalesce(m.choice, '') AS choice, coalesce(m.reason, '') AS reason, coalesce(m.law, '') AS law, coalesce(m.shielded, '') AS shielded,
	       coalesce(m.appeal, '') AS appeal, coalesce(m.family, '') AS family, coalesce(m.despite, '') AS despite, coalesce(u.display_name, '') AS made_by, u.photo_id AS made_photo, m.made_at,
	       coalesce(v.went, '') AS went, coalesce(v.words, '') AS went_words, coalesce(w.display_name, '') AS went_by, v.reviewed_at,
	       n.asked, n.answered, n.against
	  FROM app.decision d JOIN auth.user_account p ON p.id = d.put_by
	  LEFT JOIN app.decision_made m ON m.case_id = d.case_id AND m.decision_id = d.id LEFT JOIN auth.user_account u ON u.id = m.made_by
	  LEFT JOIN app.decision_review v ON v.case_id = d.case_id AND v.decision_id = d.id LEFT JOIN auth.user_account w ON w.id = v.reviewed_by
	 CROSS JOIN LATERAL (SELECT count(*)::int AS asked, count(s.ask_id)::int AS answered, count(*) FILTER (WHERE s.outcome = 'advise_against')::int AS against
	         FROM app.decision_ask a LEFT JOIN app.decision_answer s ON s.case_id = a.case_id AND s.ask_id = a.id WHERE a.case_id = d.case_id AND a.decision_id = d.id) n
	 WHERE d.case_id = @case`

// Decisions asks for every decision of the opened case: those still to be made first, then the newest.
func Decisions(b *db.Batch) *[]Decision {
	return db.All[Decision](b, selectDecision+` ORDER BY m.made_at IS NOT NULL, coalesce(m.made_at, d.put_at) DESC, d.id LIMIT 200`, db.Args{"case": b.CaseID})
}

// Get asks for one decision of the opened case. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Decision {
	return db.Get[Decision](b, selectDecision+` AND d.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Count asks how many decisions the opened case has, and how many of them are still to be made.
func Count(b *db.Batch) *Numbers {
	return db.Get[Numbers](b, `
		SELECT count(*)::int AS "all", count(*) FILTER (WHERE m.decision_id IS NULL)::int AS open
		  FROM app.decision d LEFT JOIN app.decision_made m ON m.case_id = d.case_id AND m.decision_id = d.id WHERE d.case_id = @case`, db.Args{"case": b.CaseID})
}

// Numbers are how many decisions a case has, and how many are still to be made.
type Numbers struct{ All, Open int }

// Ask is one who is asked for their view, with the answer.
type Ask struct {
	ID           uuid.UUID
	UserID       *uuid.UUID // a colleague
	ContactID    *uuid.UUID // a contact person of a partner
	Name         string     // as it may be shown
	Title        string
	Organisation string // of a contact person
	External     bool
	PhotoID      *uuid.UUID
	Phone        string // of a contact person
	AnswerBy     *time.Time
	AskedBy      string
	AskedAt      time.Time
	Outcome      string // code of [reference.Confirmations]; empty: no answer
	Remarks      string
	WrittenBy    string // who wrote the answer down
	AnsweredAt   *time.Time
}

// Answered reports whether there is an answer.
func (a Ask) Answered() bool { return a.Outcome != "" }

// Of reports whether it is the user who is asked.
func (a Ask) Of(user uuid.UUID) bool { return a.UserID != nil && *a.UserID == user }

// Before reports whether the answer was there at a moment.
func (a Ask) Before(at time.Time) bool { return a.AnsweredAt != nil && !a.AnsweredAt.After(at) }

// Asks asks for everybody who is asked about a decision of the opened case: those who advise against first, then the other
// answers, then those who have not answered.
func Asks(b *db.Batch, decision uuid.UUID) *[]Ask {
	return db.All[Ask](b, `
		SELECT a.id, a.user_id, a.contact_id, coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END) AS name, coalesce(u.title, c.title) AS title,
		       coalesce(o.name, '') AS organisation, coalesce(o.kind = 'external', false) AS external, coalesce(u.photo_id, c.photo_id) AS photo_id,
		       coalesce(nullif(c.phone, ''), nullif(c.mobile, ''), o.phone, '') AS phone,
		       a.answer_by, y.display_name AS asked_by, a.asked_at, coalesce(s.outcome, '') AS outcome, coalesce(s.remarks, '') AS remarks, coalesce(w.display_name, '') AS written_by, s.answered_at
		  FROM app.decision_ask a JOIN auth.user_account y ON y.id = a.asked_by
		  LEFT JOIN auth.user_account u ON u.id = a.user_id
		  LEFT JOIN app.contact_person c ON c.id = a.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
		  LEFT JOIN app.decision_answer s ON s.case_id = a.case_id AND s.ask_id = a.id LEFT JOIN auth.user_account w ON w.id = s.written_by
		 WHERE a.case_id = @case AND a.decision_id = @decision
		 ORDER BY s.outcome IS DISTINCT FROM 'advise_against', s.answered_at, a.asked_at, a.id`, db.Args{"case": b.CaseID, "decision": decision})
}

// Addition is what somebody added to a decision after it was made.
type Addition struct {
	ID   uuid.UUID
	Body string
	By   string
	At   time.Time
}

// Additions asks for what was added to a decision of the opened case, the oldest first.
func Additions(b *db.Batch, decision uuid.UUID) *[]Addition {
	return db.All[Addition](b, `
		SELECT x.id, x.body, u.display_name AS by, x.added_at AS at FROM app.decision_addition x JOIN auth.user_account u ON u.id = x.added_by
		 WHERE x.case_id = @case AND x.decision_id = @decision ORDER BY x.added_at, x.id`, db.Args{"case": b.CaseID, "decision": decision})
}

// Witness is somebody who may be asked.
type Witness struct {
	UserID       *uuid.UUID
	ContactID    *uuid.UUID
	Name         string
	Title        string
	Organisation string
	External     bool
	PhotoID      *uuid.UUID
	Nameless     bool // nothing personal may be told to the partner: no legal basis is noted (R9)
}

// Key is the witness as a form posts them.
func (w Witness) Key() string {
	if w.UserID != nil {
		return "user:" + w.UserID.String()
	}
	return "contact:" + w.ContactID.String()
}

// Witnesses asks whom the reader may ask in the opened case: the colleagues who may open it, then the contact persons of its
// partners. Nobody who is kept out of the case is among them.
func Witnesses(b *db.Batch) *[]Witness {
	return db.All[Witness](b, `
		SELECT * FROM (
		  SELECT m.id AS user_id, NULL::uuid AS contact_id, m.name, m.title, '' AS organisation, false AS external, u.photo_id, false AS nameless
		    FROM app.may_be_alarmed(@case) m JOIN auth.user_account u ON u.id = m.id WHERE m.id <> @me
		  UNION ALL
		  SELECT DISTINCT ON (c.id) NULL, c.id, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, c.title, o.name, o.kind = 'external', c.photo_id, i.legal_basis IN ('','ANONYMOUS')
		    FROM app.involvement i JOIN app.contact_person c ON c.id = i.contact_id JOIN app.organisation o ON o.id = c.organisation_id
		   WHERE i.case_id = @case AND i.status IN ('requested','accepted')) z
		 ORDER BY z.user_id IS NULL, z.organisation, z.name, z.user_id, z.contact_id`, db.Args{"case": b.CaseID, "me": b.Actor.UserID})
}

// MayDecide reports whether who has these rights may put a question and make a decision: who writes in the case, and its lead.
func MayDecide(r actor.Rights) bool { return r.May(actor.Write) || r.May(actor.Manage|actor.Note) }
