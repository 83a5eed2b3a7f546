package ui

import (
	"context"
	"fmt"
	"time"

	"samspil/internal/i18n"
)

// LevelAt says from when a case had a level.
type LevelAt struct {
	At    time.Time
	Level string // of the reference data
}

// LevelChart is the history of a level as a line of steps, the oldest first. What stands beside it says the same in words.
type LevelChart struct {
	Steps []LevelAt
	Now   time.Time
}

// levelOrder are the levels from the gravest, and levelLines their heights in the chart.
var (
	levelOrder = []string{"red", "orange", "yellow", "green"}
	levelLines = []string{"12.5%", "37.5%", "62.5%", "87.5%"}
)

// levelStep is one level from one moment to the next, in percent of the chart.
type levelStep struct{ From, To, Y, PrevY string }

func levelHeight(level string) string {
	for i, l := range levelOrder {
		if l == level {
			return levelLines[i]
		}
	}
	return levelLines[len(levelLines)-1]
}

func (c LevelChart) steps() []levelStep {
	first := c.Steps[0].At
	span := max(c.Now.Sub(first), time.Hour)
	at := func(t time.Time) string { return fmt.Sprintf("%.1f%%", 4+92*float64(t.Sub(first))/float64(span)) }
	var all []levelStep
	for i, s := range c.Steps {
		to := c.Now
		if i+1 < len(c.Steps) {
			to = c.Steps[i+1].At
		}
		step := levelStep{From: at(s.At), To: at(to), Y: levelHeight(s.Level)}
		if i > 0 {
			step.PrevY = levelHeight(c.Steps[i-1].Level)
		}
		all = append(all, step)
	}
	return all
}

// SeverityName is the word for a level.
func SeverityName(ctx context.Context, level string) string { return i18n.T(ctx, severityKey(level)) }
