package planrule

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/calendar"
	"samspil/internal/db"
)

// Hit is a rule that holds in a case and that nobody has answered.
type Hit struct {
	Rule
	CaseID                                     uuid.UUID
	Since                                      time.Time // from when the rule's time runs
	ConstitutionDay, ChristmasEve, NewYearsEve bool      // what the municipality decides of holidays
}

// Due is when the partner is to be in at the latest.
func (h Hit) Due() time.Time {
	return calendar.Add(h.Since, h.Length, h.Unit, h.Settings())
}

// Settings are the municipality's decisions about holidays, as package calendar takes them.
func (h Hit) Settings() calendar.Settings {
	return calendar.Settings{ConstitutionDay: h.ConstitutionDay, ChristmasEve: h.ChristmasEve, NewYearsEve: h.NewYearsEve}
}

// Over reports whether the time is over.
func (h Hit) Over(now time.Time) bool { return h.Due().Before(now) }

// Listed is a hit in a list that opens no case.
type Listed struct {
	Hit
	Ref, Number   string
	Severity      string
	ResponsibleID uuid.UUID
	Responsible   string
	PhotoID       *uuid.UUID
}

const selectHit = `SELECT ` + columns + `, '' AS changed_by, r.changed_at, h.case_id, h.since,
	coalesce(s.constitution_day, false) AS constitution_day, coalesce(s.christmas_eve, false) AS christmas_eve, coalesce(s.new_years_eve, false) AS new_years_eve`

// Hits asks for the rules that hold in the opened case and that nobody has answered, the oldest first.
func Hits(b *db.Batch) *[]Hit {
	return db.All[Hit](b, selectHit+` FROM app.rule_hits(@case) h JOIN app.plan_rule r ON r.id = h.rule_id LEFT JOIN app.office_setting s ON true ORDER BY h.since, r.length, r.code, r.id`,
		db.Args{"case": b.CaseID})
}

// HitsListed asks for those of the reader's own cases, or of the teams that they lead.
func HitsListed(b *db.Batch, led bool) *[]Listed {
	return db.All[Listed](b, selectHit+`, f.ref, f.number, coalesce(f.severity, '') AS severity, u.id AS responsible_id, u.display_name AS responsible, u.photo_id
		FROM app.rule_hits_listed(@led) h JOIN app.plan_rule r ON r.id = h.rule_id JOIN app.case_file f ON f.id = h.case_id JOIN auth.user_account u ON u.id = f.responsible_id
		LEFT JOIN app.office_setting s ON true ORDER BY h.since, f.number, r.code, r.id`, db.Args{"led": led})
}

// Over are those of a list whose time is over, the longest over first.
func Over(list []Listed, now time.Time) []Listed {
	var out []Listed
	for _, h := range list {
		if h.Over(now) {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Listed) int { return a.Due().Compare(b.Due()) })
	return out
}
