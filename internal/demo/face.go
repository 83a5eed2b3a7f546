package demo

import (
	"fmt"
	"path"
	"strings"
)

// FaceJPEG returns the drawn portrait that User.Photo or Contact.Photo names, size pixels wide and high (192 or 96).
func FaceJPEG(name string, size int) ([]byte, error) {
	return data.ReadFile(fmt.Sprintf("data/faces/%s-%d.jpg", strings.TrimSuffix(path.Base(name), path.Ext(name)), size))
}
