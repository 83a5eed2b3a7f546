package page

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"samspil/internal/fault"
)

// MaxUpload is the largest form with a file in it, in bytes. What is too large for its field is read to the end and thrown away, so
// that the rest of the form is not lost with it.
const MaxUpload = 100 << 20

// Upload is a file as somebody sent it.
type Upload struct {
	Name string // as their machine calls it, perhaps with folders
	Data []byte
}

// ReadUpload reads the form that r posts, with the file of a field: nil where none was chosen. A file of more than most bytes, an empty
// one, or one that did not come whole is a [fault.Invalid] of the field; what else was typed is in the form all the same. It comes
// before [ReadForm].
func ReadUpload(r *http.Request, field string, most int64) (*Upload, error) {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) { // a form without a file, which is read as any other
		r.MultipartForm = nil
		return nil, nil
	}
	r.PostForm, r.Form = url.Values{}, url.Values{}
	if err != nil {
		return nil, notWhole(field, err)
	}
	var file *Upload
	var bad error
	for room := int64(MaxForm); ; {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return file, bad
		case err != nil:
			return nil, notWhole(field, err)
		case part.FileName() == "" && part.FormName() != field:
			var value bytes.Buffer
			n, err := io.Copy(&value, io.LimitReader(part, room+1))
			if err != nil {
				return nil, notWhole(field, err)
			}
			if room -= n; room < 0 { // more than any form of ours holds: not the beginning of it, as if that were all
				return nil, fault.Invalid{field: "error.file_lost"}
			}
			r.PostForm.Add(part.FormName(), value.String())
			r.Form.Add(part.FormName(), value.String())
		case part.FormName() == field && part.FileName() != "":
			if file, bad, err = readFile(part, field, most); err != nil {
				return nil, notWhole(field, err)
			}
		}
	}
}

// readFile reads a file, and throws away what is more than most.
func readFile(part *multipart.Part, field string, most int64) (*Upload, error, error) {
	data, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return nil, nil, err
	}
	switch rest, err := io.Copy(io.Discard, part); {
	case err != nil:
		return nil, nil, err
	case rest > 0 || int64(len(data)) > most:
		return nil, fault.Invalid{field: "error.file_large"}, nil
	case len(data) == 0:
		return nil, fault.Invalid{field: "error.file_empty"}, nil
	}
	return &Upload{readable(part.FileName()), data}, nil, nil
}

// notWhole is why a form did not come to its end: it was larger than any may be, or the connection broke.
func notWhole(field string, err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.Invalid{field: "error.file_large"}
	}
	return fault.Invalid{field: "error.file_lost"}
}
