// Package partnerview shows a contact person of the directory the same way on every page: face,
// availability in words, what the two of you have done together, and whether the data are verified.
package partnerview

import (
	"context"
	"embed"
	"time"

	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/internal/reference"
	"samspil/web/link"
	"samspil/web/ui"
)

// Texts are the words that this package shows.
//
//go:embed text.*.json
var Texts embed.FS

// Person is a contact person as the parts show people.
func Person(c partner.Callable) ui.Person {
	return ui.Person{Name: c.Name, Title: c.Title, Org: c.Organisation, PhotoURL: link.Photo(c.PhotoID, "s"), External: c.External(), Href: link.Contact(c.ContactID)}
}

// Under is the line below a name: what they do and where, "Sikkerhedskonsulent, Team Øst".
func Under(c partner.Callable) string {
	if c.Title == "" {
		return c.Organisation
	}
	return c.Title + ", " + c.Organisation
}

// Avail says in words whether c can be reached: "Nu, til kl. 16", "Træffes igen mandag kl. 8", "Vagt fra kl. 15".
func Avail(ctx context.Context, c partner.Callable, now time.Time) ui.Avail {
	return Words(ctx, c.Availability(now), now)
}

// Words says an availability in words.
func Words(ctx context.Context, a partner.Availability, now time.Time) ui.Avail {
	switch {
	case !a.Known:
		return ui.Avail{Text: i18n.T(ctx, "partner.avail.unknown")}
	case a.RoundTheClock:
		return ui.Avail{Open: true, Text: i18n.T(ctx, "partner.avail.always")}
	case a.Open:
		return ui.Avail{Open: true, Text: i18n.T(ctx, "partner.avail.until", when(ctx, a.Until, now, true))}
	case a.OpensAt.IsZero():
		return ui.Avail{Text: i18n.T(ctx, "partner.avail.unknown")}
	case a.OnCall:
		return ui.Avail{Text: i18n.T(ctx, "partner.avail.duty", when(ctx, a.OpensAt, now, false))}
	default:
		return ui.Avail{Text: i18n.T(ctx, "partner.avail.again", when(ctx, a.OpensAt, now, false))}
	}
}

// when says a moment of the coming week: "kl. 16", "i morgen kl. 8", "mandag kl. 8.30". An end at
// midnight belongs to the day that it ends: "til kl. 24".
func when(ctx context.Context, t, now time.Time, end bool) string {
	t = t.In(i18n.Zone)
	if midnight := t.Hour() == 0 && t.Minute() == 0; midnight && end {
		return day(ctx, t.AddDate(0, 0, -1), now) + Clock(ctx, 24*60)
	}
	return day(ctx, t, now) + Clock(ctx, t.Hour()*60+t.Minute())
}

func day(ctx context.Context, t, now time.Time) string {
	switch n := i18n.Days(t, now); {
	case n <= 0:
		return ""
	case n == 1:
		return i18n.T(ctx, "when.tomorrow") + " "
	case n >= 7:
		return i18n.T(ctx, "partner.avail.next", i18n.Weekday(ctx, t.Weekday())) + " "
	default:
		return i18n.Weekday(ctx, t.Weekday()) + " "
	}
}

// Clock writes minutes after midnight the short way: "kl. 8", "kl. 8.30", "8:30" in English.
func Clock(ctx context.Context, minute int) string {
	return i18n.T(ctx, "partner.clock", clock(ctx, minute))
}

// Together says what the reader and c have done together: "Samarbejdet i 2 sager, senest i dag".
func Together(ctx context.Context, c partner.Callable, now time.Time) string {
	if c.Together == 0 {
		return i18n.T(ctx, "partner.together.none")
	}
	if c.LastTogether == nil {
		return i18n.N(ctx, "partner.together", c.Together)
	}
	return i18n.N(ctx, "partner.together", c.Together) + ", " + i18n.T(ctx, "partner.together.last", near(ctx, *c.LastTogether, now))
}

// Relation is [Together] in a few words, and empty where there is nothing to tell: "2 sager med dig".
func Relation(ctx context.Context, c partner.Callable) string {
	if c.Together == 0 {
		return ""
	}
	return i18n.N(ctx, "partner.relation", c.Together)
}

// near says a day as "i dag", "i går", or its date.
func near(ctx context.Context, t, now time.Time) string {
	if n := i18n.Days(t, now); n == 0 || n == -1 {
		return i18n.Ago(ctx, t, now)
	}
	return i18n.Date(ctx, t, now)
}

// TypeName is the name of the partner type in the reader's language.
func TypeName(ctx context.Context, code string) string {
	return reference.Name(ctx, reference.PartnerTypes, code)
}

// Competence is the name of a competence in the reader's language.
func Competence(ctx context.Context, code string) string {
	return i18n.T(ctx, "partner.competence."+code)
}
