package link

import "github.com/google/uuid"

// SafetyPlan is the safety plan of a case, with its check-ins.
func SafetyPlan(ref string) string { return Case(ref) + "/sikkerhedsplan" }

// EditSafetyPlan writes a new version of the safety plan.
func EditSafetyPlan(ref string) string { return SafetyPlan(ref) + "/ret" }

// NewCheckIn agrees a check-in.
func NewCheckIn(ref string) string { return SafetyPlan(ref) + "/kontrol/ny" }

// CheckIn is one check-in; its actions hang below it.
func CheckIn(ref string, id uuid.UUID) string { return SafetyPlan(ref) + "/kontrol/" + id.String() }

// NewEvent writes down that something has happened.
func NewEvent(ref string) string { return Case(ref) + "/haendelse" }

// Prompt is one event that asks for something.
func Prompt(ref string, id uuid.UUID) string { return NewEvent(ref) + "/" + id.String() }
