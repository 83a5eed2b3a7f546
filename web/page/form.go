package page

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"samspil/internal/fault"
	"samspil/internal/i18n"
)

// MaxForm is the largest form that is read, in bytes. Uploads have a limit of their own.
const MaxForm = 1 << 20

// MaxGuestUpload is the largest form with a file in it, in bytes, for what a partner leaves behind their link.
const MaxGuestUpload = 11 << 20

// Form reads posted values and remembers the ones it could not understand.
type Form struct {
	r       *http.Request
	refused fault.Invalid
}

// ReadForm starts reading the form that r posts.
func ReadForm(r *http.Request) *Form { return &Form{r, fault.Invalid{}} }

// Text returns a value without the spaces around it, without characters that cannot be seen, and
// with the line ends of the house.
func (f *Form) Text(name string) string { return readable(f.r.PostFormValue(name)) }

func readable(typed string) string {
	s := strings.ReplaceAll(typed, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		if c == '\n' || c == '\t' || !unicode.IsControl(c) && c != unicode.ReplacementChar && !turns(c) {
			return c
		}
		return -1
	}, s)
	return strings.TrimSpace(s)
}

// turns reports whether a character turns the direction of what follows it. Names from the right are written without, and with
// one a name, or the line that it stands in, reads as another: U+202A to U+202E, U+2066 to U+2069.
func turns(c rune) bool { return '\u202a' <= c && c <= '\u202e' || '\u2066' <= c && c <= '\u2069' }

// Secret returns a value exactly as it was typed.
func (f *Form) Secret(name string) string { return f.r.PostFormValue(name) }

// Texts returns every value of a name as Text does: the ticked boxes, for instance.
func (f *Form) Texts(name string) []string {
	_ = f.r.PostFormValue(name) // makes the request parse its form
	all := []string{}
	for _, typed := range f.r.PostForm[name] {
		all = append(all, readable(typed))
	}
	return all
}

// Has reports whether a box is ticked or a button pressed.
func (f *Form) Has(name string) bool { return f.r.PostFormValue(name) != "" }

// Int returns a whole number.
func (f *Form) Int(name string) int {
	n, err := strconv.Atoi(f.Text(name))
	f.refused.Check(name, err == nil, "error.number")
	return n
}

// ID returns an id, or the zero one if the value is empty or no id.
func (f *Form) ID(name string) uuid.UUID {
	id, _ := uuid.Parse(f.Text(name))
	return id
}

// IDs returns every id of a name; what is no id is left out.
func (f *Form) IDs(name string) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, s := range f.Texts(name) {
		if id, err := uuid.Parse(s); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// Date reads a date the ways people write it (see [i18n.ParseDate]). Empty is the zero time.
func (f *Form) Date(name string) time.Time { return f.date(name, i18n.ParseDate, "error.date") }

// Past reads a date that has been (see [i18n.ParsePast]). Empty is the zero time.
func (f *Form) Past(name string) time.Time { return f.date(name, i18n.ParsePast, "error.date_been") }

func (f *Form) date(name string, parse func(string, time.Time) (time.Time, error), refusal string) time.Time {
	text := f.Text(name)
	if text == "" {
		return time.Time{}
	}
	t, err := parse(text, time.Now())
	f.refused.Check(name, err == nil, refusal)
	return t
}

// Refuse notes that a field cannot be taken, for the reason key.
func (f *Form) Refuse(name, key string) { f.refused.Check(name, false, key) }

// Err reports all values that were refused so far.
func (f *Form) Err() error { return f.refused.Err() }

// With adds to the refusals of err those of the form itself, so that all are shown at once.
// It returns nil if neither refused anything, and err itself if it is not about fields.
func (f *Form) With(err error) error {
	var bad fault.Invalid
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	all := fault.Invalid{}
	_ = all.Merge("", f.refused.Err()) // both are Invalid or nil
	_ = all.Merge("", bad.Err())
	return all.Err()
}
