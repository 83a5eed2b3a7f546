package arch

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// Every exported name has a sentence that says what it means, or where its rule comes from.
func TestEveryExportedNameIsExplained(t *testing.T) {
	for _, s := range sources() {
		if s.test() {
			continue
		}
		if s.file == nil {
			lines := strings.Split(s.text, "\n")
			for i, line := range lines {
				if name, ok := strings.CutPrefix(line, "templ "); ok && name[0] >= 'A' && name[0] <= 'Z' && (i == 0 || !strings.HasPrefix(lines[i-1], "//")) {
					t.Errorf("%s:%d: %s", s.path, i+1, line)
				}
			}
			continue
		}
		for _, d := range s.file.Decls {
			unexplained(d, func(n ast.Node, name string) { t.Errorf("%s: %s has no comment", s.fset.Position(n.Pos()), name) })
		}
	}
}

func unexplained(d ast.Decl, report func(ast.Node, string)) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
			report(d, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
					report(spec, spec.Name.Name)
				}
			case *ast.ValueSpec:
				if spec.Names[0].IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil && d.Tok != token.IMPORT {
					report(spec, spec.Names[0].Name)
				}
			}
		}
	}
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// Every package says in its first sentence what it is there for.
func TestEveryPackageIsExplained(t *testing.T) {
	explained := map[string]bool{}
	for _, s := range sources() {
		if s.file != nil && s.file.Doc != nil {
			explained[s.pkg] = true
		}
	}
	for _, pkg := range packages() {
		if !explained[pkg] {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}
