// Package static holds what a browser may keep for ever: the stylesheet, the
// script, fonts, icons and the faces of the demo. Each file has the hash of its
// content in its address, so a new release is fetched and an old one never is.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"

	"samspil/web/guard"
)

//go:embed css js fonts demo licences icons.svg favicon.svg
var source embed.FS

// Prefix is where [Handler] expects to be mounted.
const Prefix = "/static/"

// asset is one file, ready to be sent.
type asset struct {
	kind   string // MIME type
	plain  []byte
	zipped []byte // nil where compressing gains nothing
	hash   string
}

// assets are the served files by name; filled once and then only read.
var assets = build()

// URL returns the address of a file by its name, as in URL("app.css").
// A name that does not exist is a mistake in the program, and panics.
func URL(name string) string {
	a, ok := assets[name]
	if !ok {
		panic(fmt.Sprintf("static: no file %q", name))
	}
	return Prefix + a.hash + "/" + name
}

// Has reports whether there is a file of that name.
func Has(name string) bool { return assets[name] != nil }

// Handler serves the files under [Prefix]. An address with another hash is from
// another release: it is "not found" rather than a mix of two.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		a := assets[name]
		if a == nil || a.hash != hash {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		h, body := w.Header(), a.plain
		h.Set("Content-Type", a.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		guard.Cacheable(w, "public, max-age=31536000, immutable")
		if a.zipped != nil {
			h.Set("Vary", "Accept-Encoding")
			if acceptsGzip(r) {
				h.Set("Content-Encoding", "gzip")
				body = a.zipped
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // the reader may be gone; nothing to do about it
		}
	})
}

// acceptsGzip reads Accept-Encoding as browsers write it; "gzip;q=0" is a no.
func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && strings.ReplaceAll(params, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// build reads every source. Fonts come before the stylesheet, which names their addresses.
func build() map[string]*asset {
	all := map[string]*asset{}
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "css/") || strings.HasPrefix(name, "js/") {
			return err
		}
		all[name] = newAsset(name, read(name))
		return nil
	})
	if err != nil {
		panic(err)
	}
	sheet := fontURL.ReplaceAllFunc(squeezeCSS(join("css")), func(m []byte) []byte {
		name := string(fontURL.FindSubmatch(m)[1])
		return []byte("url(" + Prefix + all[name].hash + "/" + name + ")")
	})
	all["app.css"] = newAsset("app.css", sheet)
	script := append([]byte("(()=>{\"use strict\";\n"), squeezeJS(join("js"))...)
	all["app.js"] = newAsset("app.js", append(script, "})();\n"...))
	return all
}

var fontURL = regexp.MustCompile(`url\((fonts/[^)]+)\)`)

// join reads the files of a folder in the order of their names.
func join(dir string) []byte {
	names, err := fs.Glob(source, dir+"/*")
	if err != nil {
		panic(err)
	}
	var all []byte
	for _, name := range names {
		all = append(all, read(name)...)
	}
	return all
}

func read(name string) []byte {
	raw, err := source.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return raw
}

var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func newAsset(name string, raw []byte) *asset {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		panic(fmt.Sprintf("static: what kind of file is %q?", name))
	}
	sum := sha256.Sum256(raw)
	a := &asset{kind: kind, plain: raw, hash: hex.EncodeToString(sum[:6])}
	if kind == "font/woff2" { // compressed already
		return a
	}
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is valid, so there is no error
	_, _ = z.Write(raw)                                     // writing to memory does not fail
	_ = z.Close()
	if buf.Len() < len(raw) {
		a.zipped = buf.Bytes()
	}
	return a
}
