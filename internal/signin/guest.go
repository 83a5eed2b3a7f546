package signin

import (
	"context"
	"crypto/rand"
	"fmt"

	"samspil/internal/fault"
)

// EnterGuest lets a guest in whose link and code fit, and returns the secret of the session that begins. For everything else,
// whatever it is, the error is [ErrWrong]. net is the network the guest comes from.
func (d *Desk) EnterGuest(ctx context.Context, token, code, net string) (string, error) {
	session := rand.Text() + rand.Text()
	var ok bool
	// also when the one who guessed has hung up meanwhile: the guess counts
	if err := d.pool.QueryRow(context.WithoutCancel(ctx), `SELECT auth.guest_enter($1, $2, $3, $4)`, token, code, net, session).Scan(&ok); err != nil {
		return "", fmt.Errorf("%w: let a guest in: %w", fault.Busy, err)
	}
	if !ok {
		return "", ErrWrong
	}
	return session, nil
}

// AskForCall marks a guest's link: whoever has the letter asks to be called, to get the code. It says nothing about the link, and so
// many from one network count and no more. net is that network.
func (d *Desk) AskForCall(ctx context.Context, token, net string) error {
	if _, err := d.pool.Exec(ctx, `SELECT auth.guest_ask_call($1, $2)`, token, net); err != nil {
		return fmt.Errorf("%w: ask for a call: %w", fault.Busy, err)
	}
	return nil
}

// LeaveGuest ends a guest's session.
func (d *Desk) LeaveGuest(ctx context.Context, token, session string) error {
	_, err := d.pool.Exec(ctx, `SELECT auth.guest_leave($1, $2)`, token, session)
	return err
}
