package mandate

import (
	"context"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Own is an area that a contact person without an account leads, as their page shows it.
type Own struct {
	ID      uuid.UUID
	Code    string // of the reference data: an area that the case has named itself is not shown
	AckedOn *time.Time
}

// Title is the area's name in the reader's language.
func (o Own) Title(ctx context.Context) string {
	return reference.Name(ctx, reference.MandateAreas, o.Code)
}

// OwnAreas asks for what a guest leads, in a batch of [db.DB.ReadGuest].
func OwnAreas(b *db.Batch) *[]Own {
	return db.All[Own](b, `SELECT id, code, acked_on FROM app.guest_mandates()`, db.Args{})
}

// AcknowledgeOwn is [Acknowledge] of a guest, in their own hand and of today. [fault.Stale]: somebody else leads it now.
func AcknowledgeOwn(ctx context.Context, tx *db.Tx, mandate uuid.UUID) error {
	ok, err := db.One[bool](ctx, tx, `SELECT app.guest_acknowledge(@id)`, db.Args{"id": mandate})
	if err == nil && !ok {
		return fault.Stale
	}
	return err
}
