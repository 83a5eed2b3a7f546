// Package team is how an admin keeps the teams and says which of them is the intake desk (Modtagelsen). Who is in a team sees
// the headers of its normal cases and its lead reads them (security.md 2.2), so the rules stand in the database (migration
// 000130), each change leaves a line in the team's chain of the trail, and its leads are told.
package team

import (
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// Areas are what a team may work with: barnets lov or serviceloven. They are two regimes, and no team has both.
var Areas = []string{"child", "adult"}

// MaxName is how many characters the name of a team may have.
const MaxName = 80

// Input is what an admin decides about a team.
type Input struct {
	Name   string
	Area   string // one of [Areas]; it stays once a case or a deadline stands in it
	Intake bool   // reports of concern of the area come to this team
}

// Validate refuses a team without a name or an area.
func (in Input) Validate() error {
	bad := fault.Invalid{}
	bad.Check("name", in.Name != "", "team.error.name")
	bad.AtMost("name", in.Name, MaxName)
	bad.Check("area", slices.Contains(Areas, in.Area), "team.error.area")
	return bad.Err()
}

// Team is a team as its admin sees it.
type Team struct {
	ID uuid.UUID
	Input
	Version int
	Members int      // those whose accounts are open
	Leads   []string // their names; a mark as lead without the role of one counts for nothing
}

// inOffice is who is in a team now, with an account that works. A lead is who is marked as one and has the role.
const (
	inTeam   = `(m.valid_to IS NULL OR m.valid_to > now())`
	inOffice = inTeam + ` AND u.active`
	leads    = `m.is_lead AND u.role = 'team_lead'`
	columns  = `SELECT t.id, t.name, t.area, t.intake, t.version, count(u.id) FILTER (WHERE ` + inOffice + `)::int AS members,
		       coalesce(array_agg(u.display_name ORDER BY u.display_name, u.id) FILTER (WHERE ` + inOffice + ` AND ` + leads + `), '{}') AS leads
		  FROM app.team t LEFT JOIN app.team_member m ON m.team_id = t.id LEFT JOIN auth.user_account u ON u.id = m.user_id`
)

// Teams asks for every team of the municipality, area by area.
func Teams(b *db.Batch) *[]Team {
	return db.All[Team](b, columns+` GROUP BY t.id ORDER BY t.area DESC, NOT t.intake, t.name, t.id`, db.Args{})
}

// One asks for one team.
func One(b *db.Batch, id uuid.UUID) *db.Found[Team] {
	return db.Maybe[Team](b, columns+` WHERE t.id = @id GROUP BY t.id`, db.Args{"id": id})
}

// Fixed asks whether something stands in the team's area already, which then stays as it is. Only an admin gets a yes.
func Fixed(b *db.Batch, id uuid.UUID) *bool {
	return db.Get[bool](b, `SELECT app.team_fixed(@id)`, db.Args{"id": id})
}

// Member is somebody in a team.
type Member struct {
	ID      uuid.UUID
	Name    string
	Title   string
	Role    actor.Role
	PhotoID *uuid.UUID
	Active  bool // the account is open
	Lead    bool
	// Cases is roughly how many open cases of the team they answer for, rounded to five; nil: fewer than five, perhaps none (R14).
	Cases *int
}

// MayLead reports whether the account has the role of a team lead: without it, the mark gives nothing.
func (m Member) MayLead() bool { return m.Active && m.Role == actor.TeamLead }

// Members asks for the people of a team, its leads first.
func Members(b *db.Batch, id uuid.UUID) *[]Member {
	return db.All[Member](b, `
		SELECT u.id, u.display_name AS name, u.title, u.role, u.photo_id, u.active, `+leads+` AS lead, l.cases
		  FROM app.team_member m JOIN auth.user_account u ON u.id = m.user_id LEFT JOIN app.team_load(@id) l ON l.user_id = u.id
		 WHERE m.team_id = @id AND `+inTeam+` ORDER BY NOT (`+leads+`), u.display_name, u.id`, db.Args{"id": id})
}

// Candidate is a colleague who may come into a team.
type Candidate struct {
	ID    uuid.UUID
	Name  string
	Title string
	Teams string // the names of the teams that they are in now
}

// Candidates asks for everybody with an open account and a role that works with cases who is not in the team: admins and auditors belong to none (R10).
func Candidates(b *db.Batch, id uuid.UUID) *[]Candidate {
	return db.All[Candidate](b, `
		SELECT u.id, u.display_name AS name, u.title, coalesce(string_agg(t.name, ', ' ORDER BY t.name), '') AS teams
		  FROM auth.user_account u LEFT JOIN app.team_member m ON m.user_id = u.id AND `+inTeam+` LEFT JOIN app.team t ON t.id = m.team_id
		 WHERE u.active AND u.role IN ('caseworker', 'specialist', 'team_lead')
		   AND NOT EXISTS (SELECT 1 FROM app.team_member m WHERE m.team_id = @id AND m.user_id = u.id AND `+inTeam+`)
		 GROUP BY u.id ORDER BY u.display_name, u.id`, db.Args{"id": id})
}
