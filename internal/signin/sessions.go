package signin

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Lifetime is the longest that a session lives, as auth.open_session says.
const Lifetime = 9 * time.Hour

// NewSessions returns the scs manager that carries the cookie. The authority on who is signed in is the
// table auth.session, not scs: its idle time-out is off, because a request under way at
// sign-out would bring the session back to life (security.md 5.2).
func NewSessions(desk *Desk, d *db.DB, secure bool) *scs.SessionManager {
	m := scs.New()
	m.IdleTimeout = 0
	m.Lifetime = Lifetime
	m.Codec = codec{}
	m.Store = store{desk, d}
	m.Cookie.Name = "sid"
	if secure {
		m.Cookie.Name = "__Host-sid"
	}
	m.Cookie.Secure = secure
	m.Cookie.Persist = false
	return m
}

// The keys of a session's values. Nothing else is kept in it.
const (
	keyUser   = "user"   // set at sign-in
	keyDevice = "device" // set at sign-in
	keyReader = "reader" // as loaded
	keyLocked = "locked" // as loaded
)

// Start gives a person who has just proved who they are a session with a new token.
func Start(ctx context.Context, m *scs.SessionManager, who uuid.UUID, device string) error {
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	m.Put(ctx, keyUser, who.String())
	m.Put(ctx, keyDevice, device)
	return nil
}

// Reader returns who the session of ctx belongs to. locked tells that it waits for its password.
func Reader(ctx context.Context, m *scs.SessionManager) (r db.Reader, locked, ok bool) {
	r, ok = m.Get(ctx, keyReader).(db.Reader)
	return r, m.GetBool(ctx, keyLocked), ok
}

type opening struct{}

// WithOpening returns a context in which loading the session also opens a case, in the same round trip.
func WithOpening(ctx context.Context, c db.Case) context.Context {
	return context.WithValue(ctx, opening{}, c)
}

// store answers scs from auth.session.
type store struct {
	desk *Desk
	db   *db.DB
}

// payload is what passes between store and codec; scs sees bytes.
type payload struct {
	User, Device string
	Locked       bool
	Reader       *db.Reader
}

// FindCtx looks the session up, and opens the case that the request is about.
func (s store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	c, _ := ctx.Value(opening{}).(db.Case)
	r, locked, err := s.db.Who(ctx, token, c)
	switch {
	case locked:
		b, err := json.Marshal(payload{Locked: true})
		return b, true, err
	case errors.Is(err, fault.SignedOut):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	b, err := json.Marshal(payload{Reader: &r})
	return b, true, err
}

// CommitCtx opens a session at sign-in. There is nothing else to store: a session that exists is never written by scs.
func (s store) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	var p payload
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	if p.User == "" {
		return nil
	}
	id, err := uuid.Parse(p.User)
	if err != nil {
		return err
	}
	return s.desk.openSession(ctx, id, token, p.Device)
}

// DeleteCtx ends a session.
func (s store) DeleteCtx(ctx context.Context, token string) error { return s.db.SignOut(ctx, token) }

// The methods without a context are never called: scs prefers those with one.

// Find implements [scs.Store].
func (s store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements [scs.Store].
func (s store) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete implements [scs.Store].
func (s store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// codec turns a payload into scs's values and back.
type codec struct{}

// Encode implements [scs.Codec].
func (codec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	user, _ := values[keyUser].(string)
	device, _ := values[keyDevice].(string)
	return json.Marshal(payload{User: user, Device: device})
}

// Decode implements [scs.Codec].
func (codec) Decode(b []byte) (time.Time, map[string]any, error) {
	var p payload
	if err := json.Unmarshal(b, &p); err != nil {
		return time.Time{}, nil, err
	}
	values := map[string]any{keyLocked: p.Locked}
	if p.Reader != nil {
		values[keyReader] = *p.Reader
	}
	return time.Now().Add(Lifetime), values, nil
}
