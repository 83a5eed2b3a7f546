package sharingpages

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/filetext"
	"samspil/internal/sharing"
	"samspil/web/caseframe"
	"samspil/web/page"
)

// upload reads the file that is to go along: nil where there is none. What it is stands in it, not in its name.
func upload(r *http.Request) (file *filetext.File, name string, err error) {
	sent, err := page.ReadUpload(r, "attachment", filetext.MaxSize)
	if err != nil || sent == nil {
		return nil, "", err
	}
	read, err := filetext.Read(sent.Data)
	if err != nil {
		return nil, "", fault.Invalid{"attachment": "sharing.error.attachment_kind"}
	}
	return &read, path.Base(strings.ReplaceAll(sent.Name, `\`, "/")), nil
}

// download gives the file to whoever may read the entry; that stands in the trail.
func (h Handler) download(w http.ResponseWriter, r *http.Request) error {
	var sealed *db.Found[sharing.SealedFile]
	var caseID uuid.UUID
	id := page.ID(r, "sharing")
	if _, err := h.DB.ReadCase(r.Context(), actor.From(r.Context()), caseframe.At(r), func(b *db.Batch) { caseID, sealed = b.CaseID, sharing.ReadFile(b, id) }); err != nil {
		return err
	}
	if !sealed.OK {
		return fault.NotFound
	}
	data, name, err := sealed.Row.Open(h.Keys, caseID, id)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", filetext.MIME(sealed.Row.Kind))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, data) // the reader may be gone
	return nil
}
