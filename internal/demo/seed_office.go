package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (l *loader) face(name string) (any, error) {
	if name == "" {
		return nil, nil
	}
	large, err := FaceJPEG(name, 192)
	if err != nil {
		return nil, err
	}
	small, err := FaceJPEG(name, 96)
	if err != nil {
		return nil, err
	}
	l.put("app.photo", id("photo", name), large, small)
	return id("photo", name), nil
}

func (l *loader) office() error {
	l.put("app.municipality", municipalityID, l.m.Name, l.now.AddDate(-1, 0, 0))
	for _, t := range l.m.Teams {
		l.put("app.team", id("team", t.Key), municipalityID, t.Area, t.Name, t.Intake)
	}
	for _, u := range l.m.Users {
		photo, err := l.face(u.Photo)
		if err != nil {
			return err
		}
		l.put("auth.user_account", id("user", u.Key), u.Email, u.Name, u.Title, municipalityID, u.Role, passwordHash, u.Phone, u.Competences, photo)
		for _, t := range l.m.Teams {
			if t.Key == u.Team || t.Lead == u.Key || slices.Contains(t.Also, u.Key) {
				l.put("app.team_member", id("team", t.Key), id("user", u.Key), t.Lead == u.Key)
			}
		}
	}
	return nil
}

func (l *loader) directory() error {
	for _, o := range l.m.Organisations {
		l.put("app.organisation", id("organisation", o.Key), o.Name, o.Kind, o.Type, o.Areas, o.Can, o.Cannot, o.BeforeCall, o.AuthorityGroup, o.Phone, o.Email, o.AddressSecret)
		for _, c := range o.Contacts {
			if err := l.contact(o, c); err != nil {
				return err
			}
		}
	}
	for i, c := range l.m.Corrections {
		l.put("app.correction", id("correction", fmt.Sprint(i)), id("organisation", l.orgOf[c.Contact].Key), id("contact", c.Contact), c.Proposal,
			id("user", c.By), c.Days.OnWorkday(l.now, "13:20"))
	}
	return nil
}

func (l *loader) contact(o Organisation, c Contact) error {
	photo, err := l.face(c.Photo)
	if err != nil {
		return err
	}
	verified := c.Verified.OnWorkday(l.now, "10:00")
	var duty []string
	hours := map[string][]Hours{"regular": c.Hours}
	for _, d := range c.OnCall {
		text := d.Note
		if d.Phone != c.Phone {
			text += ", " + d.Phone
		}
		if d.From > 0 {
			text += Dated(fmt.Sprintf(". Næste gang fra {%+d}", d.From), l.now)
		}
		duty = append(duty, text)
		if d.From <= 0 && d.To >= 0 {
			hours["on_call"] = append(hours["on_call"], d.Hours)
		}
	}
	contact := id("contact", c.Key)
	l.put("app.contact_person", contact, id("organisation", o.Key), c.Name, c.FirstNameOnly, c.Title, c.Phone, c.Mail, c.Languages, c.Competences, c.About,
		strings.Join(duty, ". "), photo, day(verified), id("user", "lone"))
	for _, kind := range []string{"regular", "on_call"} {
		for _, h := range hours[kind] {
			for _, weekday := range h.Weekdays() {
				l.put("app.contact_hours", contact, kind, weekday, minutes(h.Opens), minutes(h.Closes))
			}
		}
	}
	after, err := json.Marshal(map[string]string{"name": c.Name, "phone": c.Phone})
	if err != nil {
		return err
	}
	l.put("app.directory_change", id("verified", c.Key), id("organisation", o.Key), contact, "verified", after, id("user", "lone"), verified)
	return nil
}

// day is a date as the database keeps it: without zone.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func minutes(clock string) int {
	t := at(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), clock)
	return int(t.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Minutes())
}
