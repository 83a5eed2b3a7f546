package partner

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Question is an open letter to a contact person that asks whether their details are still right. Admins alone see any.
type Question struct {
	ContactID   uuid.UUID
	AskedAt     time.Time
	ExpiresAt   time.Time
	CodeUntil   *time.Time // a code has been given, and not been used
	OpenedAt    *time.Time // they have been in, and not answered
	CallAskedAt *time.Time // whoever has the letter asks to be called, to get a code
}

// Questions asks for the open questions, to everybody or, where contact is not zero, to one: who wants to be called first.
func Questions(b *db.Batch, contact uuid.UUID) *[]Question {
	return db.All[Question](b, `
		SELECT l.contact_id, l.created_at AS asked_at, l.expires_at, l.code_until, l.opened_at, l.call_asked_at
		  FROM app.guest_link l JOIN app.contact_person c ON c.id = l.contact_id AND c.active
		 WHERE l.about = 'verify' AND l.revoked_at IS NULL AND l.expires_at > now() AND l.answered_at IS NULL
		   AND (c.verified_on IS NULL OR c.verified_on < (l.created_at AT TIME ZONE 'Europe/Copenhagen')::date)
		   AND (@contact::uuid = '00000000-0000-0000-0000-000000000000' OR l.contact_id = @contact)
		 ORDER BY l.call_asked_at NULLS LAST, l.created_at, l.id`, db.Args{"contact": contact})
}

// QuestionCode gives an admin a new code for the open question to a contact person, to be read out on the number of the directory:
// who takes the call there has proved the number. It is empty where no question is open, or there is no number.
func QuestionCode(ctx context.Context, tx *db.Tx, contact uuid.UUID) (string, error) {
	return db.One[string](ctx, tx, `SELECT coalesce(app.details_code(@contact), '')`, db.Args{"contact": contact})
}
