package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// The budgets of the interface: a first visit must stay light on a slow line.
func TestFilesStayWithinTheBudget(t *testing.T) {
	for name, most := range map[string]int{"app.css": 10 << 10, "app.js": 6 << 10, "icons.svg": 16 << 10} {
		if got := len(assets[name].zipped); got > most {
			t.Errorf("%s is %d bytes compressed, over its budget of %d", name, got, most)
		} else {
			t.Logf("%s: %d bytes compressed", name, got)
		}
	}
	for name, a := range assets {
		if strings.HasPrefix(name, "demo/") && len(a.plain) > 4<<10 {
			t.Errorf("%s is %d bytes, over 4 KB", name, len(a.plain))
		}
	}
}

func TestAFileIsKeptForEverUnderItsHash(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "icons.svg", "fonts/IBMPlexSans-Regular-Latin1.woff2", "demo/p-mette.svg"} {
		rec := get(t, URL(name), "gzip, br")
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: status %d", name, rec.Code)
		}
		if got := rec.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		body := rec.Body.Bytes()
		if rec.Header().Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if plain := get(t, URL(name), ""); !bytes.Equal(plain.Body.Bytes(), body) {
			t.Errorf("%s differs when compressed", name)
		}
	}
}

func TestAnAddressOfAnotherReleaseIsNotFound(t *testing.T) {
	for _, url := range []string{"/static/000000000000/app.css", "/static/app.css", "/static/", "/static/x/../static.go", strings.Replace(URL("app.js"), "app.js", "js/01-core.js", 1)} {
		if rec := get(t, url, ""); rec.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", url, rec.Code)
		}
	}
}

// The stylesheet names its fonts by their hashed addresses, and every one exists.
func TestTheStylesheetFindsItsFonts(t *testing.T) {
	urls := regexp.MustCompile(`url\(([^)]+)\)`).FindAllSubmatch(assets["app.css"].plain, -1)
	if len(urls) == 0 {
		t.Fatal("no fonts in the stylesheet")
	}
	for _, u := range urls {
		if rec := get(t, string(u[1]), ""); rec.Code != http.StatusOK {
			t.Errorf("%s: status %d", u[1], rec.Code)
		}
	}
}

// The page's policy forbids them, and would stop the script at the first one.
func TestScriptsMakeNoMarkupFromText(t *testing.T) {
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage", "sessionStorage"} {
		if bytes.Contains(assets["app.js"].plain, []byte(word)) {
			t.Errorf("app.js uses %s", word)
		}
	}
}

func get(t *testing.T, url, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	rec := httptest.NewRecorder()
	Handler().ServeHTTP(rec, r)
	return rec
}
