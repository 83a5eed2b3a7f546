package ui

import (
	"slices"
	"strconv"
	"strings"
)

// Field is one question of a form, with its answer so far.
//
// Being required is the normal case, so it is not marked; what may be left out is.
type Field struct {
	Name         string // of the form value, and the id of the control
	Label        string // text key
	Hint         string // text key; shown between the label and the control
	Type         string // of an [Input]: "text" (the default), "email", "tel", "password", "search", "number"
	Value        string
	Values       []string // the chosen ones of [Checkboxes]
	Error        string   // text key of what to do about it; empty when all is well
	Optional     bool
	Options      []Option
	Max          int    // characters that fit; a counter says what is left, the server decides
	Autocomplete string // "off" unless given: answers here are about people
	Rows         int
	Today        bool   // of a [DateField]: today is one of the likely days
	PII          bool   // hidden by *Skjul navne* until focused, and never spell-checked in a cloud
	Width        string // "", "short", "medium" or "long"
	NoLabel      bool   // the label is only heard, as in quick add and search
}

// describedBy names the parts that explain a field, in the order they are read.
func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.Name+"-error")
	}
	if f.Max > 0 {
		ids = append(ids, f.Name+"-left")
	}
	return strings.Join(ids, " ")
}

func (f Field) autocomplete() string {
	if f.Autocomplete == "" {
		return "off"
	}
	return f.Autocomplete
}

func (f Field) width() string {
	return map[string]string{"short": "w10", "medium": "w20", "long": "w30"}[f.Width]
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

func (f Field) kind() string {
	if f.Type == "" || f.Type == "number" { // type=number changes on scrolling; inputmode does what is wanted
		return "text"
	}
	return f.Type
}

// optionID is the id of a choice. The first has the field's own, so that the
// error summary leads to it.
func (f Field) optionID(i int) string {
	if i == 0 {
		return f.Name
	}
	return f.Name + "-" + strconv.Itoa(i+1)
}

// chosen reports whether a choice of [Checkboxes] is ticked.
func (f Field) chosen(value string) bool { return slices.Contains(f.Values, value) }

// inOrder lists the refused fields: first those of order, as they stand in the
// form, then the rest by name.
func inOrder(bad map[string]string, order []string) []string {
	var list []string
	for _, name := range order {
		if bad[name] != "" {
			list = append(list, name)
		}
	}
	for _, name := range fields(bad) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
