package templatepages

import (
	"errors"
	"net/http"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/template"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// export is a version of a template as a document to keep or to give to another municipality. It holds nothing about anybody.
func (h Handler) export(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	version := r.URL.Query().Get("version")
	if version == "" {
		version = v.current()
	}
	x, ok := v.find(version)
	if !ok {
		return fault.NotFound
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="skabelon-`+x.Content.Code+"-"+label(x)+`.json"`) // a code and a label: letters, digits, dots
	_, err = w.Write(template.Export(x.Content))
	return err
}

// importView is the form that takes a document in.
type importView struct {
	Page   ui.Page
	JSON   string
	Faults []template.Fault
	Bad    fault.Invalid
}

func (h Handler) importForm(w http.ResponseWriter, r *http.Request) error {
	return h.showImport(w, r, http.StatusOK, importView{})
}

func (h Handler) showImport(w http.ResponseWriter, r *http.Request, status int, v importView) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	v.Page = f.Page(w, r, i18n.T(ctx, "template.import"), "admin")
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, importPage(v))
}

// takeIn makes the document a draft, or says everything that is wrong with it.
func (h Handler) takeIn(w http.ResponseWriter, r *http.Request) error {
	raw, bad := readDocument(r)
	v := importView{JSON: string(raw), Bad: bad}
	if len(raw) > template.MaxDocument {
		v.JSON = "" // nobody reads it, and the page would not carry it
	}
	if len(bad) > 0 {
		return h.showImport(w, r, http.StatusUnprocessableEntity, v)
	}
	var code string
	var taken bool
	_, stale, err := h.write(r, func(tx *db.Tx) (err error) {
		code, taken, v.Faults, err = template.Import(r.Context(), tx, raw)
		return err
	})
	switch {
	case err != nil:
		return err
	case stale:
		v.Bad, v.Faults = fault.Invalid{"json": "template.error.document"}, []template.Fault{{Key: "template.error.draft:" + code}}
		return h.showImport(w, r, http.StatusConflict, v)
	case len(v.Faults) > 0:
		v.Bad = fault.Invalid{"json": "template.error.document"}
		return h.showImport(w, r, http.StatusUnprocessableEntity, v)
	}
	if !taken {
		return page.Done(w, r, "flash.template.same", link.Template(code))
	}
	return page.Done(w, r, "flash.template.imported", link.Template(code)+"/udgiv")
}

// readDocument is the uploaded file, or what was pasted, exactly as it came.
func readDocument(r *http.Request) ([]byte, fault.Invalid) {
	upload, lost := page.ReadUpload(r, "file", template.MaxDocument)
	pasted := r.PostFormValue("json")
	var bad fault.Invalid
	switch {
	case errors.As(lost, &bad):
		if bad["file"] == "error.file_large" {
			bad["file"] = "template.error.too_large:200"
		}
		return []byte(pasted), bad
	case upload == nil:
		return []byte(pasted), nil
	case pasted != "":
		return []byte(pasted), fault.Invalid{"file": "template.error.both"}
	}
	return upload.Data, nil
}
