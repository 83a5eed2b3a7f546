package page

import (
	"errors"
	"net/http"

	"samspil/internal/fault"
)

// Refused sorts what a write came to: the refused fields of a form that is shown again, whether somebody else
// saved first, or an error for the page of errors.
func Refused(err error) (bad fault.Invalid, stale bool, other error) {
	switch {
	case errors.Is(err, fault.Stale):
		return nil, true, nil
	case errors.As(err, &bad):
		return bad, false, nil
	}
	return nil, false, err
}

// FormStatus is the HTTP status of a form that is shown again.
func FormStatus(stale bool) int {
	if stale {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
