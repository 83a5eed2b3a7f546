package demo

import (
	"time"

	"github.com/google/uuid"

	"samspil/internal/keys"
	"samspil/internal/reference"
	"samspil/internal/sharing"
	"samspil/internal/timeline"
)

// The demo's forum: Sara leads it, it met ten days ago, and meets again.
const forumName = "Myndighedsforum"

// forumSeats are who sits there, colleagues first. At the meeting to come Line has not promised confidentiality yet.
var forumSeats = []string{"sara", "mette", "huseyin", "signe", "rikke", "bilal", "line"}

// forumItem is an item of a case; the slices are by seat.
type forumItem struct {
	meeting      string // "last" or "next"
	title, body  string
	named        bool
	slices       map[string][2]string // what the seat alone is told, and what it is asked
	answers      map[string][2]string
	actions      []forumAction
	order        []string
	purpose      string
	waitsForLead bool
}

type forumAction struct{ seat, what, state, words string }

// forumItems are the items by the number of their case. All of them are invented, as everything here.
var forumItems = map[string][]forumItem{
	"2026-0147": {
		{meeting: "last", title: "Sag A", body: "En ung under 18 er bange for en rejse i en kommende ferie. En ældre bror holder øje.",
			order: []string{"mette", "sara", "rikke"}, slices: map[string][2]string{"rikke": {"", "Hvad kan I gøre, før der er billetter?"}},
			answers: map[string][2]string{"rikke": {"answered", "Vi kan tage en samtale med broren, hvis kommunen ønsker det."}},
			actions: []forumAction{{"rikke", "Politiet undersøger, hvordan udrejsekontrollen varsles", "", ""},
				{"mette", "Aftal fast mødetid med politiet før ferien", "not_done", "Vagtplanen er ikke kommet endnu."},
				{"sara", "Find en anonym rådgiver, der kan nås i ferien", "not_possible", "Rådgivningen holder lukket i uge 51."}}},
		{meeting: "next", title: "Sag A", body: "Siden sidst: den unge har talt med en voksen, hun stoler på. Rejsen er stadig planlagt.",
			order:  []string{"mette", "sara", "rikke"},
			slices: map[string][2]string{"sara": {"Tag gerne stilling til, om en sikkerhedskonsulent skal med næste gang.", ""}, "rikke": {"Broren kender ikke til, at politiet er spurgt.", "Er der nyt om varsling af udrejsekontrollen?"}}},
		{meeting: "next", title: "Rejse i uge 51", body: "Amira er bange for at blive taget med på en rejse i uge 51 og ikke komme hjem.", named: true, waitsForLead: true,
			order: []string{"mette", "rikke", "bilal"}, purpose: "Forebygge en ufrivillig rejse", slices: map[string][2]string{"bilal": {"", "Hvad kræver en note om passet?"}}},
	},
	"2026-0139": {
		{meeting: "next", title: "Sag B", body: "En ung under 18 har en voksen søster, der får hjælp af voksenrådgivningen.",
			order:  []string{"mette", "huseyin", "line"},
			slices: map[string][2]string{"huseyin": {"Søsteren har selv spurgt, om de to kan ses.", "Hvem hos jer kan tale med søsteren?"}, "line": {"", "Har I en plads til rådgivning?"}}},
	},
}

// forum loads the forum with its two meetings, once, and the items of a case.
func (r *caseRows) forum() {
	items := forumItems[r.Number]
	if len(items) == 0 {
		return
	}
	meetings := map[string]time.Time{"last": Day(10).On(r.now, "13:00"), "next": at(Due(r.now, 3), "13:00")}
	standing := id("forum")
	if len(r.rows["app.forum"]) == 0 {
		r.put("app.forum", standing, municipalityID, forumName, "SSP", "fortnightly", r.user("sara"))
		for name, starts := range meetings {
			state, attended, ended := "planned", "expected", any(nil)
			if name == "last" {
				state, attended, ended = "held", "present", starts.Add(90*time.Minute)
			}
			r.put("app.forum_meeting", id("forum", name), municipalityID, standing, "SSP", starts, "Rådhuset, lokale 2", state, ended, r.user("sara"))
			for _, key := range forumSeats {
				user, contact := r.sits(key)
				promised, to := any(meetings["last"]), any(nil)
				if contact != nil {
					to = r.user("sara")
				}
				if name == "next" && key == "line" {
					promised, to = nil, nil
				}
				r.put("app.forum_seat", id("forum", name, key), id("forum", name), user, contact, r.user("sara"), attended, promised, to)
			}
		}
	}
	for n, i := range items {
		r.forumItem(n, i, meetings[i.meeting])
	}
}

// sits is somebody at the table: a user or a contact.
func (r *caseRows) sits(key string) (user, contact any) {
	if _, ok := r.contacts[key]; ok {
		return nil, id("contact", key)
	}
	return r.user(key), nil
}

func (r *caseRows) forumItem(n int, i forumItem, starts time.Time) {
	row := r.uid("forum", i.meeting, i.title)
	put := r.now.Add(-3*time.Hour + time.Duration(n)*time.Minute)
	if i.meeting == "last" {
		put = starts.Add(-26 * time.Hour)
	}
	naming, basis, code := "anonymous", sharing.Anonymous, ""
	if i.named {
		naming, basis, code = "named", "RPL_115_SSP", "prevention"
	}
	r.put("app.forum_item", row, id("forum", i.meeting), naming, i.title, i.body, basis, i.purpose, r.user("mette"), put, code)
	r.put("app.forum_item_case", row, r.id())
	r.event(put, "mette", timeline.ForumPut, row, timeline.Data{"naming": naming})
	for _, key := range i.order {
		s, seat := i.slices[key], id("forum", i.meeting, key)
		r.put("app.forum_slice", row, seat, id("forum", i.meeting), s[0], s[1])
		if i.waitsForLead {
			continue
		}
		var entry any
		if key != "mette" {
			entry = r.forumShared(i, key, put, s)
		}
		r.put("app.forum_given", r.id(), row, seat, entry, r.user("mette"), put)
		if a, ok := i.answers[key]; ok {
			r.put("app.forum_answer", row, seat, a[0], a[1], r.user("mette"), put.Add(time.Hour))
		}
	}
	if i.waitsForLead {
		r.put("app.notice", r.id("notice", "forum"), r.user("jonas"), r.id(), "forum.waits", put)
		return
	}
	r.event(put.Add(time.Second), "mette", timeline.ForumGiven, row, nil)
	for _, a := range i.actions {
		action, made := r.uid("forum", a.what), starts.Add(time.Hour)
		r.put("app.forum_action", action, row, id("forum", i.meeting, a.seat), a.what, day(Due(r.now, 2)), r.user("mette"), made)
		r.event(made, "mette", timeline.ForumDecided, row, nil)
		if a.state != "" {
			r.put("app.forum_report", action, a.state, a.words, r.user("mette"), r.now.Add(-5*time.Hour))
		}
		if step, ok := r.stepOf(a.seat); ok {
			r.put("app.forum_action_step", r.id(), action, step)
		}
	}
}

// forumShared is the line of the register for what a seat was told.
func (r *caseRows) forumShared(i forumItem, key string, put time.Time, s [2]string) uuid.UUID {
	row := r.uid("forum", "sharing", i.meeting, i.title, key)
	user, contact := r.sits(key)
	organisation, name := any(nil), r.users[key].Name
	if contact != nil {
		o := r.orgOf[key]
		organisation, name = id("organisation", o.Key), o.Name
	}
	sealed := r.k.Seal(keys.Where{Column: "sharing.text", CaseID: r.uid(), RowID: row}, i.title+"\n\n"+i.body+"\n\n"+s[0]+"\n\n"+s[1])
	r.put("app.sharing", row, r.id(), sharing.Out, sharing.Shared, organisation, contact, "Forum: "+i.title, sealed, nil, sharing.Anonymous, "Anonym drøftelse", sharing.NotAsked, "", day(put), 0, nil, "",
		r.user("mette"), put, "advice", sharing.Youth, reference.CompassVersion(), true, nil, user)
	r.event(put, "mette", timeline.SharingOut, row, timeline.Data{"organisation": name})
	return row
}

// stepOf is an open step of the plan that waits for somebody at the table.
func (r *caseRows) stepOf(key string) (any, bool) {
	user, contact := r.sits(key)
	for _, s := range r.rows["app.plan_step"] {
		if s[1] == r.id() && s[13] == "open" && (user != nil && s[8] == user || contact != nil && s[9] == contact) {
			return s[0], true
		}
	}
	return nil, false
}
