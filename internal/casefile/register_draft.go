package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
)

// Answers are the fields of the forms of a registration, as they were typed.
type Answers map[string][]string

// Get is the first value of a field.
func (a Answers) Get(field string) string {
	if len(a[field]) == 0 {
		return ""
	}
	return a[field][0]
}

// Has reports whether a box is ticked.
func (a Answers) Has(field string) bool { return a.Get(field) != "" }

// Draft is a registration in progress. It belongs to the one who writes it; nobody else can read it, and the
// database cannot either: the answers are sealed.
type Draft struct {
	ID      uuid.UUID
	SavedAt time.Time
	CaseRef string // when it has become a case
	Answers []byte // sealed
}

const draftColumns = `id, saved_at, coalesce(case_ref, '') AS case_ref, answers`

// keepDrafts is how long an abandoned registration waits for its writer.
const keepDrafts = "30 days"

func draftCell(id uuid.UUID) keys.Where {
	return keys.Where{Column: "registration.answers", CaseID: id, RowID: id}
}

// Open reads the answers of a draft.
func (d Draft) Open(k keys.Keys) (Answers, error) {
	a := Answers{}
	if len(d.Answers) == 0 {
		return a, nil
	}
	raw, err := k.Unseal(draftCell(d.ID), d.Answers)
	if err != nil {
		return nil, err
	}
	return a, json.Unmarshal([]byte(raw), &a)
}

func seal(k keys.Keys, id uuid.UUID, a Answers) ([]byte, error) {
	raw, err := json.Marshal(a)
	return k.Seal(draftCell(id), string(raw)), err
}

// GetDraft asks for a registration of the reader's own. Any other is [fault.NotFound].
func GetDraft(b *db.Batch, id uuid.UUID) *Draft {
	return db.Get[Draft](b, `SELECT `+draftColumns+` FROM app.registration WHERE id = @id AND user_id = @me`, db.Args{"id": id, "me": b.Actor.UserID})
}

// Drafts asks for the reader's registrations that have not become cases.
func Drafts(b *db.Batch) *[]Draft {
	return db.All[Draft](b, `SELECT `+draftColumns+` FROM app.registration WHERE user_id = @me AND case_ref IS NULL AND saved_at > now() - interval '`+keepDrafts+`'
		ORDER BY saved_at DESC, id LIMIT 5`, db.Args{"me": b.Actor.UserID})
}

// StartDraft begins a registration with the first answers, and clears away what its writer has left behind long ago.
func StartDraft(ctx context.Context, tx *db.Tx, k keys.Keys, a Answers) (uuid.UUID, error) {
	if !tx.Actor.RegistersCases() {
		return uuid.Nil, fault.NotFound
	}
	id := uuid.New()
	sealed, err := seal(k, id, a)
	if err != nil {
		return uuid.Nil, err
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `DELETE FROM app.registration WHERE user_id = @me AND (saved_at < now() - interval '`+keepDrafts+`' OR case_ref IS NOT NULL AND saved_at < now() - interval '1 day')`,
			db.Args{"me": tx.Actor.UserID})
		db.Do(b, `INSERT INTO app.registration (id, user_id, answers) VALUES (@id, @me, @answers)`, db.Args{"id": id, "me": tx.Actor.UserID, "answers": sealed})
	})
	return id, err
}

// lockDraft reads a draft for writing; a second writer waits.
func lockDraft(ctx context.Context, tx *db.Tx, id uuid.UUID) (Draft, error) {
	return db.One[Draft](ctx, tx, `SELECT `+draftColumns+` FROM app.registration WHERE id = @id AND user_id = @me FOR UPDATE`, db.Args{"id": id, "me": tx.Actor.UserID})
}

// SaveDraft puts the answers of one form in place of the earlier ones of the same form; fields lists which those are.
// A draft that has become a case takes no more answers: its ref is returned instead.
func SaveDraft(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, fields func(string) bool, a Answers) (ref string, err error) {
	d, err := lockDraft(ctx, tx, id)
	if err != nil || d.CaseRef != "" {
		return d.CaseRef, err
	}
	all, err := d.Open(k)
	if err != nil {
		return "", err
	}
	maps.DeleteFunc(all, func(field string, _ []string) bool { return fields(field) })
	maps.Copy(all, a)
	sealed, err := seal(k, id, all)
	if err != nil {
		return "", err
	}
	_, err = db.Exec(ctx, tx, `UPDATE app.registration SET answers = @answers, saved_at = now() WHERE id = @id`, db.Args{"id": id, "answers": sealed})
	return "", err
}

// DropDraft forgets a registration in progress, because its writer says so.
func DropDraft(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM app.registration WHERE id = @id AND user_id = @me AND case_ref IS NULL`, db.Args{"id": id, "me": tx.Actor.UserID})
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// RegisterDraft registers the case of a draft, once: sent again, it answers with the ref of the same case.
// read turns the answers into a registration.
func RegisterDraft(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, read func(Answers) (Registration, error)) (ref string, again bool, err error) {
	d, err := lockDraft(ctx, tx, id)
	if err != nil {
		return "", false, err
	}
	if d.CaseRef != "" {
		return d.CaseRef, true, nil
	}
	answers, err := d.Open(k)
	if err != nil {
		return "", false, err
	}
	in, err := read(answers)
	if err != nil {
		return "", false, err
	}
	made, err := Register(ctx, tx, k, in)
	if err != nil {
		return "", false, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE app.registration SET answers = '', saved_at = now(), case_ref = @ref WHERE id = @id`, db.Args{"id": id, "ref": made.Ref})
	return made.Ref, false, err
}

// NoteRefusal leaves a line about a registration that the database's own exclusions stopped: the trial rolled back,
// and its trace must not (somebody may try out who is related to whom).
func NoteRefusal(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `SELECT audit.record('case.register_refused', NULL, @id, NULL)`, db.Args{"id": id.String()})
	return err
}

// Barred reports whether err is such a refusal.
func Barred(err error) bool {
	var bad fault.Invalid
	if !errors.As(err, &bad) {
		return false
	}
	for _, key := range bad {
		switch key {
		case "register.self_related", "register.responsible.barred", "register.co.barred":
			return true
		}
	}
	return false
}

// Colleague is somebody of the municipality who may be chosen for a case, or kept from it.
type Colleague struct {
	ID      uuid.UUID
	Name    string
	Title   string
	Role    string
	PhotoID *uuid.UUID
	Teams   []uuid.UUID
}

// Colleagues asks for everybody who has an account.
func Colleagues(b *db.Batch) *[]Colleague {
	return db.All[Colleague](b, `
		SELECT u.id, u.display_name AS name, u.title, u.role, u.photo_id,
		       coalesce((SELECT array_agg(m.team_id) FROM app.team_member m WHERE m.user_id = u.id AND (m.valid_to IS NULL OR m.valid_to > now())), '{}') AS teams
		  FROM auth.user_account u WHERE u.active ORDER BY u.display_name, u.id`, db.Args{})
}

// OwnTeam is a team that the reader belongs to.
type OwnTeam struct {
	ID   uuid.UUID
	Name string
	Area string
}

// OwnTeams asks for the reader's teams, the first one first.
func OwnTeams(b *db.Batch) *[]OwnTeam {
	return db.All[OwnTeam](b, `SELECT t.id, t.name, t.area FROM app.team t JOIN app.team_member m ON m.team_id = t.id
		WHERE m.user_id = @me AND (m.valid_to IS NULL OR m.valid_to > now()) ORDER BY t.id <> @first, t.name, t.id`, db.Args{"me": b.Actor.UserID, "first": b.Actor.TeamID})
}
