package partnerpages

import (
	"context"
	"strconv"
	"time"

	"samspil/internal/i18n"
	"samspil/web/ui"
)

// version is the hidden field of a button that changes a row.
func version(n int) map[string]string { return map[string]string{"version": strconv.Itoa(n)} }

// dayName is the name of a day of the week, 0 for Monday, with a capital.
func dayName(ctx context.Context, i int) string {
	return i18n.Capital(i18n.Weekday(ctx, time.Weekday((i+1)%7)))
}

func orgFormTitle(ctx context.Context, v orgForm) string {
	if v.Version == 0 {
		return i18n.T(ctx, "orgform.new")
	}
	return i18n.T(ctx, "orgform.title")
}

func contactFormTitle(ctx context.Context, v contactForm) string {
	if v.isNew() {
		return i18n.T(ctx, "contactform.new")
	}
	return i18n.T(ctx, "contactform.title")
}

// saveLabel is what the button does: after a conflict it writes one's own over the other's.
func saveLabel(ctx context.Context, c *ui.Conflict, isNew bool) string {
	switch {
	case c != nil:
		return i18n.T(ctx, "dirconflict.mine.save")
	case isNew:
		return i18n.T(ctx, "ui.create")
	}
	return i18n.T(ctx, "partners.save")
}
