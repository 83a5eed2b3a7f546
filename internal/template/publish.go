package template

import (
	"context"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Import makes a document the draft of the template that it names, and returns its code. A draft that stands is not written over, and a
// published template keeps its area; nothing is taken up where anything is wrong. A document that says what the published template says
// becomes no draft: taken is false, and there is nothing to go through.
func Import(ctx context.Context, tx *db.Tx, raw []byte) (code string, taken bool, faults []Fault, err error) {
	if err := admin(tx); err != nil {
		return "", false, nil, err
	}
	t, faults := Parse(raw)
	if len(faults) > 0 {
		return "", false, faults, nil
	}
	was, version, err := load(ctx, tx, t.Code)
	switch {
	case err == nil && Mark(was) == Mark(t): // sent twice, or nothing new
		return t.Code, version > 0, nil, nil
	case err == nil && version > 0:
		return "", false, []Fault{{"template.code", "template.error.draft:" + plain(t.Code)}}, nil
	case err == nil && was.Area != t.Area:
		return "", false, []Fault{{"template.area", "template.error.area_stays"}}, nil
	case err != nil && err != fault.NotFound:
		return "", false, nil, err
	}
	return t.Code, true, nil, save(ctx, tx, t, 0)
}

// Discard throws the draft away. It was never used.
func Discard(ctx context.Context, tx *db.Tx, code string, version int) error {
	if err := admin(tx); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `DELETE FROM app.plan_template_draft WHERE code = @code AND version = @version`, db.Args{"code": code, "version": version})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale
	}
	return record(ctx, tx, "template.discarded", code)
}

// Publish makes the draft the version that plans begin from, with a word of what changed and why. It returns its number. A draft that
// somebody has changed since the writer saw it is [fault.Stale].
func Publish(ctx context.Context, tx *db.Tx, code string, version int, words string) (int, error) {
	if err := admin(tx); err != nil {
		return 0, err
	}
	bad := fault.Invalid{}
	bad.Check("words", words != "", "template.error.words")
	bad.AtMost("words", words, MaxWords)
	t, now, err := load(ctx, tx, code)
	if err != nil {
		return 0, err
	}
	if now == 0 || now != version {
		return 0, fault.Stale
	}
	bad.Check("draft", len(Check(t)) == 0, "template.error.draft_faults")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	n, err := db.One[int](ctx, tx, `SELECT app.publish_template(@code, @version, @words)`, db.Args{"code": code, "version": version, "words": words})
	if err == nil && n == 0 {
		err = fault.Stale
	}
	return n, err
}

// Retire says that no plan is begun from a template any more; on false takes that back. Plans that were begun keep what they have.
func Retire(ctx context.Context, tx *db.Tx, code string, on bool) error {
	if err := admin(tx); err != nil {
		return err
	}
	known, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM app.plan_template_version v WHERE v.code = @code)`, db.Args{"code": code})
	if err != nil {
		return err
	}
	if !known {
		return fault.NotFound
	}
	sql, action, args := `DELETE FROM app.plan_template_retired WHERE code = @code`, "template.reinstated", db.Args{"code": code}
	if on {
		sql, action = `INSERT INTO app.plan_template_retired (municipality, code, retired_by) SELECT u.municipality, @code, u.id FROM auth.user_account u WHERE u.id = @me ON CONFLICT DO NOTHING`, "template.retired"
		args["me"] = tx.Actor.UserID
	}
	n, err := db.Exec(ctx, tx, sql, args)
	if err != nil || n == 0 {
		return err
	}
	return record(ctx, tx, action, code)
}
