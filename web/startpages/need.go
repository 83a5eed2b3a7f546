package startpages

import (
	"context"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/overview"
	"samspil/web/link"
	"samspil/web/pulseview"
)

// need is a case that waits for the reader.
type need struct {
	Href, Number string
	By, Since    string // from whom, and since when
	Severity     string
	GoHref, Go   string // where the reader does something about it
}

// sleepyWhy is how grave the case is, and why its plan does not live.
func sleepyWhy(ctx context.Context, p overview.SleepyPlan, now time.Time) string {
	why := pulseview.Why(ctx, p.Pulse, now)
	if p.Severity == "" {
		return why
	}
	return i18n.T(ctx, "ui.severity."+p.Severity) + " · " + why
}

func unsignedNeeds(ctx context.Context, list []overview.Unsigned, now time.Time) []need {
	var out []need
	for _, u := range list {
		out = append(out, need{link.Risk(u.Ref), u.Number, u.Responsible, i18n.T(ctx, "day.confirm.since", i18n.Ago(ctx, u.Since, now)), u.Severity, link.Risk(u.Ref), i18n.T(ctx, "lead.mend.second")})
	}
	return out
}

func approveNeeds(ctx context.Context, list []overview.PlanVersion, now time.Time) []need {
	return planNeeds(ctx, list, now, "day.plans.sent", func(p overview.PlanVersion) string { return link.PlanVersion(p.Ref, p.No) }, "day.plans.approve.go")
}

func returnedNeeds(ctx context.Context, list []overview.PlanVersion, now time.Time) []need {
	return planNeeds(ctx, list, now, "day.plans.sent_back", func(p overview.PlanVersion) string { return link.Plan(p.Ref) }, "day.plans.returned.go")
}

func planNeeds(ctx context.Context, list []overview.PlanVersion, now time.Time, since string, to func(overview.PlanVersion) string, label string) []need {
	var out []need
	for _, p := range list {
		out = append(out, need{link.PlanVersion(p.Ref, p.No), p.Number, p.By, i18n.T(ctx, since, p.No, i18n.Ago(ctx, p.Since, now)), p.Severity, to(p), i18n.T(ctx, label)})
	}
	return out
}
