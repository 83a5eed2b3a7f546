package sharing_test

import (
	"bytes"
	"context"
	"testing"

	"samspil/internal/db"
	"samspil/internal/filetext"
	"samspil/internal/filetext/filemake"
	"samspil/internal/sharing"
)

func attached(t *testing.T, in sharing.Input, name string, data []byte) sharing.Input {
	t.Helper()
	f, err := filetext.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	in.Attachment, in.File = &f, name
	return in
}

func TestAnAttachedFileIsReadBeforeItLeaves(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, data := range map[string][]byte{"brev.txt": []byte("Hun bor på skovtroldevej 12."), "brev.pdf": filemake.PDF("", "Intet", "Hun bor på skovtroldevej 12."), "brev.docx": filemake.DOCX("Hun bor på skovtroldevej 12.", nil)} {
		out, err := d.share(t, d.Mette, attached(t, d.letter("Se filen"), name, data))
		if err != nil || out.Held || len(out.Found) != 1 || out.Found[0].Part != sharing.PartAttachment {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if n := d.Count(t, `SELECT (SELECT count(*) FROM app.sharing) + (SELECT count(*) FROM app.sharing_file)`); n != 0 {
		t.Fatalf("%d rows of what was stopped", n)
	}
	clean := filemake.PDF("", "Hun går på Prøvebakkens Skole.")
	out, err := d.share(t, d.Mette, attached(t, d.letter("Se filen"), "brev.pdf", clean))
	if err != nil || out.Held {
		t.Fatalf("%+v, %v", out, err)
	}
	var row []byte
	d.Scan(t, []any{&row}, `SELECT content_enc || words_enc FROM app.sharing_file WHERE sharing_id = $1`, out.ID)
	if bytes.Contains(row, []byte("Skole")) || bytes.Contains(row, []byte("%PDF")) {
		t.Error("it stands open in the table")
	}
	var file *db.Found[sharing.SealedFile]
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("delinger"), func(b *db.Batch) { file = sharing.ReadFile(b, out.ID) }); err != nil {
		t.Fatal(err)
	}
	if data, name, err := file.Row.Open(d.Keys, d.c.ID, out.ID); err != nil || data != string(clean) || name != "brev.pdf" || d.trail(t, "sharing.file") != 1 {
		t.Errorf("%q, %v, %d lines", name, err, d.trail(t, "sharing.file"))
	}
	if n := d.protect(t, "school", "Prøvebakkens Skole"); n != 1 {
		t.Errorf("a school that stands in a file that has left is found in %d", n)
	}
}

func TestAFileThatNobodyHasReadWaitsForSomebodyWhoHas(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := attached(t, d.letter("Se billedet"), "scan.pdf", filemake.PDF("", ""))
	out, err := d.share(t, d.Mette, in)
	if err != nil || !out.Unread || out.Held || d.Count(t, `SELECT count(*) FROM app.sharing`) != 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	in.Ask, in.AskedID, in.AskReason = true, d.Dennis.UserID, "Lægens skema findes kun som billede"
	out, err = d.share(t, d.Mette, in)
	if err != nil || !out.Held {
		t.Fatalf("%+v, %v", out, err)
	}
	release := func(seen int) error {
		return d.in(t, d.Dennis, func(ctx context.Context, tx *db.Tx) error {
			return sharing.Answer(ctx, tx, d.Keys, out.ID, true, "Jeg har læst skemaet", seen)
		})
	}
	err = d.in(t, d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return sharing.Answer(ctx, tx, d.Keys, out.ID, true, "Det haster", 0)
	})
	refusedFor(t, "the writer releases", err, "reason", "sharing.error.second")
	if err := release(0); err != nil {
		t.Errorf("somebody who has read it: %v", err)
	}
}
