package ui

// statusIcons are the shapes of the states of a step. A state has shape, word and
// colour, so that none of them is needed alone (WCAG 1.4.1).
var statusIcons = map[string]string{
	"todo":     "st-todo",
	"doing":    "st-doing",
	"wait":     "st-wait",
	"done":     "st-done",
	"late":     "st-late",
	"notready": "st-off",
	"dropped":  "st-off",
}

// statusClass gives the quiet states one look.
func statusClass(kind string) string {
	if kind == "notready" || kind == "dropped" {
		return "off"
	}
	return kind
}

// severityBars counts the bars of a level of the reference data; 0 is "not assessed".
func severityBars(level string) int {
	switch level {
	case "green":
		return 1
	case "yellow":
		return 2
	case "orange":
		return 3
	case "red":
		return 4
	}
	return 0
}

// severityKey is the text key of a level's word.
func severityKey(level string) string {
	if severityBars(level) == 0 {
		return "ui.severity.none"
	}
	return "ui.severity." + level
}

// bar is one of the four bars of a level, as SVG attributes.
type bar struct {
	X, Y, Height string
	Lit          bool
}

func bars(level string) []bar {
	all := []bar{{X: "0", Y: "11", Height: "5"}, {X: "4.5", Y: "8", Height: "8"}, {X: "9", Y: "5", Height: "11"}, {X: "13.5", Y: "2", Height: "14"}}
	for i := range severityBars(level) {
		all[i].Lit = true
	}
	return all
}

// flagIcons are the signs of protection. They are three different things and
// never merged: our own restriction of access, and two of the civil register's.
var flagIcons = map[string]string{
	"restricted":      "lock",
	"sealed":          "key",
	"special_address": "location-off",
	"name_address":    "visibility-off",
}
