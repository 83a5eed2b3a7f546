package ui

import (
	"context"
	"slices"

	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// Option is one choice. Its label is text, not a key: most choices are reference data.
type Option struct {
	Value  string
	Label  string
	Hint   string
	Mark   string  // what is not sure about it; shown as a tag
	Person *Person // a face beside the choice
}

// Options are codes as choices: the text prefix + code names each, and prefix + code + ".hint" explains it where
// there is such a text.
func Options(ctx context.Context, prefix string, codes []string) []Option {
	options := make([]Option, len(codes))
	for i, code := range codes {
		options[i] = Option{Value: code, Label: i18n.T(ctx, prefix+code)}
		if hint := prefix + code + ".hint"; i18n.Has(ctx, hint) {
			options[i].Hint = i18n.T(ctx, hint)
		}
	}
	return options
}

// Listed are the entries of a list of the reference data as choices, in their own order, but for those that nobody may choose here.
func Listed(ctx context.Context, kind reference.Kind, but ...string) []Option {
	var options []Option
	for _, it := range reference.Items(kind) {
		if !slices.Contains(but, it.Code) {
			options = append(options, Option{Value: it.Code, Label: it.Name(ctx)})
		}
	}
	return options
}

// Severities are the four levels of a case as choices, each with what it means.
func Severities(ctx context.Context) []Option {
	var all []Option
	for _, l := range reference.SeverityLevels() {
		o := Option{Value: l.Code, Label: l.Name(ctx)}
		if i18n.Lang(ctx) == "da" {
			o.Hint = l.MeaningDA
		}
		all = append(all, o)
	}
	return all
}

// OrNone puts a choice of nothing, called label, before the others.
func OrNone(label string, options []Option) []Option {
	return append([]Option{{Label: label}}, options...)
}

// Ticked is the Value of a [Checkbox] that is on or off.
func Ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}
