package partner

import (
	"context"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
)

// ContactInput is what an admin says about a contact person. Hours are written as people write them:
// "8-16, 17-20", one text for each day from Monday.
type ContactInput struct {
	Name                      string
	FirstNameOnly             bool
	Title, Note               string
	Phone, Mobile, SecureMail string
	Lang                      string // of letters and of the pages behind their links: "da", also where nothing is said, or "en"
	Languages                 []string
	Competences               []string
	Regular, OnCall           [7]string
	OnCallText                string
	StandInID                 uuid.UUID // zero: nobody
	Verified                  bool      // the admin has asked the person: all of this is right today
}

// Input is the contact person as the form shows it.
func (c Callable) Input() ContactInput {
	in := ContactInput{Name: c.Name, FirstNameOnly: c.FirstNameOnly, Title: c.Title, Note: c.Note, Phone: c.Phone, Mobile: c.Mobile, SecureMail: c.SecureMail, Lang: c.Lang,
		Languages: c.Languages, Competences: c.Competences, Regular: WriteWeek(c.Hours, Regular), OnCall: WriteWeek(c.Hours, OnCall), OnCallText: c.OnCallText}
	if c.StandInID != nil {
		in.StandInID = *c.StandInID
	}
	return in
}

// Validate brings numbers and hours into one form and says what cannot be taken.
func (in *ContactInput) Validate() error {
	bad := fault.Invalid{}
	bad.Check("name", in.Name != "", "error.required")
	bad.AtMost("name", in.Name, 120)
	bad.Check("name", !in.FirstNameOnly || !strings.ContainsFunc(in.Name, unicode.IsSpace), "partner.error.first_name")
	bad.AtMost("title", in.Title, 120)
	bad.AtMost("note", in.Note, 400)
	bad.AtMost("on_call_text", in.OnCallText, 200)
	in.Phone, in.Mobile = phone(bad, "phone", in.Phone), phone(bad, "mobile", in.Mobile)
	bad.Check("secure_mail", in.SecureMail == "" || isEmail(in.SecureMail), "error.email")
	bad.Check("phone", in.Phone+in.Mobile+in.SecureMail != "", "error.phone_or_email")
	if in.Lang == "" {
		in.Lang = i18n.Languages[0]
	}
	bad.Check("lang", within([]string{in.Lang}, i18n.Languages...), "error.choose")
	bad.Check("competences", within(in.Competences, Competences...), "error.choose")
	bad.Check("languages", len(in.Languages) <= 12, "partner.error.languages")
	hours, err := in.hours()
	if err := bad.Merge("", err); err != nil {
		return err
	}
	if err == nil {
		in.Regular, in.OnCall = WriteWeek(hours, Regular), WriteWeek(hours, OnCall)
	}
	return bad.Err()
}

// hours reads both weeks.
func (in ContactInput) hours() ([]Hours, error) {
	bad := fault.Invalid{}
	regular, err := ReadWeek(Regular, in.Regular)
	_ = bad.Merge("regular_", err) // only ever about fields
	duty, err := ReadWeek(OnCall, in.OnCall)
	_ = bad.Merge("on_call_", err)
	return append(regular, duty...), bad.Err()
}

// Facts lists what the input says, for the history and for showing two versions beside each other.
func (in ContactInput) Facts() []Fact {
	standIn := ""
	if in.StandInID != uuid.Nil {
		standIn = in.StandInID.String()
	}
	return []Fact{{"name", in.Name}, {"first_name_only", yes(in.FirstNameOnly)}, {"title", in.Title}, {"note", in.Note}, {"phone", in.Phone}, {"mobile", in.Mobile},
		{"secure_mail", in.SecureMail}, {"lang", in.Lang}, {"languages", strings.Join(in.Languages, ",")}, {"competences", strings.Join(ordered(in.Competences, Competences), ",")},
		{"regular", writeDays(in.Regular)}, {"on_call", writeDays(in.OnCall)}, {"on_call_text", in.OnCallText}, {"stand_in", standIn}}
}

func (in ContactInput) args(more db.Args) db.Args {
	args := db.Args{"name": in.Name, "first": in.FirstNameOnly, "title": in.Title, "note": in.Note, "phone": in.Phone, "mobile": in.Mobile, "mail": in.SecureMail, "lang": in.Lang,
		"languages": in.Languages, "competences": in.Competences, "duty": in.OnCallText, "stand_in": in.StandInID}
	for k, v := range more {
		args[k] = v
	}
	return args
}

// AddContact adds a contact person to an organisation.
func AddContact(ctx context.Context, tx *db.Tx, organisation uuid.UUID, in ContactInput) (uuid.UUID, error) {
	if err := in.check(ctx, tx, uuid.Nil); err != nil {
		return uuid.Nil, err
	}
	id := uuid.New()
	n, err := db.Exec(ctx, tx, `
		INSERT INTO app.contact_person (id, organisation_id, name, first_name_only, title, phone, mobile, secure_mail, lang, languages, competences, note, on_call_text, stand_in_id)
		SELECT @id, o.id, @name, @first, @title, @phone, @mobile, @mail, @lang, @languages, @competences, @note, @duty, nullif(@stand_in::uuid, '00000000-0000-0000-0000-000000000000')
		  FROM app.organisation o WHERE o.id = @organisation`, in.args(db.Args{"id": id, "organisation": organisation}))
	switch {
	case err != nil:
		return uuid.Nil, err
	case n == 0:
		return uuid.Nil, fault.NotFound
	}
	if err := in.saveHours(ctx, tx, id); err != nil {
		return uuid.Nil, err
	}
	if err := record(ctx, tx, organisation, &id, "added", nil, in.Facts()); err != nil {
		return uuid.Nil, err
	}
	if in.Verified {
		return id, Verify(ctx, tx, id, 1)
	}
	return id, nil
}

// ChangeContact writes what the admin says now. Somebody who saved since version is fault.Stale.
func ChangeContact(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, in ContactInput) error {
	if err := in.check(ctx, tx, id); err != nil {
		return err
	}
	was, err := find(ctx, tx, id)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE app.contact_person SET name = @name, first_name_only = @first, title = @title, phone = @phone, mobile = @mobile, secure_mail = @mail, lang = @lang, languages = @languages,
		       competences = @competences, note = @note, on_call_text = @duty, stand_in_id = nullif(@stand_in::uuid, '00000000-0000-0000-0000-000000000000'),
		       version = version + 1, changed_at = now()
		 WHERE id = @id AND version = @version`, in.args(db.Args{"id": id, "version": version}))
	switch {
	case err != nil:
		return err
	case n == 0:
		return tx.WhyNot(ctx, "contact_person", id, version)
	}
	if err := in.saveHours(ctx, tx, id); err != nil {
		return err
	}
	before, after := changed(was.Input().Facts(), in.Facts())
	if len(before)+len(after) > 0 {
		if err := record(ctx, tx, was.OrganisationID, &id, "changed", before, after); err != nil {
			return err
		}
	}
	if in.Verified {
		return Verify(ctx, tx, id, version+1)
	}
	return nil
}

// check is [ContactInput.Validate], and asks whether the stand-in is somebody who can be called.
func (in *ContactInput) check(ctx context.Context, tx *db.Tx, self uuid.UUID) error {
	if err := in.Validate(); err != nil || in.StandInID == uuid.Nil {
		return err
	}
	other, err := db.Many[bool](ctx, tx, `SELECT true FROM app.contact_person WHERE id = @id AND active AND id <> @self`, db.Args{"id": in.StandInID, "self": self})
	if err != nil {
		return err
	}
	bad := fault.Invalid{}
	bad.Check("stand_in", len(other) == 1, "error.choose")
	return bad.Err()
}

// saveHours writes the week anew.
func (in ContactInput) saveHours(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	hours, err := in.hours()
	if err != nil {
		return err
	}
	return tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `DELETE FROM app.contact_hours WHERE contact_id = @id`, db.Args{"id": id})
		for _, h := range hours {
			db.Do(b, `INSERT INTO app.contact_hours (contact_id, kind, weekday, opens, closes) VALUES (@id, @kind, @weekday, @opens, @closes)`,
				db.Args{"id": id, "kind": h.Kind, "weekday": h.Weekday, "opens": h.Opens, "closes": h.Closes})
		}
	})
}

// find reads a contact person inside a transaction, retired or not.
func find(ctx context.Context, tx *db.Tx, id uuid.UUID) (Callable, error) {
	var people *[]Callable
	if err := tx.Read(ctx, func(b *db.Batch) { people = Callables(b, Query{ContactID: id, Retired: true}) }); err != nil {
		return Callable{}, err
	}
	if len(*people) == 0 || id == uuid.Nil {
		return Callable{}, fault.NotFound
	}
	return (*people)[0], nil
}

// Verify notes that the person's data are right today, and who says so.
func Verify(ctx context.Context, tx *db.Tx, id uuid.UUID, version int) error {
	organisations, err := db.Many[uuid.UUID](ctx, tx, `
		UPDATE app.contact_person SET verified_on = (now() AT TIME ZONE 'Europe/Copenhagen')::date, verified_by = @me, version = version + 1, changed_at = now()
		 WHERE id = @id AND version = @version RETURNING organisation_id`, db.Args{"id": id, "version": version, "me": tx.Actor.UserID})
	switch {
	case err != nil:
		return err
	case len(organisations) == 0:
		return tx.WhyNot(ctx, "contact_person", id, version)
	}
	return record(ctx, tx, organisations[0], &id, "verified", nil, nil)
}

// RetireContact takes a person out of the directory, or back into it.
func RetireContact(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, retire bool) error {
	organisations, err := db.Many[uuid.UUID](ctx, tx, `
		UPDATE app.contact_person SET active = NOT @retire, version = version + 1, changed_at = now()
		 WHERE id = @id AND version = @version AND active = @retire RETURNING organisation_id`, db.Args{"id": id, "version": version, "retire": retire})
	switch {
	case err != nil:
		return err
	case len(organisations) == 0:
		return notNow(tx.WhyNot(ctx, "contact_person", id, version), tx)
	}
	return record(ctx, tx, organisations[0], &id, retired(retire), nil, nil)
}
