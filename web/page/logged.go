package page

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Logged is an error as the log may hold it. Errors of Postgres, of pgx and of the standard library repeat
// the value that they stumbled over, and that may be a name, a CPR number or an address (R12): only what tells
// where the bug is stays.
func Logged(err error) slog.Attr {
	if err == nil {
		return slog.String("error", "")
	}
	text, known := err.Error(), []string{}
	walk(err, func(e error) {
		if short := shortened(e); short != "" && e.Error() != "" {
			known = append(known, short)
			text = strings.ReplaceAll(text, e.Error(), fmt.Sprintf("\x00%c\x00", rune('A'+len(known)-1)))
		}
	})
	for _, value := range values {
		text = value.ReplaceAllString(text, "…")
	}
	for i, short := range known {
		text = strings.ReplaceAll(text, fmt.Sprintf("\x00%c\x00", rune('A'+i)), short)
	}
	if r := []rune(text); len(r) > maxLogged {
		text = string(r[:maxLogged]) + "…"
	}
	return slog.String("error", text)
}

// maxLogged is how long the log lets an error be.
const maxLogged = 400

// values are what an error may repeat of somebody's typing: what is quoted, closed or not, what is printed as a Go
// value, numbers long enough to be somebody's, addresses of mail.
var values = []*regexp.Regexp{
	regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*(?:"|$)`), regexp.MustCompile("(?s)`[^`]*(?:`|$)"), regexp.MustCompile(`(?s)\{.*(?:\}|$)`),
	regexp.MustCompile(`(?s)unable to encode .* into`), regexp.MustCompile(`(?s)cannot convert .* to`), regexp.MustCompile(`(?s)'[^']*'`),
	regexp.MustCompile(`\S+@\S+`), regexp.MustCompile(`\d[\d .-]*\d`),
}

// shortened is what stays of an error whose parts are known; empty for others.
func shortened(err error) string {
	switch e := err.(type) { // walk comes to each error inside by itself
	case *pgconn.PgError:
		return strings.Join(strings.Fields("PgError "+e.Code+" "+e.SchemaName+" "+e.TableName+" "+e.ColumnName+" "+e.ConstraintName), " ")
	case *strconv.NumError:
		return "strconv." + e.Func + ": " + e.Err.Error()
	case *time.ParseError:
		return "time.Parse: no such layout"
	}
	return ""
}

// walk comes to err and to every error inside it.
func walk(err error, each func(error)) {
	if err == nil {
		return
	}
	each(err)
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			walk(e, each)
		}
		return
	}
	walk(errors.Unwrap(err), each)
}
