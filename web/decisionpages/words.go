package decisionpages

import (
	"context"

	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/link"
	"samspil/web/ui"
)

// decideLabel is what the button to the decision says: some have begun to write it.
func decideLabel(ctx context.Context, v oneView) string {
	if v.Draft {
		return i18n.T(ctx, "decision.decide.resume")
	}
	return i18n.T(ctx, "decision.decide."+v.D.Kind)
}

// decideKind leaves the filled button to the reader's own answer.
func decideKind(v oneView) string {
	if v.mine() != nil {
		return "secondary"
	}
	return ""
}

func outcomes(ctx context.Context) []ui.Option { return ui.Listed(ctx, reference.Confirmations) }

// answerTitle says whose answer it is.
func answerTitle(ctx context.Context, v answerView) string {
	if v.Ask.ContactID != nil {
		return i18n.T(ctx, "decision.answer.of", v.Ask.Name)
	}
	return i18n.T(ctx, "decision.say")
}

func answerLead(ctx context.Context, v answerView) string {
	if v.Ask.ContactID != nil {
		return i18n.T(ctx, "decision.answer.of.lead")
	}
	return i18n.T(ctx, "decision.answer.lead", v.Ask.AskedBy)
}

func answerLabel(v answerView) string {
	if v.Ask.ContactID != nil {
		return "decision.answer.of.label"
	}
	return "decision.answer.label"
}

func answerSave(ctx context.Context, v answerView) string {
	if v.Ask.ContactID != nil {
		return i18n.T(ctx, "decision.answer.of.save")
	}
	return i18n.T(ctx, "decision.answer.save")
}

// reasonHint says what the reasons of the kind are to hold.
func reasonHint(v decideView) string { return "decision.reason.hint." + v.D.Kind }

// staleTitle says what has come while the decision was written: an answer, or somebody else's decision.
func staleTitle(v decideView) string {
	if v.D.Open() {
		return "decision.decide.stale"
	}
	return "decision.stale"
}

func staleHref(v decideView) string {
	if v.D.Open() {
		return "#svar"
	}
	return link.Decision(v.Case.Ref, v.D.ID)
}
