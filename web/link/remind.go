package link

import "github.com/google/uuid"

// Reminders, letters, and who stands in for whom.
const (
	AdminReminders = Admin + "/paamindelser"
	MailWishes     = Profile + "/mail"
	Absences       = "/fravaer"
	Calendar       = Profile + "/kalender"
	EndCalendar    = Calendar + "/luk"
	FeedPattern    = "/kalender/{token}.ics"
	NewAbsence     = Absences + "/ny"
)

// Feed is the address of a calendar feed, by its secret.
func Feed(token string) string { return "/kalender/" + token + ".ics" }

// Absence is one absence; what is done with it hangs below.
func Absence(id uuid.UUID) string { return Absences + "/" + id.String() }
