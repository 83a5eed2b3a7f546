package overview

import (
	"time"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// PlanVersion is a version of a case's plan that waits for the reader, by its case.
type PlanVersion struct {
	Ref, Number string
	Severity    string
	No          int
	Since       time.Time // sent, or returned
	By          string    // who sent or returned it
}

// PlansToApprove asks for the versions that wait for the reader as a lead, the gravest level and the oldest first: of the led team, and of cases
// that the reader is named lead of. None in which the reader has written.
func PlansToApprove(b *db.Batch) *[]PlanVersion {
	return db.All[PlanVersion](b, `
		SELECT f.ref, f.number, coalesce(f.severity, '') AS severity, v.no, v.submitted_at AS since, u.display_name AS by
		  FROM app.plan_version v JOIN app.case_file f ON f.id = v.case_id AND f.status = 'open' JOIN auth.user_account u ON u.id = v.submitted_by
		 WHERE v.state = 'submitted' AND @lead::boolean AND @me::uuid <> ALL (v.authors)
		   AND (v.team_id = ANY (@teams) OR EXISTS (SELECT FROM app.case_grant g WHERE g.case_id = v.case_id AND g.user_id = @me AND g.kind IN ('lead','responsible') AND g.revoked_at IS NULL))
		 ORDER BY f.severity_rank DESC, v.submitted_at, v.id LIMIT @most`,
		db.Args{"teams": led(b.Actor), "me": b.Actor.UserID, "lead": b.Actor.Role == actor.TeamLead, "most": MostReasons})
}

// PlansReturned asks for the versions that a lead has returned, of the reader's own cases and of those that the reader submitted, where no newer
// one has been submitted; the oldest first.
func PlansReturned(b *db.Batch) *[]PlanVersion {
	return db.All[PlanVersion](b, `
		SELECT f.ref, f.number, coalesce(f.severity, '') AS severity, v.no, v.answered_at AS since, u.display_name AS by
		  FROM app.plan_version v JOIN app.case_file f ON f.id = v.case_id AND f.status = 'open' JOIN auth.user_account u ON u.id = v.answered_by
		 WHERE v.state = 'returned' AND (f.responsible_id = @me OR v.submitted_by = @me)
		   AND NOT EXISTS (SELECT FROM app.plan_version n WHERE n.case_id = v.case_id AND n.no > v.no)
		 ORDER BY v.answered_at, v.id LIMIT @most`, db.Args{"me": b.Actor.UserID, "most": MostReasons})
}
