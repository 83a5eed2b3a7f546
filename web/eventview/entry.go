package eventview

import (
	"context"
	"strings"

	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/link"
	"samspil/web/ui"
)

// excerpt is how much of a note a short list shows.
const excerpt = 160

// Entry is a note or an event as a short list shows it, "Seneste i sagen" for instance: of a note the
// beginning of its text, with the way to the rest. The events come from [journal.Read].
func Entry(ctx context.Context, e journal.Entry, ref string) ui.Event {
	if e.Note == nil {
		return Event(ctx, e.Event, e.Event.At)
	}
	v := Note(ctx, *e.Note, ref)
	v.Title += ":"
	v.Text = beginning(e.Note.Body)
	return v
}

// Note is a note without its text.
func Note(ctx context.Context, n journal.Note, ref string) ui.Event {
	v := ui.Event{Icon: NoteIcon(n.Kind), Title: NoteKind(ctx, n.Kind), Href: link.Note(ref, n.ID), PII: true, By: n.Author, At: n.HappenedAt}
	if n.Corrects != nil {
		v.Title = i18n.T(ctx, "event.note.correction")
	}
	return v
}

// beginning is the start of a text in one line, cut between words.
func beginning(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= excerpt {
		return s
	}
	s = string(r[:excerpt])
	if i := strings.LastIndex(s, " "); i > excerpt/2 {
		s = s[:i]
	}
	return s + " …"
}
