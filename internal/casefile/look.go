package casefile

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Looks are one person's looks at the opened case on one day (R11): the trail itself has a line for each.
type Looks struct {
	Day      time.Time
	UserID   *uuid.UUID
	Name     string
	Title    string
	PhotoID  *uuid.UUID
	Pages    []string // words of the paths: "journal", "handlingsplan"
	Purposes []string // "task", "consultation" or "lead_review"
	Openings int
	Reveals  int // of protected facts and CPR numbers
	Refused  int // in vain: somebody without access
	Last     time.Time
}

// WhoLooked asks who has opened the case in the last days, newest first. Who does not manage the case gets nothing.
func WhoLooked(b *db.Batch, days int) *[]Looks {
	return db.All[Looks](b, `
		SELECT e.day, u.id AS user_id, coalesce(u.display_name, '') AS name, coalesce(u.title, '') AS title, u.photo_id, e.pages, e.purposes, e.openings, e.reveals, e.refused, e.last
		  FROM (SELECT date_trunc('day', x.at AT TIME ZONE 'Europe/Copenhagen') AT TIME ZONE 'Europe/Copenhagen' AS day, x.actor,
		               coalesce(array_agg(DISTINCT split_part(x.object, ':', 2)) FILTER (WHERE x.action = 'case.open'), '{}') AS pages,
		               coalesce(array_agg(DISTINCT split_part(x.object, ':', 1)) FILTER (WHERE x.action = 'case.open'), '{}') AS purposes,
		               (count(*) FILTER (WHERE x.action = 'case.open'))::int AS openings, (count(*) FILTER (WHERE x.action IN ('fact.reveal','cpr.reveal')))::int AS reveals,
		               (count(*) FILTER (WHERE x.action = 'case.denied'))::int AS refused, max(x.at) AS last
		          FROM audit.event x
		         WHERE x.case_id = @case AND x.at > now() - make_interval(days => @days) AND x.action IN ('case.open','case.denied','fact.reveal','cpr.reveal')
		         GROUP BY 1, 2 ORDER BY 1 DESC, max(x.at) DESC LIMIT 300) e
		  LEFT JOIN auth.user_account u ON u.id = e.actor ORDER BY e.day DESC, e.last DESC, u.id`, db.Args{"case": b.CaseID, "days": days})
}
