package journal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/fault"
	"samspil/internal/plan"
	"samspil/internal/timeline"
)

// Input is the one write: a note with everything that belongs to the same moment of work.
type Input struct {
	Key        uuid.UUID // of the form: sent twice, it is one note; with other words after "Back", another. Zero for none
	Kind       string
	Body       string
	HappenedAt time.Time   // zero: now
	Contacts   []uuid.UUID // contact persons who were spoken to
	People     []uuid.UUID // people of the case who were spoken to
	Family     Family      // asked for while the gate is shut
	Done       []Tick      // steps that are done with this
	Next       *plan.StepInput
	Corrects   uuid.UUID // the note that this one corrects; its kind is taken over
	OutsideOK  bool      // the writer knows that the contact was outside the rules of safe contact
	outside    string    // what the rules had against it
}

// Tick is an open step as the writer saw it.
type Tick struct {
	ID      uuid.UUID
	Version int
}

// Saved is what a write came to.
type Saved struct {
	ID    uuid.UUID
	Done  int // steps ticked
	Added int // steps added
}

// Validate reports everything that is wrong with the input by itself.
func (in Input) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("kind", slices.Contains(Kinds, in.Kind), "journal.error.kind")
	bad.Check("family", in.Family == "" || slices.Contains(Families, in.Family), "error.choose")
	bad.Check("body", strings.TrimSpace(in.Body) != "", "journal.error.body")
	bad.AtMost("body", in.Body, MaxBody)
	bad.Check("date", !in.HappenedAt.After(now.Add(time.Minute)), "journal.error.future")
	if in.Next != nil {
		_ = bad.Merge("step_", in.Next.Validate()) // an Invalid or nil
	}
	return bad.Err()
}

// touchesPlan reports whether the write changes the plan, which takes more than the right to add a note.
func (in Input) touchesPlan() bool { return len(in.Done) > 0 || in.Next != nil }

// corrected is what a correction takes over from its note.
type corrected struct {
	Kind    string
	Family  Family
	Outside string
}

// Write saves a note with its steps and its people, all or nothing, in the opened case of tx.
func Write(ctx context.Context, tx *db.Tx, in Input) (Saved, error) {
	in.Body = strings.TrimSpace(in.Body)
	if in.HappenedAt.IsZero() {
		in.HappenedAt = tx.Now
	}
	var was corrected
	if in.Corrects != uuid.Nil {
		var err error
		was, err = db.One[corrected](ctx, tx, `SELECT kind, coalesce(family, '') AS family, coalesce(outside, '') AS outside FROM app.note WHERE id = @id AND case_id = @case`,
			db.Args{"id": in.Corrects, "case": tx.CaseID})
		if err != nil {
			return Saved{}, err
		}
		in.Kind = was.Kind
	}
	if err := in.Validate(tx.Now); err != nil {
		return Saved{}, err
	}
	if in.touchesPlan() && !tx.Rights.May(actor.Write) {
		return Saved{}, fault.Forbidden
	}
	in.Contacts, in.People = once(in.Contacts), once(in.People)
	if err := in.atGate(ctx, tx, was.Family); err != nil {
		return Saved{}, err
	}
	if in.outside = was.Outside; in.Corrects == uuid.Nil {
		var err error
		if in.outside, err = in.outsideRules(ctx, tx); err != nil {
			return Saved{}, err
		}
	}
	id, again, err := insert(ctx, tx, in)
	if err != nil || again {
		return before(ctx, tx, id, err)
	}
	if err := saveSpoken(ctx, tx, id, in); err != nil {
		return Saved{}, refusedAtGate(err, "family", "gate.spoken")
	}
	s := Saved{ID: id}
	for _, tick := range in.Done {
		if err := done(ctx, tx, id, tick); err != nil {
			return Saved{}, err
		}
		s.Done++
	}
	if in.Next != nil {
		if err := next(ctx, tx, id, *in.Next); err != nil {
			return Saved{}, err
		}
		s.Added++
	}
	kind, form := timeline.NoteWritten, NewNote
	if in.Corrects != uuid.Nil {
		kind, form = timeline.NoteCorrected, CorrectionOf(in.Corrects)
	}
	if err := draft.Discard(ctx, tx, form); err != nil {
		return Saved{}, err
	}
	return s, timeline.Record(ctx, tx, kind, id, timeline.Data{"kind": in.Kind})
}

// insert writes the note itself. again tells that the same form has been saved before: then id is that note. A form that was
// changed after "Back" is a note of its own.
func insert(ctx context.Context, tx *db.Tx, in Input) (id uuid.UUID, again bool, err error) {
	id, again, err = insertAs(ctx, tx, in, in.Key)
	if err != nil || !again {
		return id, again, err
	}
	same, err := says(ctx, tx, id, in)
	if err != nil || same {
		return id, true, err
	}
	if in.HappenedAt.Equal(tx.Now) {
		in.HappenedAt = time.Time{} // "now" is the same word at every moment
	}
	key := db.KeyOf(in.Key, in)
	if in.HappenedAt.IsZero() {
		in.HappenedAt = tx.Now
	}
	return insertAs(ctx, tx, in, key)
}

// says reports whether a note says what the form says, steps and people included. A form without a time says "now".
func says(ctx context.Context, tx *db.Tx, note uuid.UUID, in Input) (bool, error) {
	ticked, added := make([]uuid.UUID, len(in.Done)), ""
	for i, t := range in.Done {
		ticked[i] = t.ID
	}
	if in.Next != nil {
		added = strings.TrimSpace(in.Next.Title)
	}
	return db.One[bool](ctx, tx, `
		WITH spoken AS (SELECT coalesce(contact_id, person_id) AS id FROM app.note_spoken WHERE case_id = @case AND note_id = @id),
		     done AS (SELECT step_id AS id FROM app.note_step WHERE case_id = @case AND note_id = @id AND action = 'done')
		SELECT EXISTS (SELECT FROM app.note n WHERE n.case_id = @case AND n.id = @id AND n.kind = @kind AND n.body = @body AND n.corrects IS NOT DISTINCT FROM @corrects::uuid AND coalesce(n.family, '') = @family
		          AND (n.happened_at = @at OR @at = @now))
		   AND NOT EXISTS (SELECT FROM spoken WHERE id <> ALL (@spoken::uuid[])) AND (SELECT count(*) FROM spoken) = cardinality(@spoken::uuid[])
		   AND NOT EXISTS (SELECT FROM done WHERE id <> ALL (@done::uuid[])) AND (SELECT count(*) FROM done) = cardinality(@done::uuid[])
		   AND coalesce((SELECT s.title FROM app.note_step a JOIN app.plan_step s ON s.case_id = a.case_id AND s.id = a.step_id WHERE a.case_id = @case AND a.note_id = @id AND a.action = 'added'), '') = @added`,
		db.Args{"case": tx.CaseID, "id": note, "kind": in.Kind, "body": in.Body, "corrects": db.Null(in.Corrects), "family": string(in.Family), "at": in.HappenedAt, "now": tx.Now,
			"spoken": append(slices.Clone(in.Contacts), in.People...), "done": once(ticked), "added": added})
}

// insertAs writes the note under a key. again tells that the key is used: then id is the note under it.
func insertAs(ctx context.Context, tx *db.Tx, in Input, key uuid.UUID) (id uuid.UUID, again bool, err error) {
	id = uuid.New()
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.note (id, case_id, kind, body, happened_at, author, corrects, request_key, family, outside)
		VALUES (@id, @case, @kind, @body, @at, @me, @corrects, @key, nullif(@family, ''), nullif(@outside, '')) ON CONFLICT (case_id, author, request_key) DO NOTHING`,
		db.Args{"id": id, "case": tx.CaseID, "kind": in.Kind, "body": in.Body, "at": in.HappenedAt, "me": tx.Actor.UserID,
			"corrects": db.Null(in.Corrects), "key": db.Null(key), "family": string(in.Family), "outside": in.outside})
	if err != nil || n == 1 {
		return id, false, refusedAtGate(err, "family", "gate.spoken")
	}
	id, err = db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.note WHERE case_id = @case AND author = @me AND request_key = @key`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": key})
	return id, true, err
}

// before tells what an earlier sending of the same form came to.
func before(ctx context.Context, tx *db.Tx, id uuid.UUID, err error) (Saved, error) {
	if err != nil {
		return Saved{}, err
	}
	s := Saved{ID: id}
	err = tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE action = 'done'), count(*) FILTER (WHERE action = 'added') FROM app.note_step WHERE note_id = $1`, id).Scan(&s.Done, &s.Added)
	return s, err
}

// done ticks a step. One that is gone or that somebody has changed meanwhile refuses the whole write, under the
// field "done": the writer then sees the step as it is now.
func done(ctx context.Context, tx *db.Tx, note uuid.UUID, t Tick) error {
	err := plan.CompleteStep(ctx, tx, t.ID, t.Version)
	if errors.Is(err, fault.Stale) || errors.Is(err, fault.NotFound) {
		return fault.Invalid{"done": "journal.error.step_changed"}
	}
	if err != nil {
		return err
	}
	return belongs(ctx, tx, note, t.ID, "done")
}

func next(ctx context.Context, tx *db.Tx, note uuid.UUID, in plan.StepInput) error {
	id, err := plan.AddStep(ctx, tx, in)
	if err != nil {
		bad := fault.Invalid{}
		if other := bad.Merge("step_", err); other != nil {
			return other
		}
		return bad
	}
	return belongs(ctx, tx, note, id, "added")
}

func belongs(ctx context.Context, tx *db.Tx, note, step uuid.UUID, action string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO app.note_step (case_id, note_id, step_id, action) VALUES (@case, @note, @step, @action)`,
		db.Args{"case": tx.CaseID, "note": note, "step": step, "action": action})
	return err
}

// once leaves out what stands twice.
func once(ids []uuid.UUID) []uuid.UUID {
	list := []uuid.UUID{}
	for _, id := range ids {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
