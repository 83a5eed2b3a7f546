package access

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/signin"
	"samspil/internal/testkit"
)

// A session that has ended, or waits for its password, is nobody, for every way into the database.
func TestEndedSessionIsNobody(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	for name, set := range map[string]string{
		"revoked": `revoked_at = now()`, "expired": `expires_at = now() - interval '1 s'`, "idle": `last_seen_at = now() - interval '16 min'`, "locked": `locked_at = now()`,
	} {
		o.Exec(t, `UPDATE auth.session SET `+set+` WHERE user_id = $1`, o.Mette.UserID)
		signedOut(t, o, name, o.Mette, c)
		o.Exec(t, `UPDATE auth.session SET revoked_at = NULL, locked_at = NULL, last_seen_at = now(), expires_at = now() + interval '9 h'`)
	}
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Mette.UserID)
	signedOut(t, o, "disabled", o.Mette, c)
	signedOut(t, o, "unknown", actor.Actor{Token: "token-unknown-0123456789012345678901234567890123456789", UserID: o.Mette.UserID, Role: actor.Caseworker}, c)
	signedOut(t, o, "empty", actor.Actor{UserID: o.Mette.UserID, Role: actor.Caseworker}, c)
}

func signedOut(t *testing.T, o *testkit.Office, name string, who actor.Actor, c testkit.CaseFile) {
	t.Helper()
	_, read := o.DB.Read(t.Context(), who, func(*db.Batch) {})
	_, readCase := o.DB.ReadCase(t.Context(), who, c.At("test"), func(*db.Batch) {})
	for way, err := range map[string]error{
		"Read": read, "ReadCase": readCase,
		"InTx":   o.DB.InTx(t.Context(), who, func(*db.Tx) error { t.Errorf("%s session runs InTx", name); return nil }),
		"InCase": o.DB.InCase(t.Context(), who, c.At("test"), func(*db.Tx) error { t.Errorf("%s session runs InCase", name); return nil }),
	} {
		if !errors.Is(err, fault.SignedOut) {
			t.Errorf("%s session, %s: %v", name, way, err)
		}
	}
	if _, locked, err := o.DB.Who(t.Context(), who.Token, c.At("test")); !errors.Is(err, fault.SignedOut) || locked != (name == "locked") {
		t.Errorf("%s session: %v, locked %t", name, err, locked)
	}
}

// Being busy keeps a session alive, up to nine hours and no longer.
func TestWorkKeepsTheSessionAlive(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `UPDATE auth.session SET last_seen_at = now() - interval '14 min', expires_at = now() + interval '1 h' WHERE user_id = $1`, o.Mette.UserID)
	if _, err := o.DB.Read(t.Context(), o.Mette, func(*db.Batch) {}); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.session WHERE user_id = $1 AND last_seen_at > now() - interval '1 min' AND expires_at < now() + interval '61 min'`, o.Mette.UserID); n != 1 {
		t.Error("the session was not renewed, or its end was moved")
	}
}

// A slow request that ends after sign-out does not bring the session back to life (security.md 5.2).
func TestSlowRequestAtSignOutRevivesNothing(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(t.Context(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	sessions := signin.NewSessions(desk, o.DB, false)
	arrived, leave := make(chan bool), make(chan bool)
	mux := http.NewServeMux()
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		sessions.Put(r.Context(), "anything", "that makes scs store the session")
		arrived <- true
		<-leave
	})
	mux.HandleFunc("/out", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Destroy(r.Context()); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := signin.Reader(r.Context(), sessions); !ok {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	srv := httptest.NewServer(sessions.LoadAndSave(mux))
	defer srv.Close()
	get := func(path string) int {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "sid", Value: o.Mette.Token})
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if s := get("/who"); s != http.StatusOK {
		t.Fatalf("before: %d", s)
	}
	done := make(chan int)
	go func() { done <- get("/slow") }()
	<-arrived
	get("/out")
	leave <- true
	<-done
	if s := get("/who"); s != http.StatusUnauthorized {
		t.Errorf("after sign-out the token answers %d", s)
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.session WHERE user_id = $1 AND revoked_at IS NULL`, o.Mette.UserID); n != 0 {
		t.Errorf("%d live sessions", n)
	}
}

// A token is opened once, long enough, for somebody who is active; three sessions at a time.
func TestOpeningSessions(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	pool := login(t, o, "samspil_login")
	open := func(who uuid.UUID, token string) (ok bool) {
		if err := pool.QueryRow(t.Context(), `SELECT auth.open_session($1, $2, NULL)`, who, token).Scan(&ok); err != nil {
			t.Fatal(err)
		}
		return ok
	}
	long := "-long-enough-012345678901234567890123456789"
	if open(o.Mette.UserID, "short") {
		t.Error("a short token was opened")
	}
	if !open(o.Dennis.UserID, "a"+long) || open(o.Dennis.UserID, "a"+long) || open(o.Mette.UserID, "a"+long) {
		t.Error("a token was opened twice, or not at all")
	}
	for _, c := range "bcd" {
		time.Sleep(5 * time.Millisecond) // they are ended in the order in which they began
		if !open(o.Dennis.UserID, string(c)+long) {
			t.Fatal("refused")
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.session WHERE user_id = $1 AND revoked_at IS NULL`, o.Dennis.UserID); n != 3 {
		t.Errorf("%d sessions at a time", n)
	}
	signedOut(t, o, "fourth to last", o.Dennis, testkit.CaseFile{Ref: "abcdefgh"})
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Sara.UserID)
	if open(o.Sara.UserID, "s"+long) || open(uuid.New(), "t"+long) {
		t.Error("a session for a disabled or unknown account")
	}
}

// The lock is opened by the one who locked it, and by nobody else's password.
func TestLock(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(t.Context(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	if err := o.DB.Lock(t.Context(), o.Mette.Token); err != nil {
		t.Fatal(err)
	}
	if _, name, err := desk.Locked(t.Context(), o.Mette.Token); err != nil || name != "Mette Lindhardt" {
		t.Errorf("behind the lock: %q, %v", name, err)
	}
	if err := desk.Unlock(t.Context(), o.Mette.Token, o.Dennis.UserID); !errors.Is(err, fault.SignedOut) {
		t.Errorf("a colleague unlocks: %v", err)
	}
	o.Exec(t, `UPDATE auth.session SET revoked_at = now() WHERE user_id = $1`, o.Mette.UserID)
	if err := desk.Unlock(t.Context(), o.Mette.Token, o.Mette.UserID); !errors.Is(err, fault.SignedOut) {
		t.Errorf("an ended session is unlocked: %v", err)
	}
	o.Exec(t, `UPDATE auth.session SET revoked_at = NULL WHERE user_id = $1`, o.Mette.UserID)
	if err := desk.Unlock(t.Context(), o.Mette.Token, o.Mette.UserID); err != nil {
		t.Error(err)
	}
	if _, err := o.DB.Read(t.Context(), o.Mette, func(*db.Batch) {}); err != nil {
		t.Errorf("after unlocking: %v", err)
	}
}

// Somebody guesses at Mette's password from everywhere: they wait, she does not, in the browser that she knows.
func TestGuessingDoesNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	desk, err := signin.NewDesk(t.Context(), o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	try := func(password, network, device string) error {
		_, err := desk.Check(t.Context(), signin.Attempt{Email: "mette@ellehoej.test", Password: password, Net: network, Device: device})
		return err
	}
	device := "the browser on her desk"
	if err := try(testkit.Password, "10.0.0.0", device); err != nil {
		t.Fatal(err)
	}
	o.Exec(t, `INSERT INTO auth.device (device_hash, user_id) VALUES (sha256(convert_to($1, 'UTF8')), $2)`, device, o.Mette.UserID)
	var wait signin.Wait
	for i := range 6 {
		if err := try("guess", "192.0.2.0", ""); i < 5 && !errors.Is(err, signin.ErrWrong) || i == 5 && !errors.As(err, &wait) {
			t.Errorf("guess %d: %v", i+1, err)
		}
	}
	if err := try(testkit.Password, "198.51.100.0", ""); !errors.As(err, &wait) {
		t.Errorf("the right password from an unknown browser during the attack: %v", err)
	}
	// the guesser sits in the same town hall, and has used up the network's patience too
	o.Exec(t, `INSERT INTO auth.login_failure (bucket, failures) VALUES ('net:10.0.0.0', 100)`)
	if err := try(testkit.Password, "10.0.0.0", device); err != nil {
		t.Errorf("the owner in her own browser: %v", err)
	}
	if _, err := desk.Check(t.Context(), signin.Attempt{Email: "dennis@ellehoej.test", Password: testkit.Password, Net: "10.0.0.0"}); !errors.As(err, &wait) {
		t.Errorf("an unknown browser in the network of the attack: %v", err)
	}
	for range 5 { // her own mistakes count too
		_ = try("mistyped", "10.0.0.0", device)
	}
	if err := try(testkit.Password, "10.0.0.0", device); !errors.As(err, &wait) {
		t.Errorf("after five mistakes of her own: %v", err)
	}
	if _, err := desk.Check(t.Context(), signin.Attempt{Email: "nobody@ellehoej.test", Password: "x", Net: "203.0.113.0"}); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("an unknown address: %v", err)
	}
}
