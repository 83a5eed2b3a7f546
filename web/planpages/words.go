package planpages

import (
	"context"
	"strconv"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/i18n"
	"samspil/internal/plan"
	"samspil/internal/reference"
	"samspil/web/link"
)

// deadlines are the times that the law sets.
const deadlines reference.Kind = "deadlines"

// missingText asks for the kind of person that a gap needs.
func missingText(ctx context.Context, s plan.Step) string {
	if s.PartnerType != "" {
		return i18n.T(ctx, "plan.choose.partner")
	}
	return i18n.T(ctx, "plan.choose.responsible")
}

func askedText(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "plan.asked", n)
}

func goalsLink(ctx context.Context, v planView) string {
	if !v.write() {
		return ""
	}
	return i18n.T(ctx, "plan.goals.change")
}

func goalsHref(v planView) string {
	if !v.write() {
		return ""
	}
	return link.Plan(v.Case.Ref) + "/maal"
}

// reopenLabel says how a finished step comes back: a tick is undone, a step that was left out is taken up again.
func reopenLabel(ctx context.Context, s plan.Step) string {
	if s.Status == plan.Skipped {
		return i18n.T(ctx, "plan.take_up")
	}
	return i18n.T(ctx, "ui.undo")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (v stepView) title(ctx context.Context) string {
	if v.New {
		return i18n.T(ctx, "plan.new_step")
	}
	return i18n.T(ctx, "plan.edit.title")
}

func (v stepView) button(ctx context.Context) string {
	if v.New {
		return i18n.T(ctx, "plan.add_step", v.Case.Number)
	}
	return i18n.T(ctx, "plan.save", v.Case.Number)
}

func (v stepView) action() string {
	if v.New {
		return link.Plan(v.Case.Ref) + "/trin/ny"
	}
	return link.Step(v.Case.Ref, v.Step.ID)
}

func (v stepView) hidden() map[string]string {
	m := map[string]string{"v": v.Look.query()}
	if v.New {
		m["key"] = v.In.Key
	} else {
		m["version"] = strconv.Itoa(v.Step.Version)
		if v.Bad != nil && v.In.Version != "" {
			m["version"] = v.In.Version // what the writer has seen; only the page of a conflict shows what is newer
		}
	}
	return m
}

// row is the step with its addresses.
func (v stepView) row() row {
	return row{Step: v.Step, Ref: v.Case.Ref, Now: v.Now, Write: v.May(actor.Write), Look: v.Look, Shut: v.Case.Gate == casefile.GateShut}
}

func (v conflictView) lead(ctx context.Context) string {
	if v.Other == "" {
		return i18n.T(ctx, "plan.conflict.lead_unknown")
	}
	return i18n.T(ctx, "plan.conflict.lead", v.Other, v.When)
}

func (v conflictView) theirs(ctx context.Context) string {
	if v.Other == "" {
		return i18n.T(ctx, "plan.conflict.theirs_unknown")
	}
	return i18n.T(ctx, "plan.conflict.theirs", genitive(ctx, v.Other))
}

func (v conflictView) keepTheirs(ctx context.Context) string {
	if v.Other == "" {
		return i18n.T(ctx, "plan.conflict.keep_unknown")
	}
	return i18n.T(ctx, "plan.conflict.keep", genitive(ctx, v.Other))
}

// genitive is "Saras", "Jonas'", or "Sara's".
func genitive(ctx context.Context, name string) string {
	if i18n.Lang(ctx) == "en" {
		return name + "'s"
	}
	switch name[len(name)-1] {
	case 's', 'x', 'z':
		return name + "'"
	}
	return name + "s"
}

// asksReach reports whether the form asks if the step reaches parents or network: wherever there is a gate (R1).
func (v stepView) asksReach() bool { return v.Case.Gate != casefile.GateNone || v.Step.RequiresGate }
