package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Asked is a question about a decision that waits for the reader's answer. What it asks is read in the case, which is opened for it.
type Asked struct {
	ID          uuid.UUID
	DecisionID  uuid.UUID
	AskedBy     string
	PhotoID     *uuid.UUID
	AskedAt     time.Time
	AnswerBy    *time.Time
	Ref, Number string
}

// AskedOfMe asks for the questions that wait for the reader, those with a day first.
func AskedOfMe(b *db.Batch) *[]Asked {
	return db.All[Asked](b, `
		SELECT a.id, a.decision_id, u.display_name AS asked_by, u.photo_id, a.asked_at, a.answer_by, f.ref, f.number
		  FROM app.decision_ask a JOIN app.case_file f ON f.id = a.case_id AND f.status = 'open' JOIN auth.user_account u ON u.id = a.asked_by
		 WHERE a.user_id = @me AND a.settled_at IS NULL ORDER BY a.answer_by, a.asked_at, a.id LIMIT 50`, db.Args{"me": b.Actor.UserID})
}
