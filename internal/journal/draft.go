package journal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// NewNote is the form of a new note; the form of a correction is named by [CorrectionOf].
const NewNote = "note"

// CorrectionOf is the form of the correction of a note.
func CorrectionOf(note uuid.UUID) string { return "correction:" + note.String() }

// maxDraft is how much of a form is kept, in characters. It holds the longest note.
const maxDraft = 200_000

// Draft is what somebody was in the middle of writing: the fields of a form, as they were typed. It is
// theirs alone, and gone when the note is saved.
type Draft struct {
	Fields  map[string][]string
	SavedAt time.Time
}

// LoadDraft asks for the reader's own draft of a form in the opened case.
func LoadDraft(b *db.Batch, form string) *db.Found[Draft] {
	return db.Maybe[Draft](b, `SELECT fields, saved_at FROM app.draft WHERE case_id = @case AND user_id = @me AND form = @form`,
		db.Args{"case": b.CaseID, "me": b.Actor.UserID, "form": form})
}

// SaveDraft keeps what has been typed so far. key is the form's request key: a form that has become a note
// leaves no draft, even if its last saving comes late.
func SaveDraft(ctx context.Context, tx *db.Tx, form string, key uuid.UUID, fields map[string][]string) error {
	raw, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	// Postgres writes the same fields with a space more here and there.
	if len([]rune(string(raw))) > maxDraft-1000 {
		return fault.Invalid{"body": "error.too_long"}
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO app.draft (case_id, user_id, form, fields)
		SELECT @case, @me, @form, @fields::jsonb
		 WHERE NOT EXISTS (SELECT FROM app.note n WHERE n.case_id = @case AND n.author = @me AND n.request_key = @key)
		ON CONFLICT (case_id, user_id, form) DO UPDATE SET fields = EXCLUDED.fields, saved_at = @now`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "form": form, "fields": string(raw), "key": db.Null(key), "now": tx.Now})
	return err
}

// DiscardDraft forgets what was typed.
func DiscardDraft(ctx context.Context, tx *db.Tx, form string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM app.draft WHERE case_id = @case AND user_id = @me AND form = @form`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "form": form})
	return err
}
