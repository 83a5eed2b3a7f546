// Package maildrop is a real SMTP server that keeps what it gets instead of passing it on: for the demo, which writes it
// into files, and for the tests, which read it. It listens on this machine alone.
package maildrop

import (
	"io"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is one e-mail as it arrived.
type Mail struct {
	From string
	To   []string
	Data []byte // headers and body, as they came over the wire
}

// Drop is the server. It takes mail until it is closed.
type Drop struct {
	server   *smtp.Server
	listener net.Listener
}

// Open begins to listen, on a port of the system's choice, and gives every mail to keep; an error of keep is answered
// to the sender as a failure for now, as a real server does whose disk is full.
func Open(keep func(Mail) error) (*Drop, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{keep: keep}, nil }))
	s.Domain, s.MaxMessageBytes, s.MaxRecipients = "localhost", 1<<20, 1
	s.ReadTimeout, s.WriteTimeout = 10*time.Second, 10*time.Second
	d := &Drop{server: s, listener: l}
	go func() { _ = s.Serve(l) }() // ends when the server is closed
	return d, nil
}

// URL is the server's address, for SMTP_URL.
func (d *Drop) URL() string { return "smtp://" + d.listener.Addr().String() }

// Close ends it.
func (d *Drop) Close() error { return d.server.Close() }

// session is one conversation with a sender.
type session struct {
	keep func(Mail) error
	mail Mail
}

// Mail is the sender's address.
func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.mail.From = from; return nil }

// Rcpt is an address that it is to.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

// Data is the mail.
func (s *session) Data(r io.Reader) error {
	var err error
	if s.mail.Data, err = io.ReadAll(r); err != nil {
		return err
	}
	if s.keep(s.mail) != nil {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not kept"}
	}
	return nil
}

// Reset forgets what has been said.
func (s *session) Reset() { s.mail = Mail{} }

// Logout ends the conversation.
func (s *session) Logout() error { return nil }
