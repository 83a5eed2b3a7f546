package journal

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
)

// NewNote is the form of a new note; the form of a correction is named by [CorrectionOf].
const NewNote = "note"

// CorrectionOf is the form of the correction of a note.
func CorrectionOf(note uuid.UUID) string { return "correction:" + note.String() }

// SaveDraft keeps what has been typed so far. key is the form's request key: a form that has become a note
// leaves no draft, even if its last saving comes late with less in it. What is written on after "Back" is kept.
func SaveDraft(ctx context.Context, tx *db.Tx, form string, key uuid.UUID, fields draft.Fields) error {
	saved, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.note n WHERE n.case_id = @case AND n.author = @me AND n.request_key = @key AND starts_with(n.body, @body))`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(key), "body": strings.TrimSpace(strings.Join(fields["body"], ""))})
	if err != nil || saved {
		return err
	}
	err = draft.Save(ctx, tx, form, fields)
	var long fault.Invalid
	if errors.As(err, &long) {
		return fault.Invalid{"body": long[""]} // the note is what is long in it
	}
	return err
}
