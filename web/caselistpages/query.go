package caselistpages

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/reference"
	"samspil/web/link"
)

// query is what the address of the list asks for, in the form of [link.CaseList], without what means nothing.
type query struct {
	casefile.ListQuery
	values url.Values // of the view, the filters and the order; never the place
}

// pulses are the words of an address for how a plan lives.
var pulses = map[string]casefile.PlanState{"levende": casefile.PlanAlive, "doesig": casefile.PlanDrowsy, "sovende": casefile.PlanAsleep, "genbesoeg": casefile.Revisit, "lever-ikke": casefile.Unwell}

// readQuery reads an address. Whatever it does not understand it leaves out: an old bookmark still shows a list.
func readQuery(in url.Values, who actor.Actor) query {
	views := casefile.Views(who)
	q := query{casefile.ListQuery{View: views[0]}, url.Values{}}
	one := func(name string, allowed ...string) string {
		v := in.Get(name)
		if !slices.Contains(allowed, v) {
			return ""
		}
		q.values.Set(name, v)
		return v
	}
	codes := func(kind reference.Kind) []string {
		var out []string
		for _, it := range reference.Items(kind) {
			out = append(out, it.Code)
		}
		return out
	}
	if v := casefile.View(in.Get("visning")); slices.Contains(views, v) {
		q.View = v
		q.values.Set("visning", string(v))
	}
	q.Pulse = pulses[one("puls", "levende", "doesig", "sovende", "genbesoeg", "lever-ikke")]
	q.Plan, q.Due, q.Partner = one("plan", "uden", "med"), one("frist", "over", "uge"), one("partner", "uden", "med")
	for _, level := range in["niveau"] {
		if slices.Contains(casefile.Levels, level) && !slices.Contains(q.Severities, level) {
			q.Severities = append(q.Severities, level)
			q.values.Add("niveau", level)
		}
	}
	q.OutdatedLevel = one("risiko", "udloebet") != ""
	q.Phase, q.Area = one("fase", codes(reference.Phases)...), one("omraade", "child", "adult")
	if id, err := uuid.Parse(in.Get("ansvarlig")); err == nil {
		q.Responsible = id
		q.values.Set("ansvarlig", id.String())
	}
	if v := one("fortrolighed", "0", "1", "2"); v != "" {
		level := casefile.Confidentiality(v[0] - '0')
		q.Confidentiality = &level
	}
	if days, err := strconv.Atoi(in.Get("stille")); err == nil && days > 0 && days < 10000 {
		q.QuietDays = days
		q.values.Set("stille", strconv.Itoa(days))
	}
	q.Sort = casefile.DefaultSort(q.View, who)
	if s := casefile.Sort(in.Get("sorter")); casefile.KnownSort(s) && (s != casefile.ByClosed || q.View == casefile.Closed) {
		q.Sort = s
		q.values.Set("sorter", string(s))
	}
	switch one("retning", "op", "ned") {
	case "op":
		q.Ascending = casefile.Falls(q.Sort)
	case "ned":
		q.Ascending = !casefile.Falls(q.Sort)
	}
	if at := in.Get("fra"); at != "" {
		q.From = casefile.ParseCursor(at, q.ListQuery)
	}
	return q
}

// with is the address of the same list with one thing changed; an empty value takes it away. It begins at the first page.
func (q query) with(name string, values ...string) string {
	v := url.Values{}
	for k, old := range q.values {
		v[k] = old
	}
	v.Del(name)
	for _, value := range values {
		if value != "" {
			v.Add(name, value)
		}
	}
	return address(v)
}

// place is the address of another page of the same list.
func (q query) place(c casefile.Cursor) string {
	if c.String() == "" {
		return ""
	}
	return q.with("fra", c.String())
}

// sorted is the address of the list in another order, or, where it is in that order already, turned around.
func (q query) sorted(s casefile.Sort) string {
	v := url.Values{}
	for k, old := range q.values {
		v[k] = old
	}
	v.Set("sorter", string(s))
	v.Del("retning")
	if s == q.Sort {
		v.Set("retning", "op")
		if q.rises() {
			v.Set("retning", "ned")
		}
	}
	return address(v)
}

// rises reports whether the values of the sorted column grow from row to row.
func (q query) rises() bool { return q.Ascending == casefile.Falls(q.Sort) }

// unfiltered is the address of the whole view, in the same order.
func (q query) unfiltered() string {
	v := url.Values{}
	for _, name := range []string{"visning", "sorter", "retning"} {
		if q.values.Has(name) {
			v[name] = q.values[name]
		}
	}
	return address(v)
}

func address(v url.Values) string {
	if len(v) == 0 {
		return link.Cases
	}
	return link.Cases + "?" + v.Encode()
}
