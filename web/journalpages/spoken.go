package journalpages

import (
	"context"
	"strings"

	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/web/link"
	"samspil/web/ui"
)

// families are the answers to whether parents or network were reached, as the form posts them.
func families() []string {
	var codes []string
	for _, f := range journal.Families {
		codes = append(codes, string(f))
	}
	return codes
}

// spokenName is what a page calls somebody who was spoken to.
func spokenName(ctx context.Context, s journal.Spoken) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Citizen || s.Relation == "":
		return i18n.T(ctx, "journal.citizen")
	}
	return s.Relation
}

// spokenUnder says who they are: where somebody works, or what they are to the citizen.
func spokenUnder(ctx context.Context, s journal.Spoken) string {
	switch {
	case s.Citizen:
		return i18n.T(ctx, "journal.citizen")
	case s.ContactID == nil:
		return s.Relation
	}
	return s.Organisation
}

// spokenNames lists them in one line: "Anders Møller (Åskolen) og Huda Saleh (Mor)".
func spokenNames(ctx context.Context, list []journal.Spoken) string {
	var names []string
	for _, s := range list {
		name := spokenName(ctx, s)
		if under := s.Organisation + s.Relation; under != "" && under != name && !s.Citizen {
			name += " (" + under + ")"
		}
		names = append(names, name)
	}
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " " + i18n.T(ctx, "journal.and") + " " + names[n]
	}
	return strings.Join(names, "")
}

// spokenPerson is a contact person as the parts show people. The people of the case have no face here.
func spokenPerson(s journal.Spoken) ui.Person {
	return ui.Person{Name: s.Name, Title: s.Title, Org: s.Organisation, PhotoURL: link.Photo(s.PhotoID, "s"), External: s.External}
}
