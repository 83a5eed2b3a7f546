package i18n

import (
	"context"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

var printers = map[string]*message.Printer{
	"da": message.NewPrinter(language.Danish),
	"en": message.NewPrinter(language.BritishEnglish),
}

// Number writes a whole number with the language's separators: "1.234" or "1,234".
func Number(ctx context.Context, n int) string {
	return printers[Lang(ctx)].Sprint(number.Decimal(n))
}
