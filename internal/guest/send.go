package guest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// Input is what it takes to send a link.
type Input struct {
	Key     uuid.UUID // makes a form that is sent twice one link
	Part    uuid.UUID // the involvement
	What    string    // what the register calls it
	Request string
	Text    string // what is told beside the request
	Steps   []Step // as they are to be called
	sharing.Ground
}

// Sent is what became of a request.
type Sent struct {
	ID    uuid.UUID         // of the link; zero: nothing was sent, because of Found
	Found []sharing.Finding // their Part is the field of the form: "request", "text" or "steps"
}

// Send writes what is told into the register of the opened case, past the leak guard, and sends the link to it: all of it or, where a
// protected fact stands in the text, nothing but a line in the trail.
func Send(ctx context.Context, tx *db.Tx, k keys.Keys, in Input) (Sent, error) {
	if !tx.Rights.May(actor.Write) {
		return Sent{}, fault.Forbidden
	}
	bad := fault.Invalid{}
	bad.Check("request", in.Request != "", "guest.error.request")
	bad.AtMost("request", in.Request, MaxRequest)
	bad.AtMost("text", in.Text, MaxText)
	var titles []string
	var ids []uuid.UUID
	for _, s := range in.Steps {
		bad.Check("steps", s.Title != "", "guest.error.title")
		bad.AtMost("steps", s.Title, MaxTitle)
		titles, ids = append(titles, s.Title), append(ids, s.ID)
	}
	type to struct {
		ContactID, OrganisationID uuid.UUID
		PartnerType, Mail         string
	}
	whom, err := db.Many[to](ctx, tx, `SELECT v.contact_id, o.id AS organisation_id, o.partner_type, c.secure_mail AS mail FROM app.involvement v
		JOIN app.contact_person c ON c.id = v.contact_id AND c.active JOIN app.organisation o ON o.id = c.organisation_id
		WHERE v.case_id = @case AND v.id = @part AND v.status IN ('requested','accepted')`, db.Args{"case": tx.CaseID, "part": in.Part})
	switch {
	case err != nil:
		return Sent{}, err
	case len(whom) == 0:
		return Sent{}, fault.Invalid{"to": "guest.error.nobody"}
	}
	bad.Check("to", whom[0].Mail != "", "guest.error.mail")
	in.Check(bad, false)
	entry := sharing.Input{Key: in.Key, Direction: sharing.Out, OrganisationID: whom[0].OrganisationID, ContactID: whom[0].ContactID, What: in.What, Text: Compose(in.Request, in.Text, titles),
		LegalBasis: in.LegalBasis, Purpose: in.Purpose, Consent: in.Consent, HappenedOn: tx.Now}
	if err := entry.Validate(tx.Now); err != nil {
		_ = bad.Merge("", err) // is Invalid
	}
	if bad["text"] == "sharing.error.text" { // nothing is asked for, which is said where it is asked
		delete(bad, "text")
	}
	if err := bad.Err(); err != nil {
		return Sent{}, err
	}
	if err := entry.RestOn(ctx, tx, in.Ground, sharing.To{OrganisationID: whom[0].OrganisationID, ContactID: whom[0].ContactID, PartnerType: whom[0].PartnerType}); err != nil {
		return Sent{}, err
	}
	out, err := sharing.Share(ctx, tx, k, entry)
	if err != nil || out.ID == uuid.Nil {
		return in.beside(ctx, tx, k, titles, out.Found, err)
	}
	same, err := db.Many[uuid.UUID](ctx, tx, `SELECT link_id FROM app.guest_request WHERE case_id = @case AND sharing_id = @sharing`, db.Args{"case": tx.CaseID, "sharing": out.ID})
	if err != nil || len(same) > 0 {
		return Sent{ID: append(same, uuid.Nil)[0]}, err // the same form, sent twice
	}
	id, err := db.One[uuid.UUID](ctx, tx, `SELECT app.guest_send(@case, @part, @sharing, @steps, @days)`, db.Args{"case": tx.CaseID, "part": in.Part, "sharing": out.ID, "steps": append([]uuid.UUID{}, ids...), "days": Days})
	return Sent{ID: id}, err
}

// beside puts what stops a text beside the field that it was typed in: the register has them in one.
func (in Input) beside(ctx context.Context, tx *db.Tx, k keys.Keys, titles []string, found []sharing.Finding, err error) (Sent, error) {
	var bad fault.Invalid
	if errors.As(err, &bad) && bad["text"] == "" || err != nil && bad == nil {
		return Sent{}, err
	}
	apart, named, lookErr := sharing.Look(ctx, tx, k, map[string]string{"request": in.Request, "text": in.Text, "steps": strings.Join(titles, "\n"), "purpose": in.Purpose})
	switch {
	case lookErr != nil:
		return Sent{}, lookErr
	case bad == nil && len(apart) > 0:
		return Sent{Found: apart}, nil
	case bad == nil:
		return Sent{Found: found}, nil
	}
	for _, field := range named {
		bad.Check(field, false, bad["text"])
	}
	if len(named) > 0 && !slices.Contains(named, "text") {
		delete(bad, "text")
	}
	return Sent{}, bad
}

// Again sends a new link to what an older one of the same part told, which is revoked. No link, where what was told holds a
// protected fact now, or the part has gone to somebody else, is [fault.Forbidden]; one that the compass offers no more, [sharing.OffCompass].
func Again(ctx context.Context, tx *db.Tx, part, link uuid.UUID) (uuid.UUID, error) {
	type old struct {
		SharingID uuid.UUID
		Steps     []uuid.UUID
	}
	o, err := db.One[old](ctx, tx, `SELECT q.sharing_id, coalesce((SELECT array_agg(g.step_id ORDER BY g.position) FROM app.guest_step g WHERE g.case_id = q.case_id AND g.link_id = q.link_id), '{}') AS steps
		FROM app.guest_request q JOIN app.guest_link l ON l.case_id = q.case_id AND l.id = q.link_id WHERE q.case_id = @case AND q.link_id = @link AND l.about_id = @part`,
		db.Args{"case": tx.CaseID, "link": link, "part": part})
	if err != nil {
		return uuid.Nil, err
	}
	return db.One[uuid.UUID](ctx, tx, `SELECT app.guest_send(@case, @part, @sharing, @steps, @days)`, db.Args{"case": tx.CaseID, "part": part, "sharing": o.SharingID, "steps": o.Steps, "days": Days})
}

// Code gives a new code for a link, to be shown once and read out. It is empty where the link does not open any more.
func Code(ctx context.Context, tx *db.Tx, link uuid.UUID) (string, error) {
	return db.One[string](ctx, tx, `SELECT coalesce(app.guest_code(@case, @link), '')`, db.Args{"case": tx.CaseID, "link": link})
}

// Revoke ends a link. One that is over already is no fault.
func Revoke(ctx context.Context, tx *db.Tx, link uuid.UUID) error {
	type names struct{ Organisation, Contact string }
	n, err := db.One[names](ctx, tx, `SELECT o.name AS organisation, CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END AS contact
		FROM app.guest_link l JOIN app.contact_person c ON c.id = l.contact_id JOIN app.organisation o ON o.id = c.organisation_id WHERE l.case_id = @case AND l.id = @link`, db.Args{"case": tx.CaseID, "link": link})
	if err != nil {
		return err
	}
	ok, err := db.One[bool](ctx, tx, `SELECT app.guest_revoke(@case, @link)`, db.Args{"case": tx.CaseID, "link": link})
	if err != nil || !ok {
		return err
	}
	return timeline.Record(ctx, tx, timeline.GuestRevoked, link, timeline.Data{"organisation": n.Organisation, "contact": n.Contact})
}

// File is something that a partner has left.
type File struct {
	ID   uuid.UUID
	Name string
	Type string
	Size int
	At   time.Time
}

// SealedFile is a file as the database names it.
type SealedFile struct {
	ID      uuid.UUID
	NameEnc []byte
	Type    string
	Size    int
	At      time.Time
}

// Files asks for the files of a part of the opened case; see [Names].
func Files(b *db.Batch, part uuid.UUID) *[]SealedFile {
	return db.All[SealedFile](b, `SELECT id, name_enc, type, size, at FROM app.guest_files(@case, @part)`, db.Args{"case": b.CaseID, "part": part})
}

// Names unseals what the files are called.
func Names(k keys.Keys, caseID uuid.UUID, sealed []SealedFile) ([]File, error) {
	list := []File{}
	for _, s := range sealed {
		name, err := k.Unseal(cell("name", caseID, s.ID), s.NameEnc)
		if err != nil {
			return nil, err
		}
		list = append(list, File{s.ID, name, s.Type, s.Size, s.At})
	}
	return list, nil
}

// ReadFile gives a file of the opened case, with a line in the trail.
func ReadFile(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID) (name, content string, err error) {
	type sealed struct {
		NameEnc, ContentEnc []byte
	}
	s, err := db.One[sealed](ctx, tx, `SELECT name_enc, content_enc FROM app.read_guest_file(@case, @id)`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil {
		return "", "", err
	}
	if name, err = k.Unseal(cell("name", tx.CaseID, id), s.NameEnc); err == nil {
		content, err = k.Unseal(cell("content", tx.CaseID, id), s.ContentEnc)
	}
	return name, content, err
}

func cell(column string, caseID, id uuid.UUID) keys.Where {
	return keys.Where{Column: "guest_file." + column, CaseID: caseID, RowID: id}
}
