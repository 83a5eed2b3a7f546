package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"samspil/internal/i18n"
)

// labels are what the fields of a refused page are called, by their names.
type labels struct{}

// named renders its children, on a refused page twice: the first time nobody sees it, and the fields tell what they are
// called. So the summary, which stands before them, can name the field of each line, and no page has to repeat its labels.
func named(refused bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if refused {
			ctx = context.WithValue(ctx, labels{}, map[string]string{})
			if err := children.Render(ctx, io.Discard); err != nil {
				return err
			}
		}
		return children.Render(ctx, w)
	})
}

// tell notes what a field is called; the first of a name is the one that the summary leads to.
func tell(ctx context.Context, f Field) {
	if told, ok := ctx.Value(labels{}).(map[string]string); ok && told[f.Name] == "" {
		told[f.Name] = i18n.T(ctx, f.Label)
	}
}

// refusal is one line of the summary: what the field is called, and what to do about it.
func refusal(ctx context.Context, field, reason string) string {
	told, _ := ctx.Value(labels{}).(map[string]string) // nil outside of a refused page
	switch label := told[field]; {
	case label == "":
		return i18n.T(ctx, reason)
	case strings.HasSuffix(label, "?"):
		return label + " " + i18n.T(ctx, reason)
	default:
		return label + ": " + i18n.T(ctx, reason)
	}
}
