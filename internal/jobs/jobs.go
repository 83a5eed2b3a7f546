// Package jobs does the work that nobody clicks for: the alarm of a check-in that was missed, the bell of a report whose
// 24 hours run out, the prompts that a date brings, the look-back at a decision, the letters
// that leave. It is River in the program's own database (docs/adr/0007-background-work.md).
//
// The database writes a job down itself, in the transaction of the change that asks for it (app._enqueue), so there is
// no job without its change and no change without its job. Here the jobs are worked, as the login samspil_job, which may
// read no case: each job calls one function of the database, app.job_…(), and is marked as done in the same transaction.
// So a job that is killed half-way has done nothing, and is done again; and the functions look at the rows again before
// they do anything, so that doing one twice does it once. Several instances of the program share the jobs.
//
// Arguments of jobs are ids, and the log has ids and codes: never a person.
package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Schema is the schema of River's tables (migration 100).
const Schema = "river"

// The times of the work. A job is one quick statement: one that has run for longer than Rescue belongs to an instance
// that is gone, and is given to another.
const (
	Poll    = 2 * time.Second  // how often an instance looks for work
	Timeout = 30 * time.Second // of one job
	Rescue  = time.Minute
	patient = 5 * time.Second // between two tries to begin, while the database does not answer
)

// Crew works the jobs of one instance of the program.
type Crew struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	atWork atomic.Bool // from when River has begun until it is asked to stop
}

// Open makes a crew that connects to url, the login samspil_job, when it starts, and sends letters by post. tune may change River's settings;
// nil keeps them.
func Open(ctx context.Context, url string, post Post, tune func(*river.Config)) (*Crew, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL of the jobs cannot be understood") // err would show the password
	}
	cfg.MaxConns, cfg.MaxConnIdleTime = 3, 5*time.Minute
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker[Alarm]{pool: pool})
	river.AddWorker(workers, &worker[Alarms]{pool: pool})
	river.AddWorker(workers, &worker[Bells]{pool: pool})
	river.AddWorker(workers, &worker[Prompts]{pool: pool})
	river.AddWorker(workers, &worker[LookBacks]{pool: pool})
	river.AddWorker(workers, &worker[Verify]{pool: pool})
	river.AddWorker(workers, &worker[Absences]{pool: pool})
	river.AddWorker(workers, &worker[Digests]{pool: pool})
	river.AddWorker(workers, &worker[Reminders]{pool: pool})
	river.AddWorker(workers, &worker[Forum]{pool: pool})
	river.AddWorker(workers, &postman{pool: pool, post: post})
	river.AddWorker(workers, &worker[Sparring]{pool: pool})
	settings := &river.Config{
		Schema: Schema, PollOnly: true, FetchPollInterval: Poll, // listening takes a connection for itself, and two seconds are soon enough
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Workers: workers, JobTimeout: Timeout, RescueStuckJobsAfter: Rescue, SoftStopTimeout: 5 * time.Second,
		CompletedJobRetentionPeriod: time.Hour,
		ReindexerIndexNames:         []string{}, // that is for the owner of the tables
		Logger:                      slog.New(quiet{slog.Default().Handler()}),
		PeriodicJobs:                []*river.PeriodicJob{every(time.Minute, Alarms{}), every(time.Minute, Bells{}), every(15*time.Minute, Prompts{}), every(time.Hour, LookBacks{}), every(time.Hour, Sparring{}), every(6*time.Hour, Verify{}), every(5*time.Minute, Absences{}), every(time.Minute, Digests{}), every(15*time.Minute, Reminders{}), every(15*time.Minute, Forum{})},
	}
	if tune != nil {
		tune(settings)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), settings)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &Crew{pool: pool, client: client}, nil
}

// Working reports whether the jobs of this instance are being worked: they have begun, nobody has stopped them, and the
// database takes their login. Without it no alarm is raised from here.
func (c *Crew) Working(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return c.atWork.Load() && c.pool.Ping(ctx) == nil
}

// Run works until ctx is done, and then lets the jobs at hand come to an end. A database that does not answer yet is
// asked again.
func (c *Crew) Run(ctx context.Context) {
	defer c.pool.Close()
	working := context.WithoutCancel(ctx) // the jobs at hand are not cut off
	for {
		err := c.client.Start(working)
		if err == nil {
			break
		}
		slog.Warn("background work cannot begin yet", "code", code(err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(patient):
		}
	}
	c.atWork.Store(true)
	select {
	case <-ctx.Done():
	case <-c.client.Stopped(): // by itself: nobody here does it
	}
	c.atWork.Store(false)
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(working, 10*time.Second)
	defer cancel()
	if err := c.client.Stop(stopping); err != nil {
		slog.Warn("background work was cut off", "code", code(err))
	}
}

// every is a job of its own for each period, written down by whichever instance leads, once.
func every(period time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: period}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// call is a job: the function of the database that does it.
type call interface {
	river.JobArgs
	sql() (string, []any)
}

// worker does a job: its function and the mark that it is done commit together.
type worker[T call] struct {
	river.WorkerDefaults[T]
	pool *pgxpool.Pool
}

// Work is called by River.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	return plain(pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		sql, args := job.Args.sql()
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	}))
}

// plain keeps of an error what may stand in a row of jobs and in a log: a code, never the values of a row.
func plain(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(code(err))
}

func code(err error) string {
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg):
		return "SQLSTATE " + pg.Code
	case errors.Is(err, errNotTaken):
		return errNotTaken.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "took too long"
	case errors.Is(err, context.Canceled):
		return "was stopped"
	}
	return "no answer from the database"
}

// quiet is the log of River: what goes wrong, and not that all is well.
type quiet struct{ slog.Handler }

// Enabled lets warnings through, and what is graver.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the rule for what is derived from the handler.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup keeps the rule for what is derived from the handler.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
