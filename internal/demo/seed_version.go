package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/plan"
	"samspil/internal/timeline"
)

// versions tells who sent the plan, and what the lead answered. There is one version of each; what it froze is told by the database,
// see [freeze].
func (r *caseRows) versions() {
	state, answer, by := "", (*Approval)(nil), r.Responsible
	p := r.Plan
	switch {
	case p.Approved != nil:
		state, answer = string(plan.Approved), p.Approved
	case p.Returned != nil:
		state, answer = string(plan.Returned), p.Returned
	case p.Sent != nil:
		state = string(plan.Submitted)
	default:
		return
	}
	data := timeline.Data{"version": "1"}
	row := r.id("version")
	var answeredBy, answeredAt any
	words, remarks := "", ""
	var sent time.Time
	if answer != nil {
		at := r.when(answer.Days, answer.At)
		sent = at.Add(-22 * time.Hour)
		answeredBy, answeredAt, remarks = r.user(answer.By), at, r.text(answer.Words)
		r.event(at, answer.By, "plan."+state, row, data)
	}
	if p.Sent != nil {
		sent, words, by = r.when(p.Sent.Days, p.Sent.At), r.text(p.Sent.Words), p.Sent.By
	}
	r.event(sent, by, timeline.PlanSubmitted, row, data)
	r.put("app.plan_version", row, r.id(), 1, state, r.user(by), sent, []uuid.UUID{id("user", by)}, answeredBy, answeredAt)
	r.put("app.plan_content", r.id(), row, "{}", words, remarks)
}

// parts are the three parts of serviceloven § 12 a that are words: of an adult's plan that has been approved or declined, of another the first.
func (r *caseRows) parts() (situation, support, other string) {
	if r.Area != "adult" || r.Closed != nil {
		return "", "", ""
	}
	situation = "Bor midlertidigt uden for familien. Uddannelsen er på pause. Har kontakt med én søster, ikke med forældrene."
	if r.Plan.Approved == nil {
		return situation, "", ""
	}
	return situation, "Egen bolig med adressebeskyttelse og tilbage i uddannelse efter sommer. Formålet er et hverdagsliv, som borgeren selv bestemmer over.",
		"Kontaktperson efter serviceloven § 85 og samtaler med psykolog. Formålet er ro til at beslutte de næste skridt."
}

// offers tell whether an adult was offered a plan, and what they said.
func (r *caseRows) offers() {
	if r.Area != "adult" || r.Closed != nil {
		return
	}
	offer := func(outcome, clock string, on Day, words string) {
		at := r.when(on, clock)
		row := r.id("offer", outcome)
		r.put("app.plan_offer", row, r.id(), outcome, day(at), words, r.user(r.Responsible), at)
		r.event(at, r.Responsible, timeline.PlanOffered, row, timeline.Data{"outcome": outcome})
	}
	switch p := r.Plan; {
	case p.Approved != nil:
		offer(plan.Offered, "10:30", p.Approved.Days+4, "")
		offer(plan.OfferAccepted, "13:10", p.Approved.Days+2, "Ja, hvis jeg selv må læse den først.")
	case p.Declined != "":
		offer(plan.OfferDeclined, "11:20", p.Started, p.Declined)
	}
}

// freeze fills the versions with what the plans said: all of it where a version waits or came back; of an approved one without the last two of the
// steps that somebody has added, with the steps that have been left out since, and with the deadlines before they were moved.
func freeze(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		UPDATE app.plan_content k SET content = CASE WHEN v.state <> 'approved' THEN c.now ELSE jsonb_set(c.now, '{steps}', (
		       SELECT coalesce(jsonb_agg(s || CASE WHEN s ->> 'status' = 'skipped' THEN '{"status": "open", "reason": ""}'::jsonb
		                WHEN p.postponed_times > 0 THEN jsonb_build_object('due_at', app._utc(p.due_at - interval '1 day')) ELSE '{}' END ORDER BY o), '[]')
		         FROM jsonb_array_elements(c.now -> 'steps') WITH ORDINALITY AS x (s, o) JOIN app.plan_step p ON p.id = (s ->> 'id')::uuid
		        WHERE p.id NOT IN (SELECT n.id FROM app.plan_step n WHERE n.case_id = v.case_id AND n.origin = 'ad_hoc' AND n.status IN ('open','in_progress','waiting') ORDER BY n.position DESC LIMIT 2))) END
		  FROM app.plan_version v CROSS JOIN LATERAL (SELECT app._plan_content(v.case_id) AS now) c
		 WHERE v.case_id = k.case_id AND v.id = k.version_id`)
	if err != nil {
		return fmt.Errorf("seed versions: %w", err)
	}
	return nil
}
