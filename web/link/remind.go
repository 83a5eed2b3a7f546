package link

import "github.com/google/uuid"

// Reminders, letters, and who stands in for whom.
const (
	AdminReminders = Admin + "/paamindelser"
	MailWishes     = Profile + "/mail"
	Absences       = "/fravaer"
	NewAbsence     = Absences + "/ny"
)

// Absence is one absence; what is done with it hangs below.
func Absence(id uuid.UUID) string { return Absences + "/" + id.String() }
