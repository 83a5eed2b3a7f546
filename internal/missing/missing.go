// Package missing finds what a case lacks: the rules behind "Det mangler i sagen".
//
// A rule is a line of a table. All of them look at the same few facts, which cost one question, so a
// new rule costs no new one. A rule never decides anything: it names a gap, and where to mend it.
package missing

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/involvement"
	"samspil/internal/mandate"
	"samspil/internal/planrule"
)

// NoteDays is how long a case may stand without a journal note.
const NoteDays = 30

// WarnDays is how long before a protection ends the case says so.
const WarnDays = 30

// ConsentDays is how long before a consent ends the case says so.
const ConsentDays = 14

// Gap is one thing that a case lacks. Its sentence is the text "missing.<Rule>".
type Gap struct {
	Rule    string
	Count   int           // how many, where the rule counts
	Days    int           // how long, where the rule measures
	Date    time.Time     // when, where the rule has a date
	Hit     *planrule.Hit // the rule of the municipality that asks
	Partner string        // the partner type that is called for: code of [reference.PartnerTypes]
	Name    string        // the professional or the organisation that is meant, or the title of the step
	Object  uuid.UUID     // the row to mend, or zero
}

// Facts are what the rules look at.
type Facts struct {
	Severity         string
	SeveritySetAt    *time.Time
	RiskUntil        *time.Time // until when the newest risk assessment holds; nil: there is none
	RiskLevel        string     // of the newest assessment
	RiskUnconfirmed  bool       // it asks for a second person (R8)
	OpenedAt         time.Time
	HasPlan          bool
	Closed           bool
	StepsWithoutWho  int
	Area             string         // child or adult
	CalledFor        []string       // partner types of open steps that nobody fills
	Dismissed        []string       // partner types that somebody found irrelevant
	Hits             []planrule.Hit `db:"-"` // rules of the municipality that nobody has answered
	Unled            int            `db:"-"` // areas of responsibility that nobody leads
	Colleagues       int            // who work on the case or are asked for advice, the responsible too
	Accepted         int            // partners who have said yes
	ContactEmpty     bool
	LastNote         *time.Time
	Waiting          []Waiting
	NameAddressUntil *time.Time // of a protection in force
	Anonymous        bool
	CallingName      string
	ScreenedAt       *time.Time // the latest screening
	HasSafetyPlan    bool
	Ending           []Ending
	Impossible       []Refused
}

// Refused is an open step of which a partner says that it is not possible.
type Refused struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

// Ending is a consent that ends soon, where no other goes on towards the same recipient.
type Ending struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Until time.Time `json:"until"`
}

// Waiting is a partner who has not answered.
type Waiting struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Asked time.Time `json:"asked"`
}

// Asked are the questions from whose answers the gaps are told.
type Asked struct {
	facts *Facts
	hits  *[]planrule.Hit
	areas mandate.Asked
}

// Gaps applies every rule to the answers, see [Facts.Gaps].
func (a Asked) Gaps(now time.Time) []Gap {
	f := *a.facts
	f.Hits = *a.hits
	for _, x := range a.areas.Areas(f.Area) {
		if x.Gap() {
			f.Unled++
		}
	}
	return f.Gaps(now)
}

// Ask asks for the facts of the opened case.
func Ask(b *db.Batch) Asked { return Asked{ask(b), planrule.Hits(b), mandate.Ask(b)} }

func ask(b *db.Batch) *Facts {
	return db.Get[Facts](b, `
		WITH live AS (
		  SELECT v.id, v.status, v.asked_at, v.contact_id, o.partner_type, o.name AS organisation FROM app.involvement v JOIN app.organisation o ON o.id = v.organisation_id
		   WHERE v.case_id = @case AND v.status IN ('requested','accepted')),
		step AS (SELECT s.id, s.title, s.impossible_at, s.partner_type, s.responsible_user, s.responsible_contact FROM app.plan_step s WHERE s.case_id = @case AND s.status IN ('open','in_progress','waiting'))
		SELECT f.area, coalesce(f.severity, '') AS severity, f.severity_set_at, f.risk_until, f.risk_unconfirmed, f.opened_at, f.has_plan,
		       coalesce((SELECT a.level FROM app.risk_assessment a WHERE a.case_id = f.id ORDER BY a.signed_at DESC, a.id DESC LIMIT 1), '') AS risk_level, f.status = 'closed' AS closed,
		       (SELECT count(*)::int FROM step s WHERE s.responsible_user IS NULL AND s.responsible_contact IS NULL) AS steps_without_who,
		       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'at', s.impossible_at) ORDER BY s.impossible_at, s.id), '[]') FROM step s WHERE s.impossible_at IS NOT NULL) AS impossible,
		       (SELECT coalesce(array_agg(DISTINCT s.partner_type), '{}') FROM step s WHERE s.partner_type <> '' AND s.responsible_contact IS NULL
		           AND s.partner_type NOT IN (SELECT l.partner_type FROM live l)) AS called_for,
		       (SELECT coalesce(array_agg(DISTINCT substr(d.rule, 9)), '{}') FROM app.suggestion_dismissal d WHERE d.case_id = f.id) AS dismissed,
		       (SELECT count(DISTINCT g.user_id)::int FROM app.case_grant g WHERE g.case_id = f.id AND g.revoked_at IS NULL AND g.kind <> 'lead'
		           AND (g.valid_to IS NULL OR g.valid_to > now()))
		         + (SELECT count(DISTINCT a.user_id)::int FROM app.sparring_case k JOIN app.sparring s ON s.id = k.id AND s.ended_at IS NULL JOIN app.sparring_ask a ON a.sparring_id = s.id WHERE k.case_id = f.id) AS colleagues,
		       (SELECT count(*)::int FROM live l WHERE l.status = 'accepted') AS accepted,
		       c.case_id IS NULL OR (c.policy <> 'normal' AND c.never = '' AND c.channel = '') AS contact_empty,
		       (SELECT max(n.happened_at) FROM app.note n WHERE n.case_id = f.id) AS last_note,
		       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'asked', l.asked_at, 'name',
		                 coalesce((SELECT CASE WHEN p.first_name_only THEN split_part(p.name, ' ', 1) ELSE p.name END FROM app.contact_person p WHERE p.id = l.contact_id), l.organisation))
		                 ORDER BY l.asked_at), '[]') FROM live l WHERE l.status = 'requested') AS waiting,
		       CASE WHEN r.name_address_protection THEN r.name_address_until END AS name_address_until,
		       coalesce(r.anonymous, false) AS anonymous, coalesce(b.calling_name, '') AS calling_name,
		       (SELECT max(z.screened_at) FROM app.screening z WHERE z.case_id = f.id) AS screened_at,
		       EXISTS (SELECT FROM app.safety_plan p WHERE p.case_id = f.id) AS has_safety_plan,
		       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', o.name, 'until', k.expires_on::timestamp AT TIME ZONE 'Europe/Copenhagen') ORDER BY k.expires_on, k.id), '[]')
		          FROM app.consent k JOIN app.organisation o ON o.id = k.organisation_id
		         WHERE k.case_id = f.id AND k.withdrawn_on IS NULL AND k.expires_on >= (now() AT TIME ZONE 'Europe/Copenhagen')::date
		           AND NOT EXISTS (SELECT FROM app.consent n WHERE n.case_id = k.case_id AND n.organisation_id = k.organisation_id AND n.withdrawn_on IS NULL AND (n.expires_on, n.id) > (k.expires_on, k.id))) AS ending
		  FROM app.case_file f LEFT JOIN app.safe_contact c ON c.case_id = f.id LEFT JOIN app.case_profile r ON r.case_id = f.id
		  LEFT JOIN app.citizen_label b ON b.case_id = f.id
		 WHERE f.id = @case`, db.Args{"case": b.CaseID})
}

// serious reports whether the level is one of the two that ask for more than one pair of eyes (R8).
func (f Facts) serious() bool { return f.Severity == "orange" || f.Severity == "red" }

// Gaps applies every rule to a case. A closed case lacks nothing: it is only read.
func (f Facts) Gaps(now time.Time) []Gap {
	gaps := []Gap{}
	if f.Closed {
		return gaps
	}
	for _, rule := range rules {
		for _, g := range rule.find(f, now) {
			g.Rule = rule.key
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// Rules are the keys of all rules, for the test that no text is missing.
func Rules() []string {
	keys := []string{}
	for _, r := range rules {
		keys = append(keys, r.key)
	}
	return keys
}

func one(ok bool, g Gap) []Gap {
	if !ok {
		return nil
	}
	return []Gap{g}
}

// daysSince counts the midnights from t to now.
func daysSince(t, now time.Time) int { return -i18n.Days(t, now) }

// rules are in the order in which they are shown: what protects somebody comes first.
var rules = []struct {
	key  string
	find func(f Facts, now time.Time) []Gap
}{
	{"contact", func(f Facts, _ time.Time) []Gap { return one(f.ContactEmpty, Gap{}) }},
	{"risk", func(f Facts, _ time.Time) []Gap { return one(f.RiskUntil == nil, Gap{}) }},
	{"risk_old", func(f Facts, now time.Time) []Gap {
		if f.RiskUntil == nil || f.RiskUntil.After(now) {
			return nil
		}
		return []Gap{{Date: *f.RiskUntil, Days: daysSince(*f.RiskUntil, now)}}
	}},
	{"risk_risen", func(f Facts, now time.Time) []Gap {
		return one(f.RiskUntil != nil && f.RiskUntil.After(now) && casefile.Lowers(f.Severity, f.RiskLevel), Gap{})
	}},
	{"risk_second", func(f Facts, now time.Time) []Gap {
		return one(f.RiskUnconfirmed && f.RiskUntil != nil && f.RiskUntil.After(now), Gap{})
	}},
	{"screening", func(f Facts, _ time.Time) []Gap { return one(f.Area == "child" && f.ScreenedAt == nil, Gap{}) }},
	{"alone", func(f Facts, _ time.Time) []Gap {
		return one(f.serious() && f.Colleagues <= 1 && f.Accepted == 0, Gap{})
	}},
	{"safety", func(f Facts, _ time.Time) []Gap { return one(f.serious() && !f.HasSafetyPlan, Gap{}) }},
	{"partner_rule", missingByRule},
	{"partner_plan", func(f Facts, now time.Time) []Gap {
		var gaps []Gap
		ruled := missingByRule(f, now)
		for _, t := range f.CalledFor {
			// what a rule asks for, it has said already
			if t != planrule.OwnOffice(f.Area) && !slices.ContainsFunc(ruled, func(g Gap) bool { return g.Partner == t }) && !slices.Contains(f.Dismissed, t) {
				gaps = append(gaps, Gap{Partner: t})
			}
		}
		return gaps
	}},
	{"mandate", func(f Facts, _ time.Time) []Gap { return one(f.serious() && f.Unled > 0, Gap{Count: f.Unled}) }},
	{"unanswered", func(f Facts, now time.Time) []Gap {
		var gaps []Gap
		for _, w := range f.Waiting {
			if days := daysSince(w.Asked, now); days > involvement.PatienceDays {
				gaps = append(gaps, Gap{Name: w.Name, Days: days, Object: w.ID})
			}
		}
		return gaps
	}},
	{"plan", func(f Facts, _ time.Time) []Gap { return one(!f.HasPlan, Gap{}) }},
	{"step_nobody", func(f Facts, _ time.Time) []Gap { return one(f.StepsWithoutWho > 0, Gap{Count: f.StepsWithoutWho}) }},
	{"step_impossible", func(f Facts, _ time.Time) []Gap {
		var gaps []Gap
		for _, s := range f.Impossible {
			gaps = append(gaps, Gap{Name: s.Title, Date: s.At, Object: s.ID})
		}
		return gaps
	}},
	{"protection", func(f Facts, now time.Time) []Gap {
		if f.NameAddressUntil == nil || daysSince(*f.NameAddressUntil, now) < -WarnDays {
			return nil
		}
		return []Gap{{Date: *f.NameAddressUntil, Days: -daysSince(*f.NameAddressUntil, now)}}
	}},
	{"consent", func(f Facts, now time.Time) []Gap {
		var gaps []Gap
		for _, c := range f.Ending {
			if -daysSince(c.Until, now) <= ConsentDays {
				gaps = append(gaps, Gap{Name: c.Name, Date: c.Until, Object: c.ID})
			}
		}
		return gaps
	}},
	{"note", func(f Facts, now time.Time) []Gap {
		last := f.OpenedAt
		if f.LastNote != nil {
			last = *f.LastNote
		}
		return one(daysSince(last, now) > NoteDays, Gap{Days: daysSince(last, now)})
	}},
	{"calling_name", func(f Facts, _ time.Time) []Gap { return one(f.Anonymous && f.CallingName == "", Gap{}) }},
}

// missingByRule are the rules that ask within a day, and those whose time is over: what the plan suggests, too.
func missingByRule(f Facts, now time.Time) []Gap {
	var gaps []Gap
	for _, h := range f.Hits {
		if (h.Within24() || h.Over(now)) && !slices.ContainsFunc(gaps, func(g Gap) bool { return g.Partner == h.PartnerType() }) {
			gaps = append(gaps, Gap{Partner: h.PartnerType(), Hit: &h, Date: h.Due()})
		}
	}
	return gaps
}
