package sharing

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/filetext"
	"samspil/internal/keys"
)

// PartAttachment is the part of an entry that stands in a file.
const PartAttachment = "attachment"

// attach seals a file with its words beside the entry that is being written.
func attach(b *db.Batch, k keys.Keys, id uuid.UUID, f *filetext.File) {
	db.Do(b, `INSERT INTO app.sharing_file (case_id, sharing_id, unread, kind, size, content_enc, words_enc) VALUES (@case, @id, @unread, @kind, @size, @content, @words)`,
		db.Args{"case": b.CaseID, "id": id, "unread": f.Unread, "kind": f.Kind, "size": len(f.Data),
			"content": k.Seal(cell("content", b.CaseID, id), string(f.Data)), "words": k.Seal(cell("words", b.CaseID, id), f.Words)})
}

// words are what stands in the attached file, if there is one.
func (in Input) words() string {
	if in.Attachment == nil {
		return ""
	}
	return in.Attachment.Words
}

func (in Input) unread() bool { return in.Attachment != nil && in.Attachment.Unread }

// HeldWords asks for the words of the file that goes with what waits.
func HeldWords(b *db.Batch, id uuid.UUID) *db.Found[[]byte] {
	return db.Maybe[[]byte](b, `SELECT words_enc FROM app.sharing_words(@case, @id)`, db.Args{"case": b.CaseID, "id": id})
}

// OpenWords unseals the words of a file; nil are none.
func OpenWords(k keys.Keys, caseID, id uuid.UUID, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	return k.Unseal(cell("words", caseID, id), sealed)
}

// heldWords are the words of the file that goes with what waits.
func heldWords(ctx context.Context, tx *db.Tx, k keys.Keys, id uuid.UUID) (string, error) {
	rows, err := db.Many[[]byte](ctx, tx, `SELECT words_enc FROM app.sharing_words(@case, @id)`, db.Args{"case": tx.CaseID, "id": id})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return OpenWords(k, tx.CaseID, id, rows[0])
}

// sentWords are the words of every file that has left, by its entry.
func sentWords(ctx context.Context, tx *db.Tx, k keys.Keys) (map[uuid.UUID]string, error) {
	type sent struct {
		ID       uuid.UUID
		WordsEnc []byte
	}
	rows, err := db.Many[sent](ctx, tx, `SELECT id, words_enc FROM app.sent_words(@case)`, db.Args{"case": tx.CaseID})
	words := map[uuid.UUID]string{}
	for _, s := range rows {
		if words[s.ID], err = OpenWords(k, tx.CaseID, s.ID, s.WordsEnc); err != nil {
			return nil, err
		}
	}
	return words, err
}

// SealedFile is an attached file as the database holds it.
type SealedFile struct {
	Kind                string // as [filetext.File]
	ContentEnc, FileEnc []byte
}

// ReadFile asks for the file that goes with an entry; that leaves a line in the trail. None for who may not read it.
func ReadFile(b *db.Batch, id uuid.UUID) *db.Found[SealedFile] {
	return db.Maybe[SealedFile](b, `SELECT kind, content_enc, file_enc FROM app.read_sharing_file(@case, @id)`, db.Args{"case": b.CaseID, "id": id})
}

// Open unseals a file with its name.
func (s SealedFile) Open(k keys.Keys, caseID, id uuid.UUID) (data, name string, err error) {
	if data, err = k.Unseal(cell("content", caseID, id), s.ContentEnc); err != nil {
		return "", "", fmt.Errorf("open file: %w", err)
	}
	_, name, err = Sealed{FileEnc: s.FileEnc}.Open(k, caseID, id)
	return data, name, err
}
