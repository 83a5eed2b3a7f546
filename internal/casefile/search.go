package casefile

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/keys"
)

// SearchWord is what somebody looks for, taken apart: a case number, a CPR number or a name. More than one may be
// given where a case is about to be registered.
type SearchWord struct {
	Number string // "2026-0147", or the beginning of one
	Name   string
	CPR    string // as typed
}

// maxWord is how much anybody searches for.
const maxWord = 200

var (
	caseNumber  = regexp.MustCompile(`^\d{4}-\d{0,8}$`)
	shortNumber = regexp.MustCompile(`^\d{1,6}$`)
)

// ReadWord tells what one line of the search means. Digits alone are the end of a number of this year.
func ReadWord(text string, now time.Time) SearchWord {
	text = strings.TrimSpace(text)
	number := strings.TrimSpace(strings.TrimPrefix(strings.ToLower(text), "sag "))
	switch {
	case caseNumber.MatchString(number):
		return SearchWord{Number: number}
	case shortNumber.MatchString(number):
		return SearchWord{Number: fmt.Sprintf("%d-%04s", now.In(i18n.Zone).Year(), number)}
	}
	if _, ok := keys.ParseCPR(text); ok {
		return SearchWord{CPR: text}
	}
	return SearchWord{Name: text}
}

// Validate refuses a word that cannot find anything.
func (w SearchWord) Validate() error {
	bad := fault.Invalid{}
	if w.CPR != "" {
		readCPR(bad, "cpr", w.CPR)
	}
	bad.Check("number", w.Number == "" || caseNumber.MatchString(w.Number), "search.number.form")
	bad.AtMost("name", w.Name, maxWord)
	bad.Check("name", w.Name == "" || len([]rune(Fold(w.Name))) >= 2, "search.name.short")
	bad.Check("", w.Number != "" || w.Name != "" || w.CPR != "", "search.empty")
	return bad.Err()
}

func wordCell(id uuid.UUID) keys.Where {
	return keys.Where{Column: "search_token.word", CaseID: id, RowID: id}
}

// KeepSearch puts what is searched for under id, for the searcher alone and for ten minutes, so that no address
// ever holds it. text is what the page shows again; it is sealed.
func KeepSearch(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID, text string, w SearchWord) error {
	if !tx.Actor.WorksCases() {
		return fault.NotFound
	}
	if err := w.Validate(); err != nil {
		return err
	}
	var blind []byte
	if cpr, ok := keys.ParseCPR(w.CPR); ok {
		blind = k.BlindCPR(cpr.Digits)
	}
	_, err := db.Exec(ctx, tx, `SELECT app.keep_search(@id, @number, @name, @blind, @word)`,
		db.Args{"id": id, "number": w.Number, "name": Fold(w.Name), "blind": blind, "word": k.Seal(wordCell(id), text)})
	return err
}

// Kept is a search that somebody has made within the last ten minutes.
type Kept struct {
	ID   uuid.UUID
	Word []byte // sealed
}

// Text is what was searched for.
func (s Kept) Text(k keys.Keys) (string, error) { return k.Unseal(wordCell(s.ID), s.Word) }

// GetSearch asks for a search of the reader's own; after ten minutes it is gone.
func GetSearch(b *db.Batch, id uuid.UUID) *db.Found[Kept] {
	return db.Maybe[Kept](b, `SELECT id, word FROM app.search_token WHERE id = @id`, db.Args{"id": id})
}

// MaxFound is how many cases a search shows at most.
const MaxFound = 20

// FoundCase is a case that a search has found: always one whose content the searcher may read. Others do not count,
// not even as a number (AC4 of security.md).
type FoundCase struct {
	CaseID        uuid.UUID
	Ref           string
	Number        string
	Area          string
	Status        string
	ResponsibleID uuid.UUID
	Responsible   string
	PhotoID       *uuid.UUID
	Name          string
	Born          *time.Time
	FoundBy       string // "number", "cpr" or "name"
}

// FoundCases asks for the cases of a kept search; the question leaves a line in the trail.
func FoundCases(b *db.Batch, id uuid.UUID) *[]FoundCase {
	return db.All[FoundCase](b, `
		SELECT c.case_id, c.ref, c.number, c.area, c.status, c.responsible_id, u.display_name AS responsible, u.photo_id, coalesce(c.name, '') AS name, c.born, c.found_by
		  FROM app.found_cases(@id) WITH ORDINALITY AS c (case_id, ref, number, area, status, responsible_id, name, born, found_by, place)
		  JOIN auth.user_account u ON u.id = c.responsible_id ORDER BY c.place`, db.Args{"id": id})
}

// FoundPartner is somebody of the partner directory, or an organisation (ContactID is then nil).
type FoundPartner struct {
	ContactID      *uuid.UUID
	OrganisationID uuid.UUID
	Name           string
	Title          string
	Organisation   string
	External       bool
	PhotoID        *uuid.UUID
}

// FoundPartners asks for the people and organisations of the directory that a kept search names.
func FoundPartners(b *db.Batch, id uuid.UUID) *[]FoundPartner {
	return db.All[FoundPartner](b, `SELECT contact_id, organisation_id, name, title, organisation, external, photo_id FROM app.found_partners(@id)`, db.Args{"id": id})
}

// CaseByNumber is the ref of the one case with this number, if the searcher may read it; else empty.
func CaseByNumber(ctx context.Context, tx *db.Tx, number string) (string, error) {
	found, err := db.Many[string](ctx, tx, `SELECT ref FROM app.find_cases(@number, '', NULL) WHERE number = @number`, db.Args{"number": number})
	if err != nil || len(found) != 1 {
		return "", err
	}
	return found[0], nil
}
