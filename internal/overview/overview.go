// Package overview asks what the start pages show: what waits for somebody, what a team needs,
// whether the directory is kept, who looked where. It only reads.
//
// Every statement names the rows that it wants: those where the reader is responsible, those of the
// led team. The policies guard, an index chooses (performance.md). Numbers count the same cases as
// the lists that they open.
package overview

import (
	"github.com/google/uuid"

	"samspil/internal/actor"
)

// led are the teams that the reader leads, as a value that an index can be walked by.
func led(who actor.Actor) []uuid.UUID {
	if who.Role != actor.TeamLead {
		return []uuid.UUID{}
	}
	return who.Teams
}

// late is the condition for a step s over its time. A step without an hour is due at the end of its day.
const late = `s.due_at < now()`

// open is the condition for a step s that is still to be done.
const open = `s.status IN ('open','in_progress','waiting')`

// shownName is what a contact person c is called: some may not show a surname, for their own safety.
const shownName = `CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END`
