package demo

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/timeline"
)

func (r *caseRows) uid(words ...string) uuid.UUID {
	return id(append([]string{"case", r.Number}, words...)...)
}

func (r *caseRows) journal() error {
	for i, n := range r.Journal {
		at := r.when(n.Days, n.At)
		if !at.After(r.last) {
			at = r.last.Add(20 * time.Minute) // two days fell on one Friday
		}
		if at.After(r.now) {
			at = r.now.Add(-time.Minute)
		}
		r.last = at
		row, body := r.id("note", fmt.Sprint(i)), r.text(n.Body)
		spoken := r.spoken(n.SpokeWith)
		if n.SpokeWith != "" && len(spoken) == 0 {
			body = "Talt med " + n.SpokeWith + ".\n\n" + body
		}
		kind, corrects := timeline.NoteWritten, any(nil)
		if n.Corrects > 0 {
			if n.Corrects > i {
				return fmt.Errorf("note %d corrects a later one", i+1)
			}
			kind, corrects = timeline.NoteCorrected, r.id("note", fmt.Sprint(n.Corrects-1))
		}
		r.put("app.note", row, r.id(), n.Kind, body, at, r.user(n.By), at, corrects)
		r.event(at, n.By, kind, row, timeline.Data{"kind": n.Kind})
		r.look("case:"+r.uid().String(), at.Add(-4*time.Minute), n.By, "case.open", r.purpose(n.By)+":journal")
		if _, ok := r.contacts[n.Contact]; ok {
			r.put("app.note_spoken", r.id("spoken", fmt.Sprint(i)), r.id(), row, id("contact", n.Contact), nil)
		}
		for _, person := range spoken {
			r.put("app.note_spoken", r.id("spoken", fmt.Sprint(i), person), r.id(), row, nil, r.id("person", person))
		}
	}
	if p := r.Plan; p != nil && r.Closed == nil && strings.ContainsAny(r.Number[len(r.Number)-1:], "1345689") && r.last.After(r.when(p.Started, "11:00")) {
		r.event(r.last.Add(time.Minute), r.Responsible, timeline.PlanChanged, r.id("plan"), nil) // most plans are looked at with the note; the others doze
	}
	return nil
}

// spoken finds the persons of the case whom a text like "mor og Sanne" names.
func (r *caseRows) spoken(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune(" ,.()", c) })
	named := func(s string) bool {
		first, _, _ := strings.Cut(strings.ToLower(s), " ")
		for _, w := range words {
			if w == first && first != "" {
				return true
			}
		}
		return false
	}
	var found []string
	if named(r.Citizen.Full) || named("borgeren") {
		found = append(found, "citizen")
	}
	for _, p := range r.People {
		if named(p.Name) || named(p.Relation) {
			found = append(found, p.Name)
		}
	}
	return found
}

// event is a line of the case's own history, and the same line in the trail.
func (r *caseRows) event(at time.Time, by, kind string, object any, data timeline.Data) {
	if data == nil {
		data = timeline.Data{}
	}
	raw, err := json.Marshal(data)
	if err != nil {
		panic(err) // a map of strings
	}
	n := len(r.rows["app.case_event"])
	r.put("app.case_event", r.id("event", fmt.Sprint(n)), r.id(), at, r.user(by), kind, object, raw)
	subject := ""
	if u, ok := object.(uuid.UUID); ok {
		subject = u.String()
	}
	r.look("case:"+r.uid().String(), at, by, kind, subject)
}

// history tells the turns of the case. They are in the order of the content, not of time; readers sort.
func (r *caseRows) history() {
	stream := "case:" + r.uid().String()
	r.look(stream, r.opened.Add(-time.Second), r.Responsible, "case.create", "")
	for i, e := range r.Events {
		at := r.when(e.Days, e.At)
		data := timeline.Data{}
		if e.From != "" {
			data["from"] = e.From
		}
		if e.To != "" {
			data["to"] = e.To
		}
		switch e.Kind {
		case "registered":
			r.event(at, e.By, timeline.CaseRegistered, nil, nil)
		case "severity":
			r.event(at, e.By, timeline.SeverityChanged, nil, data)
			if e.Reason != "" {
				r.put("app.severity_choice", r.id("severity", strconv.Itoa(i)), r.id(), e.To, r.text(e.Reason), r.user(e.By), at)
			}
		case "phase":
			r.event(at, e.By, timeline.PhaseChanged, nil, data)
		case "confidentiality":
			r.event(at, e.By, timeline.LevelChanged, nil, data)
		case "plan_approved": // told with the version
		case "closed":
			r.closing(i, e, at)
		case "reopened":
			r.event(at, e.By, timeline.CaseReopened, nil, nil)
		}
	}
	// who has looked lately: the responsible each week, the lead now and then
	if r.Closed == nil {
		for week := 0; week < 4 && Day(week*7) < r.Opened; week++ {
			r.look(stream, r.when(Day(week*7+1), "08:35"), r.Responsible, "case.open", "task:overblik")
		}
		if lead := r.lead(); lead != r.Responsible && r.Opened > 6 {
			r.look(stream, r.when(5, "15:20"), lead, "case.open", r.purpose(lead)+":handlingsplan")
		}
	}
}

// closing is the end that event i tells, with the opening again that follows it.
func (r *caseRows) closing(i int, e Event, at time.Time) {
	reason := e.Reason
	if r.Closed != nil && i == len(r.Events)-1 {
		reason = r.Closed.Reason
	}
	var by, when any
	again := ""
	if i+1 < len(r.Events) && r.Events[i+1].Kind == "reopened" {
		next := r.Events[i+1]
		by, when, again = r.user(next.By), r.when(next.Days, next.At), next.Reason
	}
	code := e.To
	if code == "" {
		code = "goals_reached"
	}
	r.put("app.case_closing", r.id("closing", fmt.Sprint(i)), r.id(), code, reason, r.user(e.By), at, by, when, again)
	r.event(at, e.By, timeline.CaseClosed, nil, timeline.Data{"reason": code})
}

// purpose is why somebody of the case opens it, in the trail's words.
func (r *caseRows) purpose(user string) string {
	for _, c := range r.Consulted {
		if c.User == user {
			return "consultation"
		}
	}
	if r.users[user].Role == "team_lead" {
		return "lead_review"
	}
	return "task"
}
