package concern

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
)

// Answers are the fields of the form, as they were typed.
type Answers = casefile.Answers

// Draft is a report in progress. It belongs to the one who writes it; the database cannot read it either.
type Draft struct {
	ID        uuid.UUID
	StartedAt time.Time
	SavedAt   time.Time
	Ref       string // when it has become a report
	Number    string
	Answers   []byte // sealed
}

const draftColumns = `id, started_at, saved_at, coalesce(report_ref, '') AS ref, coalesce(report_number, '') AS number, answers`

// keepDrafts is how long an abandoned registration waits for its writer.
const keepDrafts = "30 days"

func draftCell(id uuid.UUID) keys.Where {
	return keys.Where{Column: "report_draft.answers", CaseID: id, RowID: id}
}

// Open reads the answers of a draft.
func (d Draft) Open(k keys.Keys) (Answers, error) {
	a := Answers{}
	if len(d.Answers) == 0 {
		return a, nil
	}
	raw, err := k.Unseal(draftCell(d.ID), d.Answers)
	if err != nil {
		return nil, err
	}
	return a, json.Unmarshal([]byte(raw), &a)
}

// GetDraft asks for a draft of the reader's own. Any other is [fault.NotFound].
func GetDraft(b *db.Batch, id uuid.UUID) *Draft {
	return db.Get[Draft](b, `SELECT `+draftColumns+` FROM app.report_draft WHERE id = @id AND user_id = @me`, db.Args{"id": id, "me": b.Actor.UserID})
}

// Drafts asks for the reader's drafts that have not become reports.
func Drafts(b *db.Batch) *[]Draft {
	return db.All[Draft](b, `SELECT `+draftColumns+` FROM app.report_draft WHERE user_id = @me AND report_ref IS NULL AND saved_at > now() - interval '`+keepDrafts+`'
		ORDER BY saved_at DESC, id LIMIT 5`, db.Args{"me": b.Actor.UserID})
}

// SaveDraft keeps the answers so far under id, which the form has brought along; the first time it makes the draft. One
// that has become a report takes no more answers, and is returned with its Ref. Somebody else's id is [fault.NotFound].
func SaveDraft(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, a Answers) (Draft, error) {
	if !tx.Actor.WorksCases() || id == uuid.Nil {
		return Draft{}, fault.NotFound
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return Draft{}, err
	}
	var d *db.Found[Draft]
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `DELETE FROM app.report_draft WHERE user_id = @me AND id <> @id AND (saved_at < now() - interval '`+keepDrafts+`' OR report_ref IS NOT NULL AND saved_at < now() - interval '1 day')`,
			db.Args{"me": tx.Actor.UserID, "id": id})
		db.Do(b, `INSERT INTO app.report_draft (id, user_id, answers) VALUES (@id, @me, @answers) ON CONFLICT (id) DO NOTHING`,
			db.Args{"id": id, "me": tx.Actor.UserID, "answers": k.Seal(draftCell(id), string(raw))})
		db.Do(b, `UPDATE app.report_draft SET answers = @answers, saved_at = now() WHERE id = @id AND user_id = @me AND report_ref IS NULL`,
			db.Args{"id": id, "me": tx.Actor.UserID, "answers": k.Seal(draftCell(id), string(raw))})
		d = db.Maybe[Draft](b, `SELECT `+draftColumns+` FROM app.report_draft WHERE id = @id AND user_id = @me FOR UPDATE`, db.Args{"id": id, "me": tx.Actor.UserID})
	})
	if err == nil && !d.OK {
		err = fault.NotFound
	}
	return d.Row, err
}

// DropDraft forgets a draft, because its writer says so.
func DropDraft(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM app.report_draft WHERE id = @id AND user_id = @me AND report_ref IS NULL`, db.Args{"id": id, "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// RegisterDraft makes the report of a draft, once: sent again, it answers with the same report. Call it in the
// transaction that has locked the draft by [SaveDraft].
func RegisterDraft(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, in Input) (Registered, error) {
	made, err := Register(ctx, tx, k, in)
	if err != nil {
		return Registered{}, err
	}
	ref := made.Ref
	if made.Kept() {
		ref = "-" // no address of something that its writer may not see
	}
	_, err = db.Exec(ctx, tx, `UPDATE app.report_draft SET answers = '', saved_at = now(), report_ref = @ref, report_number = @number WHERE id = @id`,
		db.Args{"id": id, "ref": ref, "number": made.Number})
	return made, err
}

// Kept reports whether the draft became a report that its writer does not see.
func (d Draft) Kept() bool { return d.Ref == "-" }
