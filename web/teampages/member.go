package teampages

import (
	"context"
	"net/http"

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

// memberView is one person in a team.
type memberView struct {
	Page   ui.Page
	Team   team.Team
	Member team.Member
	Bad    fault.Invalid
}

func (h Handler) member(w http.ResponseWriter, r *http.Request) error {
	return h.showMember(w, r, http.StatusOK, nil)
}

func (h Handler) showMember(w http.ResponseWriter, r *http.Request, status int, bad fault.Invalid) error {
	ctx, id, user := r.Context(), page.ID(r, "team"), page.ID(r, "user")
	var f *frame.Frame
	var one *db.Found[team.Team]
	var members *[]team.Member
	_, err := h.DB.Read(ctx, actor.From(ctx), func(b *db.Batch) { f, one, members = frame.Ask(b), team.One(b, id), team.Members(b, id) })
	if err != nil {
		return err
	}
	for _, m := range *members {
		if one.OK && m.ID == user {
			v := memberView{f.Page(w, r, i18n.T(ctx, "teammember.title"), "admin"), one.Row, m, bad}
			v.Page.Invalid = len(bad) > 0
			return page.Render(w, r, status, memberPage(v))
		}
	}
	return fault.NotFound
}

func (h Handler) lead(w http.ResponseWriter, r *http.Request) error {
	on, flash := page.ReadForm(r).Has("on"), "flash.team.lead_ended"
	if on {
		flash = "flash.team.lead"
	}
	return h.keep(w, r, flash, func(ctx context.Context, tx *db.Tx, id, user uuid.UUID) error {
		return team.Lead(ctx, tx, id, user, on)
	})
}

func (h Handler) leave(w http.ResponseWriter, r *http.Request) error {
	return h.keep(w, r, "flash.team.left", team.Leave)
}

// keep runs a change about one person of the team, says so, and goes back to the team. What is refused is said where the button is.
func (h Handler) keep(w http.ResponseWriter, r *http.Request, flash string, fn func(ctx context.Context, tx *db.Tx, id, user uuid.UUID) error) error {
	id, user := page.ID(r, "team"), page.ID(r, "user")
	bad, _, err := h.change(r, func(tx *db.Tx) error { return fn(r.Context(), tx, id, user) })
	switch {
	case err != nil:
		return err
	case len(bad) > 0:
		return h.showMember(w, r, http.StatusUnprocessableEntity, bad)
	}
	return page.Done(w, r, flash, link.Team(id))
}

// onlyLead reports whether the team would have nobody who leads it without this person.
func (v memberView) onlyLead() bool { return v.Member.Lead && len(v.Team.Leads) == 1 }

// follows are the consequences of leaving the team, one sentence each.
func (v memberView) follows(ctx context.Context) []string {
	name := v.Member.Name
	list := []string{i18n.T(ctx, "teammember.leave.few", name)}
	if v.Member.Cases != nil {
		list[0] = i18n.T(ctx, "teammember.leave.cases", name, *v.Member.Cases)
	}
	list = append(list, i18n.T(ctx, "teammember.leave.named"), i18n.T(ctx, "teammember.leave.headers"))
	if v.Member.Lead {
		list = append(list, i18n.T(ctx, "teammember.leave.lead"))
	}
	if v.onlyLead() {
		list = append(list, i18n.T(ctx, "teammember.leave.leadless"))
	}
	if v.Team.Intake {
		list = append(list, i18n.T(ctx, "teammember.leave.desk"))
	}
	return append(list, i18n.T(ctx, "teammember.told"))
}

// teamLine says what a team is: "Børn og unge · Modtagelse".
func teamLine(ctx context.Context, t team.Team) string {
	line := areaName(ctx, t.Area)
	if t.Intake {
		line += " · " + i18n.T(ctx, "teams.intake")
	}
	return line
}

func emptyTeam(ctx context.Context, t team.Team) string {
	if t.Intake {
		return i18n.T(ctx, "team.empty.desk")
	}
	return i18n.T(ctx, "team.empty")
}

// joinHint says what whoever comes into the team sees from then on.
func joinHint(t team.Team) string {
	if t.Intake {
		return "team.join.hint.desk"
	}
	return "team.join.hint"
}
