package casefile

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
)

// Sort is what a list is ordered by. Each order is total, so that a page goes on exactly where the last one ended.
type Sort string

// The orders of the list. Without Ascending each runs from what is looked for first.
const (
	ByActivity Sort = "aktiv"    // newest first
	ByNumber   Sort = "nummer"   // highest first
	BySeverity Sort = "niveau"   // most serious first, in it the last touched
	ByDue      Sort = "frist"    // soonest first
	ByOpened   Sort = "oprettet" // newest first
	ByClosed   Sort = "lukket"   // newest first
)

// column is one part of an order. desc is its direction where the list is not turned around.
type column struct {
	name, kind string
	desc       bool
}

// orders match the indexes of app.case_file; the id is always last.
var orders = map[Sort][]column{
	ByActivity: {{"active_at", "timestamptz", true}},
	ByNumber:   {{`number COLLATE "C"`, "text", true}},
	BySeverity: {{"severity_rank", "smallint", true}, {"active_at", "timestamptz", true}},
	ByDue:      {{"next_due_at", "timestamptz", false}},
	ByOpened:   {{"opened_at", "timestamptz", true}},
	ByClosed:   {{"closed_at", "timestamptz", true}},
}

// KnownSort reports whether s is an order of the list.
func KnownSort(s Sort) bool { _, ok := orders[s]; return ok }

// Falls reports whether the values of the order's column fall from row to row where it is not turned around.
func Falls(s Sort) bool { return orders[s][0].desc }

// DefaultSort is the order of a view: a lead's own team begins with the gravest level, other lists with what was touched last.
func DefaultSort(v View, who actor.Actor) Sort {
	switch {
	case v == Closed:
		return ByClosed
	case v == Team && who.Role == actor.TeamLead:
		return BySeverity
	}
	return ByActivity
}

// Cursor is a place in a list: after a row, or before it (Back). The zero cursor is the beginning.
type Cursor struct {
	Sort  Sort      `json:"s"`
	Asc   bool      `json:"a,omitempty"`
	Keys  []string  `json:"k"`
	ID    uuid.UUID `json:"i"`
	Back  bool      `json:"b,omitempty"`
	First int       `json:"n,omitempty"` // how many rows lay before the page, for "51–100"
}

// String writes the cursor for an address; it holds no word about a person. The beginning is "".
func (c Cursor) String() string {
	if !c.set() {
		return ""
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor reads a cursor of the query's own order. Anything else is the beginning.
func ParseCursor(s string, q ListQuery) Cursor {
	var c Cursor
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Sort != q.Sort || c.Asc != q.Ascending || len(c.Keys) != len(orders[q.Sort]) || c.First < 0 {
		return Cursor{}
	}
	for i, col := range orders[q.Sort] {
		if !col.understands(c.Keys[i]) {
			return Cursor{}
		}
	}
	return c
}

func (c Cursor) set() bool { return c.ID != uuid.Nil }

// FirstRow is the number of the page's first row, counted from one.
func (c Cursor) FirstRow() int { return c.First + 1 }

// understands keeps a forged cursor from becoming an error of the database.
func (col column) understands(key string) bool {
	switch col.kind {
	case "timestamptz":
		_, err := time.Parse(time.RFC3339Nano, key)
		return err == nil || key == "infinity"
	case "smallint":
		return len(key) == 1 && key >= "0" && key <= "9"
	}
	return len(key) < 100
}

// cursor is the place of a row in the query's order; first is how many rows lie before the page it begins.
func (q ListQuery) cursor(r ListRow, first int) Cursor {
	stamp := func(t *time.Time) string {
		if t == nil {
			return "infinity"
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	key := map[string]func() string{
		"active_at": func() string { return stamp(&r.ActiveAt) }, `number COLLATE "C"`: func() string { return r.Number },
		"severity_rank": func() string { return string(rune('0' + r.SeverityRank)) }, "next_due_at": func() string { return stamp(r.NextDueAt) },
		"opened_at": func() string { return stamp(&r.OpenedAt) }, "closed_at": func() string { return stamp(r.ClosedAt) },
	}
	c := Cursor{Sort: q.Sort, Asc: q.Ascending, ID: r.ID, First: first}
	for _, col := range orders[q.Sort] {
		c.Keys = append(c.Keys, key[col.name]())
	}
	return c
}

// order writes ORDER BY, and adds to where the condition that the page begins at the query's cursor.
func (q ListQuery) order(where *[]string, args db.Args) string {
	flip := q.Ascending != q.From.Back // going back is going forward in the opposite order
	parts, equal, after := []string{}, "", []string{}
	cols := append(append([]column{}, orders[q.Sort]...), column{"id", "uuid", false})
	for i, col := range cols {
		direction, past := "", ">"
		if col.desc != flip {
			direction, past = " DESC", "<"
		}
		parts = append(parts, "f."+col.name+direction)
		if !q.From.set() {
			continue
		}
		arg := "key" + string(rune('0'+i))
		if col.name == "id" {
			args[arg] = q.From.ID
		} else {
			args[arg] = q.From.Keys[i]
		}
		value := "@" + arg + "::text::" + col.kind
		if col.name == "id" {
			value = "@" + arg + "::uuid"
		}
		if i == 0 { // for the index; the rest decides among equals
			*where = append(*where, "f."+col.name+" "+past+"= "+value)
		}
		after = append(after, equal+"f."+col.name+" "+past+" "+value)
		equal += "f." + col.name + " = " + value + " AND "
	}
	if len(after) > 0 {
		*where = append(*where, "("+strings.Join(after, " OR ")+")")
	}
	return strings.Join(parts, ", ")
}
