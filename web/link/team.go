package link

import "github.com/google/uuid"

// The teams and the intake desk, for admins.
const (
	Teams   = Admin + "/hold"
	NewTeam = Teams + "/ny"
)

// Team is the page of a team; what is done with it hangs below.
func Team(id uuid.UUID) string { return Teams + "/" + id.String() }

// JoinTeam is where the form posts to that puts a colleague into a team.
func JoinTeam(id uuid.UUID) string { return Team(id) + "/medlemmer" }

// TeamMember is the page of one person in a team, with what follows when they lead it, or leave it.
func TeamMember(id, user uuid.UUID) string { return Team(id) + "/medlem/" + user.String() }
