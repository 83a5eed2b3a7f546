package partnerpages

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/partner"
	"samspil/web/frame"
	"samspil/web/page"
	"samspil/web/partnerview"
	"samspil/web/ui"
)

// historyLength is how many changes a page of the directory shows.
const historyLength = 20

// orgView is the page of an organisation.
type orgView struct {
	Page    ui.Page
	Now     time.Time
	Org     partner.Organisation
	People  []partner.Callable
	History []ui.Event
	Same    []string // organisations that are one authority with this one
	IsAdmin bool
}

func (h Handler) organisation(w http.ResponseWriter, r *http.Request) error {
	var f *frame.Frame
	var org *partner.Organisation
	var all *[]partner.Organisation
	var people *[]partner.Callable
	var changes *[]partner.Change
	id := page.ID(r, "id")
	now, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, org, all = frame.Ask(b), partner.GetOrganisation(b, id), partner.Organisations(b)
		people, changes = partner.Callables(b, partner.Query{OrganisationID: id, Retired: true}), partner.Changes(b, id, uuid.Nil, historyLength)
	})
	if err != nil {
		return err
	}
	v := orgView{Page: f.Page(w, r, title(r, "dirorg.title"), "partners"), Now: now, Org: *org, History: history(r.Context(), *changes, *people), Same: sameAuthority(*all, *org), IsAdmin: me(r).Role == actor.Admin}
	for _, c := range *people {
		if !c.Retired {
			v.People = append(v.People, c)
		}
	}
	v.People = partner.Rank(v.People, now)
	return page.Render(w, r, http.StatusOK, orgPage(v))
}

// personView is the page of a contact person.
type personView struct {
	Page    ui.Page
	Now     time.Time
	Person  partner.Callable
	Days    []dayRow
	Others  []partner.Callable // in the same organisation
	StandIn *partner.Callable
	History []ui.Event
	IsAdmin bool

	Question *partner.Question // that is open, for who keeps the directory
	Code     string            // that has just been given
}

// dayRow is one day of the week in the table of hours.
type dayRow struct {
	Name          string
	Regular, Duty string
	Today         bool
}

func (h Handler) person(w http.ResponseWriter, r *http.Request) error { return h.showPerson(w, r, "") }

// showPerson is the page of a contact person, with a code that has just been given.
func (h Handler) showPerson(w http.ResponseWriter, r *http.Request, code string) error {
	var f *frame.Frame
	var people *[]partner.Callable
	var changes *[]partner.Change
	questions := &[]partner.Question{}
	id := page.ID(r, "id")
	now, err := h.DB.Read(r.Context(), me(r), func(b *db.Batch) {
		f, people = frame.Ask(b), partner.Callables(b, partner.Query{Retired: true})
		changes = partner.Changes(b, uuid.Nil, id, historyLength)
		if me(r).Role == actor.Admin {
			questions = partner.Questions(b, id)
		}
	})
	if err != nil {
		return err
	}
	v := personView{Page: f.Page(w, r, title(r, "dirperson.title"), "partners"), Now: now, IsAdmin: me(r).Role == actor.Admin, Code: code}
	if len(*questions) > 0 {
		v.Question = &(*questions)[0]
	}
	c, ok := byID(*people, id)
	if !ok {
		return fault.NotFound
	}
	v.Person, v.Days, v.History = c, days(r.Context(), c, now), history(r.Context(), *changes, *people)
	for _, o := range *people {
		if o.OrganisationID == c.OrganisationID && o.ContactID != id && o.Active {
			v.Others = append(v.Others, o)
		}
		if c.StandInID != nil && o.ContactID == *c.StandInID {
			v.StandIn = &o
		}
	}
	return page.Render(w, r, http.StatusOK, personPage(v))
}

func byID(people []partner.Callable, id uuid.UUID) (partner.Callable, bool) {
	for _, c := range people {
		if c.ContactID == id {
			return c, true
		}
	}
	return partner.Callable{}, false
}

// days writes the hours of a week, a row for each day.
func days(ctx context.Context, c partner.Callable, now time.Time) []dayRow {
	regular, duty := partner.WriteWeek(c.Hours, partner.Regular), partner.WriteWeek(c.Hours, partner.OnCall)
	today := (int(now.In(i18n.Zone).Weekday()) + 6) % 7
	rows := make([]dayRow, 7)
	for i := range rows {
		rows[i] = dayRow{dayName(ctx, i), spread(regular[i]), spread(duty[i]), i == today}
	}
	return rows
}

// spread writes "8-16" with the dash of ranges.
func spread(hours string) string { return strings.ReplaceAll(hours, "-", "–") }

// history tells what was changed in the directory, by whom and when, with the old value and the new.
func history(ctx context.Context, changes []partner.Change, people []partner.Callable) []ui.Event {
	var all []ui.Event
	for _, c := range changes {
		e := ui.Event{Icon: changeIcons[c.Action], Tone: changeTones[c.Action], Title: i18n.T(ctx, "partner.change."+c.Action), By: c.By, At: c.At, More: c.Contact}
		if c.Action == "changed" {
			e.Body = changeList(changeLines(ctx, c, people))
		}
		all = append(all, e)
	}
	return all
}

var (
	changeIcons = map[string]string{"added": "plus", "changed": "edit", "verified": "check", "photo": "photo-camera", "retired": "person-remove", "restored": "undo"}
	changeTones = map[string]string{"added": "b", "verified": "g", "retired": "r"}
)

// changeLine is one fact with its old and its new value.
type changeLine struct{ Name, Before, After string }

func changeLines(ctx context.Context, c partner.Change, people []partner.Callable) []changeLine {
	var lines []changeLine
	for _, name := range c.Facts() {
		lines = append(lines, changeLine{i18n.T(ctx, "partner.fact."+name), factText(ctx, name, c.Before[name], people), factText(ctx, name, c.After[name], people)})
	}
	return lines
}

// factText writes the value of a fact in the reader's language.
func factText(ctx context.Context, name, value string, people []partner.Callable) string {
	if value == "" {
		return i18n.T(ctx, "partners.nothing")
	}
	each := func(prefix string) string {
		parts := strings.Split(value, ",")
		for i, p := range parts {
			parts[i] = i18n.T(ctx, prefix+p)
		}
		return strings.Join(parts, ", ")
	}
	switch name {
	case "kind":
		return each("partners.tag.")
	case "areas":
		return each("partners.area.")
	case "authority_group":
		if _, err := uuid.Parse(value); err == nil {
			return i18n.T(ctx, "orgform.group.alone")
		}
	case "competences":
		return each("partner.competence.")
	case "lang":
		return i18n.T(ctx, "partner.lang."+value)
	case "languages":
		return strings.ReplaceAll(value, ",", ", ")
	case "partner_type":
		return partnerview.TypeName(ctx, value)
	case "address_secret", "first_name_only", "photo":
		return i18n.T(ctx, "partners.yes")
	case "stand_in":
		id, _ := uuid.Parse(value) // the history holds only ids that we wrote
		if c, ok := byID(people, id); ok {
			return c.Name
		}
		return i18n.T(ctx, "partners.somebody")
	case "regular", "on_call":
		return weekText(ctx, value)
	}
	return value
}

// weekText turns "1: 8-16; 2: 8-16" of the history into days with names.
func weekText(ctx context.Context, value string) string {
	var days [7]string
	for _, part := range strings.Split(value, "; ") {
		day, hours, _ := strings.Cut(part, ": ")
		if n, err := strconv.Atoi(day); err == nil && n >= 1 && n <= 7 {
			days[n-1] = hours
		}
	}
	hours, err := partner.ReadWeek(partner.Regular, days)
	if err != nil {
		return value
	}
	return partnerview.Week(ctx, hours, partner.Regular)
}
