// Package concern owns reports of concern (underretninger; barnets lov §§ 133-138): how one is taken on the telephone,
// the clock of 24 hours, who assesses it, whether the reporter may be answered, and how it comes into a case.
//
// A report is opened by the same door as a case: [db.DB.ReadCase] and [db.DB.InCase] with its ref. In their batches and
// transactions CaseID is then the report's id and Rights are the rights in the report.
package concern

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/deadline"
)

// The areas that a report comes to. Only the children's has the clock and the receipt of the law.
const (
	Child = "child"
	Adult = "adult"
)

// Anonymous is the source of a report whose reporter is not known: nothing about them is kept, and nobody is answered.
const Anonymous = "anonymous"

// Sources are who a report can come from. A professional has the heightened duty of § 133, everybody that of § 135.
var Sources = []string{"professional", "citizen", Anonymous, "municipality", "police", "self", "other"}

// Answers to "does the child get measures already?" and to "may the reporter be answered there?".
var (
	MeasuresAnswers = []string{"yes", "no", "unknown"}
	Channels        = []string{"safe", "unsafe", "unknown"}
	ReceiptWays     = []string{"phone", "letter", "secure_mail", "in_person"}
)

// Report is a report of concern without its content: what lists show. It holds nothing personal.
type Report struct {
	ID           uuid.UUID
	Ref          string
	Number       string // "U-2026-0412"
	Area         string // [Child] or [Adult]
	Source       string // one of [Sources]
	ReceivedAt   time.Time
	LateReason   string
	RegisteredAt time.Time
	RegisteredBy uuid.UUID
	Registrar    string
	AssessBy     *time.Time // in the children's area: 24 clock hours after it was received (R2, § 136)
	ReceiptBy    *time.Time // in the children's area: 6 hverdage; nil where there is nobody to answer
	AssignedTo   *uuid.UUID
	Assignee     string
	AssigneePic  *uuid.UUID
	Acute        *bool // nil until it is assessed
	AssessedAt   *time.Time
	AssessedBy   string
	ReceiptAt    *time.Time
	ReceiptHow   string
	Outcome      string // empty until it is concluded
	ConcludedAt  *time.Time
	CaseMissing  bool // concluded by what is done in a case, and no case is made of it or has taken it up
	Version      int
}

const reportColumns = `
	x.id, x.ref, x.number, x.area, x.source, x.received_at, x.late_reason, x.registered_at, x.registered_by, r.display_name AS registrar, x.assess_by, x.receipt_by,
	x.assigned_to, coalesce(a.display_name, '') AS assignee, a.photo_id AS assignee_pic, x.acute, x.assessed_at, coalesce(z.display_name, '') AS assessed_by,
	x.receipt_at, x.receipt_how, coalesce(x.outcome, '') AS outcome, x.concluded_at, x.case_missing, x.version
	FROM app.report x JOIN auth.user_account r ON r.id = x.registered_by LEFT JOIN auth.user_account a ON a.id = x.assigned_to LEFT JOIN auth.user_account z ON z.id = x.assessed_by`

// IsAcute reports whether it is assessed as acute.
func (r Report) IsAcute() bool { return r.Acute != nil && *r.Acute }

// Assessed reports whether somebody has decided if it is acute.
func (r Report) Assessed() bool { return r.Acute != nil }

// Concluded reports whether the report is read only.
func (r Report) Concluded() bool { return r.ConcludedAt != nil }

// OwesReceipt reports whether the reporter waits for a receipt by law (§ 138), also when the report has been concluded.
func (r Report) OwesReceipt() bool { return r.ReceiptBy != nil && r.ReceiptAt == nil }

// CaseBy is when the child assessment that the report was concluded by must be done: by the rules of the municipality four months
// after the report (barnets lov § 20, stk. 3), whenever the case is made. Nil: nothing else came of it, or no rule says so.
func (r Report) CaseBy(rules deadline.Rules) *time.Time {
	rule, ok := rules.Find(deadlineAssessment)
	if !r.CaseMissing || r.Outcome != outcomeAssessment || !ok || !rule.Active {
		return nil
	}
	by := rules.Due(rule, r.ReceivedAt)
	return &by
}

// Clock is where the 24 hours of the report stand at now.
func (r Report) Clock(now time.Time) Clock {
	c := Clock{Now: now}
	if r.AssessBy == nil {
		return c
	}
	c.By, c.Met = *r.AssessBy, r.AssessedAt
	return c
}

// Content is what was told, and by whom. It is read in an opened report only.
type Content struct {
	Told              string
	WhereNow          string // where the child is now, and when they are expected at home
	Siblings          string // each sibling is a report of their own
	Measures          string // one of [MeasuresAnswers] (R3)
	ReporterName      string
	ReporterRole      string
	ReporterContact   string
	ReporterHousehold bool   // lives with the child or near the family
	Channel           string // one of [Channels], or "none" where the reporter is not known
	ChannelNote       string
	AssessReason      string
	OutcomeReason     string
	ContentVersion    int
}

// Person is whom the report is about, or whom it names.
type Person struct {
	ID        uuid.UUID
	IsChild   bool // whom it is about; in the adults' area the adult
	Name      string
	Born      *time.Time
	Age       *int       // as it was told, where no date of birth is known
	AgeOn     *time.Time // the day on which the age was told
	Relation  string
	CPRMasked string
	Phone     string
	Version   int
}

// Full is an opened report with everything in it.
type Full struct {
	Report
	Content
	People    []Person
	MakesCase bool // the reader goes on from it to a case: who writes in it, and its desk where it was concluded by what is done in a case
}

// Child is whom the report is about; the zero Person where nobody knows.
func (f Full) Child() Person {
	if i := slices.IndexFunc(f.People, func(p Person) bool { return p.IsChild }); i >= 0 {
		return f.People[i]
	}
	return Person{}
}

// Asked holds the answers of [Get].
type Asked struct {
	report  *Report
	content *Content
	people  *[]Person

	makesCase *bool
}

// Get asks for the opened report with everything in it.
func Get(b *db.Batch) *Asked {
	return &Asked{
		db.Get[Report](b, `SELECT `+reportColumns+` WHERE x.id = @report`, db.Args{"report": b.CaseID}),
		db.Get[Content](b, `SELECT told, where_now, siblings, measures, reporter_name, reporter_role, reporter_contact, reporter_household, channel, channel_note,
			assess_reason, outcome_reason, version AS content_version FROM app.report_content WHERE report_id = @report`, db.Args{"report": b.CaseID}),
		db.All[Person](b, `SELECT id, is_child, name, born, age, age_on, relation, cpr_masked, phone, version FROM app.report_person WHERE report_id = @report ORDER BY is_child DESC, name, id`,
			db.Args{"report": b.CaseID}),
		db.Get[bool](b, `SELECT app.makes_case(@report)`, db.Args{"report": b.CaseID}),
	}
}

// Full is the answer.
func (a *Asked) Full() Full { return Full{*a.report, *a.content, *a.people, *a.makesCase} }
