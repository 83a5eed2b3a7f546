package demo

// Team is one of the four teams. Lead is the key of its team lead, empty for none; reports of concern come to the one with Intake.
type Team struct {
	Key    string   `json:"key"`
	Name   string   `json:"name"`
	Area   string   `json:"area"`
	Lead   string   `json:"lead"`
	About  string   `json:"about"`
	Intake bool     `json:"intake"`
	Also   []string `json:"also"` // keys of members whose first team is another
}

// User is somebody who signs in. Admin and auditor belong to no team: they read no case (R10).
type User struct {
	Key         string   `json:"key"`
	Email       string   `json:"email"`
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Role        string   `json:"role"` // caseworker, specialist, team_lead, admin or auditor
	Area        string   `json:"area"`
	Team        string   `json:"team"`
	Phone       string   `json:"phone"`
	Photo       string   `json:"photo"`
	Competences []string `json:"competences"`
	Languages   []string `json:"languages"`
	About       string   `json:"about"`
}
