package demo

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/absence"
)

// Absence is somebody who is away, from and until so many days from today, and who stands in.
type Absence struct {
	User    string `json:"user"`
	StandIn string `json:"stand_in"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	State   string `json:"state"`
	By      string `json:"by"` // who stated it
	Days    Day    `json:"days"`
	At      string `json:"at"`
}

func absenceID(a Absence) uuid.UUID { return id("absence", a.User, a.StandIn) }

// absences loads who is away, and tells who is asked to stand in.
func (l *loader) absences() {
	for _, a := range l.m.Absences {
		stated := a.Days.OnWorkday(l.now, a.At)
		var answered any
		if a.State == absence.Accepted {
			answered = stated
		}
		l.put("app.absence", absenceID(a), id("user", a.User), id("user", a.StandIn), day(l.now.AddDate(0, 0, a.From)), day(l.now.AddDate(0, 0, a.To)), a.State, "", id("user", a.By), stated, answered)
		if a.State == absence.Asked {
			l.put("app.notice", id("notice", "absence", a.User), id("user", a.StandIn), nil, "absence.asked", stated)
		}
	}
}

// cover gives who stands in today the cases that are theirs, as the database decides it, after everything else is there.
func (l *loader) cover(ctx context.Context, tx pgx.Tx) error {
	for _, a := range l.m.Absences {
		if _, err := tx.Exec(ctx, `SELECT app._cover($1, now())`, absenceID(a)); err != nil {
			return fmt.Errorf("seed: an absence: %w", err)
		}
	}
	return nil
}
