// Package sharing is the register of what leaves a case, what comes in and what is refused (R9; forvaltningsloven § 28), and the
// guard at the door: what is written in an outgoing sharing is compared with every protected fact of the case, in the transaction
// that shares it (R12; security.md 2.12).
//
// Samspil itself sends nothing: the caseworker does, by secure mail or telephone. What stands here is what was told, to whom, why
// and on what ground; it is never changed, a correction is another entry (R13).
package sharing

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/keys"
	"samspil/internal/reference"
)

// The three directions.
const (
	Out     = "out"
	In      = "in"
	Refused = "refused" // we were asked, and did not tell
)

// Directions are the three, in the order in which they are offered.
var Directions = []string{Out, In, Refused}

// Where a sharing stands.
const (
	Shared   = "shared"
	Held     = "held"      // a protected fact was found; nothing has left before another person releases it
	KeptBack = "kept_back" // it was not released, or the writer thought better of it
)

// Anonymous is the basis that is none: nothing personal may be told on it.
const Anonymous = "ANONYMOUS"

// firstYear is the first year of which the register tells: an older day is a slip of the finger.
const firstYear = 2000

// The answers to whether the citizen has consented.
const (
	Consented = "yes"
	Declined  = "no"
	NotAsked  = "not_asked"
)

// Consents are the three, in the order in which they are offered.
var Consents = []string{Consented, Declined, NotAsked}

// Sharing is one entry of the register, without what was written in it, which is sealed; see [ReadText].
type Sharing struct {
	ID             uuid.UUID
	Direction      string
	Status         string
	OrganisationID uuid.UUID  // zero: a colleague at a forum's table
	Organisation   string     // or the colleague
	UserID         *uuid.UUID // the colleague
	ContactID      *uuid.UUID
	Contact        string
	What           string
	LegalBasis     string // code of [reference.LegalBases]; may be empty in a refusal
	Purpose        string
	PurposeCode    string // code of [reference.SharingPurposes]; empty: none was named
	Consent        string
	ConsentID      *uuid.UUID // the recorded consent that it rests on
	AgeGroup       string     // how old the citizen was, for the compass; with "?" behind it where that was a guess
	Compass        string     // version of the data that decided; empty: it was not asked
	OffCompass     string     // why on a basis that the compass did not know
	Reason         string     // why it was refused
	HappenedOn     time.Time
	Hits           int
	Unread         bool   // there is a file in it that could not be read to its end
	FileKind       string // of the file that goes with it, as [filetext.File]; empty: none
	AskedID        *uuid.UUID
	Asked          string // who is asked to release it
	AskReason      string
	AnsweredBy     string
	AnsweredAt     *time.Time
	AnswerReason   string
	Corrects       *uuid.UUID
	CorrectedBy    *uuid.UUID // the newest correction of it
	WrittenByID    uuid.UUID
	WrittenBy      string
	WrittenAt      time.Time
	Facts          []Standing // the protected facts that stand in it, for those who may read them
}

// Standing is a protected fact that stands in a sharing.
type Standing struct {
	Kind   string `json:"kind"`
	Person string `json:"person"` // of whom; empty for the citizen
	Later  bool   `json:"later"`  // it was protected after the sharing
}

// Leaked reports whether a fact stands in it that was protected after it had left.
func (s Sharing) Leaked() bool {
	return slices.ContainsFunc(s.Facts, func(f Standing) bool { return f.Later })
}

const columns = `
	SELECT s.id, s.direction, s.status, coalesce(s.organisation_id, '00000000-0000-0000-0000-000000000000') AS organisation_id, coalesce(o.name, tu.display_name) AS organisation, s.to_user AS user_id, s.contact_id,
	       coalesce(CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, '') AS contact,
	       s.what, s.legal_basis, s.purpose, s.purpose_code, s.consent, s.consent_id, s.age_group, s.compass, s.off_compass, s.reason, s.happened_on, s.hits, s.unread,
	       coalesce((SELECT x.kind FROM app.sharing_file x WHERE x.case_id = s.case_id AND x.sharing_id = s.id), '') AS file_kind, s.asked_user AS asked_id, coalesce(q.display_name, '') AS asked, s.ask_reason,
	       coalesce(a.display_name, '') AS answered_by, s.answered_at, s.answer_reason, s.corrects,
	       (SELECT n.id FROM app.sharing n WHERE n.case_id = s.case_id AND n.corrects = s.id ORDER BY n.written_at DESC, n.id LIMIT 1) AS corrected_by,
	       s.written_by AS written_by_id, w.display_name AS written_by, s.written_at,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', f.kind, 'later', h.later, 'person', CASE WHEN p.is_citizen THEN '' WHEN p.name <> '' THEN p.name ELSE p.relation END) ORDER BY f.kind, f.id)
	           FROM app.sharing_hit h JOIN app.protected_fact f ON f.case_id = h.case_id AND f.id = h.fact_id JOIN app.person p ON p.case_id = f.case_id AND p.id = f.person_id
	          WHERE h.case_id = s.case_id AND h.sharing_id = s.id), '[]') AS facts
	  FROM app.sharing s LEFT JOIN app.organisation o ON o.id = s.organisation_id LEFT JOIN auth.user_account tu ON tu.id = s.to_user LEFT JOIN app.contact_person c ON c.id = s.contact_id
	  JOIN auth.user_account w ON w.id = s.written_by LEFT JOIN auth.user_account q ON q.id = s.asked_user LEFT JOIN auth.user_account a ON a.id = s.answered_by
	 WHERE s.case_id = @case`

// most is how many entries the register shows.
const most = 200

// Register asks for the entries of the opened case: what waits first, then the newest.
func Register(b *db.Batch) *[]Sharing {
	return db.All[Sharing](b, columns+` ORDER BY s.status <> 'held', s.happened_on DESC, s.written_at DESC, s.id LIMIT @most`, db.Args{"case": b.CaseID, "most": most})
}

// Get asks for one entry. None is [fault.NotFound] for the whole batch.
func Get(b *db.Batch, id uuid.UUID) *Sharing {
	return db.Get[Sharing](b, columns+` AND s.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Maybe asks for one entry, if there is one.
func Maybe(b *db.Batch, id uuid.UUID) *db.Found[Sharing] {
	return db.Maybe[Sharing](b, columns+` AND s.id = @id`, db.Args{"case": b.CaseID, "id": id})
}

// Sealed is what was written in an entry, as the database holds it.
type Sealed struct {
	TextEnc, FileEnc []byte
	Barred           bool // there is a protected fact in it, which the reader may not read
}

// ReadText asks for what was written in an entry. Where a protected fact stands in it, that leaves a line in the trail.
func ReadText(b *db.Batch, id uuid.UUID) *db.Found[Sealed] {
	return db.Maybe[Sealed](b, `SELECT text_enc, file_enc, barred FROM app.read_sharing(@case, @id)`, db.Args{"case": b.CaseID, "id": id})
}

// Open unseals what was written.
func (s Sealed) Open(k keys.Keys, caseID, id uuid.UUID) (text, file string, err error) {
	if s.TextEnc != nil {
		if text, err = k.Unseal(cell("text", caseID, id), s.TextEnc); err != nil {
			return "", "", err
		}
	}
	if s.FileEnc != nil {
		file, err = k.Unseal(cell("file", caseID, id), s.FileEnc)
	}
	return text, file, err
}

func cell(column string, caseID, id uuid.UUID) keys.Where {
	return keys.Where{Column: "sharing." + column, CaseID: caseID, RowID: id}
}

// Releaser is somebody who may let a sharing with a protected fact in it go.
type Releaser struct {
	ID    uuid.UUID
	Name  string
	Title string
}

// Releasers asks who could be asked: everybody but the reader who reads the protected facts of the case.
func Releasers(b *db.Batch) *[]Releaser {
	return db.All[Releaser](b, `SELECT id, name, title FROM app.may_release(@case)`, db.Args{"case": b.CaseID})
}

// Recipient is somebody in the directory to whom something may be told: an organisation, or a person there. The family stand in
// no directory, so nothing is ever told to them here (R12).
type Recipient struct {
	OrganisationID uuid.UUID
	Organisation   string
	ContactID      *uuid.UUID
	Contact        string
	Title          string
	PartnerType    string // code of [reference.PartnerTypes]
	Partner        bool   // has a part in this case
}

// Recipients asks for those with a part in the case, or, where all is true, for the whole directory, those first.
func Recipients(b *db.Batch, all bool) *[]Recipient {
	return db.All[Recipient](b, `
		WITH live AS (SELECT i.organisation_id, i.contact_id FROM app.involvement i WHERE i.case_id = @case)
		SELECT o.id AS organisation_id, o.name AS organisation, o.partner_type, c.id AS contact_id,
		       coalesce(CASE WHEN c.first_name_only THEN split_part(c.name, ' ', 1) ELSE c.name END, '') AS contact, coalesce(c.title, '') AS title,
		       EXISTS (SELECT FROM live l WHERE l.organisation_id = o.id AND (c.id IS NULL OR l.contact_id = c.id)) AS partner
		  FROM app.organisation o
		  JOIN LATERAL (SELECT NULL::uuid AS id, NULL::text AS name, NULL::text AS title, false AS first_name_only
		          UNION ALL SELECT x.id, x.name, x.title, x.first_name_only FROM app.contact_person x WHERE x.organisation_id = o.id AND x.active) c ON true
		 WHERE o.active AND (@all OR EXISTS (SELECT FROM live l WHERE l.organisation_id = o.id AND (c.id IS NULL OR l.contact_id = c.id)))
		 ORDER BY partner DESC, o.name, o.id, c.name NULLS FIRST, c.id`, db.Args{"case": b.CaseID, "all": all})
}

// Bases are the legal bases that fit a direction. What comes in may rest on any.
func Bases(direction string) []reference.LegalBasis {
	var list []reference.LegalBasis
	for _, b := range reference.AllLegalBases() {
		if direction != Out || b.Direction != "obtain" {
			list = append(list, b)
		}
	}
	return list
}

func basis(direction, code string) (reference.LegalBasis, bool) {
	all := Bases(direction)
	i := slices.IndexFunc(all, func(b reference.LegalBasis) bool { return b.Code == code })
	if i < 0 {
		return reference.LegalBasis{}, false
	}
	return all[i], true
}
