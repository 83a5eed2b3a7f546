package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"samspil/internal/reference"
)

// MaxDocument is the largest document that is read, in bytes.
const MaxDocument = 200_000

// format names our documents. A later form gets a later number.
const format = "samspil.plan_template.1"

type document struct {
	Format   string             `json:"format"`
	Template reference.Template `json:"template"`
}

// Export is a template as a document. The same template is always the same bytes; who wrote it and which version it is stand not in it.
func Export(t reference.Template) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document{format, whole(t)}); err != nil {
		panic(err) // strings, numbers and lists of them
	}
	return b.Bytes()
}

// whole has lists where there would be none, so that a template is written in one way.
func whole(t reference.Template) reference.Template {
	t.Phases = slices.Clone(t.Phases)
	if t.Phases == nil {
		t.Phases = []reference.Phase{}
	}
	for i, p := range t.Phases {
		p.Steps = slices.Clone(p.Steps)
		if p.Steps == nil {
			p.Steps = []reference.Step{}
		}
		for j := range p.Steps {
			if p.Steps[j].PartnerTypes == nil {
				p.Steps[j].PartnerTypes = []string{}
			}
		}
		t.Phases[i] = p
	}
	return t
}

// Parse reads a document and says everything that is wrong with it: with its form, then with the template that it holds.
// Where it finds a fault the template is of no use.
func Parse(raw []byte) (reference.Template, []Fault) {
	none := func(key string) (reference.Template, []Fault) { return reference.Template{}, []Fault{{"", key}} }
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return none("template.error.nothing")
	case len(raw) > MaxDocument:
		return none(fmt.Sprintf("template.error.too_large:%d", MaxDocument/1000))
	case !utf8.Valid(raw):
		return none("template.error.not_utf8")
	}
	var any any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&any); err != nil {
		var syntax *json.SyntaxError
		at := int64(len(raw))
		if errors.As(err, &syntax) {
			at = min(syntax.Offset, at)
		}
		before := raw[:max(at-1, 0)]
		column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
		return none(fmt.Sprintf("template.error.json:%d:%d", bytes.Count(before, []byte("\n"))+1, column))
	}
	if _, err := dec.Token(); err != io.EOF {
		return none("template.error.more")
	}
	var faults []Fault
	walk(&faults, "", any, reflect.TypeFor[document]())
	if len(faults) > 0 {
		return reference.Template{}, faults
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return none("template.error.form")
	}
	if d.Format != format {
		return reference.Template{}, []Fault{{"format", "template.error.format:" + plain(format)}}
	}
	d.Template = whole(d.Template)
	for _, f := range Check(d.Template) {
		faults = append(faults, Fault{strings.TrimSuffix("template."+f.Place, "."), f.Key})
	}
	return d.Template, faults
}

// walk compares a document with the type it is to become: names that the type has not, and values of another kind, each with its place.
func walk(faults *[]Fault, at string, v any, t reflect.Type) {
	wrong := func(place, key string) { *faults = append(*faults, Fault{place, key}) }
	if len(*faults) >= 50 { // nobody reads more
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		if v != nil {
			walk(faults, at, v, t.Elem())
		}
	case reflect.Struct:
		m, ok := v.(map[string]any)
		if !ok {
			wrong(at, "template.error.object")
			return
		}
		fields := fieldsOf(t)
		for _, f := range fields {
			if x, ok := m[f.name]; ok {
				walk(faults, join(at, f.name), x, f.kind)
			} else if !f.optional {
				wrong(join(at, f.name), "template.error.missing")
			}
		}
		var more []string
		for name := range m {
			if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
				more = append(more, name)
			}
		}
		slices.Sort(more)
		for _, name := range more {
			wrong(join(at, plain(name)), "template.error.unknown_field")
		}
	case reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			wrong(at, "template.error.list")
			return
		}
		for i, x := range list {
			walk(faults, fmt.Sprintf("%s[%d]", at, i), x, t.Elem())
		}
	case reflect.String:
		if _, ok := v.(string); !ok {
			wrong(at, "template.error.string")
		}
	case reflect.Int:
		n, ok := v.(json.Number)
		if _, err := n.Int64(); !ok || err != nil {
			wrong(at, "template.error.number")
		}
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			wrong(at, "template.error.bool")
		}
	}
}

type field struct {
	name     string
	kind     reflect.Type
	optional bool
}

// fieldsOf are the names of a struct in JSON, those of what it embeds among them.
func fieldsOf(t reflect.Type) []field {
	var list []field
	for f := range t.Fields() {
		if f.Anonymous {
			list = append(list, fieldsOf(f.Type)...)
			continue
		}
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		list = append(list, field{name, f.Type, strings.Contains(rest, "omitempty")})
	}
	return list
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
