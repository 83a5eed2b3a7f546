package web

import (
	"embed"
	"net/http"

	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// errorView is a page that says what went wrong and what to do about it.
type errorView struct {
	Page   ui.Page
	Status int
	Code   string // to quote on the telephone; empty unless it is our mistake
}

// key is the beginning of the text keys for the status.
func (v errorView) key() string {
	switch v.Status {
	case http.StatusNotFound:
		return "error.notfound"
	case http.StatusForbidden:
		return "error.forbidden"
	case http.StatusConflict:
		return "error.stale"
	case http.StatusServiceUnavailable:
		return "error.busy"
	case http.StatusUnprocessableEntity:
		return "error.invalid"
	}
	return "error.ours"
}
