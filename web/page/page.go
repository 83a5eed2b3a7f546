// Package page is the thin layer between net/http and our pages:
// handlers that return errors, forms that collect them, and buffered rendering.
package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/fault"
)

// ErrorPage shows a person what went wrong, in their language; web sets it at start-up.
type ErrorPage func(w http.ResponseWriter, r *http.Request, status int, code string)

type errorPage struct{}

// WithErrorPage returns a context in which [Fail] shows errors with show.
func WithErrorPage(ctx context.Context, show ErrorPage) context.Context {
	return context.WithValue(ctx, errorPage{}, show)
}

// Handle adapts a handler that returns an error. Nothing has been written to w when it returns one.
func Handle(fn func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := fn(w, r); err != nil {
			Fail(w, r, err)
		}
	}
}

// Fail answers a request that went wrong. The person sees what to do and, for a bug, a number to
// quote; the error goes to the log without anything that was typed (see [Logged]), and paths hold nothing personal.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	status, code := Status(err), ""
	if status == http.StatusInternalServerError {
		code = uuid.NewString()[:8]
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", LoggedPath(r), "code", code, Logged(err))
	}
	if status == http.StatusServiceUnavailable {
		slog.WarnContext(r.Context(), "busy", "method", r.Method, "path", LoggedPath(r), Logged(err))
		w.Header().Set("Retry-After", "3")
	}
	if show, ok := r.Context().Value(errorPage{}).(ErrorPage); ok {
		show(w, r, status, code)
		return
	}
	http.Error(w, http.StatusText(status), status)
}

// LoggedPath is the path of a request as a log may hold it: the secret of a guest's link, or of a calendar, stays out.
func LoggedPath(r *http.Request) string {
	for _, secret := range []string{"/g/", "/kalender/"} {
		if strings.HasPrefix(r.URL.Path, secret) {
			return secret + "…"
		}
	}
	return r.URL.Path
}

// Status is the HTTP status that says the same as err.
func Status(err error) int {
	var invalid fault.Invalid
	switch {
	case errors.Is(err, fault.NotFound):
		return http.StatusNotFound
	case errors.Is(err, fault.SignedOut):
		return http.StatusUnauthorized
	case errors.Is(err, fault.Forbidden):
		return http.StatusForbidden
	case errors.Is(err, fault.Stale):
		return http.StatusConflict
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, fault.Busy), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// Render writes c with status, or nothing at all if c fails to render.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := c.Render(r.Context(), buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // the reader may be gone; nothing to do about it
	return nil
}

// Redirect sends the browser on after a successful POST.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// Done says what has happened (a text key "flash.…"), and sends the browser on to where it shows.
func Done(w http.ResponseWriter, r *http.Request, flash, to string) error {
	Say(w, Flash{Key: flash})
	return Redirect(w, r, to)
}

// ID reads an id from the path. A malformed one becomes the zero UUID,
// which no row has, and so ends as "not found".
func ID(r *http.Request, name string) uuid.UUID {
	id, _ := uuid.Parse(chi.URLParam(r, name))
	return id
}

// Param reads a word from the path.
func Param(r *http.Request, name string) string { return chi.URLParam(r, name) }
