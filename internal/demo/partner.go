package demo

import (
	"fmt"
	"strings"
)

// Organisation is a partner, inside or outside the municipality.
type Organisation struct {
	Key            string    `json:"key"`
	Name           string    `json:"name"`
	Kind           string    `json:"kind"` // internal or external
	Type           string    `json:"type"` // a partner_types code of the reference data
	Areas          []string  `json:"areas"`
	AuthorityGroup string    `json:"authority_group"` // organisations of one group are one authority in the law's sense (domain.md 3.5); a school is another
	Can            string    `json:"can"`
	Cannot         string    `json:"cannot"`
	BeforeCall     string    `json:"before_call"`
	Address        string    `json:"address"`
	AddressSecret  bool      `json:"address_secret,omitempty"` // a crisis centre: the address stands nowhere
	Phone          string    `json:"phone"`
	Email          string    `json:"email"`
	Contacts       []Contact `json:"contacts"`
}

// Contact is a person at a partner. Keys are unique among contacts and users together.
type Contact struct {
	Key           string   `json:"key"`
	Name          string   `json:"name"`
	FirstNameOnly bool     `json:"first_name_only,omitempty"`
	Title         string   `json:"title"`
	About         string   `json:"about"` // what this person helps with, in one or two sentences
	Competences   []string `json:"competences"`
	Languages     []string `json:"languages"`
	Phone         string   `json:"phone"`
	Mail          string   `json:"mail"`
	Hours         []Hours  `json:"hours"`
	OnCall        []OnCall `json:"on_call,omitempty"`
	StandIn       string   `json:"stand_in,omitempty"`
	Verified      Day      `json:"verified"` // days ago; more than 180 is stale
	Photo         string   `json:"photo,omitempty"`
}

// OnCall is a duty from one day to another, both counted from today (negative is past).
type OnCall struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Hours Hours  `json:"hours"`
	Phone string `json:"phone"`
	Note  string `json:"note"`
}

// Hours is a stretch of the week, written "1-5 08:00-16:00": weekdays 1 (Monday) to 7, opening and closing time.
// A day that never closes is 00:00-24:00.
type Hours struct {
	From, To      int
	Opens, Closes string
}

// UnmarshalText reads the written form.
func (h *Hours) UnmarshalText(b []byte) error {
	days, clock, ok := strings.Cut(string(b), " ")
	if ok {
		first, last, several := strings.Cut(days, "-")
		if !several {
			last = first
		}
		h.Opens, h.Closes, ok = strings.Cut(clock, "-")
		if n, _ := fmt.Sscanf(first+" "+last, "%d %d", &h.From, &h.To); n != 2 {
			ok = false
		}
	}
	if !ok || h.From < 1 || h.To > 7 || h.From > h.To || !isClock(h.Opens) || !isClock(h.Closes) || h.Opens >= h.Closes {
		return fmt.Errorf("hours %q: want \"1-5 08:00-16:00\"", b)
	}
	return nil
}

// Weekdays lists the days that h covers.
func (h Hours) Weekdays() []int {
	var days []int
	for d := h.From; d <= h.To; d++ {
		days = append(days, d)
	}
	return days
}

func isClock(s string) bool {
	return len(s) == 5 && s[2] == ':' && s >= "00:00" && (s < "24:00" || s == "24:00") && s[3] < '6'
}

// Correction is a user's proposal that waits in the admin's queue.
type Correction struct {
	Contact  string `json:"contact"`
	By       string `json:"by"`
	Days     Day    `json:"days"`
	Proposal string `json:"proposal"`
}
