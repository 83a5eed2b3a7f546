package testkit

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"sync"
	"testing"

	"samspil/internal/i18n"
	"samspil/internal/jobs"
	"samspil/internal/mail"
	"samspil/internal/maildrop"
)

// Mailbox is a real mail server that keeps every letter of one test. A letter that is anything but one of the fixed texts
// with at most a link fails the test that sent it: no name, no number and no word of a case leaves in a mail (R12).
type Mailbox struct {
	// Post sends letters here; for [jobs.Open].
	Post jobs.Post

	mu      sync.Mutex
	letters []Letter
}

// Letter is a mail that has arrived.
type Letter struct{ To, Subject, Body, Link string }

// guests is the address under which a link of a test is opened.
const guests = "https://samspil.test/g/"

// OpenMailbox starts the mail server of one test.
func OpenMailbox(t testing.TB) *Mailbox {
	t.Helper()
	box := &Mailbox{}
	drop, err := maildrop.Open(func(m maildrop.Mail) error {
		l := read(t, m)
		box.mu.Lock()
		defer box.mu.Unlock()
		box.letters = append(box.letters, l)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = drop.Close() })
	box.Post = jobs.Post{Server: must(mail.Parse(drop.URL(), "samspil@ellehoej.test")), Keys: Keys, Guests: guests}
	return box
}

// Letters are what has arrived so far.
func (b *Mailbox) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters)
}

var (
	headers = []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
	secret  = regexp.MustCompile(regexp.QuoteMeta(guests) + `[A-Za-z0-9_-]{32}`)
	number  = regexp.MustCompile(`^<[0-9a-f-]{36}@samspil>$`)
)

// read takes a mail apart, and complains of whatever is in it that no letter has.
func read(t testing.TB, m maildrop.Mail) Letter {
	msg, err := netmail.ReadMessage(bytes.NewReader(m.Data))
	if err != nil {
		t.Errorf("a mail cannot be read: %v", err)
		return Letter{}
	}
	for name, values := range msg.Header {
		if !slices.Contains(headers, name) || len(values) != 1 {
			t.Errorf("a mail has the header %s: %q", name, values)
		}
	}
	if id := msg.Header.Get("Message-Id"); !number.MatchString(id) {
		t.Errorf("a mail is called %q", id)
	}
	for _, name := range []string{"From", "To"} {
		if a, err := netmail.ParseAddress(msg.Header.Get(name)); err != nil || a.Name != "" {
			t.Errorf("a mail says %s: %q", name, msg.Header.Get(name))
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	body, err2 := io.ReadAll(quotedprintable.NewReader(msg.Body))
	if err != nil || err2 != nil || len(m.To) != 1 {
		t.Errorf("a mail to %q cannot be read: %v, %v", m.To, err, err2)
		return Letter{}
	}
	l := Letter{To: m.To[0], Subject: subject, Body: string(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")))}
	l.Link = secret.FindString(l.Body)
	for _, lang := range i18n.Languages {
		ctx := i18n.With(t.Context(), lang)
		for _, kind := range []string{mail.News, mail.Link, mail.Verify} {
			if subject == i18n.T(ctx, "mail.subject") && l.Body == mail.Body(ctx, kind, l.Link) && (l.Link == "") == (kind == mail.News) {
				return l
			}
		}
	}
	t.Errorf("a mail says something of its own: %q\n%s", subject, l.Body)
	return l
}
