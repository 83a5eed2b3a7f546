package link

import (
	"net/url"
	"strconv"

	"samspil/internal/plan"
)

// PlanVersions is the list of the versions of a case's plan.
func PlanVersions(ref string) string { return Plan(ref) + "/versioner" }

// PlanVersion is one version, as it stood.
func PlanVersion(ref string, no int) string { return PlanVersions(ref) + "/" + strconv.Itoa(no) }

// SubmitPlan is where a plan is sent to the team lead.
func SubmitPlan(ref string) string { return Plan(ref) + "/godkendelse" }

// ComparePlan puts two versions side by side; 0 is the plan as it stands now.
func ComparePlan(ref string, from, to int) string {
	q := url.Values{"fra": {strconv.Itoa(from)}}
	if to > 0 {
		q.Set("til", strconv.Itoa(to))
	}
	return Plan(ref) + "/sammenlign?" + q.Encode()
}

// PlanParts is where the parts of serviceloven § 12 a are written.
func PlanParts(ref string) string { return Plan(ref) + "/dele" }

// PlanPart is where one of those parts is written: the risk has pages of its own.
func PlanPart(ref string, p plan.Part) string {
	if p == plan.PartRisk {
		return Risk(ref)
	}
	return PlanParts(ref) + "#" + string(p)
}

// PlanOffer is where it is written down that the plan was offered, taken or declined.
func PlanOffer(ref string) string { return Plan(ref) + "/tilbud" }
