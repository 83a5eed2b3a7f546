package demo

import "samspil/internal/casefile"

// Case is one citizen's case. Codes are those of the reference data; persons are named by key.
type Case struct {
	Number          string        `json:"number"`
	Area            string        `json:"area"`
	Team            string        `json:"team"`
	Responsible     string        `json:"responsible"`
	CoResponsible   []string      `json:"co_responsible,omitempty"`
	Consulted       []Consulted   `json:"consulted,omitempty"`
	Excluded        []Excluded    `json:"excluded,omitempty"`
	Confidentiality int           `json:"confidentiality"` // 0 normal, 1 restricted, 2 sealed
	Phase           string        `json:"phase"`
	Severity        string        `json:"severity,omitempty"` // empty: nobody has assessed yet; chosen, never summed (R8)
	SeveritySet     Day           `json:"severity_set,omitempty"`
	Certainty       string        `json:"certainty"`
	Origin          string        `json:"origin"`
	ConflictPhase   string        `json:"conflict_phase,omitempty"`
	ControlTypes    []string      `json:"control_types,omitempty"`
	Signs           []string      `json:"signs,omitempty"`
	SignsSeen       []SignSeen    `json:"signs_seen,omitempty"`
	Answers         []Answered    `json:"answers,omitempty"`
	Screenings      []Screened    `json:"screenings,omitempty"`
	Flags           []string      `json:"flags,omitempty"` // name_address, special_address
	Opened          Day           `json:"opened"`
	Risk            *Risk         `json:"risk,omitempty"`
	Closed          *Closing      `json:"closed,omitempty"`
	Citizen         Citizen       `json:"citizen"`
	People          []Person      `json:"people"`
	Contact         SafeContact   `json:"safe_contact"`
	Situation       string        `json:"situation"`
	Wish            string        `json:"wish,omitempty"`
	Interpreter     string        `json:"interpreter,omitempty"`
	Ground          string        `json:"ground,omitempty"`
	Protected       []Protected   `json:"protected,omitempty"`
	Related         []string      `json:"related,omitempty"` // case numbers; shown only to who may open both
	Plan            *Plan         `json:"plan,omitempty"`
	Involvements    []Involvement `json:"involvements,omitempty"`
	Journal         []Note        `json:"journal,omitempty"`
	Events          []Event       `json:"events,omitempty"`
	Safety          *SafetyPlan   `json:"safety,omitempty"`
	Prompts         []Prompt      `json:"prompts,omitempty"`
	Sharing         []Sharing     `json:"sharing,omitempty"`

	Consents []Consent `json:"consents,omitempty"`

	Decisions []Decision `json:"decisions,omitempty"`
	Sparring  []Sparring `json:"sparring,omitempty"`

	Mandates []Mandated `json:"mandates,omitempty"`
}

// Risk is the assessment behind the level, for a case that is told in full; what it does not answer is unknown.
type Risk struct {
	Reason      string                `json:"reason"`
	Scenario    string                `json:"scenario"`
	WouldChange string                `json:"would_change"`
	Answers     map[string]RiskAnswer `json:"answers"` // by factor
}

// RiskAnswer is how one factor stands, and what shows it.
type RiskAnswer struct {
	Answer   string `json:"answer"`
	Evidence string `json:"evidence,omitempty"`
	Source   string `json:"source,omitempty"`
}

// Consulted is a colleague asked for advice, whose access ends in so many days.
type Consulted struct {
	User  string `json:"user"`
	Until int    `json:"until"`
}

// Excluded is a colleague for whom the case does not exist.
type Excluded struct {
	User   string `json:"user"`
	Reason string `json:"reason"`
}

// Closing is the end of a case that is closed now; earlier closings stand in Events.
type Closing struct {
	Days   Day    `json:"days"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// Citizen is whom the case is about. An anonymous citizen has only a calling name.
type Citizen struct {
	Calling   string `json:"calling"`
	Full      string `json:"full,omitempty"`
	Age       int    `json:"age,omitempty"`
	Birthday  string `json:"birthday,omitempty"` // month and day "04-14", or "+40" when it comes in forty days
	Serial    string `json:"serial,omitempty"`   // the last four of the invented CPR number
	Anonymous bool   `json:"anonymous,omitempty"`
}

// Person is somebody around the citizen. Role is neutral: nobody is called a perpetrator.
type Person struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
	Role     string `json:"role"` // supports, neutral, pressures, threatens, unknown
	MayKnow  string `json:"may_know"`
	May      string `json:"may_contact,omitempty"` // empty: ask
	Age      int    `json:"age,omitempty"`
	Note     string `json:"note,omitempty"`
}

// ConflictRoles and MayKnow are the answers that Person may hold.
var (
	ConflictRoles = []string{"supports", "neutral", "pressures", "threatens", "unknown"}
	MayKnow       = []string{"yes", "no", "unknown"}
)

// SafeContact is how the citizen can be reached without anybody else knowing.
type SafeContact struct {
	Policy   string `json:"policy"` // a contact_policies code
	Channel  string `json:"channel"`
	Hours    string `json:"hours,omitempty"`
	Never    string `json:"never,omitempty"`
	Cover    string `json:"cover,omitempty"` // what may be said if somebody else answers
	CodeWord string `json:"code_word,omitempty"`

	Rules ContactRules `json:"rules,omitzero"` // none: nobody has settled it
}

// ContactRules are what the program enforces of safe contact; a channel in neither list is not settled.
type ContactRules struct {
	May     []string          `json:"may,omitempty"`
	Never   []string          `json:"never,omitempty"`
	Windows []casefile.Window `json:"windows,omitempty"`
	Third   string            `json:"third,omitempty"`
}

// Protected is a fact that leaves the case for nobody (R12).
type Protected struct {
	Kind   string `json:"kind"` // address, place_of_stay, school, phone
	Text   string `json:"text"`
	Person string `json:"person,omitempty"` // whose; empty: the citizen's
}

// Plan is made from a template, or from nothing when Template is empty.
type Plan struct {
	Template string      `json:"template,omitempty"`
	Started  Day         `json:"started"`
	Approved *Approval   `json:"approved,omitempty"`
	Returned *Approval   `json:"returned,omitempty"`  // the lead's no, with words
	Sent     *Approval   `json:"sent,omitempty"`      // on its way to the lead: who sent it
	Declined string      `json:"declined,omitempty"`  // what an adult said who declined a plan
	FollowUp int         `json:"follow_up,omitempty"` // days from today to the next look at the whole plan
	Goal     string      `json:"goal,omitempty"`      // the citizen's own words
	GoalSaid string      `json:"goal_said,omitempty"`
	Phases   []PlanPhase `json:"phases,omitempty"` // only when there is no template
	Steps    []Step      `json:"steps,omitempty"`  // what became of the template's steps, and steps added to its phases
}

// Approval is what somebody did to a version of the plan, and what they said.
type Approval struct {
	Days  Day    `json:"days"`
	At    string `json:"at"`
	By    string `json:"by"`
	Words string `json:"words,omitempty"`
}

// PlanPhase is a phase of a plan without template.
type PlanPhase struct {
	Name  string `json:"name"`
	Goal  string `json:"goal"`
	Steps []Step `json:"steps"`
}

// Step says what became of step "2.1" (phase and place) of the template, or is a step of its own with a title;
// then Step names only the phase ("2"). A template step that is not mentioned is open, without date,
// and the case's responsible has it.
type Step struct {
	Step      string   `json:"step,omitempty"`
	Title     string   `json:"title,omitempty"`
	Status    string   `json:"status"`
	Who       string   `json:"who,omitempty"`     // a user or a contact; empty: the case's responsible
	Nobody    bool     `json:"nobody,omitempty"`  // a visible gap (R5)
	Reaches   bool     `json:"reaches,omitempty"` // parents or network: waits for the risk assessment (R1)
	Calls     string   `json:"calls,omitempty"`   // the partner type that is missing
	Due       *int     `json:"due,omitempty"`     // days from today; negative is late
	At        string   `json:"at,omitempty"`      // a clock time that belongs to the date
	Done      Day      `json:"done,omitempty"`    // days ago, when done or skipped
	Note      string   `json:"note,omitempty"`
	Reason    string   `json:"reason,omitempty"` // why skipped
	Postponed *Move    `json:"postponed,omitempty"`
	Waits     []string `json:"waits,omitempty"` // what it waits for: codes of the plan, or titles of earlier steps; its day is then counted from there
	After     int      `json:"after,omitempty"` // days after that
}

// Move is a postponement: the date before, when it was moved and why.
type Move struct {
	From   int    `json:"from"`
	Days   Day    `json:"days"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// Involvement is a partner's part in the case.
type Involvement struct {
	Organisation string `json:"organisation"`
	Contact      string `json:"contact,omitempty"`
	For          string `json:"for"`    // what the partner is responsible for
	Origin       string `json:"origin"` // an involvement_origin code
	Status       string `json:"status"` // an involvement_status code
	Basis        string `json:"basis"`  // a legal_bases code
	Asked        *Day   `json:"asked,omitempty"`
	Answered     *Day   `json:"answered,omitempty"`
	Reason       string `json:"reason,omitempty"` // why declined or ended
	Rule         string `json:"rule,omitempty"`   // the plan rule that asked for it, by code
}

// NoteKinds are the kinds of a journal note.
var NoteKinds = []string{"phone", "meeting", "home_visit", "conversation", "sparring", "observation", "written", "decision", "other"}

// Note is a journal entry. Corrects is the 1-based place of the note that this one corrects: nothing is overwritten (R13).
type Note struct {
	Days      Day    `json:"days"`
	At        string `json:"at"`
	Kind      string `json:"kind"`
	By        string `json:"by"`
	Contact   string `json:"contact,omitempty"`    // a contact person or colleague who was spoken to
	SpokeWith string `json:"spoke_with,omitempty"` // the citizen, or somebody around the citizen
	Body      string `json:"body"`
	Corrects  int    `json:"corrects,omitempty"`
}

// EventKinds are the turns of a case that are told beside its journal.
var EventKinds = []string{"registered", "severity", "phase", "confidentiality", "handed_over", "closed", "reopened", "plan_approved"}

// Event is such a turn, with from and to where they are codes.
type Event struct {
	Days   Day    `json:"days"`
	At     string `json:"at"`
	Kind   string `json:"kind"`
	By     string `json:"by"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Reason string `json:"reason,omitempty"`
}
