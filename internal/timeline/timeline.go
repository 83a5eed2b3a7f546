// Package timeline writes and reads what happened in a case, as its people read it.
//
// Every operation that changes a case calls [Record], which leaves two lines in the same transaction:
// one here, for the people of the case, and one in the chained trail (R11, R13).
package timeline

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
)

// The kinds of events. The sentence for each is the text "event.<kind>".
const (
	CaseRegistered       = "case.registered"
	CaseChanged          = "case.changed"
	SeverityChanged      = "severity.changed" // data: from, to
	PhaseChanged         = "phase.changed"    // data: from, to
	SafeContactChanged   = "safe_contact.changed"
	PersonAdded          = "person.added"          // data: relation
	PersonChanged        = "person.changed"        // data: relation
	FactAdded            = "fact.added"            // data: kind; never the fact
	FactRetired          = "fact.retired"          // data: kind
	InvolvementRequested = "involvement.requested" // data: organisation, contact
	InvolvementAccepted  = "involvement.accepted"
	InvolvementDeclined  = "involvement.declined"
	InvolvementEnded     = "involvement.ended"
	InvolvementChanged   = "involvement.changed"
	PlanStarted          = "plan.started" // data: template
	PlanChanged          = "plan.changed"
	PlanLooked           = "plan.looked"    // gone through after the risk rose or a report came
	PlanSubmitted        = "plan.submitted" // data: version; written by the database, as the next two
	PlanApproved         = "plan.approved"
	PlanReturned         = "plan.returned"
	PlanOffered          = "plan.offered" // data: outcome (offered, accepted, declined)
	StepAdded            = "step.added"   // data: title
	StepStarted          = "step.started" // data: title
	StepDone             = "step.done"
	StepUndone           = "step.undone"
	StepPostponed        = "step.postponed" // data: title, from, to (RFC 3339)
	StepSkipped          = "step.skipped"
	StepChanged          = "step.changed"
	StepAssigned         = "step.assigned"        // data: title, to
	SuggestionDismissed  = "suggestion.dismissed" // data: partner_type
	NoteWritten          = "note.written"         // data: kind
	NoteCorrected        = "note.corrected"
	AccessGranted        = "access.granted"   // data: name, kind
	AccessRevoked        = "access.revoked"   // data: name
	CaseHandedOver       = "case.handed_over" // data: name
	LevelChanged         = "case.level"       // data: from, to (0, 1, 2)
	RiskSigned           = "risk.signed"      // data: level, kind
	RiskConfirmed        = "risk.confirmed"   // data: outcome
	GateOpened           = "gate.opened"      // data: until (RFC 3339)
	GateShut             = "gate.shut"
	CaseClosed           = "case.closed" // data: reason (a code)
	CaseReopened         = "case.reopened"
	DeadlineStarted      = "deadline.started" // data of all: deadline (a code, or the name of a local one)
	DeadlineMet          = "deadline.met"
	DeadlineReopened     = "deadline.reopened"
	DeadlinePaused       = "deadline.paused"
	DeadlineResumed      = "deadline.resumed" // data: from, to (RFC 3339)
	DeadlineMoved        = "deadline.moved"   // data: from, to
	DeadlineCancelled    = "deadline.cancelled"
	DeadlineRecomputed   = "deadline.recomputed" // data: from, to
	SignSeen             = "sign.seen"           // data: group; never what was seen
	SignRetired          = "sign.retired"        // data: group
	SuggestionAnswered   = "suggestion.answered" // data: answer (yes, no), da, en (the name of the rule then)
	ScreeningMade        = "screening.made"      // data: outcome, honour (suspected, not)
	SafetyPlanWritten    = "safety_plan.written" // data: version
	CheckInAgreed        = "check_in.agreed"     // data: at (RFC 3339), as of the next four
	CheckInOK            = "check_in.ok"
	CheckInAlarmed       = "check_in.alarmed" // by nobody: the database raises it
	CheckInClosed        = "check_in.closed"
	CheckInCancelled     = "check_in.cancelled"
	PromptRaised         = "prompt.raised"   // data: rule; by nobody, or by whoever saw that something had happened
	PromptAnswered       = "prompt.answered" // data: rule, answer
	SharingOut           = "sharing.out"     // data of all: organisation
	SharingIn            = "sharing.in"
	SharingRefused       = "sharing.refused"
	SharingHeld          = "sharing.held"
	SharingReleased      = "sharing.released" // written by the database, as the next
	SharingKeptBack      = "sharing.kept_back"

	ConsentGiven     = "consent.given"     // data of both: organisation
	ConsentWithdrawn = "consent.withdrawn" // written by the database

	DecisionPut      = "decision.put"      // data: kind
	DecisionAsked    = "decision.asked"    // more were asked
	DecisionAnswered = "decision.answered" // data: outcome
	DecisionMade     = "decision.made"     // data: kind; never what was decided
	DecisionDropped  = "decision.dropped"
	DecisionAdded    = "decision.added"
	DecisionReviewed = "decision.reviewed" // data: outcome
	StepRescheduled  = "step.rescheduled"  // data: title, from, to (RFC 3339); the database writes it, as the next two: its event moved
	StepReleased     = "step.released"     // data: title; what it waited for has happened
	StepRepeated     = "step.repeated"     // data: title, to; the next of a series

	SparringPut       = "sparring.put"
	SparringAsked     = "sparring.asked"      // more were asked
	SparringAnswered  = "sparring.answered"   // also written by the database, as the next
	SparringAskedBack = "sparring.asked_back" // a colleague has a question
	SparringReplied   = "sparring.replied"
	SparringNamed     = "sparring.named" // data: basis
	SparringEnded     = "sparring.ended" // data: helped (yes, no)
	SparringLearned   = "sparring.learned"

	ReportMade       = "report.made"       // data: number; the case began with the report
	ReportJoined     = "report.joined"     // data: number
	ReportReassessed = "report.reassessed" // data: outcome; written by the database (R3)

	TemplateAdopted = "plan.template_adopted" // data: template (its Danish name), version, added, changed (numbers of steps)
	TemplateKept    = "plan.template_kept"    // data: template, version
	// Partners without an account; data: contact, organisation. Those below the first two are written by the database, as theirs.
	GuestSent       = "guest.sent"
	GuestRevoked    = "guest.revoked"
	GuestOpened     = "guest.opened"
	GuestAskedBack  = "guest.asked_back"
	GuestFile       = "guest.file"
	StepNotPossible = "step.not_possible" // data: title

	ContactOverridden = "contact.overridden" // data: channel, why (codes); never the number, and the reason stays with the rules
)

// The kinds of the forum with the police and others.
const (
	ForumPut            = "forum.put" // data: naming
	ForumApproved       = "forum.approved"
	ForumReturned       = "forum.returned"
	ForumGiven          = "forum.given"
	ForumAnswered       = "forum.answered" // data: outcome; written by the database, as the next but one
	ForumDecided        = "forum.decided"
	ForumReported       = "forum.reported" // data: state
	ForumWithdrawn      = "forum.withdrawn"
	MandateAreaAdded    = "mandate.area"
	MandateSet          = "mandate.set"          // who leads, takes part, is informed: not said here
	MandateAcknowledged = "mandate.acknowledged" // written by the database
)

// Data are the words of an event's sentence: step titles, codes, dates. Never free text of a note or
// a reason: lists show events without opening the case.
type Data map[string]string

// Event is one thing that happened.
type Event struct {
	ID       uuid.UUID
	CaseID   uuid.UUID
	At       time.Time
	ActorID  uuid.UUID // zero: somebody at a partner, or, without a name, the program itself, as when an alarm is raised
	Actor    string    // display name
	PhotoID  *uuid.UUID
	Kind     string
	ObjectID *uuid.UUID
	Data     Data
}

// Record says that something has happened in the opened case of tx. object is the row it is about, or zero.
func Record(ctx context.Context, tx *db.Tx, kind string, object uuid.UUID, data Data) error {
	if data == nil {
		data = Data{}
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	var id *uuid.UUID
	subject := ""
	if object != uuid.Nil {
		id, subject = &object, object.String()
	}
	err = tx.Read(ctx, func(b *db.Batch) {
		db.Do(b, `INSERT INTO app.case_event (case_id, actor, kind, object_id, data) VALUES (@case, @actor, @kind, @object, @data::jsonb)`,
			db.Args{"case": tx.CaseID, "actor": tx.Actor.UserID, "kind": kind, "object": id, "data": string(raw)})
		db.Do(b, `SELECT audit.record(@kind, @case, nullif(@object, ''), NULL)`, db.Args{"kind": kind, "case": tx.CaseID, "object": subject})
	})
	if err != nil {
		return fmt.Errorf("record %s: %w", kind, err)
	}
	return nil
}
