package testkit

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"samspil/internal/actor"
	"samspil/internal/demo"
	"samspil/internal/i18n"
)

// demoTemplate is a database with the demo municipality in it, as of today.
var demoTemplate = sync.OnceValue(func() string {
	content := string(must(json.Marshal(must(demo.Load()))))
	return build("demo", content+i18n.FieldDate(time.Now()), func(ctx context.Context, url string) error {
		return demo.Seed(ctx, url, Keys)
	})
})

// NewDemo returns the demo municipality in a database of the test's own. Its people sign in through
// [Office.As]; the people and teams of [NewOffice] are not there.
func NewDemo(t testing.TB) *Office { return NewDemoTuned(t, nil) }

// NewDemoTuned is [NewDemo] with other settings of the application's connection pool.
func NewDemoTuned(t testing.TB, tune func(*pgxpool.Config)) *Office {
	t.Helper()
	adminURL := clone(t, demoTemplate())
	o := &Office{AdminURL: adminURL, Keys: Keys, DB: open(t, adminURL, tune), admin: must(pgx.Connect(context.Background(), adminURL))}
	t.Cleanup(func() { _ = o.admin.Close(context.Background()) })
	return o
}

// As opens a session for somebody by e-mail address.
func (o *Office) As(t testing.TB, email string) actor.Actor {
	t.Helper()
	who := actor.Actor{Token: uuid.NewString() + uuid.NewString()}
	o.Scan(t, []any{&who.UserID, &who.Role, &who.Name, &who.Lang}, `SELECT id, role, display_name, lang FROM auth.user_account WHERE email = $1`, email)
	o.Exec(t, `INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256(convert_to($1, 'UTF8')), $2, now() + interval '9 h')`, who.Token, who.UserID)
	return who
}
