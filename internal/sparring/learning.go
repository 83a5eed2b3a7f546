package sparring

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// The states of a learning.
const (
	Proposed  = "proposed"
	Published = "published"
	Returned  = "returned"
)

// Learning is what others can learn from a question. Published, it does not say whose it was.
type Learning struct {
	ID         uuid.UUID
	Title      string
	Body       string
	State      string
	Words      string // why it was given back
	ProposedBy string // for whoever judges it
	Mine       bool
	At         time.Time
}

const selectLearning = `SELECT l.id, l.title, l.body, l.state, l.words, CASE WHEN l.state = 'published' THEN '' ELSE u.display_name END AS proposed_by, l.proposed_by = @me AS mine, coalesce(l.answered_at, l.proposed_at) AS at
	  FROM app.sparring_learning l JOIN auth.user_account u ON u.id = l.proposed_by`

// Learnings asks for the published ones that hold every word, the newest first.
func Learnings(b *db.Batch, words string) *[]Learning {
	var all []string
	for _, w := range strings.Fields(words) {
		all = append(all, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w)+"%")
	}
	return db.All[Learning](b, selectLearning+` WHERE l.state = 'published' AND (cardinality(@words::text[]) = 0 OR l.title || ' ' || l.body ILIKE ALL (@words)) ORDER BY l.answered_at DESC, l.id LIMIT @most`,
		db.Args{"me": b.Actor.UserID, "words": append([]string{}, all...), "most": most})
}

// ToJudge asks for the proposals that wait for the reader, and for their own that are not published.
func ToJudge(b *db.Batch) *[]Learning {
	return db.All[Learning](b, selectLearning+` WHERE l.state = 'proposed' OR l.state = 'returned' AND l.proposed_by = @me ORDER BY l.proposed_at, l.id LIMIT @most`, db.Args{"me": b.Actor.UserID, "most": most})
}

// LearningsOf asks for what was proposed from a question of the opened case.
func LearningsOf(b *db.Batch, id uuid.UUID) *[]Learning {
	return db.All[Learning](b, selectLearning+` WHERE l.sparring_id = @id ORDER BY l.proposed_at DESC, l.id`, db.Args{"me": b.Actor.UserID, "id": id})
}

// Judge publishes a proposal, or gives it back with words. Only a team lead who has not written it may; what another was faster
// with, or is not theirs, is [fault.Stale].
func Judge(ctx context.Context, tx *db.Tx, id uuid.UUID, publish bool, words string) error {
	bad := fault.Invalid{}
	bad.Check("words", publish || strings.TrimSpace(words) != "", "sparring.error.words")
	bad.AtMost("words", words, MaxText)
	if err := bad.Err(); err != nil {
		return err
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.judge_learning(@id, @publish, @words)`, db.Args{"id": id, "publish": publish, "words": words})
	if err == nil && !done {
		return fault.Stale
	}
	return err
}
