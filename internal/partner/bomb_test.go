package partner_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"samspil/internal/fault"
	"samspil/internal/partner"
)

// header is the beginning of a PNG picture of this size, with eight or sixteen bits a colour.
func header(width, height uint32, bits byte) []byte {
	ihdr := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(ihdr[4:], width)
	binary.BigEndian.PutUint32(ihdr[8:], height)
	ihdr[12], ihdr[13] = bits, 6
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

// A picture of few bytes may become one of many: it is refused by what it would take, before any of it is drawn.
func TestAPictureThatWouldFillTheMemoryIsRefusedUnread(t *testing.T) {
	for name, c := range map[string]struct {
		picture []byte
		key     string
	}{
		"wide":        {header(60000, 60000, 8), "error.file_large"},
		"as wide":     {header(1<<31-1, 1<<31-1, 8), "error.image"}, // the decoder itself knows no such picture
		"deep":        {header(5500, 5000, 16), "error.file_large"},
		"flat enough": {header(5500, 5000, 8), "error.image"}, // and then nothing follows
	} {
		_, err := partner.MakePhoto(bytes.NewReader(c.picture))
		var bad fault.Invalid
		if !errors.As(err, &bad) || bad["photo"] != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}
