package sharing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/filetext"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/leakguard"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// How long the answers may be, in characters.
const (
	MaxLine = 200
	MaxText = 20000
	MaxWhy  = 2000
)

// Input is an entry for the register.
type Input struct {
	Key            uuid.UUID // makes a form that is sent twice one entry
	Direction      string
	OrganisationID uuid.UUID
	ContactID      uuid.UUID      // zero: nobody by name
	UserID         uuid.UUID      // instead of both: a colleague who is not of the case, at a forum's table
	What           string         // in short; it stands open in the register
	Text           string         // what was told, word for word; sealed
	File           string         // the name of a file that went with it; sealed
	Attachment     *filetext.File // the file itself, as it was read; nil: none
	LegalBasis     string
	Purpose        string
	PurposeCode    string // code of [reference.SharingPurposes], for the compass; empty: none is named
	Consent        string
	ConsentID      uuid.UUID // the recorded consent that it rests on, or zero
	OffCompass     string    // why it is shared on a basis that the compass does not know for the recipient
	Reason         string
	HappenedOn     time.Time
	Corrects       uuid.UUID // the entry that this one corrects, or zero

	Ask       bool // a protected fact was found: AskedID is asked to release it
	AskedID   uuid.UUID
	AskReason string
}

// Validate refuses what cannot stand in the register.
func (in Input) Validate(now time.Time) error {
	bad := fault.Invalid{}
	bad.Check("direction", slices.Contains(Directions, in.Direction), "error.choose")
	bad.Check("to", (in.OrganisationID != uuid.Nil) != (in.UserID != uuid.Nil), "sharing.error.to")
	bad.Check("what", in.What != "", "sharing.error.what")
	bad.AtMost("what", in.What, MaxLine)
	bad.AtMost("file", in.File, MaxLine)
	bad.AtMost("text", in.Text, MaxText)
	bad.AtMost("purpose", in.Purpose, MaxWhy)
	bad.AtMost("reason", in.Reason, MaxWhy)
	bad.AtMost("off_compass", in.OffCompass, MaxWhy)
	bad.Check("attachment", in.Attachment == nil || in.Direction == Out && in.File != "", "sharing.error.attachment")
	bad.Check("attachment", in.Attachment == nil || len(in.Attachment.Data) <= filetext.MaxSize, "error.file_large")
	bad.Check("purpose_code", in.PurposeCode == "" || reference.Known(reference.SharingPurposes, in.PurposeCode), "error.choose")
	bad.Check("text", in.Direction != Out || in.Text != "", "sharing.error.text")
	bad.Check("reason", in.Direction != Refused || in.Reason != "", "sharing.error.reason")
	ground, known := basis(in.Direction, in.LegalBasis)
	if in.Direction != Refused {
		bad.Check("legal_basis", known, "sharing.error.basis")
		bad.Check("purpose", in.Purpose != "", "sharing.error.purpose")
		bad.Check("consent", slices.Contains(Consents, in.Consent), "sharing.error.consent")
		bad.Check("consent", !known || !ground.ConsentNeeded || in.Consent == Consented || bad["consent"] != "", "sharing.error.consent_needed")
		bad.Check("consent_id", in.ConsentID == uuid.Nil || in.Consent == Consented || bad["consent"] != "", "sharing.error.consent_no")
	} else {
		bad.Check("legal_basis", in.LegalBasis == "" || known, "sharing.error.basis")
		bad.Check("consent", in.Consent == "" || slices.Contains(Consents, in.Consent), "sharing.error.consent")
	}
	bad.Check("happened_on", !in.HappenedOn.IsZero(), "sharing.error.day")
	bad.Check("happened_on", in.HappenedOn.IsZero() || !i18n.Today(in.HappenedOn).After(i18n.Today(now)), "sharing.error.future")
	bad.Check("happened_on", in.HappenedOn.IsZero() || in.HappenedOn.Year() >= firstYear, "sharing.error.year")
	if in.Ask {
		bad.Check("asked", in.AskedID != uuid.Nil, "sharing.error.asked")
		bad.Check("ask_reason", in.AskReason != "", "sharing.error.ask_reason")
		bad.AtMost("ask_reason", in.AskReason, MaxWhy)
	}
	return bad.Err()
}

// Outcome is what became of an entry.
type Outcome struct {
	ID    uuid.UUID // zero: nothing was written, because of Found
	Held  bool      // it waits for a second person
	Found []Finding
	// Unread says that there is a file that could not be read to its end: somebody else reads it, and releases it.
	Unread bool
	Blind  []string // the kinds of protected facts that are too short to be looked for
}

// Share writes an entry into the register of the opened case. What leaves is compared with every protected fact first: if one
// stands in it, nothing is written but a line in the trail, unless somebody is asked to release it. The caller commits either way.
func Share(ctx context.Context, tx *db.Tx, k keys.Keys, in Input) (Outcome, error) {
	if !tx.Rights.May(actor.Write | actor.Addresses) {
		return Outcome{}, fault.Forbidden
	}
	if err := in.Validate(tx.Now); err != nil {
		return Outcome{}, err
	}
	same, err := db.Many[uuid.UUID](ctx, tx, `SELECT id FROM app.sharing WHERE case_id = @case AND written_by = @me AND request_key = @key`,
		db.Args{"case": tx.CaseID, "me": tx.Actor.UserID, "key": db.Null(in.Key)})
	if err != nil || len(same) > 0 {
		return Outcome{ID: append(same, uuid.Nil)[0]}, err // the same form, sent twice
	}
	to, ok, err := in.recipient(ctx, tx)
	switch {
	case err != nil:
		return Outcome{}, err
	case !ok:
		return Outcome{}, fault.Invalid{"to": "sharing.error.to"}
	}
	said := in.ask(to, tx.Now)
	if said.off() && strings.TrimSpace(in.OffCompass) == "" {
		return Outcome{}, fault.Invalid{"off_compass": "sharing.error.off_compass"}
	}
	guard, err := watchOf(ctx, tx, k)
	if err != nil {
		return Outcome{}, err
	}
	if err := openWords(guard, in); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Blind: guard.blind}
	if in.Direction == Out {
		if in.LegalBasis == Anonymous {
			named, err := personal(ctx, tx, in.What+"\n"+in.Text+"\n"+in.File+"\n"+in.Purpose+"\n"+in.words())
			if err != nil {
				return Outcome{}, err
			}
			if named {
				return Outcome{}, fault.Invalid{"text": "sharing.error.named"}
			}
		}
		out.Found, out.Unread = guard.all(in.Text, in.File, in.words()), in.unread()
	}
	// Without a basis nothing personal is told (R9): what stands in it is taken out, and released by nobody.
	if bare := len(out.Found) > 0 && in.LegalBasis == Anonymous; bare || (len(out.Found) > 0 || out.Unread) && !in.Ask {
		_, err := db.Exec(ctx, tx, `SELECT audit.record('sharing.stopped', @case, NULL, NULL)`, db.Args{"case": tx.CaseID})
		return out, err
	}
	out.ID, out.Held = uuid.New(), len(out.Found) > 0 || out.Unread
	return out, insert(ctx, tx, k, in, out, len(guard.facts), to.Organisation, said)
}

// openWords refuses protected facts in what stands open in the register, where nobody can release them.
func openWords(guard watch, in Input) error {
	bad := fault.Invalid{}
	for name, text := range map[string]string{"what": in.What, "purpose": in.Purpose, "reason": in.Reason, "ask_reason": in.AskReason, "off_compass": in.OffCompass} {
		bad.Check(name, len(guard.Scan(text)) == 0, "sharing.error.open")
	}
	return bad.Err()
}

func insert(ctx context.Context, tx *db.Tx, k keys.Keys, in Input, out Outcome, scanned int, organisation string, said verdict) error {
	seal := func(column, text string) []byte {
		if text == "" {
			return nil
		}
		return k.Seal(cell(column, tx.CaseID, out.ID), text)
	}
	status, asked, why, ids := Shared, uuid.Nil, "", Different(out.Found)
	if out.Held {
		status, asked, why = Held, in.AskedID, in.AskReason
	}
	err := tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `
			INSERT INTO app.sharing (id, case_id, direction, status, organisation_id, contact_id, to_user, what, text_enc, file_enc, legal_basis, purpose, consent, reason, happened_on,
			       facts_scanned, hits, asked_user, ask_reason, corrects, written_by, request_key,
			       purpose_code, age_group, compass, compass_fits, off_compass, consent_id, unread)
			VALUES (@id, @case, @direction, @status, @organisation, @contact, @user, @what, @text, @file, @basis, @purpose, @consent, @reason, @on::text::date, @scanned, @hits, @asked, @why, @corrects, @me, @key, @code, @age, @compass, @fits, @off, @consent_id, @unread)`,
			db.Args{"id": out.ID, "case": tx.CaseID, "direction": in.Direction, "status": status, "organisation": db.Null(in.OrganisationID), "contact": db.Null(in.ContactID), "user": db.Null(in.UserID),
				"what": in.What, "text": seal("text", in.Text), "file": seal("file", in.File), "basis": in.LegalBasis, "purpose": in.Purpose, "consent": in.Consent, "reason": in.Reason,
				"on": in.HappenedOn.Format(time.DateOnly), "scanned": scanned, "hits": count(ids, out.Unread), "unread": out.Unread, "asked": db.Null(asked), "why": why, "corrects": db.Null(in.Corrects),
				"me": tx.Actor.UserID, "key": db.Null(in.Key), "code": in.PurposeCode, "age": said.age, "compass": said.version, "fits": said.fits, "off": said.words(in.OffCompass),
				"consent_id": db.Null(in.ConsentID)})
		stands(b, out.ID, ids, false)
		if in.Attachment != nil {
			attach(b, k, out.ID, in.Attachment)
		}
	})
	switch {
	case db.Violates(err, "sharing_case_id_corrects_fkey"):
		return fault.NotFound
	case db.Violates(err, "consent_holds"), db.Violates(err, "sharing_case_id_consent_id_fkey"):
		return fault.Invalid{"consent_id": "sharing.error.consent_over"}
	case db.Violates(err, "consent_is_named"):
		return fault.Invalid{"consent_id": "sharing.error.consent_named"}
	case err != nil:
		return fmt.Errorf("share: %w", err)
	}
	kind := map[string]string{Out: timeline.SharingOut, In: timeline.SharingIn, Refused: timeline.SharingRefused}[in.Direction]
	if out.Held {
		kind = timeline.SharingHeld
	}
	return timeline.Record(ctx, tx, kind, out.ID, timeline.Data{"organisation": organisation})
}

// count is how many things another person answers for: the facts, and a file that nobody has read.
func count(facts []uuid.UUID, unread bool) int {
	if unread {
		return len(facts) + 1
	}
	return len(facts)
}

// stands notes which facts stand in an entry.
func stands(b *db.Batch, id uuid.UUID, facts []uuid.UUID, later bool) {
	for _, f := range facts {
		db.Do(b, `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id, later) VALUES (@case, @id, @fact, @later) ON CONFLICT DO NOTHING`,
			db.Args{"case": b.CaseID, "id": id, "fact": f, "later": later})
	}
}

// compare compares what waits with the protected facts once more.
func compare(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID) ([]Finding, int, error) {
	guard, err := watchOf(ctx, tx, k)
	if err != nil {
		return nil, 0, err
	}
	sealed, err := db.One[Sealed](ctx, tx, `SELECT text_enc, file_enc, barred FROM app.read_sharing(@case, @id)`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil {
		return nil, 0, err
	}
	text, file, err := sealed.Open(k, tx.CaseID, id)
	if err != nil {
		return nil, 0, err
	}
	words, err := heldWords(ctx, tx, k, id)
	return guard.all(text, file, words), len(guard.facts), err
}

// Answer lets go what waits, or keeps it back. Whoever lets it go is another than the writer, says why, and has seen every fact
// that stands in it: seen is how many those were. If there are more now, it is [fault.Stale], as when somebody else was faster.
func Answer(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, release bool, reason string, seen int) error {
	reason = strings.TrimSpace(reason)
	bad := fault.Invalid{}
	bad.Check("reason", reason != "", "sharing.error.answer")
	bad.AtMost("reason", reason, MaxWhy)
	if err := bad.Err(); err != nil {
		return err
	}
	writer, err := db.One[uuid.UUID](ctx, tx, `SELECT written_by FROM app.sharing WHERE case_id = @case AND id = @id`, db.Args{"case": tx.CaseID, "id": id})
	switch {
	case err != nil:
		return err
	case release && writer == tx.Actor.UserID:
		return fault.Invalid{"reason": "sharing.error.second"}
	}
	guard, err := watchOf(ctx, tx, k)
	if err != nil {
		return err
	}
	if len(guard.Scan(reason)) > 0 {
		return fault.Invalid{"reason": "sharing.error.open"}
	}
	found, scanned, err := compare(ctx, tx, k, id)
	if err != nil {
		return err
	}
	if release && len(Different(found)) > seen {
		return fault.Stale
	}
	done, err := db.One[bool](ctx, tx, `SELECT app.answer_sharing(@case, @id, @release, @reason, @scanned, @hits)`,
		db.Args{"case": tx.CaseID, "id": id, "release": release, "reason": reason, "scanned": scanned, "hits": len(Different(found))})
	switch {
	case db.Violates(err, "nothing_protected_without_a_basis"): // from before, or protected while it waited
		return fault.Invalid{"outcome": "sharing.error.no_basis"}
	case db.Violates(err, "consent_holds"): // withdrawn or run out while it waited
		return fault.Invalid{"outcome": "sharing.error.consent_over"}
	case err == nil && !done:
		return fault.Stale
	}
	return err
}

// AlreadyShared is the event that a fact was protected that had left already.
const AlreadyShared = "fact_already_shared"

// Protect adds a protected fact to the opened case, and looks whether it has left already: each sharing in which it stands is
// marked, and the case asks once what is to be done. It returns how many there are.
func Protect(ctx context.Context, tx *db.Tx, k keys.Keys, in casefile.FactInput) (int, error) {
	in.ID = uuid.New()
	if err := casefile.AddFact(ctx, tx, k, in); err != nil {
		return 0, err
	}
	type sent struct {
		ID               uuid.UUID
		What             string
		TextEnc, FileEnc []byte
	}
	all, err := db.Many[sent](ctx, tx, `SELECT id, what, text_enc, file_enc FROM app.sent_texts(@case)`, db.Args{"case": tx.CaseID})
	if err != nil {
		return 0, err
	}
	words, err := sentWords(ctx, tx, k)
	if err != nil {
		return 0, err
	}
	guard := leakguard.New([]leakguard.Fact{{Kind: in.Kind, Value: in.Text}})
	var out []uuid.UUID
	for _, s := range all {
		text, file, err := Sealed{TextEnc: s.TextEnc, FileEnc: s.FileEnc}.Open(k, tx.CaseID, s.ID)
		if err != nil {
			return 0, err
		}
		if len(guard.Scan(s.What))+len(guard.Scan(text))+len(guard.Scan(file))+len(guard.Scan(words[s.ID])) > 0 {
			out = append(out, s.ID)
		}
	}
	if len(out) == 0 {
		return 0, nil
	}
	return len(out), tx.Read(ctx, func(b *db.Batch) {
		for _, s := range out {
			stands(b, s, []uuid.UUID{in.ID}, true)
		}
		db.Do(b, `SELECT app.raise_prompt(@case, @rule, @key)`, db.Args{"case": tx.CaseID, "rule": AlreadyShared, "key": in.ID.String()})
	})
}
