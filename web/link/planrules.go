package link

// The municipality's plan rules, for admins, and what came of them.
const (
	PlanRules   = Admin + "/planregler"
	NewPlanRule = PlanRules + "/ny"
	Origins     = Overview + "/inddragelser" // how the partners of the team's cases came in
)

// PlanRule is the form of a plan rule; its actions hang below it.
func PlanRule(code string) string { return PlanRules + "/" + code }
