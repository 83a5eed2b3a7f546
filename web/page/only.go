package page

import (
	"net/http"
	"slices"

	"samspil/internal/actor"
	"samspil/internal/fault"
)

// Only lets people of these roles through. For the others the page does not exist.
func Only(roles ...actor.Role) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(roles, actor.From(r.Context()).Role) {
				Fail(w, r, fault.NotFound)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
