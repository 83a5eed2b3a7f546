package db

import (
	"encoding/json"

	"github.com/google/uuid"
)

// KeyOf is the id of what a form says under its key. The same form sent twice says the same, and gives the same id; a form
// that was changed after "Back" and sent again under its old key says something else, and gives another one: it is never
// taken for what has been saved before (R13). Without a key every id is new.
func KeyOf(key uuid.UUID, said any) uuid.UUID {
	raw, err := json.Marshal(said)
	if err != nil || key == uuid.Nil {
		return uuid.New()
	}
	return uuid.NewSHA1(key, raw)
}
