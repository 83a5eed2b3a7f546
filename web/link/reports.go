package link

import "github.com/google/uuid"

// The addresses of reports of concern.
const (
	Reports   = "/underretninger"
	NewReport = Reports + "/ny"
)

// ReportDraft is a report while it is being written down.
func ReportDraft(id string) string { return NewReport + "/" + id }

// Report is one report of concern; its pages hang below it.
func Report(ref string) string { return Reports + "/" + ref }

// Assessment is where it is decided whether there is need for help now.
func Assessment(ref string) string { return Report(ref) + "/vurdering" }

// Receipt is what the reporter gets.
func Receipt(ref string) string { return Report(ref) + "/kvittering" }

// ReportPhone is what stands before the number of somebody in a report.
func ReportPhone(ref string, person uuid.UUID) string {
	return Report(ref) + "/telefon/" + person.String()
}

// ReportContact is what stands before the number of a reporter who must not be reached just so.
func ReportContact(ref string) string { return Report(ref) + "/kontakt" }

// ReportReceived corrects when the report came.
func ReportReceived(ref string) string { return Report(ref) + "/modtaget" }

// ReportChild corrects whom the report is about.
func ReportChild(ref string) string { return Report(ref) + "/barnet" }

// ReportCase is the way from the report to a case.
func ReportCase(ref string) string { return Report(ref) + "/sag" }

// Reassessment is the reassessment that a report demands, seen from the report.
func Reassessment(ref string, id uuid.UUID) string {
	return Report(ref) + "/genvurdering/" + id.String()
}

// CaseReassessment is the same, seen from the case.
func CaseReassessment(ref string, id uuid.UUID) string {
	return Case(ref) + "/genvurdering/" + id.String()
}

// TakeUp takes a report up in the case, seen from the case.
func TakeUp(ref, report string) string { return Case(ref) + "/underretninger/" + report }
