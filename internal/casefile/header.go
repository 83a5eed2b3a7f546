// Package casefile owns the case: its header, the citizen and the people around them, who may
// see it, and how it is registered, handed over, closed and opened again.
package casefile

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// Confidentiality says how widely the existence of a case is known (security.md 2.4).
type Confidentiality int16

// Normal: the team sees the header. Restricted, the default: the named, and the team's lead.
// Sealed: the named only; for everybody else the case does not exist.
const (
	Normal Confidentiality = iota
	Restricted
	Sealed
)

// GateState is how the gate to parents and network stands (barnets lov § 18, stk. 3; R1).
type GateState string

// None: no gate, in an adult's case and where the suspicion is ruled out. Shut: the risk is to be assessed first. Assessed: a valid
// assessment opened it. Lead: a team lead did, with a reason.
const (
	GateNone     GateState = "none"
	GateShut     GateState = "shut"
	GateAssessed GateState = "assessed"
	GateLead     GateState = "lead"
)

// Header is what every page of a case shows: who it is about, how they may be contacted, who works on it.
type Header struct {
	ID              uuid.UUID
	Ref             string
	Number          string
	Area            string // "child" or "adult"
	TeamID          uuid.UUID
	Confidentiality Confidentiality
	Status          string // "open" or "closed"
	Severity        string // "green" to "red", chosen by a person (R8); empty: not assessed yet
	SeveritySetAt   *time.Time
	Phase           string
	OpenedAt        time.Time
	ClosedAt        *time.Time
	HasPlan         bool
	Version         int
	ResponsibleID   uuid.UUID
	Gate            GateState  // may parents and network be involved (R1)
	GateUntil       *time.Time // until when it stands open
	RiskUntil       *time.Time // until when the newest risk assessment holds; nil: there is none
	RiskUnconfirmed bool       // an orange or red one waits for a second person (R8)

	CitizenID                uuid.UUID // zero where nobody has been entered
	Name                     string    // full name; empty for an anonymous citizen
	CallingName              string    // what lists call the citizen
	Born                     *time.Time
	CPRMasked                string
	Anonymous                bool
	NameAddressProtection    bool // ordinary, for a time
	SpecialAddressProtection bool // CPR-loven § 6, stk. 6
	SafeContact
	ContactRules
	SafeContactVersion int

	AwayUntil *time.Time // the last day on which the responsible is away; nil: they are there
	StandIn   string     // who covers; empty: nobody yet

	Members   []Member
	LateSteps int
	Pulse
}

// SafeContact is how the citizen may be reached, and how never. It stands on every page of the case.
type SafeContact struct {
	Policy  string // code of [reference.ContactPolicies]
	Channel string // what works
	Hours   string // when
	Never   string // what may never happen
	Cover   string // what to say if somebody else answers
}

// Member is a person who works on the case.
type Member struct {
	UserID  uuid.UUID  `json:"user_id"`
	Name    string     `json:"name"`
	Title   string     `json:"title"`
	Kind    string     `json:"kind"` // "responsible", "coworker", "consulted" or "lead"
	PhotoID *uuid.UUID `json:"photo_id"`
	Until   *time.Time `json:"until"`
}

// Responsible is the one who answers for the case.
func (h Header) Responsible() Member {
	for _, m := range h.Members {
		if m.Kind == "responsible" {
			return m
		}
	}
	return Member{}
}

// Rules are the rules for reaching the citizen; for somebody around them, what is known of that person.
func (h Header) Rules(around *Reach) Rules {
	return Rules{ContactRules: h.ContactRules, Policy: h.Policy, Gate: h.Gate, Reach: around}
}

// Closed reports whether the case is closed, and so only read.
func (h Header) Closed() bool { return h.Status == "closed" }

// GetHeader asks for the header of the opened case.
func GetHeader(b *db.Batch) *Header {
	return db.Get[Header](b, `
		SELECT f.id, f.ref, f.number, f.area, f.team_id, f.confidentiality, f.status, coalesce(f.severity, '') AS severity, f.severity_set_at, f.phase,
		       f.opened_at, f.closed_at, f.has_plan, f.version, f.responsible_id, g.state AS gate, g.until AS gate_until, f.risk_until, f.risk_unconfirmed,
		       coalesce(p.id, '00000000-0000-0000-0000-000000000000') AS citizen_id, coalesce(p.name, '') AS name, coalesce(l.calling_name, '') AS calling_name,
		       coalesce(p.born, l.born) AS born, coalesce(p.cpr_masked, '') AS cpr_masked,
		       coalesce(r.anonymous, false) AS anonymous, coalesce(r.name_address_protection, false) AS name_address_protection,
		       coalesce(r.special_address_protection, false) AS special_address_protection,
		       coalesce(s.policy, 'none_written') AS policy, coalesce(s.channel, '') AS channel, coalesce(s.hours, '') AS hours, coalesce(s.never, '') AS never,
		       coalesce(s.cover, '') AS cover, coalesce(s.may_use, '{}') AS may_use, coalesce(s.must_not, '{}') AS must_not, coalesce(s.windows, '[]') AS windows, coalesce(s.third, '') AS third, coalesce(s.version, 0) AS safe_contact_version,
		       y.until AS away_until, coalesce(y.stand_in, '') AS stand_in,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('user_id', u.id, 'name', u.display_name, 'title', u.title, 'kind', g.kind, 'photo_id', u.photo_id, 'until', g.valid_to)
		                  ORDER BY array_position(ARRAY['responsible','coworker','lead','consulted'], g.kind), u.display_name)
		           FROM app.case_grant g JOIN auth.user_account u ON u.id = g.user_id
		          WHERE g.case_id = f.id AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now())), '[]') AS members,
		       (SELECT count(*)::int FROM app.plan_step t WHERE t.case_id = f.id AND t.status IN ('open','in_progress','waiting') AND t.due_at < now()) AS late_steps,
		       `+PulseColumns+`
		  FROM app.case_file f
		  CROSS JOIN app.gate(f.id) g
		  LEFT JOIN app.citizen_label l ON l.case_id = f.id
		  LEFT JOIN app.person p ON p.case_id = f.id AND p.is_citizen
		  LEFT JOIN app.case_profile r ON r.case_id = f.id
		  LEFT JOIN app.safe_contact s ON s.case_id = f.id
		  LEFT JOIN LATERAL app.away(f.responsible_id) y ON true
		 WHERE f.id = @case`, db.Args{"case": b.CaseID})
}
