package reference

// Deadline is a time limit of the field, or something else that a law makes happen at a time (R4). What the reference data
// says about it is not the last word on a number: a municipality may be quicker (package deadline).
type Deadline struct {
	Item
	Area       string `json:"area"`    // "child", "adult" or "both"
	Trigger    string `json:"trigger"` // what it begins with
	Length     *int   `json:"length"`  // nil: a gate, a duty or a milestone, and no time
	Unit       string `json:"unit"`    // a unit of package calendar
	Statutory  bool   `json:"statutory"`
	Kind       string `json:"kind"` // "deadline", "expiry", "local", "gate", "milestone" …
	Basis      string `json:"basis"`
	Confidence string `json:"confidence"` // how sure the reference data is of it; the screen says so
}

// Timed reports whether it has a length, and can therefore run.
func (d Deadline) Timed() bool { return d.Length != nil && d.Unit != "" }

// For reports whether it may arise in a case of an area.
func (d Deadline) For(area string) bool { return d.Area == "both" || d.Area == area }

var deadlines = parse[struct {
	Meta struct {
		LawStatus string `json:"law_status_da"`
	} `json:"meta"`
	Deadlines []Deadline `json:"deadlines"`
}]()

// Deadlines returns all deadlines in their own order.
func Deadlines() []Deadline { return deadlines.Deadlines }

// DeadlineByCode returns a deadline.
func DeadlineByCode(code string) (Deadline, bool) {
	for _, d := range deadlines.Deadlines {
		if d.Code == code {
			return d, true
		}
	}
	return Deadline{}, false
}

// LawVersion says in which version the reference data has read the laws; it is data, and so it is Danish.
func LawVersion() string { return deadlines.Meta.LawStatus }
