package ui

import (
	"context"
	"strconv"
	"strings"

	"samspil/internal/actor"
	"samspil/internal/i18n"
	"samspil/web/link"
)

// Page is what the frame needs to know about the page inside it.
type Page struct {
	Title  string // of the tab; already translated, and never with a name in it
	Active string // Key of the current [NavItem]
	Actor  actor.Actor
	Me     Person // the actor's face; initials of the actor's name where it is empty
	Nav    []NavItem
	Recent []RecentCase
	Flash  *FlashMsg
	Bell   *Bell // nil where nothing rings
	// Reports of concern that wait for the reader: for their assessment (R2), and for the case that their screening asks for.
	Unassessed, WithoutCase int
	// Invalid is set where a form was refused; the title then begins with "Fejl: ".
	Invalid      bool
	Municipality string
	IdleSeconds  int    // until the session ends without activity; 0 leaves the watch out
	WarnSeconds  int    // before that, when the dialog asks
	HideNames    bool   // the reader has chosen *Skjul navne* (cookie [HideCookie])
	Path         string // of this page, for coming back after choosing a language
	Bare         bool   // sign-in and lock: no menu, no keys
	Wide         bool   // uses the whole width of the screen (the board)
}

// NavItem is one place in the menu.
type NavItem struct {
	Key   string // "day", "cases", "partners", "overview", "admin" or "log"
	Href  string
	Text  string
	Icon  string
	Count int
	Hot   bool // the count is something to act on, and is red
}

// RecentCase is a case that was opened lately: its number, never a name.
type RecentCase struct {
	Number string
	Href   string
}

// HideCookie is the session cookie of *Skjul navne*; "1" hides.
const HideCookie = "skjul"

// What the frame posts to, for the router: each is a form with the hidden field
// "return" ([PostRenew] has none), and works without a script.
const (
	PostHide  = "/skjul-navne"   // turns *Skjul navne* around, in the cookie [HideCookie]
	PostLang  = "/sprog"         // field lang: "da" or "en"
	PostRenew = "/session/forny" // somebody is here: 204, or 401 when the session is over
)

// Menu is the menu of somebody in that role, without counts.
func Menu(ctx context.Context, who actor.Actor) []NavItem {
	item := func(key, href, icon string) NavItem {
		return NavItem{Key: key, Href: href, Icon: icon, Text: i18n.T(ctx, "ui.nav."+key)}
	}
	partners := item("partners", link.Partners, "contact-card")
	switch who.Role {
	case actor.Admin:
		return []NavItem{item("admin", link.Admin, "settings"), partners}
	case actor.Auditor:
		return []NavItem{item("log", link.Log, "history"), partners}
	case actor.TeamLead:
		return []NavItem{item("day", link.Day, "home"), item("overview", link.Overview, "analytics"), item("cases", link.Cases, "folder"), item("forum", link.Forum, "groups"), partners, item("sparring", link.SparringInbox, "forum")}
	case "":
		return nil
	}
	return []NavItem{item("day", link.Day, "home"), item("cases", link.Cases, "folder"), item("forum", link.Forum, "groups"), partners, item("sparring", link.SparringInbox, "forum")}
}

// tab is the title of the browser's tab.
func (p Page) tab(ctx context.Context) string {
	title := p.Title + " – Samspil"
	if p.Invalid {
		title = i18n.T(ctx, "ui.error") + " " + title
	}
	return title
}

// me is the actor as a person.
func (p Page) me() Person {
	if p.Me.Name == "" {
		p.Me.Name = p.Actor.Name
	}
	return p.Me
}

// home is where the name in the top bar leads.
func (p Page) home() string {
	if len(p.Nav) > 0 {
		return p.Nav[0].Href
	}
	return "/"
}

// root are the attributes of <html> that style and script read.
func (p Page) root() map[string]string {
	a := map[string]string{}
	set := func(key, value string, when bool) {
		if when {
			a[key] = value
		}
	}
	set("data-theme", p.Actor.Theme, p.Actor.Theme != "")
	set("data-density", p.Actor.Density, p.Actor.Density != "")
	set("data-shortcuts", "on", p.Actor.Shortcuts && !p.Bare)
	watch := p.IdleSeconds > 0 && !p.Bare
	set("data-idle", strconv.Itoa(p.IdleSeconds), watch)
	set("data-warn", strconv.Itoa(p.WarnSeconds), watch)
	set("data-renew", PostRenew, watch)
	set("class", "blur", p.HideNames)
	return a
}

// bottom are the places of the bar at the foot of a phone: at most four, the
// fifth opens the whole menu.
func (p Page) bottom() []NavItem { return p.Nav[:min(4, len(p.Nav))] }

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
