package jobs_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"samspil/internal/db"
	"samspil/internal/jobs"
	"samspil/internal/testkit"
)

// crewOf names the database that a process of this test binary works for, instead of testing.
const crewOf = "SAMSPIL_TEST_CREW"

// TestMain makes of this binary an instance of the program where a test asks for one that it can kill.
func TestMain(m *testing.M) {
	if url := os.Getenv(crewOf); url != "" {
		crew, err := jobs.Open(context.Background(), url, jobs.Post{}, func(c *river.Config) {
			noSweep(c)
			c.LeaderElectionDisabled = true // the survivor need not wait until its lead runs out
		})
		if err != nil {
			panic(err)
		}
		crew.Run(context.Background())
		return
	}
	os.Exit(m.Run())
}

// noSweep leaves the single jobs alone, without the net below them.
func noSweep(c *river.Config) {
	c.PeriodicJobs, c.FetchPollInterval, c.FetchCooldown, c.TestOnly = nil, 50*time.Millisecond, 50*time.Millisecond, true
}

// work lets a crew work for the office until the test ends, or stop is called.
func work(t *testing.T, o *testkit.Office, tune func(*river.Config)) (stop func()) {
	t.Helper()
	crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), jobs.Post{}, tune)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { crew.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// agree writes a check-in the way the page does, and returns its id. The time counts from now.
func agree(t *testing.T, o *testkit.Office, c testkit.CaseFile, in time.Duration, back bool) uuid.UUID {
	t.Helper()
	id := uuid.New()
	takenBack := errors.New("taken back")
	err := o.DB.InCase(t.Context(), o.Mette, c.At("test"), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO app.check_in (id, case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by)
			VALUES (@id, @case, @at, 30, 'Opkald', @me, 'Ring til vagten', @me)`, db.Args{"id": id, "case": c.ID, "at": tx.Now.Add(in), "me": o.Mette.UserID})
		if err == nil && back {
			err = takenBack
		}
		return err
	})
	if err != nil && !errors.Is(err, takenBack) {
		t.Fatal(err)
	}
	return id
}

// until waits for a number of the database.
func until(t *testing.T, o *testkit.Office, want int, sql string, args ...any) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		n := o.Count(t, sql, args...)
		if n == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d, want %d", sql, n, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

const (
	open    = `SELECT count(*) FROM app.check_in WHERE status = 'agreed'`
	alarms  = `SELECT count(*) FROM app.case_event WHERE kind = 'check_in.alarmed'`
	notices = `SELECT count(*) FROM app.notice WHERE kind = 'check_in.missed'`
	undone  = `SELECT count(*) FROM river.river_job WHERE state <> 'completed'`
)

func TestACheckInThatIsTakenBackBringsNoJob(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	agree(t, o, c, time.Hour, true)
	if n := o.Count(t, `SELECT count(*) FROM river.river_job`); n != 0 {
		t.Errorf("%d jobs of a check-in that was rolled back", n)
	}
	id := agree(t, o, c, time.Hour, false)
	var kind, arg, state string
	var at, alarm time.Time
	o.Scan(t, []any{&kind, &arg, &state, &at}, `SELECT kind, args->>'id', state, scheduled_at FROM river.river_job`) // exactly one: two would be an error
	o.Scan(t, []any{&alarm}, `SELECT agreed_at + interval '30 minutes' FROM app.check_in`)
	if kind != "check_in.alarm" || arg != id.String() || state != "scheduled" || !at.Equal(alarm) {
		t.Errorf("job %s of %s, %s, at %s; want one at %s", kind, arg, state, at, alarm)
	}
	if n := o.Count(t, `SELECT count(*) FROM river.river_job`); n != 1 {
		t.Errorf("%d jobs of one check-in", n)
	}
}

func TestTwoInstancesRaiseEachAlarmOnce(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	const many = 60
	for range many {
		agree(t, o, c, -time.Hour, false)
	}
	agree(t, o, c, time.Hour, false) // is not over yet
	work(t, o, noSweep)
	work(t, o, noSweep)
	until(t, o, 1, undone)
	if n := o.Count(t, alarms); n != many {
		t.Errorf("%d alarms of %d check-ins", n, many)
	}
	if n := o.Count(t, notices); n != 2*many { // Mette, and Jonas who leads
		t.Errorf("%d notices, want %d", n, 2*many)
	}
	if n := o.Count(t, `SELECT count(*) FROM river.river_job WHERE attempt > 1`); n != 0 {
		t.Errorf("%d jobs were done more than once", n)
	}
	if n := o.Count(t, open); n != 1 {
		t.Errorf("%d check-ins wait; the one of the future should", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'check_in.alarmed' AND actor IS NULL`); n != many {
		t.Errorf("%d lines in the trail", n)
	}
}

// holdUp keeps a check-in for itself, so that a job hangs in the middle of its work. Free lets go of it.
func holdUp(t *testing.T, o *testkit.Office, id uuid.UUID) (free func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), o.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `BEGIN; SELECT FROM app.check_in WHERE id = '`+id.String()+`' FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	return func() { _ = conn.Close(context.Background()) }
}

const hangs = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'samspil_job' AND wait_event_type = 'Lock'`

func TestAnInstanceKilledInTheMiddleOfAnAlarmLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id := agree(t, o, c, -time.Hour, false)
	free := holdUp(t, o, id)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	instance := exec.Command(program)
	instance.Env = append(os.Environ(), crewOf+"="+o.LoginURL(t, "samspil_job"))
	if err := instance.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = instance.Process.Kill() }) // also where the test ends before it comes to that
	until(t, o, 1, hangs)
	if err := instance.Process.Kill(); err != nil { // as when the machine fails: no goodbye
		t.Fatal(err)
	}
	_ = instance.Wait() // it was killed
	free()
	until(t, o, 0, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'samspil_job'`)
	if n := o.Count(t, open) + o.Count(t, alarms) + o.Count(t, notices); n != 1 {
		t.Errorf("the half alarm left something: %d", n)
	}
	if n := o.Count(t, `SELECT count(*) FROM river.river_job WHERE state = 'running'`); n != 1 {
		t.Fatalf("%d jobs in the hands of the one that is gone", n)
	}
	o.Exec(t, `UPDATE river.river_job SET attempted_at = attempted_at - interval '2 minutes'`) // time passes
	work(t, o, func(c *river.Config) { noSweep(c); c.RetryPolicy = atOnce{} })
	until(t, o, 0, undone)
	if a, n := o.Count(t, alarms), o.Count(t, notices); a != 1 || n != 2 {
		t.Errorf("%d alarms and %d notices, want 1 and 2", a, n)
	}
}

// atOnce does not wait between two tries.
type atOnce struct{}

func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

// A killed instance may also have come as far as to commit. The function looks again, and does nothing.
func TestAnAlarmThatWasRaisedIsNotRaisedAgain(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	id := agree(t, o, c, -time.Hour, false)
	stop := work(t, o, noSweep)
	until(t, o, 0, undone)
	stop()
	o.Exec(t, `UPDATE river.river_job SET state = 'available', finalized_at = NULL`) // forgotten that it was done
	work(t, o, noSweep)
	until(t, o, 0, undone)
	if a, n := o.Count(t, alarms), o.Count(t, notices); a != 1 || n != 2 {
		t.Errorf("%d alarms and %d notices of %s, want 1 and 2", a, n, id)
	}
}

func TestAnInstanceThatIsAskedToStopEndsWhatItHasInHand(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	id := agree(t, o, o.Case(t, o.Mette, 1), -time.Hour, false)
	free := holdUp(t, o, id)
	stop := work(t, o, noSweep)
	until(t, o, 1, hangs)
	time.AfterFunc(100*time.Millisecond, free)
	stop() // returns when the job is done
	if n, left := o.Count(t, alarms), o.Count(t, undone); n != 1 || left != 0 {
		t.Errorf("%d alarms, %d jobs left", n, left)
	}
}

// The net: a job that is lost, as when the database is restored from before it, still alarms.
func TestAnAlarmWhoseJobIsLostIsRaisedByTheMinute(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	agree(t, o, o.Case(t, o.Mette, 1), -time.Hour, false)
	o.Exec(t, `DELETE FROM river.river_job`)
	work(t, o, func(c *river.Config) { c.TestOnly = true })
	until(t, o, 1, alarms)
}

// The migration holds River's tables word for word: an update of River that brings new ones fails here.
func TestTheTablesAreThoseThatRiverWouldMake(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	ctx := t.Context()
	pool, err := pgxpool.New(ctx, o.AdminURL)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	ours, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: jobs.Schema})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ours.Validate(ctx, nil); err != nil || !got.OK {
		t.Fatalf("River wants more migrations: %+v, %v", got, err)
	}
	o.Exec(t, `CREATE SCHEMA fresh`)
	fresh, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "fresh"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	const catalogue = `
		string_agg(line, E'\n') FROM (
		  SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS line
		    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		   WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
		  UNION ALL SELECT 'table ' || c.relname || ' ' || c.relpersistence::text FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'
		  UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = $1::regnamespace
		  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = $1::regnamespace
		  UNION ALL SELECT 'function ' || proname || ' ' || regexp_replace(prosrc, '\s+', ' ', 'g') FROM pg_proc WHERE pronamespace = $1::regnamespace
		  UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = $1::regnamespace)
		  UNION ALL SELECT 'value ' || enumlabel || ' ' || row_number() OVER (ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = ($1 || '.river_job_state')::regtype) x(line)`
	lines := func(schema string) []string {
		var all string
		o.Scan(t, []any{&all}, `SELECT `+catalogue, schema)
		// the key of the table that River made anew in its migration 5 still has a name of its own
		list := strings.Split(strings.NewReplacer(schema+".", "", "river_migration_pkey1", "river_migration_pkey").Replace(all), "\n")
		slices.Sort(list)
		return list
	}
	got := lines(jobs.Schema)
	if diff := cmp.Diff(lines("fresh"), got); diff != "" || len(got) < 50 {
		t.Errorf("what River would make (-), and what the migration makes (+):\n%s", diff)
	}
}

// What a job leaves in its row and in the log is a code: the words of an error can hold the values of a row.
func TestAFailedJobLeavesACodeAndNoWords(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	agree(t, o, o.Case(t, o.Mette, 1), -time.Hour, false)
	o.Exec(t, `ALTER TABLE app.check_in ADD CONSTRAINT broken CHECK (status <> 'alarmed')`)
	work(t, o, noSweep)
	until(t, o, 1, `SELECT count(*) FROM river.river_job WHERE state <> 'available' AND state <> 'running' AND errors[1]->>'error' = 'SQLSTATE 23514'`)
	o.Exec(t, `ALTER TABLE app.check_in DROP CONSTRAINT broken; UPDATE river.river_job SET state = 'available', scheduled_at = now()`)
	until(t, o, 0, undone)
	if n := o.Count(t, alarms); n != 1 {
		t.Errorf("%d alarms after the failure was mended", n)
	}
}

// A site whose alarms nobody waits for is not ready, however well its pages answer.
func TestOnlyACrewAtWorkSaysThatItWorks(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), jobs.Post{}, noSweep)
	if err != nil {
		t.Fatal(err)
	}
	if crew.Working(t.Context()) {
		t.Error("it works before it has begun")
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { crew.Run(ctx); close(done) }()
	for end := time.Now().Add(20 * time.Second); !crew.Working(t.Context()); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never works")
		}
	}
	stop()
	<-done
	if crew.Working(t.Context()) {
		t.Error("it works after it was stopped")
	}
	// the database does not take its login
	lost, err := jobs.Open(t.Context(), strings.Replace(o.LoginURL(t, "samspil_job"), "samspil_job", "samspil_nobody", 1), jobs.Post{}, noSweep)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(context.Background())
	defer stop()
	go lost.Run(ctx)
	time.Sleep(200 * time.Millisecond)
	if lost.Working(t.Context()) {
		t.Error("it works without a login")
	}
}
