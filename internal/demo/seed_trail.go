package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// look is one line of the audit trail, before it is chained.
type look struct {
	at             time.Time
	by             uuid.UUID
	action, object string
}

func (l *loader) look(stream string, at time.Time, by, action, object string) {
	l.trail[stream] = append(l.trail[stream], look{at, id("user", by), action, object})
}

// chain orders every stream by time and links its lines as audit._append does, but in the past.
// audit.verify() has nothing to object to.
func (l *loader) chain() {
	streams := make([]string, 0, len(l.trail))
	for s := range l.trail {
		streams = append(streams, s)
	}
	slices.Sort(streams)
	nothing := sha256.Sum256(nil)
	for _, stream := range streams {
		lines := l.trail[stream]
		slices.SortStableFunc(lines, func(a, b look) int { return a.at.Compare(b.at) })
		prev := sha256.Sum256([]byte(stream))
		caseID := uuid.MustParse(strings.TrimPrefix(stream, "case:"))
		for i, e := range lines {
			at := e.at.Truncate(time.Microsecond)
			var object any
			if e.object != "" {
				object = e.object
			}
			b := []byte{1}
			b = prefixed(b, stream)
			b = binary.BigEndian.AppendUint64(b, uint64(i+1))
			b = binary.BigEndian.AppendUint64(b, uint64(at.UnixMicro()))
			b = prefixed(b, e.by.String())
			b = prefixed(b, e.action)
			b = prefixed(b, caseID.String())
			if object == nil {
				b = binary.BigEndian.AppendUint32(b, 1<<32-1) // the length of NULL
			} else {
				b = prefixed(b, e.object)
			}
			b = append(append(b, nothing[:]...), prev[:]...)
			hash := sha256.Sum256(b)
			l.put("audit.event", stream, i+1, at, e.by, e.action, caseID, object, nothing[:], slices.Clone(prev[:]), hash[:])
			prev = hash
		}
		l.put("audit.head", stream, len(lines), slices.Clone(prev[:]))
	}
}

// prefixed appends a text with its length before it, as audit._lp does.
func prefixed(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}
