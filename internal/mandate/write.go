package mandate

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// How long the name of an area is at most, and the reason why one is left out.
const (
	MaxName   = 120
	MaxReason = 2000
)

// Input is who has which part in an area: part by the key of the person, "" for none.
type Input struct {
	Parts   map[string]string
	LeftOut string // why the area is not relevant here
}

// AddArea gives the opened case an area of its own and returns its key. The same name again is the same area. Its name is told to
// those who lead it, so that it may hold no protected fact (R12).
func AddArea(ctx context.Context, tx *db.Tx, k keys.Keys, name string) (string, error) {
	if !tx.Rights.May(actor.Write) {
		return "", fault.Forbidden
	}
	name = strings.TrimSpace(name)
	bad := fault.Invalid{}
	bad.Check("name", name != "", "mandate.error.name")
	bad.AtMost("name", name, MaxName)
	if err := bad.Err(); err != nil {
		return "", err
	}
	if err := casefile.CheckOpenWords(ctx, tx, k, map[string]string{"name": name}); err != nil {
		return "", err
	}
	id := uuid.New()
	n, err := db.Exec(ctx, tx, `INSERT INTO app.mandate_area (id, case_id, name, changed_by) VALUES (@id, @case, @name, @me) ON CONFLICT DO NOTHING`,
		db.Args{"id": id, "case": tx.CaseID, "name": name, "me": tx.Actor.UserID})
	if err != nil {
		return "", err
	}
	if n == 0 {
		id, err = db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.mandate_area WHERE case_id = @case AND code = '' AND lower(name) = lower(@name)`, db.Args{"case": tx.CaseID, "name": name})
		return id.String(), err
	}
	return id.String(), timeline.Record(ctx, tx, timeline.MandateAreaAdded, id, nil)
}

// Set says who has which part in an area of the opened case, expected at version (0: nobody has said anything yet). A part that is as
// it was stays, with its acknowledgement; every other one is new and asks for it. Somebody who is not of the case is refused at "who".
func Set(ctx context.Context, tx *db.Tx, key string, version int, in Input) error {
	if !tx.Rights.May(actor.Write) {
		return fault.Forbidden
	}
	in.LeftOut = strings.TrimSpace(in.LeftOut)
	bad := fault.Invalid{}
	bad.AtMost("left_out", in.LeftOut, MaxReason)
	for _, part := range in.Parts {
		bad.Check("who", part == "" || slices.Contains(Parts, part), "error.choose")
		bad.Check("left_out", in.LeftOut == "" || part == "", "mandate.error.left_out")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	area, err := lock(ctx, tx, key, version, in.LeftOut)
	if errors.Is(err, fault.Stale) {
		return in.unlessSaid(ctx, tx, key)
	}
	if err != nil {
		return err
	}
	held, err := db.Many[Mandate](ctx, tx, `SELECT m.id, m.area_id, m.user_id, m.contact_id, '' AS name, '' AS title, '' AS organisation, false AS external, NULL::uuid AS photo_id, m.part, '' AS given_by,
		m.given_at, true AS here, NULL::date AS ack_on, '' AS ack_by FROM app.mandate m WHERE m.case_id = @case AND m.area_id = @area AND m.ended_at IS NULL ORDER BY m.id`, db.Args{"case": tx.CaseID, "area": area})
	if err != nil {
		return err
	}
	for _, m := range held {
		if in.Parts[m.Key()] == m.Part {
			delete(in.Parts, m.Key())
			continue
		}
		if _, err := db.Exec(ctx, tx, `UPDATE app.mandate SET ended_at = @now WHERE id = @id AND case_id = @case`, db.Args{"now": tx.Now, "id": m.ID, "case": tx.CaseID}); err != nil {
			return err
		}
	}
	for who, part := range in.Parts {
		if part == "" {
			continue
		}
		whose, s, _ := strings.Cut(who, ":")
		id, err := uuid.Parse(s)
		if err != nil || whose != "user" && whose != "contact" {
			return fault.Invalid{"who": "mandate.error.gone"}
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO app.mandate (case_id, area_id, user_id, contact_id, part, given_by)
			VALUES (@case, @area, CASE WHEN @whose = 'user' THEN @id::uuid END, CASE WHEN @whose = 'contact' THEN @id::uuid END, @part, @me)`,
			db.Args{"case": tx.CaseID, "area": area, "whose": whose, "id": id, "part": part, "me": tx.Actor.UserID})
		if db.Violates(err, "mandate_is_of_the_case") {
			return fault.Invalid{"who": "mandate.error.gone"}
		}
		if err != nil {
			return err
		}
	}
	return timeline.Record(ctx, tx, timeline.MandateSet, area, nil)
}

// unlessSaid is [fault.Stale], unless the area says all of it already.
func (in Input) unlessSaid(ctx context.Context, tx *db.Tx, key string) error {
	said, err := db.One[struct {
		LeftOut string
		Parts   map[string]string
	}](ctx, tx, `SELECT a.left_out, coalesce((SELECT jsonb_object_agg(coalesce('user:' || m.user_id, 'contact:' || m.contact_id), m.part) FROM app.mandate m
			WHERE m.case_id = a.case_id AND m.area_id = a.id AND m.ended_at IS NULL), '{}') AS parts
		  FROM app.mandate_area a WHERE a.case_id = @case AND CASE WHEN a.code = '' THEN a.id::text ELSE a.code END = @key`, db.Args{"case": tx.CaseID, "key": key})
	if err != nil {
		return err
	}
	parts := maps.Clone(in.Parts)
	maps.DeleteFunc(parts, func(_, part string) bool { return part == "" })
	if said.LeftOut != in.LeftOut || !maps.Equal(parts, said.Parts) {
		return fault.Stale
	}
	return nil
}

// lock takes the area at its version; two who change it at once come one after the other, and the second is told ([fault.Stale]).
func lock(ctx context.Context, tx *db.Tx, key string, version int, leftOut string) (uuid.UUID, error) {
	if version == 0 {
		if !reference.Known(reference.MandateAreas, key) {
			return uuid.Nil, fault.NotFound
		}
		id := uuid.New()
		n, err := db.Exec(ctx, tx, `INSERT INTO app.mandate_area (id, case_id, code, left_out, changed_by) VALUES (@id, @case, @key, @left, @me) ON CONFLICT DO NOTHING`,
			db.Args{"id": id, "case": tx.CaseID, "key": key, "left": leftOut, "me": tx.Actor.UserID})
		if err == nil && n == 0 {
			err = fault.Stale
		}
		return id, err
	}
	ids, err := db.Many[uuid.UUID](ctx, tx, `UPDATE app.mandate_area SET left_out = @left, version = version + 1, changed_by = @me, changed_at = @now
		WHERE case_id = @case AND CASE WHEN code = '' THEN id::text ELSE code END = @key AND version = @version RETURNING id`,
		db.Args{"case": tx.CaseID, "key": key, "left": leftOut, "me": tx.Actor.UserID, "now": tx.Now, "version": version})
	if err != nil {
		return uuid.Nil, err
	}
	if len(ids) == 1 {
		return ids[0], nil
	}
	known, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.mandate_area WHERE case_id = @case AND CASE WHEN code = '' THEN id::text ELSE code END = @key)`, db.Args{"case": tx.CaseID, "key": key})
	if err == nil && known {
		return uuid.Nil, fault.Stale
	}
	if err == nil {
		err = fault.NotFound
	}
	return uuid.Nil, err
}

// Acknowledge notes that who leads an area knows it: a colleague says so themselves; of a contact person somebody of the case writes down
// that they have said so, and on which day (zero: today). Once is enough: again changes nothing. A partner without an account
// has [AcknowledgeOwn].
func Acknowledge(ctx context.Context, tx *db.Tx, mandate uuid.UUID, on time.Time) error {
	if on.IsZero() {
		on = i18n.Today(tx.Now)
	}
	known, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.mandate WHERE case_id = @case AND id = @id)`, db.Args{"case": tx.CaseID, "id": mandate})
	switch {
	case err != nil:
		return err
	case !known:
		return fault.NotFound
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO app.mandate_ack (case_id, mandate_id, on_day, written_by) VALUES (@case, @id, @on::date, @me) ON CONFLICT DO NOTHING`,
		db.Args{"case": tx.CaseID, "id": mandate, "on": on.Format(time.DateOnly), "me": tx.Actor.UserID})
	switch {
	case db.Violates(err, "a_lead_acknowledges"):
		return fault.Stale
	case db.Violates(err, "acknowledged_after_given"):
		return fault.Invalid{"on": "mandate.error.on"}
	}
	return err
}
