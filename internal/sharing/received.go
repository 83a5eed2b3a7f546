package sharing

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/timeline"
)

// Received is what a contact person has told the case themself: behind their link, at the forum's table, or in answer to a question. It
// stands where it was said; the register names it, so that it holds everything that has come in (R9).
type Received struct {
	ID           uuid.UUID
	At           time.Time
	Kind         string // of package timeline
	ObjectID     *uuid.UUID
	Data         timeline.Data
	Actor        string // the contact person
	Organisation string
	PartID       *uuid.UUID // their part in the case; nil: they have none
}

// toldByThem are the events of a case in which a contact person tells something: that they opened a link is not told by them.
var toldByThem = []string{timeline.InvolvementAccepted, timeline.InvolvementDeclined, timeline.GuestAskedBack, timeline.GuestFile, timeline.StepDone, timeline.StepNotPossible, timeline.ForumAnswered, timeline.ForumReported,
	timeline.MandateAcknowledged}

// ReceivedOf asks for what contact persons have told the opened case, the newest first.
func ReceivedOf(b *db.Batch) *[]Received {
	return db.All[Received](b, `
		SELECT x.id, x.at, x.kind, x.object_id, x.data, c.name AS actor, o.name AS organisation,
		       (SELECT v.id FROM app.involvement v WHERE v.case_id = @case AND v.contact_id = c.id ORDER BY v.asked_at DESC, v.id LIMIT 1) AS part_id
		  FROM (SELECT e.id, e.at, e.kind, e.object_id, e.data, e.contact_id FROM app.case_event e WHERE e.case_id = @case AND e.contact_id IS NOT NULL AND e.kind = ANY (@kinds)
		        UNION ALL
		        SELECT m.id, m.said_at, @answered, m.sparring_id, '{}', a.contact_id FROM app.sparring_case k JOIN app.sparring_ask a ON a.sparring_id = k.id AND a.contact_id IS NOT NULL
		          JOIN app.sparring_message m ON m.sparring_id = a.sparring_id AND m.ask_id = a.id WHERE k.case_id = @case) x
		  JOIN app.contact_person c ON c.id = x.contact_id JOIN app.organisation o ON o.id = c.organisation_id
		 ORDER BY x.at DESC, x.id LIMIT @most`, db.Args{"case": b.CaseID, "kinds": toldByThem, "answered": timeline.SparringAnswered, "most": most})
}
