package partnerpages

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/guard"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// photo serves a face, "<id>-s" or "<id>-l", to people who are signed in. A face never changes under its
// id, so the browser may keep it for a day; no shared cache may.
func (h Handler) photo(w http.ResponseWriter, r *http.Request) error {
	file := page.Param(r, "file")
	at := strings.LastIndexByte(file, '-')
	if at < 0 || file[at:] != "-s" && file[at:] != "-l" {
		return fault.NotFound
	}
	id, err := uuid.Parse(file[:at])
	if err != nil {
		return fault.NotFound
	}
	var face *[]byte
	if _, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) { face = partner.Face(b, id, file[at:] == "-l") }); err != nil {
		return err
	}
	guard.Cacheable(w, "private, max-age=86400")
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(*face) // the reader may be gone
	return nil
}

// photoForm is where the admin puts up a face, or takes it down.
type photoForm struct {
	Page    ui.Page
	Person  partner.Callable
	Version int
	Consent bool
	Bad     fault.Invalid
	Stale   bool
}

func (h Handler) showPhotoForm(w http.ResponseWriter, r *http.Request) error {
	return h.photoForm(w, r, http.StatusOK, photoForm{})
}

func (h Handler) photoForm(w http.ResponseWriter, r *http.Request, status int, v photoForm) error {
	var f *frame.Frame
	var people *[]partner.Callable
	id := page.ID(r, "id")
	_, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, people = frame.Ask(b), partner.Callables(b, partner.Query{ContactID: id, Retired: true})
	})
	if err != nil {
		return err
	}
	c, ok := byID(*people, id)
	if !ok {
		return fault.NotFound
	}
	v.Page, v.Person, v.Version = f.Page(w, r, title(r, "dirphoto.title"), menu(r)), c, c.Version
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, photoFormPage(v))
}

// savePhoto reads the upload. A form that is too large is refused like any other mistake.
func (h Handler) savePhoto(w http.ResponseWriter, r *http.Request) error {
	id := page.ID(r, "id")
	upload, lost := page.ReadUpload(r, "photo", partner.MaxPhoto)
	f := page.ReadForm(r)
	version, consent := versioned(f), f.Has("consent")
	bad := fault.Invalid{}
	bad.Check("consent", consent, "dirphoto.error.consent")
	var face partner.Photo
	err := lost
	switch {
	case err != nil:
	case upload == nil:
		bad.Check("photo", false, "error.file")
	default:
		face, err = partner.MakePhoto(bytes.NewReader(upload.Data))
	}
	if err := bad.Merge("", err); err != nil {
		return err
	}
	err = bad.Err()
	if err == nil {
		err = h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) error { return partner.SetPhoto(r.Context(), tx, id, version, face) })
	}
	switch {
	case errors.As(err, &bad):
		return h.photoForm(w, r, http.StatusUnprocessableEntity, photoForm{Bad: bad, Consent: consent})
	case errors.Is(err, fault.Stale):
		return h.photoForm(w, r, http.StatusConflict, photoForm{Stale: true, Consent: consent})
	case err != nil:
		return err
	}
	return page.Done(w, r, "flash.photo.saved", link.Contact(id))
}

func (h Handler) removePhoto(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "flash.photo.removed", link.Contact(page.ID(r, "id")), partner.RemovePhoto)
}
