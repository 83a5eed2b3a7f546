package team

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
)

// Add makes a team. key is the form's own: one that is sent twice is one team, and one that was changed after "Back" another.
func Add(ctx context.Context, tx *db.Tx, key uuid.UUID, in Input) (uuid.UUID, error) {
	if err := in.Validate(); err != nil {
		return uuid.Nil, err
	}
	if key == uuid.Nil {
		return uuid.Nil, fault.NotFound
	}
	id := db.KeyOf(key, in)
	return id, do(ctx, tx, `SELECT app.add_team(@team, @name, @area, @intake)`, db.Args{"team": id, "name": in.Name, "area": in.Area, "intake": in.Intake})
}

// Change gives a team, expected at version, another name, area or purpose. [fault.Stale] says that somebody else was first.
func Change(ctx context.Context, tx *db.Tx, id uuid.UUID, version int, in Input) error {
	if err := in.Validate(); err != nil {
		return err
	}
	return do(ctx, tx, `SELECT app.change_team(@team, @version, @name, @area, @intake)`,
		db.Args{"team": id, "version": version, "name": in.Name, "area": in.Area, "intake": in.Intake})
}

// Join puts a colleague into a team; who is there already stays. Nobody joins who may not read a case, and no admin themself.
func Join(ctx context.Context, tx *db.Tx, id, user uuid.UUID) error {
	return do(ctx, tx, `SELECT app.join_team(@team, @user)`, db.Args{"team": id, "user": user})
}

// Leave takes a colleague out of a team. They keep the cases that they answer for and the access that they were given by
// name, until a lead hands the cases over or takes the access away.
func Leave(ctx context.Context, tx *db.Tx, id, user uuid.UUID) error {
	return do(ctx, tx, `SELECT app.leave_team(@team, @user)`, db.Args{"team": id, "user": user})
}

// Lead makes somebody in the team its lead, or no longer. Only an account with the role of a team lead leads.
func Lead(ctx context.Context, tx *db.Tx, id, user uuid.UUID, on bool) error {
	return do(ctx, tx, `SELECT app.lead_team(@team, @user, @on)`, db.Args{"team": id, "user": user, "on": on})
}

// do runs one of the database's functions and says its answer as the program does.
func do(ctx context.Context, tx *db.Tx, sql string, args db.Args) error {
	answer, err := db.One[string](ctx, tx, sql, args)
	if err != nil {
		return err
	}
	_, ofMember := args["user"]
	switch answer {
	case "done":
		return nil
	case "none":
		return fault.NotFound
	case "stale":
		return fault.Stale
	case "taken":
		return fault.Invalid{"name": "team.error.taken"}
	case "used":
		return fault.Invalid{"area": "team.error.used"}
	case "unfit":
		return fault.Invalid{"user": "team.error.unfit"}
	case "reports":
		if ofMember {
			return fault.Invalid{"user": "team.error.last_at_desk"}
		}
		return fault.Invalid{"intake": "team.error.last_desk"}
	}
	return fmt.Errorf("the database answers %q", answer)
}
