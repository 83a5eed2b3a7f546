package link

import "github.com/google/uuid"

// Reminders, letters, the calendar, and who stands in for whom.
const (
	AdminReminders = Admin + "/paamindelser"
	MailWishes     = Profile + "/mail"
	CalendarFeed   = Profile + "/kalender"
	Calendar       = "/kalender/" // and the secret of a feed, ".ics"
	Absences       = "/fravaer"
	NewAbsence     = Absences + "/ny"
)

// Absence is one absence; what is done with it hangs below.
func Absence(id uuid.UUID) string { return Absences + "/" + id.String() }
