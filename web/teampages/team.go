package teampages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/team"
	"samspil/web/frame"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// teamView is the form of a team, new or known, with the people in it.
type teamView struct {
	Page       ui.Page
	Team       team.Team // as it is; of a new one only the id, which is the form's own
	New        bool
	In         team.Input
	Version    int
	Fixed      bool // the area stays
	Members    []team.Member
	Candidates []team.Candidate
	Chosen     string // the colleague who was chosen and refused
	Bad        fault.Invalid
	Conflict   *ui.Conflict
}

func (v teamView) action() string {
	if v.New {
		return link.NewTeam
	}
	return link.Team(v.Team.ID)
}

func readInput(f *page.Form) team.Input {
	return team.Input{Name: f.Text("name"), Area: f.Text("area"), Intake: f.Has("intake")}
}

func (h Handler) newTeam(w http.ResponseWriter, r *http.Request) error {
	return h.newForm(w, r, http.StatusOK, teamView{Team: team.Team{ID: uuid.New()}})
}

func (h Handler) add(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := teamView{Team: team.Team{ID: f.ID("id")}, In: readInput(f)}
	if v.Team.ID == uuid.Nil {
		v.Team.ID = uuid.New()
	}
	var err error
	var made uuid.UUID
	v.Bad, _, err = h.change(r, func(tx *db.Tx) (err error) { made, err = team.Add(r.Context(), tx, v.Team.ID, v.In); return err })
	switch {
	case err != nil:
		return err
	case len(v.Bad) > 0:
		return h.newForm(w, r, http.StatusUnprocessableEntity, v)
	}
	return page.Done(w, r, "flash.team.made", link.Team(made))
}

func (h Handler) newForm(w http.ResponseWriter, r *http.Request, status int, v teamView) error {
	ctx := r.Context()
	var f *frame.Frame
	if _, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f = frame.Ask(b) }); err != nil {
		return err
	}
	v.New, v.Page = true, f.Page(w, r, i18n.T(ctx, "teams.new"), "admin")
	v.Page.Invalid = len(v.Bad) > 0
	return page.Render(w, r, status, newPage(v))
}

// read asks for everything about the team that the address names.
func (h Handler) read(w http.ResponseWriter, r *http.Request) (teamView, error) {
	ctx, id := r.Context(), page.ID(r, "team")
	var f *frame.Frame
	var one *db.Found[team.Team]
	var fixed *bool
	var members *[]team.Member
	var candidates *[]team.Candidate
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) {
		f, one, fixed = frame.Ask(b), team.One(b, id), team.Fixed(b, id)
		members, candidates = team.Members(b, id), team.Candidates(b, id)
	})
	if err != nil {
		return teamView{}, err
	}
	if !one.OK {
		return teamView{}, fault.NotFound
	}
	t := one.Row
	return teamView{Page: f.Page(w, r, t.Name, "admin"), Team: t, In: t.Input, Version: t.Version, Fixed: *fixed, Members: *members, Candidates: *candidates}, nil
}

func (h Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, teamPage(v))
}

func (h Handler) save(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), page.ReadForm(r)
	in, version := readInput(f), f.Int("version")
	if f.Err() != nil {
		version = -1 // nonsense matches no row, and so is a conflict
	}
	bad, stale, err := h.change(r, func(tx *db.Tx) error { return team.Change(ctx, tx, page.ID(r, "team"), version, in) })
	if err != nil {
		return err
	}
	if bad == nil && !stale {
		return page.Done(w, r, "flash.team.saved", link.Team(page.ID(r, "team")))
	}
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	saved := v.In
	v.In, v.Bad, v.Page.Invalid = in, bad, true
	if stale {
		v.Conflict = &ui.Conflict{Keep: link.Team(v.Team.ID)}
		v.Conflict.Differ("teams.name", saved.Name, in.Name)
		v.Conflict.Differ("teams.area", areaName(ctx, saved.Area), areaName(ctx, in.Area))
		v.Conflict.Differ("teams.intake", yesNo(ctx, saved.Intake), yesNo(ctx, in.Intake))
	} else {
		v.Version = version
	}
	return page.Render(w, r, status(stale), teamPage(v))
}

func (h Handler) join(w http.ResponseWriter, r *http.Request) error {
	f, id := page.ReadForm(r), page.ID(r, "team")
	user := f.ID("user")
	bad := fault.Invalid{}
	bad.Check("user", user != uuid.Nil, "team.error.nobody")
	if len(bad) == 0 {
		var err error
		if bad, _, err = h.change(r, func(tx *db.Tx) error { return team.Join(r.Context(), tx, id, user) }); err != nil {
			return err
		}
	}
	if len(bad) == 0 {
		return page.Done(w, r, "flash.team.joined", link.Team(id))
	}
	v, err := h.read(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Chosen, v.Page.Invalid = bad, f.Text("user"), true
	return page.Render(w, r, http.StatusUnprocessableEntity, teamPage(v))
}

func areaName(ctx context.Context, area string) string {
	if area == "" {
		return ""
	}
	return i18n.T(ctx, "teams.area."+area)
}

// options are the colleagues who may come in, with the teams that they are in already.
func (v teamView) options(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "team.join.choose")}}
	for _, c := range v.Candidates {
		label := c.Name
		if c.Title != "" {
			label += ", " + c.Title
		}
		if c.Teams != "" {
			label += " (" + c.Teams + ")"
		}
		options = append(options, ui.Option{Value: c.ID.String(), Label: label})
	}
	return options
}

// leadless reports whether the team has people and nobody who leads them.
func (v teamView) leadless() bool { return len(v.Team.Leads) == 0 && v.Team.Members > 0 }

// counted reports whether any number of cases is shown.
func (v teamView) counted() bool {
	return slices.ContainsFunc(v.Members, func(m team.Member) bool { return m.Cases != nil })
}

// cases says roughly how many cases somebody answers for; nothing where it is fewer than five.
func cases(ctx context.Context, m team.Member) string {
	if m.Cases == nil {
		return ""
	}
	return i18n.T(ctx, "team.cases", *m.Cases)
}

func person(m team.Member, href string) ui.Person {
	return ui.Person{Name: m.Name, Title: m.Title, PhotoURL: link.Photo(m.PhotoID, "s"), Href: href}
}

// intakeHint says what it means for the team to be the intake desk.
func (v teamView) intakeHint() string {
	if v.Team.Intake {
		return "team.intake.off"
	}
	return "team.intake.on"
}
