package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// VersionState is where a version of the plan stands.
type VersionState string

// The states of a version. A superseded one was submitted anew before anybody had answered.
const (
	Submitted  VersionState = "submitted"
	Approved   VersionState = "approved"
	Returned   VersionState = "returned"
	Superseded VersionState = "superseded"
)

// Version is the plan as it stood when it was submitted. It is never changed; only its answer is added.
type Version struct {
	ID                        uuid.UUID
	No                        int
	State                     VersionState
	SubmittedBy, AnsweredBy   string // display names
	SubmittedAt               time.Time
	AnsweredAt                *time.Time
	Authors                   []uuid.UUID // who submitted it, and who has written in the plan since the version approved before
	Words, Remarks            string      // to the lead, and from the lead
	SubmittedByID             uuid.UUID
	SubmittedPhoto, Responder *uuid.UUID // Responder: who answered
}

// ByAuthor reports whether who has submitted the version or written in it: then somebody else answers.
func (v Version) ByAuthor(who uuid.UUID) bool { return slices.Contains(v.Authors, who) }

// MayApprove reports whether who, with rights to a case, is one of the leads who approve its plan: a team lead who manages it. Whether a
// certain version is theirs to answer is [Version.ByAuthor]'s to say.
func MayApprove(who actor.Actor, rights actor.Rights) bool {
	return who.Role == actor.TeamLead && rights.May(actor.Manage|actor.Note)
}

const selectVersion = `
	SELECT v.id, v.no, v.state, s.display_name AS submitted_by, coalesce(a.display_name, '') AS answered_by, v.submitted_at, v.answered_at, v.authors, k.words, k.remarks,
	       v.submitted_by AS submitted_by_id, s.photo_id AS submitted_photo, v.answered_by AS responder
	  FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id
	  JOIN auth.user_account s ON s.id = v.submitted_by LEFT JOIN auth.user_account a ON a.id = v.answered_by
	 WHERE v.case_id = @case`

// Versions asks for every version of the opened case's plan, the newest first.
func Versions(b *db.Batch) *[]Version {
	return db.All[Version](b, selectVersion+` ORDER BY v.no DESC, v.id LIMIT 200`, db.Args{"case": b.CaseID})
}

// Numbered is what a version froze, with its number.
type Numbered struct {
	No      int
	Content Content
}

// Contents asks for what the numbered versions of the opened case's plan say, the newest first.
func Contents(b *db.Batch, no ...int) *[]Numbered {
	return db.All[Numbered](b, `
		SELECT v.no, k.content FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id
		 WHERE v.case_id = @case AND v.no = ANY (@no) ORDER BY v.no DESC, v.id`, db.Args{"case": b.CaseID, "no": no})
}

// Now asks for the opened case's plan as it stands, in the form of a version with the number 0. Where there is no plan it is empty.
func Now(b *db.Batch) *Numbered {
	return db.Get[Numbered](b, `SELECT 0 AS no, coalesce(app.plan_now(@case), '{}') AS content`, db.Args{"case": b.CaseID})
}

// WithBase asks for what a version of the opened case's plan says, and after it for the one that had been approved before, if any.
func WithBase(b *db.Batch, no int) *[]Numbered {
	return db.All[Numbered](b, `
		SELECT v.no, k.content FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id
		 WHERE v.case_id = @case AND (v.no = @no OR v.no = (SELECT max(x.no) FROM app.plan_version x WHERE x.case_id = @case AND x.state = 'approved' AND x.no < @no))
		 ORDER BY v.no DESC, v.id`, db.Args{"case": b.CaseID, "no": no})
}

// Standing is how the plan of a case stands with its versions.
type Standing struct {
	versions *[]Version
	bases    *[]Numbered
	now      *Numbered
}

// AskStanding asks how the plan of the opened case stands.
func AskStanding(b *db.Batch) *Standing {
	return &Standing{versions: Versions(b), now: Now(b), bases: db.All[Numbered](b, `
		SELECT v.no, k.content FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id
		 WHERE v.case_id = @case AND (v.state = 'submitted' OR v.no = (SELECT max(x.no) FROM app.plan_version x WHERE x.case_id = @case AND x.state = 'approved'))
		 ORDER BY v.no DESC, v.id`, db.Args{"case": b.CaseID})}
}

// Versions are all versions, the newest first.
func (s *Standing) Versions() []Version { return *s.versions }

// Now is the plan as it stands.
func (s *Standing) Now() Content { return s.now.Content }

// Latest is the newest version, nil where none has been submitted.
func (s *Standing) Latest() *Version {
	if len(*s.versions) == 0 {
		return nil
	}
	return &(*s.versions)[0]
}

// Seen is the number of the newest version, 0 for none: what a form says that its writer has seen.
func (s *Standing) Seen() int {
	if v := s.Latest(); v != nil {
		return v.No
	}
	return 0
}

// Approved is the version that holds: the one approved last, nil for none.
func (s *Standing) Approved() *Version { return s.first(Approved) }

// Waiting is the version that waits for an answer, nil for none.
func (s *Standing) Waiting() *Version { return s.first(Submitted) }

// SentAs is the version that waits if user sent it and it says what mark says, nil otherwise: who sends that form again finds it sent.
func (s *Standing) SentAs(user uuid.UUID, mark string) *Version {
	if w := s.Waiting(); w != nil && w.SubmittedByID == user && s.Content(w).Mark() == mark {
		return w
	}
	return nil
}

func (s *Standing) first(state VersionState) *Version {
	for i, v := range *s.versions {
		if v.State == state {
			return &(*s.versions)[i]
		}
	}
	return nil
}

// Content is what a version that [Standing.Approved] or [Standing.Waiting] returned says.
func (s *Standing) Content(v *Version) Content {
	for _, b := range *s.bases {
		if v != nil && b.No == v.No {
			return b.Content
		}
	}
	return Content{}
}

// Since are the differences of the plan as it stands from such a version. From none there are none: a plan that nobody has sent is not
// a list of differences.
func (s *Standing) Since(v *Version) []Difference {
	if v == nil {
		return nil
	}
	return Compare(s.Content(v), s.now.Content)
}

// Unchanged reports that there is nothing to send: the newest version is approved, and the plan says what it says.
func (s *Standing) Unchanged() bool {
	a := s.Approved()
	return a != nil && s.Latest() == a && len(s.Since(a)) == 0
}

// Mark is a short sign of what a plan says: the form of a submission carries the mark of what its writer saw.
func (c Content) Mark() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings, ids and lists of them
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// Submission is a plan on its way to the lead.
type Submission struct {
	Seen  int    // the newest version that the writer has seen, 0 for none
	Mark  string // of the plan that the writer has seen; see [Content.Mark]
	Words string // to the lead
}

// Submit freezes the plan of the opened case as a new version and asks its leads to approve it. It returns the version's number. A version
// that waits is superseded. A plan in which somebody has written since the writer saw it, or of which there is a newer version, is
// [fault.Stale]; a form sent twice makes one version, and sent a second time with other words it is stale too ([Standing.SentAs]). An adult's plan is refused under "parts" while a part of serviceloven § 12 a is
// missing ([Missing]), unless the citizen has declined it.
func Submit(ctx context.Context, tx *db.Tx, in Submission) (int, error) {
	if err := writable(tx); err != nil {
		return 0, err
	}
	bad := fault.Invalid{}
	bad.AtMost("words", in.Words, MaxText)
	if err := bad.Err(); err != nil {
		return 0, err
	}
	var s *Standing
	if err := tx.Read(ctx, func(b *db.Batch) { s = AskStanding(b) }); err != nil {
		return 0, err
	}
	if s.Unchanged() && in.Seen == s.Latest().No {
		return 0, fault.Invalid{"plan": NothingNew}
	}
	no, err := db.One[int](ctx, tx, `SELECT app.submit_plan(@case, @seen, @words)`, db.Args{"case": tx.CaseID, "seen": in.Seen, "words": strings.TrimSpace(in.Words)})
	if db.Violates(err, "four_parts") {
		return 0, fault.Invalid{"parts": PartMissing}
	}
	if err != nil {
		return 0, err
	}
	if no == 0 {
		return 0, fault.Stale
	}
	frozen, err := db.One[Numbered](ctx, tx, `SELECT v.no, k.content FROM app.plan_version v JOIN app.plan_content k ON k.case_id = v.case_id AND k.version_id = v.id
		WHERE v.case_id = @case AND v.no = @no`, db.Args{"case": tx.CaseID, "no": no})
	if err == nil && frozen.Content.Mark() != in.Mark {
		err = fault.Stale // nothing is submitted that its writer has not seen
	}
	return no, err
}

// NothingNew and PartMissing are the text keys of what [Submit] refuses.
const (
	NothingNew  = "version.error.nothing"
	PartMissing = "version.error.parts"
)

// Answer approves a version of the opened case's plan, or returns it with remarks. Only a lead who manages the case may, and never who
// submitted it or wrote in it: [fault.Forbidden]. A version that is answered or superseded is [fault.Stale].
func Answer(ctx context.Context, tx *db.Tx, no int, approve bool, remarks string) error {
	if !MayApprove(tx.Actor, tx.Rights) {
		return fault.Forbidden
	}
	remarks = strings.TrimSpace(remarks)
	bad := fault.Invalid{}
	bad.Check("remarks", approve || remarks != "", "version.error.remarks")
	bad.AtMost("remarks", remarks, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	versions, err := db.Many[Version](ctx, tx, selectVersion+` AND v.no = @no`, db.Args{"case": tx.CaseID, "no": no})
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		return fault.NotFound
	}
	if versions[0].ByAuthor(tx.Actor.UserID) {
		return fault.Forbidden
	}
	answer := Returned
	if approve {
		answer = Approved
	}
	ok, err := db.One[bool](ctx, tx, `SELECT app.answer_plan(@case, @no, @answer, @remarks)`, db.Args{"case": tx.CaseID, "no": no, "answer": answer, "remarks": remarks})
	if err == nil && !ok {
		err = fault.Stale
	}
	return err
}
