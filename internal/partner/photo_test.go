package partner_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/internal/testkit"
)

// picture draws a picture whose upper half is red and lower half blue.
func picture(t testing.TB, format string, w, h int) io.Reader {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if y >= h/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestAPictureIsDrawnAnewAsASquare(t *testing.T) {
	for _, c := range []struct {
		format string
		w, h   int
	}{{"png", 400, 300}, {"jpeg", 300, 900}, {"png", 10, 10}, {"jpeg", 1, 4000}} {
		p, err := partner.MakePhoto(picture(t, c.format, c.w, c.h))
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		for want, raw := range map[int][]byte{192: p.Large, 96: p.Small} {
			img, err := jpeg.Decode(bytes.NewReader(raw))
			if err != nil || img.Bounds() != image.Rect(0, 0, want, want) {
				t.Errorf("%+v became %v, %v", c, img.Bounds(), err)
			}
		}
	}
}

func TestWhatTheCameraWroteStaysBehind(t *testing.T) {
	plain, err := io.ReadAll(picture(t, "jpeg", 60, 60))
	if err != nil {
		t.Fatal(err)
	}
	for turn, topIsRed := range map[uint16]bool{1: true, 2: true, 3: false, 4: false} {
		p, err := partner.MakePhoto(bytes.NewReader(withExif(plain, turn)))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(p.Large, []byte("Exif")) || bytes.Contains(p.Large, []byte("Ellehøj")) {
			t.Error("the picture still says where it was taken")
		}
		img, err := jpeg.Decode(bytes.NewReader(p.Small))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := img.At(48, 10).RGBA(); (r > b) != topIsRed {
			t.Errorf("turn %d: the top is red %v", turn, r > b)
		}
	}
	// Turned a quarter, red comes to lie at the right (6) or at the left (8).
	for turn, left := range map[uint16]bool{6: false, 8: true} {
		p, err := partner.MakePhoto(bytes.NewReader(withExif(plain, turn)))
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(p.Small))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := img.At(10, 48).RGBA(); (r > b) != left {
			t.Errorf("turn %d: the left is red %v", turn, r > b)
		}
	}
}

// withExif puts a block into a JPEG that says how the camera was held, and where.
func withExif(raw []byte, turn uint16) []byte {
	var tiff bytes.Buffer
	tiff.WriteString("II*\x00")
	for _, v := range []any{uint32(8), uint16(1), uint16(0x0112), uint16(3), uint32(1), turn, uint16(0), uint32(0)} {
		_ = binary.Write(&tiff, binary.LittleEndian, v) // into memory
	}
	tiff.WriteString("Ellehøj")
	part := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(part)+2))
	return append(append(head, part...), raw[2:]...)
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	huge := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"), 0x5f, 0xc5, 0x8c, 0x1e) // 65535 x 65535
	for name, c := range map[string]struct {
		file io.Reader
		key  string
	}{
		"nothing": {strings.NewReader(""), "error.file"}, "a text": {strings.NewReader("hello"), "error.image"}, "a drawing that runs": {strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "error.image"},
		"a heavy file":                    {io.MultiReader(picture(t, "jpeg", 20, 20), bytes.NewReader(make([]byte, partner.MaxPhoto))), "error.file_large"},
		"half a picture":                  {io.LimitReader(picture(t, "png", 300, 300), 120), "error.image"},
		"a picture that fills the memory": {bytes.NewReader(huge), "error.file_large"},
	} {
		_, err := partner.MakePhoto(c.file)
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad["photo"] != c.key && name != "a picture that fills the memory" {
			t.Errorf("%s: %v %v", name, err, bad)
		}
	}
}

func TestAFaceIsSeenByStaffAndGoneWhenTakenDown(t *testing.T) {
	o := testkit.NewOffice(t)
	_, id := add(t, o)
	p, err := partner.MakePhoto(picture(t, "png", 200, 200))
	if err != nil {
		t.Fatal(err)
	}
	var shown []uuid.UUID
	for version := 1; version <= 2; version++ { // a second face takes the place of the first
		if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.SetPhoto(ctx, tx, id, version, p) }); err != nil {
			t.Fatal(err)
		}
		c, _ := entry(t, o, id)
		shown = append(shown, *c.PhotoID)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.photo`); n != 1 {
		t.Errorf("%d faces kept", n)
	}
	for name, who := range o.People() {
		var face *[]byte
		_, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { face = partner.Face(b, shown[1], true) })
		if ok := err == nil && bytes.Equal(*face, p.Large); ok != (who.Token != "") {
			t.Errorf("%s sees the face: %v, %v", name, ok, err)
		}
	}
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.RemovePhoto(ctx, tx, id, 2) }); !errors.Is(err, fault.Stale) {
		t.Errorf("an old page takes the new face down: %v", err)
	}
	if err := as(t, o, o.Lone, func(ctx context.Context, tx *db.Tx) error { return partner.RemovePhoto(ctx, tx, id, 3) }); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.photo`); n != 0 {
		t.Errorf("%d faces kept after taking it down", n)
	}
}
