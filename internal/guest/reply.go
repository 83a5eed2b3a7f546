package guest

import (
	"archive/zip"
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/sharing"
)

// Part is what somebody at a partner sees of a case: what is addressed to them.
type Part struct {
	LinkID       uuid.UUID
	CaseID       uuid.UUID
	SharingID    uuid.UUID
	TextEnc      []byte
	Status       string // of the involvement
	Name         string
	Organisation string
	AskedBy      string
	AskedPhone   string
	ExpiresAt    time.Time
}

// Text is what they were told: the request and the rest in one, and the titles of the steps.
func (p Part) Text(k keys.Keys) (body string, steps []string, err error) {
	text, _, err := sharing.Sealed{TextEnc: p.TextEnc}.Open(k, p.CaseID, p.SharingID)
	if err != nil {
		return "", nil, err
	}
	body, steps = Parse(text)
	return body, steps, nil
}

// ReadPart asks for what a guest was told; in the batch of a [db.Guest], with a line in the trail.
func ReadPart(b *db.Batch) *Part {
	return db.Get[Part](b, `SELECT link_id, case_id, sharing_id, text_enc, status, name, organisation, asked_by, asked_phone, expires_at FROM app.guest_part()`, db.Args{})
}

// OwnStep is a step as its guest sees it. Position is its place in the text, from 1.
type OwnStep struct {
	ID                     uuid.UUID
	Position               int
	Done, Impossible, Open bool
}

// OwnSteps asks for the steps of a guest.
func OwnSteps(b *db.Batch) *[]OwnStep {
	return db.All[OwnStep](b, `SELECT id, position::int AS position, done, impossible, open FROM app.guest_steps()`, db.Args{})
}

// Said is something that the guest has said before.
type Said struct {
	Kind   string
	StepID *uuid.UUID
	Words  string
	At     time.Time

	FileID  *uuid.UUID // of what was left
	NameEnc []byte
	File    string `db:"-"` // its name, see [Part.NameFiles]
}

// WhatWasSaid asks for it, in the order in which it was; see [Part.NameFiles].
func WhatWasSaid(b *db.Batch) *[]Said {
	return db.All[Said](b, `SELECT kind, step_id, words, at, file_id, name_enc FROM app.guest_said()`, db.Args{})
}

// NameFiles unseals what the files are called that a guest has left.
func (p Part) NameFiles(k keys.Keys, all []Said) error {
	for i, s := range all {
		if s.FileID == nil {
			continue
		}
		name, err := k.Unseal(cell("name", p.CaseID, *s.FileID), s.NameEnc)
		if err != nil {
			return err
		}
		all[i].File = name
	}
	return nil
}

// Reply answers the request: [Accepted], [Declined] or [AskedBack]. Said twice it is said once. An answer to what has moved on is
// [fault.Stale].
func Reply(ctx context.Context, tx *db.Tx, kind, words string, key uuid.UUID) error {
	if err := check(kind, words); err != nil {
		return err
	}
	return said(db.One[string](ctx, tx, `SELECT app.guest_reply(@kind, @words, @key)`, db.Args{"kind": kind, "words": words, "key": db.Null(key)}))
}

// Report says of a step that it is [Done], or [NotPossible] and why.
func Report(ctx context.Context, tx *db.Tx, step uuid.UUID, kind, words string, key uuid.UUID) error {
	if err := check(kind, words); err != nil {
		return err
	}
	return said(db.One[string](ctx, tx, `SELECT app.guest_report(@step, @kind, @words, @key)`, db.Args{"step": step, "kind": kind, "words": words, "key": db.Null(key)}))
}

func check(kind, words string) error {
	bad := fault.Invalid{}
	bad.Check("words", words != "" || kind == Accepted || kind == Done, "guest.error.words")
	bad.AtMost("words", words, MaxWords)
	return bad.Err()
}

func said(outcome string, err error) error {
	switch {
	case db.Violates(err, "guest_has_said_enough"):
		return fault.Invalid{"words": "guest.error.enough", "file": "guest.error.enough"}
	case err == nil && outcome != "ok":
		return fault.Stale
	}
	return err
}

// Details is a contact person's line of the directory as they see it behind a letter: numbers are hidden but for their end.
type Details struct {
	Name, Organisation, Title string
	Phone, Mobile             string
	VerifiedOn                *time.Time
	Answered                  bool
}

// OwnDetails asks for it.
func OwnDetails(b *db.Batch) *Details {
	return db.Get[Details](b, `SELECT name, organisation, title, phone, mobile, verified_on, answered FROM app.guest_details()`, db.Args{})
}

// Confirm says that the details are right, or what is wrong, which goes into the admin's queue. The first answer counts.
func Confirm(ctx context.Context, tx *db.Tx, right bool, wrong string) error {
	bad := fault.Invalid{}
	bad.Check("wrong", right || wrong != "", "guest.error.wrong")
	bad.AtMost("wrong", wrong, MaxWords)
	if err := bad.Err(); err != nil {
		return err
	}
	if right {
		wrong = ""
	}
	return said(db.One[string](ctx, tx, `SELECT app.guest_confirm(@wrong)`, db.Args{"wrong": wrong}))
}

// MaxFile is the largest file that is taken, in bytes.
const MaxFile = 10 << 20

// LeaveFile seals a file into the case. What it is, its content says: pdf, docx, txt, jpg or png.
func LeaveFile(ctx context.Context, tx *db.Tx, k keys.Keys, name string, content []byte, key uuid.UUID) error {
	kind := Kind(content)
	bad := fault.Invalid{}
	bad.Check("file", len(content) > 0, "guest.error.file")
	bad.Check("file", len(content) <= MaxFile, "guest.error.file_large")
	bad.Check("file", len(content) == 0 || kind != "", "guest.error.file_type")
	if err := bad.Err(); err != nil {
		return err
	}
	p, err := db.One[uuid.UUID](ctx, tx, `SELECT case_id FROM app.guest_part()`, db.Args{})
	if err != nil {
		return err
	}
	id := uuid.New()
	return said(db.One[string](ctx, tx, `SELECT app.guest_leave_file(@id, @name, @content, @type, @size, @key)`, db.Args{"id": id, "name": k.Seal(cell("name", p, id), FileName(name, kind)),
		"content": k.Seal(cell("content", p, id), string(content)), "type": kind, "size": len(content), "key": db.Null(key)}))
}

// FileName is a name that a file can bear anywhere: no path, nothing that cannot be seen, and the ending of what it is.
func FileName(name, kind string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || strings.ContainsRune(`"<>:|?*/;`, c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, name)
	name = strings.Trim(strings.TrimSuffix(name, filepath.Ext(name)), ". ")
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	if name == "" {
		name = "fil"
	}
	return name + "." + kind
}

// Kind is what a file is by its content, or empty where it is nothing that is taken. A document with macros is none.
func Kind(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return "pdf"
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return "jpg"
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		if document(content) {
			return "docx"
		}
		return ""
	}
	text := strings.TrimPrefix(string(content), "\ufeff")
	if len(text) > 0 && utf8.ValidString(text) && !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && !strings.ContainsRune("\n\r\t\f", c) }) &&
		!strings.HasPrefix(strings.TrimSpace(text), "<") { // a page or a picture made of text runs in a browser
		return "txt"
	}
	return ""
}

func document(content []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(z.File) > 1000 {
		return false
	}
	is := false
	for _, f := range z.File {
		if strings.Contains(strings.ToLower(f.Name), "vbaproject") {
			return false
		}
		is = is || f.Name == "word/document.xml"
	}
	return is
}
