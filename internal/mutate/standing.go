package main

import (
	"regexp"
	"slices"
	"strings"
)

// file is one migration, by name and text.
type file struct{ name, text string }

// span is a stretch of a text, from its first byte to the one after its last.
type span struct{ from, to int }

var (
	functionMade = regexp.MustCompile(`(?ms)^CREATE (?:OR REPLACE )?FUNCTION ([a-z_.]+)\(.*?\$\$;$`)
	policyMade   = regexp.MustCompile(`(?s)CREATE POLICY (\w+ ON [a-z_.]+) [^;]*;`)
	policyGone   = regexp.MustCompile(`DROP POLICY (\w+ ON [a-z_.]+);`)
)

// overwritten finds the functions that a later migration defines anew, and the policies that a later one drops: what
// is broken there breaks nothing. The files are in the order in which they run; a name without its arguments is enough,
// as no function here has two forms.
func overwritten(files []file) map[string][]span {
	type place struct {
		file string
		span
	}
	dead, stands := map[string][]span{}, map[string]place{}
	gone := func(what string) {
		if was, ok := stands[what]; ok {
			dead[was.file] = append(dead[was.file], was.span)
			delete(stands, what)
		}
	}
	for _, f := range files {
		if !strings.HasSuffix(f.name, ".up.sql") {
			continue
		}
		for _, m := range functionMade.FindAllStringSubmatchIndex(f.text, -1) {
			what := "function " + f.text[m[2]:m[3]]
			gone(what)
			stands[what] = place{f.name, span{m[0], m[1]}}
		}
		for _, m := range policyGone.FindAllStringSubmatch(f.text, -1) {
			gone("policy " + m[1])
		}
		for _, m := range policyMade.FindAllStringSubmatchIndex(f.text, -1) {
			stands["policy "+f.text[m[2]:m[3]]] = place{f.name, span{m[0], m[1]}}
		}
	}
	return dead
}

// breakRule replaces the rule of m in a text wherever it stands, and reports in how many places.
func (m mutation) breakRule(text string, dead []span) (changed string, places int) {
	re, out, at := regexp.MustCompile(m.old), []byte(nil), 0
	for _, hit := range re.FindAllStringSubmatchIndex(text, -1) {
		if slices.ContainsFunc(dead, func(d span) bool { return hit[1] > d.from && hit[1] <= d.to }) {
			continue
		}
		now := re.ExpandString(nil, m.now, text, hit)
		if string(now) == text[hit[0]:hit[1]] {
			continue
		}
		out = append(append(out, text[at:hit[0]]...), now...)
		at, places = hit[1], places+1
	}
	return string(append(out, text[at:]...)), places
}
