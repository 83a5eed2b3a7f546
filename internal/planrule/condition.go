// Package planrule is the municipality's plan rules (R7): when something holds in a case, a partner of a type is to be drawn in
// within a time. The rules are data that admins keep. A rule only suggests; a person draws in, or says why not.
//
// Whether a rule holds is decided in one place, the database (app._rule_holds, migration 250), for a case page, for the lists that
// open no case, and for the admin, who is told a number and never a case.
package planrule

import (
	"encoding/json"
	"slices"

	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Condition says when a rule holds: everything that is set must be so. The names are those that the database reads.
type Condition struct {
	Level    string   `json:"level,omitempty"`    // this level or a graver one: code of [reference.Severities]
	LevelTo  string   `json:"level_to,omitempty"` // and none graver than this
	AgeFrom  int      `json:"age_from,omitempty"` // whole years; AgeTo 0: of any age
	AgeTo    int      `json:"age_to,omitempty"`
	Signs    []string `json:"signs,omitempty"`    // one of these signs has been seen
	Factors  []string `json:"factors,omitempty"`  // one of these risk factors is present now, in the newest assessment
	Event    string   `json:"event,omitempty"`    // this has happened: code of [reference.EventTriggers]
	Deadline string   `json:"deadline,omitempty"` // this deadline runs
	Phases   []string `json:"phases,omitempty"`   // the case is in one of these phases
}

// OfLevel reports whether the condition looks at nothing but the level, and holds at this one: then it will hold in a case that
// does not exist yet.
func (c Condition) OfLevel(level string) bool {
	at := rank(level)
	only := c.AgeTo == 0 && len(c.Signs)+len(c.Factors)+len(c.Phases) == 0 && c.Event == "" && c.Deadline == ""
	return only && c.Level != "" && rank(c.Level) <= at && (c.LevelTo == "" || rank(c.LevelTo) >= at)
}

// Validate refuses a condition that always or never holds.
func (c Condition) Validate() error {
	bad := fault.Invalid{}
	bad.Check("level", c.Level == "" || rank(c.Level) >= 0, "planrule.error.choose")
	bad.Check("level_to", c.LevelTo == "" || rank(c.LevelTo) >= 0 && rank(c.LevelTo) >= rank(c.Level), "planrule.error.level_to")
	bad.Check("age_from", c.AgeFrom >= 0, "planrule.error.age")
	bad.Check("age_to", c.AgeFrom <= 0 || c.AgeTo != 0, "planrule.error.age_to")
	bad.Check("age_to", c.AgeTo >= c.AgeFrom && c.AgeTo <= 120, "planrule.error.age")
	for _, code := range c.Signs {
		_, known := reference.SignByCode(code)
		bad.Check("signs", known, "planrule.error.choose")
	}
	for _, code := range c.Factors {
		bad.Check("factors", slices.ContainsFunc(reference.RiskFactors(""), func(f reference.RiskFactor) bool { return f.Code == code }), "planrule.error.choose")
	}
	bad.Check("event", c.Event == "" || reference.Known(reference.EventTriggers, c.Event), "planrule.error.choose")
	bad.Check("deadline", c.Deadline == "" || slices.ContainsFunc(reference.Deadlines(), func(d reference.Deadline) bool { return d.Code == c.Deadline }), "planrule.error.choose")
	for _, code := range c.Phases {
		bad.Check("phases", reference.Known(reference.Phases, code), "planrule.error.choose")
	}
	raw, err := json.Marshal(c)
	bad.Check("level", err == nil && string(raw) != "{}", "planrule.error.always")
	return bad.Err()
}

// rank is the place of a level from the mildest, -1 for none.
func rank(level string) int {
	return slices.IndexFunc(reference.Items(reference.Severities), func(it reference.Item) bool { return it.Code == level })
}

// OwnOffice is the partner type that a case's own area is: nobody calls themselves.
func OwnOffice(area string) string {
	return map[string]string{"child": "family_dept", "adult": "adult_social"}[area]
}
