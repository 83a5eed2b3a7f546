package partner

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // one of the formats that are taken
	"io"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // one of the formats that are taken

	"samspil/internal/db"
	"samspil/internal/fault"
)

// The limits of an uploaded picture: what a telephone takes is well within them, what was made to
// fill the memory of a server is not.
const (
	MaxPhoto  = 4 << 20
	maxPixels = 30_000_000 // of eight bits a colour; of sixteen, half as many
)

// drawing lets one picture at a time be unfolded: each takes up to 120 MB.
var drawing sync.Mutex

// Photo is a face in the two sizes that are served.
type Photo struct{ Large, Small []byte }

// MakePhoto reads a JPEG, PNG or WebP picture and draws it anew as a square: where and with what it was taken,
// and anything hidden in the file, stays behind.
func MakePhoto(r io.Reader) (Photo, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxPhoto+1))
	switch {
	case err != nil:
		return Photo{}, err
	case len(raw) == 0:
		return Photo{}, fault.Invalid{"photo": "error.file"}
	case len(raw) > MaxPhoto:
		return Photo{}, fault.Invalid{"photo": "error.file_large"}
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || size.Width < 1 || size.Height < 1 || format != "jpeg" && format != "png" && format != "webp" {
		return Photo{}, fault.Invalid{"photo": "error.image"}
	}
	most := maxPixels
	switch size.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		most /= 2
	}
	if size.Width > most/size.Height {
		return Photo{}, fault.Invalid{"photo": "error.file_large"}
	}
	drawing.Lock()
	defer drawing.Unlock()
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return Photo{}, fault.Invalid{"photo": "error.image"}
	}
	turn := 1
	if format == "jpeg" {
		turn = orientation(raw)
	}
	var p Photo
	if p.Large, err = square(img, turn, 192); err != nil {
		return Photo{}, err
	}
	p.Small, err = square(img, turn, 96)
	return p, err
}

// square cuts the middle out of a picture, a little above it where the picture is upright because faces
// are there, and draws it side pixels wide.
func square(img image.Image, turn, side int) ([]byte, error) {
	b := img.Bounds()
	cut := image.Rect(b.Min.X+(b.Dx()-b.Dy())/2, b.Min.Y, b.Min.X+(b.Dx()-b.Dy())/2+b.Dy(), b.Max.Y)
	if b.Dy() > b.Dx() {
		cut = image.Rect(b.Min.X, b.Min.Y+(b.Dy()-b.Dx())/3, b.Max.X, b.Min.Y+(b.Dy()-b.Dx())/3+b.Dx())
	}
	if turn > 1 { // which way is up is not known before it is turned
		m := min(b.Dx(), b.Dy())
		cut = image.Rect(0, 0, m, m).Add(b.Min).Add(image.Pt((b.Dx()-m)/2, (b.Dy()-m)/2))
	}
	canvas := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(canvas, canvas.Bounds(), img, cut, draw.Over, nil)
	var out bytes.Buffer
	err := jpeg.Encode(&out, turned(canvas, turn), &jpeg.Options{Quality: 80})
	return out.Bytes(), err
}

// SetPhoto gives a contact person a face, and takes down the one before.
func SetPhoto(ctx context.Context, tx *db.Tx, contact uuid.UUID, version int, p Photo) error {
	id, err := db.One[uuid.UUID](ctx, tx, `INSERT INTO app.photo (id, large, small, added_by) VALUES (gen_random_uuid(), @large, @small, @me) RETURNING id`,
		db.Args{"large": p.Large, "small": p.Small, "me": tx.Actor.UserID})
	if err != nil {
		return err
	}
	return swapPhoto(ctx, tx, contact, version, &id)
}

// RemovePhoto takes a face down; it is deleted.
func RemovePhoto(ctx context.Context, tx *db.Tx, contact uuid.UUID, version int) error {
	return swapPhoto(ctx, tx, contact, version, nil)
}

func swapPhoto(ctx context.Context, tx *db.Tx, contact uuid.UUID, version int, photo *uuid.UUID) error {
	was, err := find(ctx, tx, contact)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE app.contact_person SET photo_id = @photo, version = version + 1, changed_at = now() WHERE id = @id AND version = @version`,
		db.Args{"id": contact, "version": version, "photo": photo})
	switch {
	case err != nil:
		return err
	case n == 0:
		return tx.WhyNot(ctx, "contact_person", contact, version)
	}
	if was.PhotoID != nil {
		if _, err := db.Exec(ctx, tx, `DELETE FROM app.photo p WHERE p.id = @id AND NOT EXISTS (SELECT FROM app.contact_person c WHERE c.photo_id = p.id)
			AND NOT EXISTS (SELECT FROM auth.user_account u WHERE u.photo_id = p.id)`, db.Args{"id": *was.PhotoID}); err != nil {
			return err
		}
	}
	return record(ctx, tx, was.OrganisationID, &contact, "photo", []Fact{{"photo", yes(was.PhotoID != nil)}}, []Fact{{"photo", yes(photo != nil)}})
}

// Face asks for a picture, large or small. A face that is not there is fault.NotFound.
func Face(b *db.Batch, id uuid.UUID, large bool) *[]byte {
	return db.Get[[]byte](b, `SELECT CASE WHEN @large THEN large ELSE small END FROM app.photo WHERE id = @id`, db.Args{"id": id, "large": large})
}
