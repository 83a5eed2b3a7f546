// Package mandate is the map of who answers for what in a case: areas of responsibility by the people of the case. An area that nobody
// leads is a gap, one that two lead an overlap. Who leads acknowledges theirs; a part that is changed asks for it again.
package mandate

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/reference"
)

// The parts that somebody has in an area.
const (
	Leads     = "leads"
	TakesPart = "takes_part"
	Informed  = "informed"
)

// Parts are the three, in the order of the form.
var Parts = []string{Leads, TakesPart, Informed}

// Area is an area of responsibility of the opened case with who has a part in it.
type Area struct {
	Key     string // in addresses: the code of the reference data, or the id of an area of the case's own
	Code    string // empty: of the case's own
	Name    string // of such a one
	LeftOut string // why it is not relevant here; empty: it is
	Version int    // 0: nobody has said anything about it yet
	Held    []Mandate
}

// Title is the area's name in the reader's language; that of an area of one's own is as it was written.
func (a Area) Title(ctx context.Context) string {
	if a.Code == "" {
		return a.Name
	}
	return reference.Name(ctx, reference.MandateAreas, a.Code)
}

// Leaders are those who lead the area and are still of the case.
func (a Area) Leaders() []Mandate {
	var out []Mandate
	for _, m := range a.Held {
		if m.Part == Leads && m.Here {
			out = append(out, m)
		}
	}
	return out
}

// Gap reports whether nobody leads an area that is relevant.
func (a Area) Gap() bool { return a.LeftOut == "" && len(a.Leaders()) == 0 }

// Overlap reports whether more than one leads it.
func (a Area) Overlap() bool { return a.LeftOut == "" && len(a.Leaders()) > 1 }

// Mandate is somebody's part in an area.
type Mandate struct {
	ID           uuid.UUID
	AreaID       uuid.UUID
	UserID       *uuid.UUID // a colleague
	ContactID    *uuid.UUID // a contact person of a partner
	Name         string     // as it may be shown
	Title        string
	Organisation string
	External     bool
	PhotoID      *uuid.UUID
	Part         string // one of [Parts]
	GivenBy      string
	GivenAt      time.Time
	Here         bool // may still open the case, or the partner is still in it
	AckOn        *time.Time
	AckBy        string // who wrote it down; empty: the contact person themselves
}

// Key is "user:<id>" or "contact:<id>".
func (m Mandate) Key() string { return Person{UserID: m.UserID, ContactID: m.ContactID}.Key() }

// Waits reports whether somebody leads and has not acknowledged it.
func (m Mandate) Waits() bool { return m.Part == Leads && m.Here && m.AckOn == nil }

// Of reports whether it is the user's.
func (m Mandate) Of(user uuid.UUID) bool { return m.UserID != nil && *m.UserID == user }

// Person is somebody of the case who can have a part.
type Person struct {
	UserID       *uuid.UUID
	ContactID    *uuid.UUID
	Name         string
	Title        string
	Organisation string
	External     bool
	PhotoID      *uuid.UUID
}

// Key is "user:<id>" or "contact:<id>".
func (p Person) Key() string {
	switch {
	case p.UserID != nil:
		return "user:" + p.UserID.String()
	case p.ContactID != nil:
		return "contact:" + p.ContactID.String()
	}
	return ""
}

// People asks who is of the opened case: the colleagues who may open it, then the contact persons of its partners.
func People(b *db.Batch) *[]Person {
	return db.All[Person](b, `
		SELECT * FROM (
		  SELECT m.id AS user_id, NULL::uuid AS contact_id, m.name, m.title, '' AS organisation, false AS external, u.photo_id
		    FROM app.may_be_alarmed(@case) m JOIN auth.user_account u ON u.id = m.id
		  UNION ALL
		  SELECT DISTINCT ON (c.id) NULL, c.id, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, c.title, o.name, o.kind = 'external', c.photo_id
		    FROM app.involvement i JOIN app.contact_person c ON c.id = i.contact_id JOIN app.organisation o ON o.id = c.organisation_id
		   WHERE i.case_id = @case AND i.status IN ('requested','accepted')) z
		 ORDER BY z.user_id IS NULL, z.organisation, z.name, z.user_id, z.contact_id`, db.Args{"case": b.CaseID})
}

// row is an area that somebody has said something about.
type row struct {
	ID      uuid.UUID
	Code    string
	Name    string
	LeftOut string
	Version int
}

// Asked are the questions from whose answers the map is told.
type Asked struct {
	rows *[]row
	held *[]Mandate
}

// Ask asks for the map of the opened case.
func Ask(b *db.Batch) Asked {
	return Asked{
		rows: db.All[row](b, `SELECT a.id, a.code, a.name, a.left_out, a.version FROM app.mandate_area a WHERE a.case_id = @case ORDER BY a.changed_at, a.id`, db.Args{"case": b.CaseID}),
		held: db.All[Mandate](b, `
			SELECT m.id, m.area_id, m.user_id, m.contact_id, coalesce(u.display_name, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END) AS name,
			       coalesce(u.title, c.title) AS title, coalesce(o.name, '') AS organisation, coalesce(o.kind = 'external', false) AS external, coalesce(u.photo_id, c.photo_id) AS photo_id,
			       m.part, g.display_name AS given_by, m.given_at, m.id = ANY ((SELECT app.mandates_here(@case))::uuid[]) AS here, k.on_day AS ack_on, coalesce(w.display_name, '') AS ack_by
			  FROM app.mandate m JOIN auth.user_account g ON g.id = m.given_by LEFT JOIN auth.user_account u ON u.id = m.user_id
			  LEFT JOIN app.contact_person c ON c.id = m.contact_id LEFT JOIN app.organisation o ON o.id = c.organisation_id
			  LEFT JOIN app.mandate_ack k ON k.case_id = m.case_id AND k.mandate_id = m.id LEFT JOIN auth.user_account w ON w.id = k.written_by
			 WHERE m.case_id = @case AND m.ended_at IS NULL ORDER BY array_position(ARRAY['leads','takes_part','informed'], m.part), m.given_at, m.id`, db.Args{"case": b.CaseID}),
	}
}

// Areas are the areas of a case of area ("child" or "adult"): the municipality's in their order, then the case's own.
func (a Asked) Areas(area string) []Area {
	var out []Area
	add := func(x Area, id uuid.UUID) {
		for _, m := range *a.held {
			if m.AreaID == id {
				x.Held = append(x.Held, m)
			}
		}
		out = append(out, x)
	}
	for _, ref := range reference.MandatesOf(area) {
		x, id := Area{Key: ref.Code, Code: ref.Code}, uuid.UUID{}
		if i := slices.IndexFunc(*a.rows, func(r row) bool { return r.Code == ref.Code }); i >= 0 {
			r := (*a.rows)[i]
			x.LeftOut, x.Version, id = r.LeftOut, r.Version, r.ID
		}
		add(x, id)
	}
	for _, r := range *a.rows {
		if r.Code == "" {
			add(Area{Key: r.ID.String(), Name: r.Name, LeftOut: r.LeftOut, Version: r.Version}, r.ID)
		}
	}
	return out
}
