package link

import "github.com/google/uuid"

// The addresses of the partner directory and its keeping.
const (
	Correct        = Partners + "/rettelse" // "Foreslå rettelse"; ?organisation= or ?person= says about whom
	AdminPartners  = Admin + "/partnere"
	NewPartner     = AdminPartners + "/organisationer/ny"
	Corrections    = Admin + "/rettelser"
	StalePartners  = AdminPartners + "?vis=gamle"
	RetiredPartner = AdminPartners + "?vis=udgaaede"
)

// Situation is the directory with the finder open on a situation.
func Situation(code string) string { return Partners + "?situation=" + code }

// CaseCalls is "Hvem ringer jeg til?" for a case.
func CaseCalls(ref string) string { return Case(ref) + "/hvem" }

// CorrectOrganisation proposes a correction of an organisation.
func CorrectOrganisation(id uuid.UUID) string { return Correct + "?organisation=" + id.String() }

// CorrectContact proposes a correction of a contact person.
func CorrectContact(id uuid.UUID) string { return Correct + "?person=" + id.String() }

// EditOrganisation is the admin's form of an organisation; its actions hang below it.
func EditOrganisation(id uuid.UUID) string { return AdminPartners + "/organisationer/" + id.String() }

// NewContact is the admin's form for another contact person of an organisation.
func NewContact(organisation uuid.UUID) string {
	return EditOrganisation(organisation) + "/personer/ny"
}

// EditContact is the admin's form of a contact person; its actions hang below it.
func EditContact(id uuid.UUID) string { return AdminPartners + "/personer/" + id.String() }

// Correction is where the admin answers a correction.
func Correction(id uuid.UUID) string { return Corrections + "/" + id.String() }
