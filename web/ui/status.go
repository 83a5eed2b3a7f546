package ui

import "strings"

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

// StepStatus is the look of a step's state as the plan keeps it ("in_progress").
func StepStatus(state string) string {
	return map[string]string{"open": "todo", "in_progress": "doing", "waiting": "wait", "done": "done", "skipped": "dropped"}[state]
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

// levelBars are the four bars of a level, as parts of an SVG path.
var levelBars = []string{"M0 11h3.2v5H0z", "M4.5 8h3.2v8H4.5z", "M9 5h3.2v11H9z", "M13.5 2h3.2v14h-3.2z"}

// bars are the paths of the bars that are lit, and of the others: two shapes and not four, for a page of a lead has many.
func bars(level string) (lit, dim string) {
	n := severityBars(level)
	return strings.Join(levelBars[:n], ""), strings.Join(levelBars[n:], "")
}

// flagIcons are the signs of protection. They are three different things and
// never merged: our own restriction of access, and two of the civil register's.
var flagIcons = map[string]string{
	"restricted":      "lock",
	"sealed":          "key",
	"special_address": "location-off",
	"name_address":    "visibility-off",
}
