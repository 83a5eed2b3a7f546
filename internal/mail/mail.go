// Package mail sends the few letters that Samspil writes: that there is something new, and the link of somebody without an
// account. A letter has no place where a name, a number or a word of a case could be put: it is one of the fixed texts of
// text.da.json and text.en.json, and at most a link (R12; domain.md 5, hazard 10). It says who it is to and nothing else.
//
// The database writes a letter down in the transaction of what it is about (app._mail); package jobs sends it.
package mail

import (
	"context"
	"crypto/tls"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	gomail "github.com/wneessen/go-mail"

	"samspil/internal/i18n"
)

// Texts are the words of the letters.
//
//go:embed text.*.json
var Texts embed.FS

// The kinds of letter.
const (
	News   = "news"   // to somebody with an account: sign in as always
	Link   = "link"   // to somebody without one: a link, and no word about what is behind it
	Verify = "verify" // to a contact person: do your details still hold?
)

// Letter is one e-mail.
type Letter struct {
	ID   uuid.UUID // of the letter: a copy that is sent twice is recognised by it
	To   string    // the address
	Lang string    // "da" or "en"
	Kind string
	Link string // the whole address of the page; empty for [News]
}

// ErrAddress says that a letter is to no address: trying again will not help.
var ErrAddress = errors.New("mail: no address")

// Server is where letters are handed in. The zero value is no server: see [Server.Set].
type Server struct {
	client func() (*gomail.Client, error)
	from   string
}

// Set reports whether there is a server at all.
func (s Server) Set() bool { return s.client != nil }

// sends is how long one letter may take.
const sends = 20 * time.Second

// Parse makes a server of its address, smtp://user:password@host:port or smtps://… (TLS from the first byte), and of the
// sender's address. smtp:// turns TLS on where the server has it, and insists on it unless the server is this machine.
// An empty address is no server. An error shows no password.
func Parse(address, from string) (Server, error) {
	if address == "" {
		return Server{}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return Server{}, errors.New("SMTP_URL is no address of a mail server: smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	host := u.Hostname()
	options := []gomail.Option{gomail.WithTimeout(sends), gomail.WithTLSConfig(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case host == "localhost" || host == "127.0.0.1" || host == "::1":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return Server{}, fmt.Errorf("SMTP_URL: %q is no port", u.Port())
		}
	}
	options = append(options, gomail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	s := Server{from: from, client: func() (*gomail.Client, error) { return gomail.NewClient(host, options...) }}
	if err := gomail.NewMsg().From(from); err != nil {
		return Server{}, fmt.Errorf("SMTP_FROM: %q is no address", from)
	}
	return s, nil
}

// Send hands the letter in. Its error is [ErrAddress] where the letter is to nobody.
func (s Server) Send(ctx context.Context, l Letter) error {
	ctx, cancel := context.WithTimeout(i18n.With(ctx, l.Lang), sends)
	defer cancel()
	load()
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if err := m.From(s.from); err != nil {
		return err
	}
	if err := m.To(l.To); err != nil {
		return ErrAddress // err would show the address
	}
	m.SetMessageIDWithValue(l.ID.String() + "@samspil")
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no machine answers it
	m.Subject(i18n.T(ctx, "mail.subject"))
	m.SetBodyString(gomail.TypeTextPlain, Body(ctx, l.Kind, l.Link))
	c, err := s.client()
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, m)
}

// load gives the words of the letters to the dictionary, once.
var load = sync.OnceFunc(func() { i18n.MustLoad(Texts) })

// Body is the text of a letter, in the language of ctx. Its link opens in that language.
func Body(ctx context.Context, kind, link string) string {
	load()
	if kind == News {
		return i18n.T(ctx, "mail.news")
	}
	if lang := i18n.Lang(ctx); lang != i18n.Languages[0] {
		link += "?lang=" + lang
	}
	return i18n.T(ctx, "mail."+kind, link)
}
