package casefile

import (
	"slices"

	"samspil/internal/fault"
)

// phoneAgreed is the policy under which the telephone is used at agreed hours, and nothing else is.
const phoneAgreed = "phone_agreed"

// policyWays are the ways that a policy leaves open at all; of a policy that is not here nobody knows. Its word stands above what is
// said of each way: "only in person" is no advice.
var policyWays = map[string][]Channel{
	ordinaryContact: Channels,
	writesNothing:   {Phone, Third, Visit},
	phoneAgreed:     {Phone, SMS},
	"in_person":     {Visit},
	"via_partner":   {Third}, // the citizen's own number is never used
}

// whyNoHours is the reason where the policy speaks of agreed hours and there are none: none agreed is not every hour.
const whyNoHours = "no_hours"

// byPolicy is what the policy alone has against a channel for the citizen; "" where it leaves it to the rules. It judges rows of
// before it was enforced as well.
func (r Rules) byPolicy(c Channel) (State, string) {
	ways, known := policyWays[r.Policy]
	switch {
	case !known:
		return Unsettled, whyUnsettled
	case !slices.Contains(ways, c):
		return Forbidden, "policy_" + r.Policy
	case r.Policy == phoneAgreed && len(r.Windows) == 0 && slices.Contains(r.MayUse, c):
		return Forbidden, whyNoHours
	}
	return "", ""
}

// checkPolicy refuses a way that may be used under a policy that leaves it out, and agreed hours that are none.
func (r ContactRules) checkPolicy(bad fault.Invalid, policy string) {
	ways, known := policyWays[policy]
	for _, c := range r.MayUse {
		bad.Check("use_"+string(c), !known || slices.Contains(ways, c), "safecontact.error."+policy)
		bad.Check("use_"+string(c), policy != phoneAgreed || len(r.Windows) > 0, "safecontact.error.no_hours")
	}
}
