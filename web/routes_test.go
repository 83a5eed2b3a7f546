package web_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"samspil/internal/testkit"
	"samspil/web"
	"samspil/web/link"
	"samspil/web/webtest"
)

var update = flag.Bool("update", false, "write testdata/routes.csv as the site answers; read the difference before you commit it")

const matrixFile = "testdata/routes.csv"

// roles are the columns of the matrix, the one with the least to do with the case first: what an allowed POST
// changes is changed after the others have tried. "stranger" to "excluded" are colleagues of the responsible.
var roles = []string{"nobody", "auditor", "admin", "specialist", "stranger", "other_lead", "excluded", "consulted", "coworker", "team_lead", "responsible"}

// route is one line of the router.
type route struct{ method, pattern string }

func (r route) String() string { return r.method + " " + r.pattern }

// allRoutes are the routes of the site. Files answer every method; GET stands for all of them.
func allRoutes(t *testing.T) []route {
	t.Helper()
	var list []route
	err := chi.Walk(web.New(web.Site{Keys: testkit.Keys}), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.HasSuffix(pattern, "/*") || method == http.MethodGet {
			list = append(list, route{method, pattern})
		}
		return nil
	})
	if err != nil || len(list) < 100 {
		t.Fatalf("%d routes, %v", len(list), err)
	}
	slices.SortFunc(list, func(a, b route) int { return strings.Compare(a.pattern+a.method, b.pattern+b.method) })
	return list
}

// verdict is what the matrix says of an answer: its status; of a form "may" or "no", since what an empty form is
// refused for differs; and "door" where one is sent to sign in.
func verdict(t *testing.T, r route, role string, a webtest.Answer) string {
	t.Helper()
	to := a.Location()
	switch {
	case a.Status >= 500 || a.Status == http.StatusMethodNotAllowed:
		t.Errorf("%s as %s: %d", r, role, a.Status)
		return "broken"
	case a.Status == http.StatusSeeOther && (to == link.Locked || to == link.SignIn || strings.HasPrefix(to, link.SignIn+"?")):
		return "door"
	case r.method == http.MethodGet:
		return fmt.Sprint(a.Status)
	case a.Status == http.StatusForbidden || a.Status == http.StatusNotFound:
		return "no"
	}
	return "may"
}

// Every route × every role, as testdata/routes.csv says. A route without a line fails.
func TestEveryRouteForEveryRole(t *testing.T) {
	h := newHall(t)
	want := readMatrix(t)
	var lines [][]string
	for _, r := range allRoutes(t) {
		line := []string{r.method, r.pattern}
		for _, role := range roles {
			h.restore(t)
			line = append(line, verdict(t, r, role, h.ask(t, h.people[role], r.method, h.path(t, r, h.ref), h.forms[r.pattern], nil)))
		}
		lines = append(lines, line)
		switch expected, known := want[r]; {
		case *update:
		case !known:
			t.Errorf("%s is not in %s: say who may. It answers %s", r, matrixFile, strings.Join(line, ","))
		default:
			for i, role := range roles {
				if line[2+i] != expected[i] {
					t.Errorf("%s as %s: %s, should be %s", r, role, line[2+i], expected[i])
				}
			}
		}
		delete(want, r)
	}
	if *update {
		writeMatrix(t, lines)
		return
	}
	for r := range want {
		t.Errorf("%s is in %s and not on the site", r, matrixFile)
	}
}

func readMatrix(t *testing.T) map[route][]string {
	t.Helper()
	f, err := os.Open(matrixFile)
	if os.IsNotExist(err) && *update {
		return map[route][]string{}
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !*update && !slices.Equal(lines[0][2:], roles) {
		t.Fatalf("columns %v", lines[0])
	}
	m := map[route][]string{}
	for _, l := range lines[1:] {
		m[route{l[0], l[1]}] = l[2:]
	}
	return m
}

func writeMatrix(t *testing.T, lines [][]string) {
	t.Helper()
	f, err := os.Create(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, _ = io.WriteString(f, matrixNote)
	w := csv.NewWriter(f)
	_ = w.Write(append([]string{"method", "pattern"}, roles...))
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
}

const matrixNote = `# Who gets what from every route, with a case whose responsible is a caseworker of the team: GET the status; POST of an empty form
# "may" (done, or asked to fill it in) or "no" (403, 404); "door": sent to sign in. "stranger" is a caseworker of another team,
# "specialist" has no access to the case, "excluded" has access that the exclusion beats.
`

// What one may not see and what does not exist are one page, byte for byte but for the address.
func TestHiddenIsTheSameAsMissing(t *testing.T) {
	h := newHall(t)
	const missing = "zzzzzzzz"
	for _, r := range allRoutes(t) {
		if !strings.Contains(r.pattern, "{ref}") {
			continue
		}
		for _, role := range []string{"stranger", "specialist", "other_lead", "excluded", "admin", "auditor"} {
			a := h.ask(t, h.people[role], r.method, h.path(t, r, h.ref), nil, nil)
			b := h.ask(t, h.people[role], r.method, h.path(t, r, missing), nil, nil)
			if a.Status != http.StatusNotFound || b.Status != a.Status || strings.NewReplacer(h.ref, missing, h.adult, missing, h.report, missing).Replace(a.Body) != strings.ReplaceAll(b.Body, h.report, missing) {
				t.Errorf("%s as %s: a hidden case answers %d, a missing one %d", r, role, a.Status, b.Status)
			}
			for _, x := range []webtest.Answer{a, b} {
				x.Header.Del("Date")
			}
			if fmt.Sprint(a.Header) != fmt.Sprint(b.Header) {
				t.Errorf("%s as %s: headers differ:\n%v\n%v", r, role, a.Header, b.Header)
			}
		}
	}
	// the same for rows of a case that one may read, and for what belongs to a colleague
	for _, r := range allRoutes(t) {
		if r.method != http.MethodGet || !strings.Contains(r.pattern, "{draft}") && !strings.Contains(r.pattern, "{token}") {
			continue
		}
		nothing := uuid.NewString()
		path := h.path(t, r, "")
		other := strings.NewReplacer(h.ids["{draft}"], nothing, h.ids["{token}"], nothing).Replace(path)
		a, b := h.Get(t, h.Dennis, path), h.Get(t, h.Dennis, other)
		if a.Status != b.Status || strings.ReplaceAll(a.Body, path, other) != b.Body {
			t.Errorf("%s: a colleague's answers %d, none %d", r, a.Status, b.Status)
		}
	}
}
