package remind

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Feed is the reader's own calendar feed, without its address: that is kept nowhere.
type Feed struct {
	MadeAt time.Time
	ReadAt *time.Time // when a calendar last fetched it; nil: never
}

// FeedOf asks for the reader's own feed, if there is one.
func FeedOf(b *db.Batch) *db.Found[Feed] {
	return db.Maybe[Feed](b, `SELECT c.made_at, c.read_at FROM app.calendar_feed c WHERE c.user_id = (SELECT auth.uid())`, db.Args{})
}

// Version is what a form about the feed carries along, so that two forms do not both replace it; of no feed it is 0.
func (f Feed) Version() int64 {
	if f.MadeAt.IsZero() {
		return 0
	}
	return f.MadeAt.UnixMicro()
}

// MakeFeed makes the feed of who the transaction runs for, in place of the one with that version, and returns the secret of its address:
// 32 random bytes, of which the database keeps a hash. [fault.Stale] says that there is another one by now: a form that was sent
// twice would else kill the address that its first answer showed.
func MakeFeed(ctx context.Context, tx *db.Tx, version int64) (string, error) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: crypto/rand ends the program instead
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	sum := sha256.Sum256([]byte(token))
	answer, err := db.One[string](ctx, tx, `SELECT app.make_calendar_feed(@hash, @version)`, db.Args{"hash": sum[:], "version": version})
	switch {
	case err != nil:
		return "", err
	case answer == "stale":
		return "", fault.Stale
	case answer != "done":
		return "", fmt.Errorf("the database answers %q", answer)
	}
	return token, nil
}

// RevokeFeed ends the feed of who the transaction runs for: its address is dead at once.
func RevokeFeed(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `SELECT app.revoke_calendar_feed()`, db.Args{})
	return err
}
