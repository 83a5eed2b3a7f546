package demo

import (
	"time"

	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// Sharing is an entry of the register of what leaves a case, comes in and is refused. One with Ask waits for that person, because
// the text holds protected facts of the kinds Holds.
type Sharing struct {
	Direction    string   `json:"direction"`
	Days         Day      `json:"days"` // ago
	At           string   `json:"at"`
	By           string   `json:"by"`
	Organisation string   `json:"organisation"`
	Contact      string   `json:"contact,omitempty"`
	What         string   `json:"what"`
	Text         string   `json:"text,omitempty"`
	File         string   `json:"file,omitempty"`
	Basis        string   `json:"basis,omitempty"`
	Purpose      string   `json:"purpose,omitempty"`
	Consent      string   `json:"consent,omitempty"`
	Reason       string   `json:"reason,omitempty"`
	Ask          string   `json:"ask,omitempty"`
	AskReason    string   `json:"ask_reason,omitempty"`
	Holds        []string `json:"holds,omitempty"`
	Kind         string   `json:"kind,omitempty"`     // what it is needed for: code of the purposes of the compass
	OnGiven      string   `json:"on_given,omitempty"` // the consent that it rests on, by what may be shared
	Link         bool     `json:"link,omitempty"`     // the contact person has got a link to it, which nobody has opened yet
}

// sharing loads the register of a case.
func (r *caseRows) sharing() {
	for _, s := range r.Sharing {
		row, written := r.uid("sharing", s.What), r.when(s.Days, s.At)
		seal := func(column, text string) any {
			if text == "" {
				return nil
			}
			return r.k.Seal(keys.Where{Column: "sharing." + column, CaseID: r.uid(), RowID: row}, text)
		}
		var contact, asked any
		if s.Contact != "" {
			contact = id("contact", s.Contact)
		}
		status, kind := sharing.Shared, map[string]string{sharing.Out: timeline.SharingOut, sharing.In: timeline.SharingIn, sharing.Refused: timeline.SharingRefused}[s.Direction]
		if s.Ask != "" {
			asked, status, kind = r.user(s.Ask), sharing.Held, timeline.SharingHeld
			r.put("app.notice", r.id("notice", s.What), asked, r.id(), "sharing.held", written)
		}
		var fits, given any
		age, compass := "", ""
		if s.Kind != "" {
			age, compass, fits = sharing.Youth, reference.CompassVersion(), true
		}
		if s.OnGiven != "" {
			given = r.uid("consent", s.OnGiven)
		}
		r.put("app.sharing", row, r.id(), s.Direction, status, id("organisation", s.Organisation), contact, s.What, seal("text", r.text(s.Text)), seal("file", s.File), s.Basis, r.text(s.Purpose),
			s.Consent, r.text(s.Reason), day(written), len(s.Holds), asked, s.AskReason, r.user(s.By), written, s.Kind, age, compass, fits, given, nil)
		for _, f := range r.Protected {
			for _, k := range s.Holds {
				if f.Kind == k {
					r.put("app.sharing_hit", r.id(), row, r.uid("fact", f.Kind, f.Text), written)
				}
			}
		}
		if s.Link {
			r.links = append(r.links, guestLink{r.uid(), row, id("contact", s.Contact), r.user(s.By)})
		}
		r.event(written.Add(time.Second), s.By, kind, row, timeline.Data{"organisation": r.orgOf[s.Organisation].Name})
	}
}
