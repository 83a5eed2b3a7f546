package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/webtest"
)

// An address that somebody has made up is "not found" or a page of ours, never an error: an error would say that
// the address got as far as the database, and would fill the log.
func TestMadeUpAddressesAreNotErrors(t *testing.T) {
	o := testkit.NewOffice(t)
	s := webtest.Over(t, o)
	c := o.Case(t, o.Mette, 1)
	var patterns []string
	err := chi.Walk(web.New(web.Site{}), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodGet {
			patterns = append(patterns, route)
		}
		return nil
	})
	if err != nil || len(patterns) < 20 {
		t.Fatal(patterns, err)
	}
	for _, made := range []string{"%00", "%ff%fe", "%0a", "..%2f..", "%27%22%3C", strings.Repeat("x", 9000), "-1", "00000000-0000-0000-0000-000000000000"} {
		for _, who := range []actor.Actor{o.Mette, o.Jonas, o.Lone, o.Karen} {
			for _, pattern := range patterns {
				if who.UserID != o.Mette.UserID && strings.Contains(pattern, "{ref}") {
					continue
				}
				path := pattern
				if strings.Contains(path, "/sager/{ref}") && strings.Count(path, "{") > 1 {
					path = strings.Replace(path, "{ref}", c.Ref, 1)
				}
				for strings.Contains(path, "{") {
					from, to := strings.Index(path, "{"), strings.Index(path, "}")
					path = path[:from] + made + path[to+1:]
				}
				if path == pattern {
					path += "?q=" + made
					for _, name := range []string{"fra", "til", "hvem", "sag", "slags", "efter", "situation", "ansvarlig", "niveau", "sorter", "v", "tilbage", "note", "person", "fase", "type", "area", "competence"} {
						path += "&" + name + "=" + made[:min(len(made), 300)]
					}
				}
				if a := s.Get(t, who, path); a.Status >= 500 {
					t.Errorf("%s: %s answers %d", who.Name, path[:min(len(path), 120)], a.Status)
				}
			}
		}
	}
	for _, rest := range []string{"/%00", "/%ff", "/" + strings.Repeat("x", 9000)} { // no route, in a case that is there
		if a := s.Get(t, o.Mette, "/sager/"+c.Ref+rest); a.Status != http.StatusNotFound {
			t.Errorf("%.20s answers %d", rest, a.Status)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM audit.event WHERE length(object) > 200`); n != 0 {
		t.Errorf("%d lines of the trail were filled by addresses", n)
	}
}
