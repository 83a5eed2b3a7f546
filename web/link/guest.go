package link

import "github.com/google/uuid"

// Guest is the page of somebody without an account, by the secret of their link.
func Guest(token string) string { return "/g/" + token }

// GuestLinks are the links that have been sent to who has a part in a case, and where another is; its actions hang below it.
func GuestLinks(ref string, part uuid.UUID) string { return Involvement(ref, part) + "/link" }

// GuestFile is a file that a partner has left with their part.
func GuestFile(ref string, part, file uuid.UUID) string {
	return GuestLinks(ref, part) + "/fil/" + file.String()
}
