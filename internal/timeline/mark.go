package timeline

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Mark is a place in a list that is newest first; what comes after it is older. The zero Mark is the top.
type Mark struct {
	At time.Time
	ID uuid.UUID
}

// Time is the moment of the mark; at the top it lies beyond everything.
func (m Mark) Time() time.Time {
	if m.At.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return m.At
}

// String writes the mark for an address: a moment and an id, nothing that tells of anybody.
func (m Mark) String() string {
	if m.At.IsZero() {
		return ""
	}
	return strconv.FormatInt(m.At.UnixMicro(), 36) + "." + m.ID.String()
}

// ParseMark reads a mark from an address. What is none is the top.
func ParseMark(s string) Mark {
	moment, rest, _ := strings.Cut(s, ".")
	micro, err := strconv.ParseInt(moment, 36, 64)
	id, bad := uuid.Parse(rest)
	if err != nil || bad != nil {
		return Mark{}
	}
	at := time.UnixMicro(micro)
	if y := at.Year(); y < 1900 || y > 9999 {
		return Mark{}
	}
	return Mark{At: at, ID: id}
}
