package journalpages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/draft"
	"samspil/internal/i18n"
	"samspil/internal/journal"
	"samspil/internal/timeline"
	"samspil/web/caseframe"
	"samspil/web/eventview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// listView is one page of a journal.
type listView struct {
	Frame   caseframe.View
	View    journal.View
	Kind    string
	Author  uuid.UUID
	Authors []journal.Author
	Entries []journal.Entry
	First   bool          // nothing newer than this page
	Older   timeline.Mark // zero on the last page
	Draft   *db.Found[draft.Draft]
}

func (h Handler) list(w http.ResponseWriter, r *http.Request) error {
	ask := r.URL.Query()
	q := journal.Query{View: journal.View(ask.Get("vis")), Before: timeline.ParseMark(ask.Get("foer"))}
	if q.View == journal.OnlyNotes {
		q.Kind = ask.Get("slags")
		q.Author, _ = uuid.Parse(ask.Get("af"))
	}
	var feed *journal.Feed
	v := listView{View: q.View, Kind: q.Kind, Author: q.Author, First: q.Before == timeline.Mark{}}
	authors := &[]journal.Author{}
	frame, err := caseframe.Read(h.DB, w, r, "journal", func(b *db.Batch) {
		feed, v.Draft = journal.Read(b, q), draft.Load(b, journal.NewNote)
		if q.View == journal.OnlyNotes {
			authors = journal.Authors(b)
		}
	})
	if err != nil {
		return err
	}
	v.Frame, v.Authors = frame, *authors
	v.Entries, v.Older = feed.Page()
	return page.Render(w, r, http.StatusOK, listPage(v))
}

// address is a page of the same journal with this view, kind and author, before the mark.
func (v listView) address(view journal.View, kind string, author uuid.UUID, before timeline.Mark) string {
	ask := url.Values{}
	set := func(name, value string) {
		if value != "" {
			ask.Set(name, value)
		}
	}
	set("vis", string(view))
	set("slags", kind)
	if author != uuid.Nil {
		set("af", author.String())
	}
	set("foer", before.String())
	if len(ask) == 0 {
		return link.Journal(v.Frame.Case.Ref)
	}
	return link.Journal(v.Frame.Case.Ref) + "?" + ask.Encode()
}

func (v listView) chips(ctx context.Context) []ui.Chip {
	var chips []ui.Chip
	for _, view := range journal.Views {
		key := string(view)
		if view == journal.All {
			key = "alt"
		}
		chips = append(chips, ui.Chip{Text: i18n.T(ctx, "journal.view."+key), Href: v.address(view, "", uuid.Nil, timeline.Mark{}), Current: v.View == view})
	}
	return chips
}

// filtered reports whether some notes are left out.
func (v listView) filtered() bool { return v.Kind != "" || v.Author != uuid.Nil }

func (v listView) kinds(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: i18n.T(ctx, "journal.filter.any_kind")}}, kindOptions(ctx)...)
}

func (v listView) authors(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "journal.filter.anybody")}}
	for _, a := range v.Authors {
		options = append(options, ui.Option{Value: a.ID.String(), Label: a.Name})
	}
	return options
}

// empty says what it means that there is nothing.
func (v listView) empty() string {
	switch {
	case v.filtered():
		return "journal.empty.filter"
	case v.View == journal.All:
		return "journal.empty.alt"
	}
	return "journal.empty." + string(v.View)
}

// events are the entries as the timeline shows them.
func (v listView) events(ctx context.Context) []ui.Event {
	list := make([]ui.Event, 0, len(v.Entries))
	for _, e := range v.Entries {
		if e.Note == nil {
			list = append(list, eventview.Event(ctx, e.Event, v.Frame.Now))
			continue
		}
		list = append(list, noteEvent(ctx, *e.Note, v.Frame))
	}
	return list
}

func noteEvent(ctx context.Context, n journal.Note, f caseframe.View) ui.Event {
	e := eventview.Note(ctx, n, f.Case.Ref)
	e.ID, e.Body = "n-"+n.ID.String(), entryBody(n, f)
	if len(n.Spoken) > 0 {
		e.Text = i18n.T(ctx, "journal.with", spokenNames(ctx, n.Spoken))
	}
	if i18n.Days(n.CreatedAt, n.HappenedAt) > 0 {
		e.More = i18n.T(ctx, "journal.written", i18n.DateTime(ctx, n.CreatedAt, f.Now))
	}
	return e
}

func kindOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, k := range journal.Kinds {
		options = append(options, ui.Option{Value: k, Label: eventview.NoteKind(ctx, k)})
	}
	return options
}

var noAuthor = uuid.Nil

func (v listView) author() string {
	if v.Author == uuid.Nil {
		return ""
	}
	return v.Author.String()
}

// heading names what the list shows.
func (v listView) heading() string {
	if v.View == journal.All {
		return "journal.heading.alt"
	}
	return "journal.heading." + string(v.View)
}

// excerpt is the text of a note as a list shows it.
func excerpt(n journal.Note) string {
	if n.Excerpt() {
		return n.Body + " …"
	}
	return n.Body
}
