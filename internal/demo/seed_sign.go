package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/reference"
	"samspil/internal/timeline"
)

// SignSeen is a sign that somebody noted.
type SignSeen struct {
	Code   string `json:"code,omitempty"` // empty: an own observation
	Text   string `json:"text"`
	Source string `json:"source"`
	Seen   *Day   `json:"seen,omitempty"` // days before today; nil: not known
	Noted  Day    `json:"noted"`
	At     string `json:"at"`
	By     string `json:"by"`
}

// Answered is what somebody said to a suggestion, which rested on these of the signs.
type Answered struct {
	Rule     string   `json:"rule"`
	Signs    []string `json:"signs"`
	Relevant bool     `json:"relevant"`
	Reason   string   `json:"reason"`
	Days     Day      `json:"days"`
	At       string   `json:"at"`
	By       string   `json:"by"`
}

// Screened is a screening.
type Screened struct {
	Outcome   string   `json:"outcome"`
	Reason    string   `json:"reason"`
	Honour    bool     `json:"honour"`
	Why       string   `json:"why"`
	Certainty string   `json:"certainty"`
	Mandatory []string `json:"mandatory,omitempty"`
	Days      Day      `json:"days"`
	At        string   `json:"at"`
	By        string   `json:"by"`
}

// signs tells what has been seen in the case and what was decided on it. A case whose content only names the codes
// had them from the start, and was screened on its first day of work; those of today wait.
func (r *caseRows) signs() {
	seen, screened := r.SignsSeen, r.Screenings
	if len(seen) == 0 {
		for _, code := range r.Signs {
			seen = append(seen, SignSeen{Code: code, Text: "Beskrevet, da sagen blev oprettet.", Source: "professional", Noted: r.Opened, At: "15:30", By: r.Responsible})
		}
	}
	if len(screened) == 0 && r.Area == "child" && r.Opened > 1 && r.Phase != "P0" && r.Phase != "P1" {
		s := Screened{Outcome: "clarification", Reason: "Der er forhold, som skal undersøges nærmere sammen med barnet.", Honour: r.Certainty == "suspicion" || r.Certainty == "confirmed",
			Why: "Se de tegn, der er noteret i sagen.", Certainty: r.Certainty, Days: r.Opened - 1, At: "09:40", By: r.Responsible}
		if r.Severity == "orange" || r.Severity == "red" {
			s.Outcome = "assessment"
		}
		screened = []Screened{s}
	}
	byCode := map[string]uuid.UUID{}
	told := map[Day]time.Time{} // the latest thing told of a day: two days may have fallen on one Friday
	next := func(d Day, clock string) time.Time {
		at, before := r.when(d, clock), r.opened
		for day, t := range told {
			if day >= d && t.After(before) {
				before = t
			}
		}
		if !at.After(before) {
			at = before.Add(time.Minute)
		}
		if at.After(r.now) {
			at = r.now
		}
		told[d] = at
		return at
	}
	for i, s := range seen {
		row, at := r.uid("sign", fmt.Sprint(i)), next(s.Noted, s.At)
		byCode[s.Code] = row
		var on any
		if s.Seen != nil {
			on = day(s.Seen.On(r.now, "12:00"))
		}
		r.put("app.sign_seen", row, r.id(), s.Code, r.text(s.Text), s.Source, on, r.user(s.By), at)
		sign, _ := reference.SignByCode(s.Code)
		if len(r.SignsSeen) > 0 { // the others are part of how the case began
			r.event(at, s.By, timeline.SignSeen, row, timeline.Data{"group": sign.Group})
		}
	}
	for i, a := range r.Answers {
		var evidence []uuid.UUID
		for _, code := range a.Signs {
			evidence = append(evidence, byCode[code])
		}
		slices.SortFunc(evidence, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
		at := next(a.Days, a.At)
		r.put("app.suggestion_answer", r.id("answer", fmt.Sprint(i)), r.id(), a.Rule, 1, evidence, a.Relevant, r.text(a.Reason), r.user(a.By), at)
		r.event(at, a.By, timeline.SuggestionAnswered, nil, timeline.Data{"answer": map[bool]string{true: "yes", false: "no"}[a.Relevant], "da": r.rules[a.Rule].DA, "en": r.rules[a.Rule].EN})
	}
	for i, s := range screened {
		row, at := r.id("screening", fmt.Sprint(i)), next(s.Days, s.At)
		mandatory := s.Mandatory
		if mandatory == nil {
			mandatory = []string{}
		}
		r.put("app.screening", row, r.id(), s.Outcome, r.text(s.Reason), s.Honour, r.text(s.Why), s.Certainty, mandatory, "", r.user(s.By), at)
		r.event(at, s.By, timeline.ScreeningMade, row, timeline.Data{"outcome": s.Outcome, "honour": map[bool]string{true: "suspected", false: "not"}[s.Honour]})
	}
}

// ruleName is what a rule of screening is called in Danish and English.
type ruleName struct{ Code, DA, EN string }

// ruleNames reads the rules that came with the schema, by code: the journal tells their names as they were.
func ruleNames(ctx context.Context, tx pgx.Tx) (map[string]ruleName, error) {
	rows, err := tx.Query(ctx, `SELECT code, da, en FROM app.screening_rule WHERE version = 1 ORDER BY code`)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ruleName])
	byCode := map[string]ruleName{}
	for _, n := range list {
		byCode[n.Code] = n
	}
	return byCode, err
}
