package remind

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"samspil/internal/db"
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

// MakeFeed makes the feed of who the transaction runs for, in place of the one before, and returns the secret of its address:
// 32 random bytes, of which the database keeps a hash.
func MakeFeed(ctx context.Context, tx *db.Tx) (string, error) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: crypto/rand ends the program instead
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	sum := sha256.Sum256([]byte(token))
	_, err := db.Exec(ctx, tx, `SELECT app.make_calendar_feed(@hash)`, db.Args{"hash": sum[:]})
	return token, err
}

// RevokeFeed ends the feed of who the transaction runs for: its address is dead at once.
func RevokeFeed(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `SELECT app.revoke_calendar_feed()`, db.Args{})
	return err
}
