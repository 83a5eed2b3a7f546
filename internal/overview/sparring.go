package overview

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Sparring is a question without a case that waits for the reader's answer.
type Sparring struct {
	ID      uuid.UUID
	PutBy   string
	PhotoID *uuid.UUID
	PutAt   time.Time
	DueOn   *time.Time
}

// SparringOfMe asks for the questions that colleagues wait for the reader's answer to, those with a day first.
func SparringOfMe(b *db.Batch) *[]Sparring {
	return db.All[Sparring](b, `
		SELECT s.id, u.display_name AS put_by, u.photo_id, s.put_at, s.due_on
		  FROM app.sparring_ask a JOIN app.sparring s ON s.id = a.sparring_id AND s.ended_at IS NULL JOIN auth.user_account u ON u.id = s.put_by
		 WHERE a.user_id = @me AND a.settled_at IS NULL ORDER BY s.due_on, s.put_at, s.id LIMIT 50`, db.Args{"me": b.Actor.UserID})
}

// Lone is a grave case of the reader's own with nobody beside them: no colleague, no open sparring, no partner who said yes.
type Lone struct {
	Ref, Number, Severity string
}

// LoneCases asks for them, the gravest first: what [Alone] tells the lead.
func LoneCases(b *db.Batch) *[]Lone {
	return db.All[Lone](b, `SELECT f.ref, f.number, f.severity FROM app.case_file f WHERE f.id = ANY ((SELECT app.my_lone_cases())::uuid[]) ORDER BY f.severity_rank DESC, f.severity_set_at, f.id LIMIT 5`, db.Args{})
}
