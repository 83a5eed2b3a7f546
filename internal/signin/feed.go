package signin

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"samspil/internal/fault"
)

// Feed is what a colleague's calendar shows: how much is due on a day, and nothing of what.
type Feed struct {
	Lang string    // "da" or "en"
	At   time.Time // when this was counted
	Days []FeedDay
}

// FeedDay is a day on which something is due.
type FeedDay struct {
	UID string    // the same for the same person and day, whatever the address of the feed
	Day time.Time // midnight UTC of the office's day
	N   int       // how many steps and deadlines, at least one
}

// Feed returns what is behind the secret address of a calendar. For every other address, whatever it is, the error is
// [fault.NotFound]. net is the network that asks: its wrong addresses are counted.
func (d *Desk) Feed(ctx context.Context, token, net string) (Feed, error) {
	sum := sha256.Sum256([]byte(token))
	rows, err := d.pool.Query(context.WithoutCancel(ctx), `SELECT lang, at, uid, day, n FROM auth.calendar_feed($1, $2)`, sum[:], net) // a guess counts, also of who has hung up
	if err != nil {
		return Feed{}, fmt.Errorf("%w: read a calendar feed: %w", fault.Busy, err)
	}
	type line struct {
		Lang string
		At   time.Time
		UID  string
		Day  *time.Time
		N    int
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	if err != nil {
		return Feed{}, fmt.Errorf("%w: read a calendar feed: %w", fault.Busy, err)
	}
	if len(lines) == 0 {
		return Feed{}, fault.NotFound
	}
	f := Feed{Lang: lines[0].Lang, At: lines[0].At}
	for _, l := range lines {
		if l.Day != nil {
			f.Days = append(f.Days, FeedDay{l.UID, *l.Day, l.N})
		}
	}
	return f, nil
}
