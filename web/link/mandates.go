package link

import "github.com/google/uuid"

// Mandates are who answers for what in a case.
func Mandates(ref string) string { return Network(ref) + "/mandater" }

// Mandate is the form of one area of responsibility, by its key.
func Mandate(ref, key string) string { return Mandates(ref) + "/" + key }

// AcknowledgeMandate is where who leads an area says that they know.
func AcknowledgeMandate(ref string, id uuid.UUID) string {
	return Mandates(ref) + "/kvitter/" + id.String()
}
