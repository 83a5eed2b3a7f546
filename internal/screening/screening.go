// Package screening is what makes signs of honour conflict visible and decides what follows (barnets lov § 18).
//
// A sign is a row with what was seen, from whom and when. Rules, which are data, look at the signs and suggest
// "overvej ÆRK/NSK-spor" with their reasons; a person answers. There is no sum and no score (R8). A screening
// then has exactly the lawful outcomes. All of it belongs to a report of concern, to a case, or to both.
package screening

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// On says what is screened: the opened thing of a transaction is a report or a case.
type On string

// A report of concern comes before any case; a case is screened again whenever something new is seen.
const (
	Report On = "report"
	Case   On = "case"
)

// Subject is what the rules and the form need to know of whom it is about.
type Subject struct {
	Area      string     // "child" or "adult"
	Born      *time.Time // nil: not known
	Version   int        // of the report or the case
	Certainty string     // of a case
	Received  time.Time  // when the municipality became aware: the report's arrival, or the case's opening
	Assessed  bool       // a report: somebody has said whether it is acute (§ 136)
	Concluded *time.Time // a report
}

// GetSubject asks for the subject of the opened report or case.
func GetSubject(b *db.Batch) *Subject { return db.Get[Subject](b, subjectSQL, db.Args{"id": b.CaseID}) }

const subjectSQL = `
	SELECT f.area, coalesce(p.born, l.born) AS born, f.version, f.certainty, true AS assessed, NULL::timestamptz AS concluded,
	       coalesce((SELECT min(r.received_at) FROM app.report_case rc JOIN app.report r ON r.id = rc.report_id WHERE rc.case_id = f.id AND rc.how IN ('made','joined')), f.opened_at) AS received
	  FROM app.case_file f LEFT JOIN app.citizen_label l ON l.case_id = f.id LEFT JOIN app.person p ON p.case_id = f.id AND p.is_citizen
	 WHERE f.id = @id
	UNION ALL
	SELECT r.area, p.born, r.version, '', r.assessed_at IS NOT NULL, r.concluded_at, r.received_at
	  FROM app.report r LEFT JOIN app.report_person p ON p.report_id = r.id AND p.is_child
	 WHERE r.id = @id`

// owner are the two columns that tie a row to the opened report or case of tx.
func owner(tx *db.Tx, on On) (report, file *uuid.UUID) {
	if on == Report {
		return &tx.CaseID, nil
	}
	return nil, &tx.CaseID
}

// record says what happened, to the people of the report or the case and to the chained trail (R11).
func record(ctx context.Context, tx *db.Tx, on On, kind string, object uuid.UUID, data timeline.Data) error {
	if on == Case {
		return timeline.Record(ctx, tx, kind, object, data)
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.report_event (report_id, actor, kind, data) VALUES (@report, @actor, @kind, @data::jsonb)`,
			db.Args{"report": tx.CaseID, "actor": tx.Actor.UserID, "kind": kind, "data": string(raw)})
		db.Do(b, `SELECT audit.record(@kind, @report, @object, NULL)`, db.Args{"kind": kind, "report": tx.CaseID, "object": object.String()})
	})
	if err != nil {
		return fmt.Errorf("record %s: %w", kind, err)
	}
	return nil
}

// maxText is how long a free text of this package may be, in characters.
const maxText = 4000
