// Package demo holds Ellehøj Kommune, the invented municipality that shows Samspil to people:
// users, partners and sixty cases, written as data and embedded.
//
// Everybody in it is invented. What shows that: telephone numbers begin with 00, mail goes to .test,
// and a CPR number has 60 added to its day, so that no living person can have it.
// Days are counted from today (see Day), so that the demo looks the same in any month.
// The content names no ethnicity, religion or nationality as an attribute of a person (R14).
package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed data
var data embed.FS

// Password opens every demo login; it exists only where the demo is seeded.
const Password = "samspil-demo-2026"

// Municipality is all of the demo: the office, its partners and its cases.
type Municipality struct {
	Name          string         `json:"name"`
	MailDomain    string         `json:"mail_domain"`
	Areas         []string       `json:"areas"`
	Teams         []Team         `json:"teams"`
	Users         []User         `json:"users"`
	Corrections   []Correction   `json:"corrections"`
	Absences      []Absence      `json:"absences"`
	Organisations []Organisation `json:"-"`
	Cases         []Case         `json:"-"`
}

// Load reads the embedded files. A field that the types do not know is an error: a misspelt name must not vanish.
func Load() (Municipality, error) {
	var m Municipality
	if err := read("data/municipality.json", &m); err != nil {
		return m, err
	}
	for _, name := range files("data/organisations-*.json") {
		var part struct {
			Organisations []Organisation `json:"organisations"`
		}
		if err := read(name, &part); err != nil {
			return m, err
		}
		m.Organisations = append(m.Organisations, part.Organisations...)
	}
	for _, name := range files("data/cases-*.json") {
		var part struct {
			Cases []Case `json:"cases"`
		}
		if err := read(name, &part); err != nil {
			return m, err
		}
		m.Cases = append(m.Cases, part.Cases...)
	}
	return m, nil
}

func files(pattern string) []string {
	names, _ := fs.Glob(data, pattern) // the pattern is ours and well formed
	slices.Sort(names)
	return names
}

func read(name string, into any) error {
	f, err := data.Open(name)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("demo: %s: %w", name, err)
	}
	return nil
}
