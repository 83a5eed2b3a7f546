package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the name that imports begin with.
const module = "samspil/"

// root is the module's root, as a file system.
var root = os.DirFS(filepath.Join("..", ".."))

// source is one hand-written file of the module.
type source struct {
	path    string // "web/page/page.go"
	pkg     string // its directory, "web/page"
	text    string
	file    *ast.File // nil for a .templ file
	fset    *token.FileSet
	imports []string // packages of the module that it imports, without "samspil/"
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// program reports whether the file belongs to a command.
func (s source) program() bool { return s.file != nil && s.file.Name.Name == "main" }

// sources are all hand-written Go and templ files.
var sources = sync.OnceValue(func() []source {
	var all []source
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := path.Base(name); name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "bin") {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_templ.go") || path.Ext(name) != ".go" && path.Ext(name) != ".templ" {
			return nil
		}
		raw, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		s := source{path: name, pkg: path.Dir(name), text: string(raw), fset: token.NewFileSet()}
		if path.Ext(name) == ".go" {
			s.file, err = parser.ParseFile(s.fset, name, raw, parser.ParseComments)
			if err != nil {
				return err
			}
			for _, im := range s.file.Imports {
				if p, err := strconv.Unquote(im.Path.Value); err == nil && strings.HasPrefix(p+"/", module) {
					s.imports = append(s.imports, strings.TrimPrefix(p, module))
				}
			}
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		panic(err)
	}
	return all
})

// packages are the directories with Go files.
func packages() []string {
	var list []string
	for _, s := range sources() {
		if s.file != nil {
			list = append(list, s.pkg)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestSourcesAreFound(t *testing.T) {
	if n := len(sources()); n < 200 {
		t.Errorf("only %d files: the tests of this package look in the wrong place", n)
	}
}
