package link

import "github.com/google/uuid"

// Forum is the list of meetings, NewForum the form of a standing forum.
const (
	Forum    = "/forum"
	NewForum = Forum + "/ny"
)

// Meeting is a meeting; its actions hang below it.
func Meeting(id uuid.UUID) string { return Forum + "/" + id.String() }

// Minutes are the reader's own minutes of a meeting.
func Minutes(id uuid.UUID) string { return Meeting(id) + "/referat" }

// ToldItem is an item as the reader's seat sees it.
func ToldItem(meeting, item uuid.UUID) string { return Meeting(meeting) + "/punkter/" + item.String() }

// NewTheme is the form of an item about no case.
func NewTheme(meeting uuid.UUID) string { return Meeting(meeting) + "/punkter/ny" }

// CaseForum are the items of a case at meetings.
func CaseForum(ref string) string { return Case(ref) + "/forum" }

// CallMeeting is the form of an ad-hoc meeting about a case.
func CallMeeting(ref string) string { return Case(ref) + "/moede/ny" }

// PutItem is the form of an item of a case for a meeting.
func PutItem(ref string, meeting uuid.UUID) string { return CaseForum(ref) + "/ny/" + meeting.String() }

// ForumItem is an item as the people of its case see it; its actions hang below it.
func ForumItem(ref string, item uuid.UUID) string { return CaseForum(ref) + "/" + item.String() }
