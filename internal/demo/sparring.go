package demo

import (
	"fmt"
	"time"

	"samspil/internal/timeline"
)

// Sparring is a question to colleagues and partners, without names, with what they said.
type Sparring struct {
	Days     Day      `json:"days"` // ago
	At       string   `json:"at"`
	By       string   `json:"by"`
	Question string   `json:"question"`
	Body     string   `json:"body"`
	Due      int      `json:"due,omitempty"` // days from today
	Asked    []string `json:"asked"`         // users and contacts by key
	Said     []Said   `json:"said,omitempty"`
	Helped   string   `json:"helped,omitempty"` // "yes" or "no": it has ended
	Words    string   `json:"words,omitempty"`
	Learning *Learnt  `json:"learning,omitempty"`
}

// Said is what somebody said, so many hours after the question. Of a contact, By wrote it down.
type Said struct {
	Key   string `json:"key"`
	By    string `json:"by,omitempty"`
	Kind  string `json:"kind"`
	Hours int    `json:"hours"`
	Body  string `json:"body"`
}

// Learnt is what was published by somebody.
type Learnt struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	By    string `json:"by"` // who published it
}

// sparrings loads the questions of a case.
func (r *caseRows) sparrings() {
	for i, s := range r.Sparring {
		key := []string{"sparring", fmt.Sprint(i)}
		row, put := r.uid(key...), r.when(s.Days, s.At)
		later := func(hours int) time.Time {
			if at := put.Add(time.Duration(hours) * time.Hour); at.Before(r.now) {
				return at
			}
			return r.now.Add(-time.Minute)
		}
		var due, ended, by, helped any
		if s.Due > 0 {
			due = day(Due(r.now, s.Due))
		}
		last := put
		for _, x := range s.Said {
			if at := later(x.Hours); at.After(last) {
				last = at
			}
		}
		if s.Helped != "" {
			ended, by, helped = last.Add(time.Minute), r.user(s.By), s.Helped
		}
		r.put("app.sparring", row, municipalityID, r.text(s.Question), r.text(s.Body), due, r.user(s.By), put, ended, by, helped, r.text(s.Words))
		r.put("app.sparring_case", row, r.id())
		r.event(put, s.By, timeline.SparringPut, row, nil)
		answered := map[string]time.Time{}
		for _, x := range s.Said {
			if x.Kind == "answer" {
				answered[x.Key] = later(x.Hours)
			}
		}
		for _, who := range s.Asked {
			var user, contact, settled any
			if _, ok := r.contacts[who]; ok {
				contact = id("contact", who)
			} else {
				user = r.user(who)
			}
			if at, ok := answered[who]; ok {
				settled = at
			} else if ended != nil {
				settled = ended
			}
			r.put("app.sparring_ask", r.uid(append(key, who)...), row, user, contact, r.user(s.By), put, settled)
		}
		for n, x := range s.Said {
			var ask any
			if x.Kind != "reply" {
				ask = r.uid(append(key, x.Key)...)
			}
			author := x.Key
			if x.By != "" {
				author = x.By
			}
			r.put("app.sparring_message", r.uid(append(key, "said", fmt.Sprint(n))...), row, ask, x.Kind, r.text(x.Body), r.user(author), later(x.Hours))
			kind := map[string]string{"answer": timeline.SparringAnswered, "question": timeline.SparringAskedBack, "reply": timeline.SparringReplied}[x.Kind]
			r.event(later(x.Hours), author, kind, row, nil)
		}
		if ended != nil {
			r.event(last.Add(time.Minute), s.By, timeline.SparringEnded, row, timeline.Data{"helped": s.Helped})
		}
		if l := s.Learning; l != nil {
			r.put("app.sparring_learning", r.uid(append(key, "learning")...), row, municipalityID, r.text(l.Title), r.text(l.Body), r.user(s.By), last.Add(2*time.Minute), "published", r.user(l.By), last.Add(3*time.Minute))
		}
	}
}
