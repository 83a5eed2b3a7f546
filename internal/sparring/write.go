package sparring

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/anonymise"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// Who is asked: colleagues and contact persons of the directory.
type Who struct{ Users, Contacts []uuid.UUID }

// Any reports whether anybody is.
func (w Who) Any() bool { return len(w.Users)+len(w.Contacts) > 0 }

// Input is a question as it is to leave.
type Input struct {
	Key      uuid.UUID // of the form: sent twice, it is one question
	Question string
	Body     string // without names, numbers and places
	DueOn    time.Time
	Who
}

func (in Input) validate(now time.Time) error {
	bad := fault.Invalid{}
	text(bad, "question", in.Question, MaxLine, "sparring.error.question")
	text(bad, "body", in.Body, MaxText, "sparring.error.body")
	bad.Check("who", in.Any(), "sparring.error.who")
	bad.Check("due_on", in.DueOn.IsZero() || !i18n.Today(in.DueOn).Before(i18n.Today(now)), "sparring.error.past")
	return bad.Err()
}

func text(bad fault.Invalid, name, s string, most int, empty string) {
	bad.Check(name, strings.TrimSpace(s) != "", empty)
	bad.AtMost(name, s, most)
}

// Validate reports everything that is wrong with the input by itself.
func (in Input) Validate(now time.Time) error { return in.validate(now) }

// Put sends a question. If anything is found that must not leave, nothing is sent, and the caller commits the line about it.
func Put(ctx context.Context, tx *db.Tx, k keys.Keys, in Input) (uuid.UUID, []Found, error) {
	if !MayAsk(tx.Rights) {
		return uuid.Nil, nil, fault.Forbidden
	}
	bad := in.validate(tx.Now)
	found, scanned, err := look(ctx, tx, k, field{"question", in.Question}, field{"body", in.Body})
	if err != nil || len(found) > 0 || bad != nil {
		return uuid.Nil, found, cmp.Or(err, bad)
	}
	var due *string
	if !in.DueOn.IsZero() {
		s := in.DueOn.Format(time.DateOnly)
		due = &s
	}
	fresh := uuid.New()
	id, err := db.One[uuid.UUID](ctx, tx, `SELECT app.put_sparring(@case, @id, @key, @question, @body, @due::text::date, @users, @contacts, @scanned)`, db.Args{"case": tx.CaseID, "id": fresh, "key": db.Null(in.Key),
		"question": in.Question, "body": in.Body, "due": due, "users": slices.Clone(in.Users), "contacts": slices.Clone(in.Contacts), "scanned": scanned})
	if err != nil || id != fresh { // refused, or the same form sent twice
		return id, nil, refused(err)
	}
	return id, nil, timeline.Record(ctx, tx, timeline.SparringPut, id, nil)
}

// refused says what a refusal of the database means.
func refused(err error) error {
	switch {
	case db.Violates(err, "may_be_asked"):
		return fault.Invalid{"who": "sparring.error.gone"}
	case db.Violates(err, "names_nobody"), db.Violates(err, "no_cpr"):
		return fault.Invalid{"body": "sparring.error.found"}
	case db.Violates(err, "sparring_is_over"), db.Violates(err, "scan_is_whole"):
		return fault.Stale
	case sharing.OffCompass(err):
		return fault.Invalid{"legal_basis": "ground.error.not_offered"}
	case db.Violates(err, "sealed_stays_anonymous"):
		return fault.Invalid{"named": "sparring.error.sealed"}
	}
	return err
}

// AskMore asks others about an open question of the opened case. Who is asked already is not asked again.
func AskMore(ctx context.Context, tx *db.Tx, id uuid.UUID, who Who) error {
	if !MayAsk(tx.Rights) {
		return fault.Forbidden
	}
	if !who.Any() {
		return fault.Invalid{"who": "sparring.error.who"}
	}
	n, err := db.One[int](ctx, tx, `SELECT app.ask_sparring(@case, @id, @users, @contacts)`, db.Args{"case": tx.CaseID, "id": id, "users": slices.Clone(who.Users), "contacts": slices.Clone(who.Contacts)})
	if err != nil || n == 0 {
		return refused(err)
	}
	return timeline.Record(ctx, tx, timeline.SparringAsked, id, nil)
}

// Say is what a colleague says who is asked: an [Answer], or a [Question] back. They have opened no case, so that it is looked
// through for numbers and addresses alone, and never for the names of the case: they would find them out by trying.
func Say(ctx context.Context, tx *db.Tx, id, key uuid.UUID, kind, body string) ([]Found, error) {
	bad := fault.Invalid{}
	bad.Check("kind", kind == Answer || kind == Question, "sparring.error.kind")
	text(bad, "reply", body, MaxText, "sparring.error.reply")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	var found []Found
	for _, f := range (anonymise.Case{Today: tx.Now.In(i18n.Zone)}).Scan(body) {
		found = append(found, Found{"reply", f})
	}
	if len(found) > 0 {
		return found, nil
	}
	_, err := db.One[bool](ctx, tx, `SELECT app.say_sparring(@id, @key, @kind, @body)`, db.Args{"id": id, "key": db.Null(key), "kind": kind, "body": body})
	return nil, refused(err)
}

// Answered is what the case says in a thread: with no ask, in its own name; with one, what that contact person has said. This is
// also the way for an answer that the contact person gives by themselves: whoever lets them in writes it down as heard.
func Answered(ctx context.Context, tx *db.Tx, k keys.Keys, id, key, ask uuid.UUID, body string) ([]Found, error) {
	if !MayAsk(tx.Rights) {
		return nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	text(bad, "reply", body, MaxText, "sparring.error.reply")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	found, scanned, err := lookIn(ctx, tx, k, id, field{"reply", body})
	if err != nil || len(found) > 0 {
		return found, err
	}
	said, err := db.One[bool](ctx, tx, `SELECT app.reply_sparring(@case, @id, @key, @ask, @body, @scanned)`, db.Args{"case": tx.CaseID, "id": id, "key": db.Null(key), "ask": db.Null(ask), "body": body, "scanned": scanned})
	if err != nil || !said {
		return nil, refused(err)
	}
	kind := timeline.SparringReplied
	if ask != uuid.Nil {
		kind = timeline.SparringAnswered
	}
	return nil, timeline.Record(ctx, tx, kind, id, nil)
}

// lookIn looks through what is said in a thread: for names only while it is anonymous.
func lookIn(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, fields ...field) ([]Found, int, error) {
	named, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT FROM app.sparring_named WHERE sparring_id = @id)`, db.Args{"id": id})
	if err != nil {
		return nil, 0, err
	}
	if named {
		return facts(ctx, tx, k, fields...)
	}
	return look(ctx, tx, k, fields...)
}

// NamedInput is the question with names, and on what ground.
type NamedInput struct {
	Body string
	sharing.Ground
}

func (in *NamedInput) validate() error {
	bad := fault.Invalid{}
	text(bad, "named", in.Body, MaxText, "sparring.error.body")
	in.Check(bad, true)
	return bad.Err()
}

// Name puts the question with names beside the anonymous one, once. Protected facts stand in neither. What a contact person is told, or a
// colleague who may not open the case, stands in the register of sharings, as of now.
func Name(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, in NamedInput) ([]Found, error) {
	if !MayAsk(tx.Rights) {
		return nil, fault.Forbidden
	}
	if err := in.validate(); err != nil {
		return nil, err
	}
	found, scanned, err := facts(ctx, tx, k, field{"named", in.Body}, field{"purpose", in.Purpose})
	if err != nil || len(found) > 0 {
		return found, err
	}
	if found, err := tell(ctx, tx, k, id, in); err != nil || len(found) > 0 {
		return found, err
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.name_sparring(@case, @id, @body, @basis, @purpose, @consent, @scanned)`,
		db.Args{"case": tx.CaseID, "id": id, "body": in.Body, "basis": in.LegalBasis, "purpose": in.Purpose, "consent": in.Consent, "scanned": scanned})
	switch {
	case err != nil:
		return nil, refused(err)
	case !done:
		same, err := db.One[bool](ctx, tx, `SELECT body = btrim(@body) AND named_by = @me FROM app.sparring_named WHERE sparring_id = @id`, db.Args{"id": id, "body": in.Body, "me": tx.Actor.UserID})
		if err == nil && !same {
			err = fault.Stale
		}
		return nil, err
	}
	return nil, timeline.Record(ctx, tx, timeline.SparringNamed, id, timeline.Data{"basis": in.LegalBasis})
}

// tell writes what each who is asked is told by name into the register of the opened case, on a way that holds towards all of them.
func tell(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, in NamedInput) ([]Found, error) {
	type ask struct{ UserID, ContactID *uuid.UUID }
	asks, err := db.Many[ask](ctx, tx, `SELECT a.user_id, a.contact_id FROM app.sparring_ask a JOIN app.sparring_case k ON k.id = a.sparring_id
		WHERE a.sparring_id = @id AND k.case_id = @case AND NOT EXISTS (SELECT FROM app.sparring_named n WHERE n.sparring_id = a.sparring_id) ORDER BY a.id`, db.Args{"id": id, "case": tx.CaseID})
	if err != nil {
		return nil, err
	}
	var users, contacts []uuid.UUID
	for _, a := range asks {
		if a.UserID != nil {
			users = append(users, *a.UserID)
		} else {
			contacts = append(contacts, *a.ContactID)
		}
	}
	all, err := sharing.Towards(ctx, tx, users, contacts)
	if err != nil {
		return nil, err
	}
	if err := in.Covers(ctx, tx, all...); err != nil {
		return nil, err
	}
	for _, to := range all {
		one := to.ContactID
		if to.Colleague() {
			one = to.UserID
		}
		told := sharing.Input{Key: uuid.NewSHA1(id, one[:]), Direction: sharing.Out, What: "Spørgsmål om sagen (sparring)", Text: in.Body, HappenedOn: tx.Now}
		if err := told.RestOn(ctx, tx, in.Ground, to); err != nil {
			return nil, err
		}
		out, err := sharing.Share(ctx, tx, k, told)
		switch bad, ok := err.(fault.Invalid); {
		case ok && bad["to"] != "":
			return nil, fault.Invalid{"named": "sparring.error.contact_gone"}
		case err != nil:
			return nil, err
		case len(out.Found) > 0:
			return []Found{{"named", anonymise.Finding{Kind: anonymise.Fact, Before: out.Found[0].Before, Match: out.Found[0].Match, Behind: out.Found[0].Behind}}}, nil
		}
	}
	return nil, nil
}

// End says whether it helped, with a word; nobody is waited for any more.
func End(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, helped, words string) ([]Found, error) {
	if !MayAsk(tx.Rights) {
		return nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("helped", slices.Contains(Helps, helped), "sparring.error.helped")
	text(bad, "helped_words", words, MaxLine, "sparring.error.helped_words")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	found, scanned, err := lookIn(ctx, tx, k, id, field{"helped_words", words})
	if err != nil || len(found) > 0 {
		return found, err
	}
	_, err = db.Exec(ctx, tx, `SELECT app.end_sparring(@case, @id, @helped, @words, @scanned)`, db.Args{"case": tx.CaseID, "id": id, "helped": helped, "words": words, "scanned": scanned})
	if err != nil {
		return nil, refused(err)
	}
	return nil, timeline.Record(ctx, tx, timeline.SparringEnded, id, timeline.Data{"helped": helped})
}

// Propose proposes what others can learn from a question of the opened case; a team lead publishes it.
func Propose(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, title, body string) ([]Found, error) {
	if !MayAsk(tx.Rights) {
		return nil, fault.Forbidden
	}
	bad := fault.Invalid{}
	text(bad, "title", title, MaxLine, "sparring.error.title")
	text(bad, "learning", body, MaxText, "sparring.error.learning")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	found, scanned, err := look(ctx, tx, k, field{"title", title}, field{"learning", body})
	if err != nil || len(found) > 0 {
		return found, err
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.learn_sparring(@case, @id, @title, @body, @scanned)`, db.Args{"case": tx.CaseID, "id": id, "title": title, "body": body, "scanned": scanned})
	if err != nil || !done { // there is one already
		return nil, refused(err)
	}
	return nil, timeline.Record(ctx, tx, timeline.SparringLearned, id, nil)
}
