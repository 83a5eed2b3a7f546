package startpages

import (
	"slices"

	"samspil/internal/overview"
)

// What comes first on Min dag, and what need not be told twice.

// newReport is the event that a report of concern about the citizen of a case raises; its reassessment stands among the reports.
const newReport = "new_report"

// lateLimits are the deadlines over their time, and aheadLimits the others.
func (v dayView) lateLimits() []overview.Limit {
	return kept(v.Limits, func(l overview.Limit) bool { return l.DueAt.Before(v.Now) })
}

func (v dayView) aheadLimits() []overview.Limit {
	return kept(v.Limits, func(l overview.Limit) bool { return !l.DueAt.Before(v.Now) })
}

// latePrompts are the events whose time is over, and otherPrompts the rest, without those that the reports above tell already.
func (v dayView) latePrompts() []overview.Prompt {
	return kept(v.Prompts, func(p overview.Prompt) bool { return p.Late(v.Now) })
}

func (v dayView) otherPrompts() []overview.Prompt {
	return kept(v.Prompts, func(p overview.Prompt) bool { return !p.Late(v.Now) && !(p.Rule == newReport && v.reviewed(p.Ref)) })
}

// reviewed reports whether a reassessment of the case stands on the page.
func (v dayView) reviewed(ref string) bool {
	for _, z := range v.Concern.Reviews {
		if ref != "" && (z.CaseRef == ref || z.ReportRef == ref) {
			return true
		}
	}
	return false
}

// unread are the notices to show: those that nothing else on the page says. told is how many others there are.
func (v dayView) unread() (fresh []overview.Notice, told int) {
	fresh = kept(v.Unread, func(n overview.Notice) bool { return !v.says(n) })
	told = len(v.Unread) - len(fresh)
	return fresh[:min(len(fresh), noticesShown)], told
}

// says reports whether the page has what a notice is about as a row of its own, with the way to do it.
func (v dayView) says(n overview.Notice) bool {
	switch n.Kind {
	case "reassessment.demanded", "reassessment.chosen", "report.on_case":
		return v.reviewed(n.Ref)
	case "report.assigned", "report.bell":
		for _, r := range v.Concern.Reports {
			if r.Ref == n.Ref {
				return true
			}
		}
	case "check_in.missed":
		return slices.ContainsFunc(v.CheckIns, func(c overview.CheckIn) bool { return c.Ref == n.Ref && c.Missed(v.Now) })
	case "plan.submitted":
		return slices.ContainsFunc(v.Approve, func(p overview.PlanVersion) bool { return p.Ref == n.Ref })
	case "plan.returned":
		return slices.ContainsFunc(v.Returned, func(p overview.PlanVersion) bool { return p.Ref == n.Ref })
	case "decision.asked":
		return slices.ContainsFunc(v.Asked, func(a overview.Asked) bool { return a.Ref == n.Ref })
	case "sparring.asked", "sparring.due":
		return len(v.Sparring) > 0
	case "prompt.raised":
		return slices.ContainsFunc(v.Prompts, func(p overview.Prompt) bool { return p.Ref == n.Ref })
	}
	return false
}

// firstRows are the rows of a list that stand there at once, restRows those that unfold.
func firstRows[T any](list []T) []T { return list[:min(len(list), rowsShown)] }
func restRows[T any](list []T) []T  { return list[min(len(list), rowsShown):] }

func kept[T any](list []T, pass func(T) bool) []T {
	var out []T
	for _, x := range list {
		if pass(x) {
			out = append(out, x)
		}
	}
	return out
}
