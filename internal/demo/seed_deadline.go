package demo

import (
	"cmp"
	"time"

	"samspil/internal/calendar"
	"samspil/internal/deadline"
	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// limit is a deadline of a demo case: what began it so many days ago, and what became of it.
type limit struct {
	number, code string
	began        Day
	met          Day // days ago; 0: not yet
	paused       Day
	why          string // of the pause
}

const ownRule = "LOCAL_SKOLE"

// ownDeadline is the deadline that Ellehøj has decided itself.
var ownDeadline = deadline.Rule{Code: ownRule, OwnName: "Skriftlig tilbagemelding til skolen", Area: "child", Trigger: ownRule, Kind: "local", Length: 10, Unit: calendar.Arbejdsdage,
	Basis: "lokal frist", Certainty: deadline.LocalMark, Active: true, Version: 1}

// limits show each state that a deadline can be in.
var limits = []limit{
	{number: "2026-0147", code: "BFU_4M", began: 15},
	{number: "2026-0147", code: "ACCESS_7D", began: 12, met: 6},
	{number: "2026-0139", code: "BFU_4M", began: 70},
	{number: "2026-0139", code: ownRule, began: 9, paused: 5, why: "Skolen har bedt om at vente, til klasselæreren er tilbage."},
	{number: "2026-0088", code: "BFU_4M", began: 150},
	{number: "2026-0088", code: "PLAN_3M", began: 60},
	{number: "2025-0203", code: "FOLLOW_3M", began: 84},
	{number: "2026-0097", code: ownRule, began: 6},
	{number: "2026-0109", code: "BFU_4M", began: 140, met: 6},
	{number: "2026-0092", code: "PLAN_3M", began: 100, met: 14},
	{number: "2026-0130", code: "BFU_4M", began: 55},
	{number: "2026-0117", code: "PROV_7D", began: 4},
	{number: "2026-0083", code: "BFU_4M", began: 110},
	{number: "2026-0138", code: "PLAN_12A", began: 22, met: 10},
	{number: "2026-0151", code: "PLAN_12A", began: 3},
	{number: "2026-0070", code: "PLAN_12A", began: 40, met: 20},
}

// localDeadline is what the admin has decided.
func (l *loader) localDeadline() {
	l.put("app.deadline_rule", municipalityID, ownRule, ownDeadline.OwnName, ownDeadline.Area, ownDeadline.Length, string(ownDeadline.Unit), id("user", "lone"))
}

// deadlines are those of the case.
func (r *caseRows) deadlines() {
	for _, x := range limits {
		if x.number == r.Number {
			r.deadline(x)
		}
	}
}

func (r *caseRows) deadline(x limit) {
	rules := deadline.OfTheLaw()
	rule, ok := rules.Find(x.code)
	if !ok {
		rule = ownDeadline
	}
	began := x.began.OnWorkday(r.now, "00:00")
	set := began.Add(11 * time.Hour)
	if set.Before(r.opened) {
		set = r.opened.Add(time.Minute)
	}
	due := rules.Due(rule, began)
	status, version, changed := string(deadline.Running), 1, set
	var paused, met, metBy any
	row := r.uid("deadline", x.code)
	what := func(at time.Time, what, kind, reason string, to any) {
		r.put("app.deadline_change", r.id("deadline", x.code, what), r.id(), row, what, reason, to, r.user(r.Responsible), at, nil)
		data := timeline.Data{"deadline": cmp.Or(rule.OwnName, rule.Code)}
		if to != nil {
			data["to"] = due.Format(time.RFC3339)
		}
		r.event(at, r.Responsible, kind, row, data)
	}
	what(set, "started", timeline.DeadlineStarted, "", due)
	switch {
	case x.met > 0:
		changed = x.met.OnWorkday(r.now, "14:20")
		status, version, met, metBy = string(deadline.Met), 2, changed, r.user(r.Responsible)
		what(changed, "met", timeline.DeadlineMet, "", nil)
	case x.paused > 0:
		changed = x.paused.OnWorkday(r.now, "13:05")
		status, version, paused = string(deadline.Paused), 2, changed
		what(changed, "paused", timeline.DeadlinePaused, x.why, nil)
	}
	r.put("app.deadline", row, r.id(), rule.Code, rule.OwnName, rule.Trigger, began, began, rule.Length, string(rule.Unit), rule.Basis, reference.LawVersion(), rule.Certainty, rule.Statutory, rule.Version, rule.Kind,
		false, false, false, due, status, paused, met, metBy, version, r.user(r.Responsible), set, changed, nil)
}
