package concern

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/deadline"
	"samspil/internal/fault"
	"samspil/internal/keys"
	"samspil/internal/plan"
	"samspil/internal/timeline"
)

// CaseLink is a case that the opened report belongs to, of those that the reader may read.
type CaseLink struct {
	CaseID      uuid.UUID
	Ref         string
	Number      string
	How         string // "match", "joined" or "made"
	At          time.Time
	Responsible string
	PhotoID     *uuid.UUID
}

// Cases asks for the cases of the opened report that the reader may read too. That there are others is not told.
func Cases(b *db.Batch) *[]CaseLink {
	return db.All[CaseLink](b, `SELECT c.case_id, c.ref, c.number, c.how, c.at, u.display_name AS responsible, u.photo_id
		FROM app.cases_of_report(@report) c JOIN auth.user_account u ON u.id = c.responsible ORDER BY c.at DESC, c.case_id`, db.Args{"report": b.CaseID})
}

// OnCase is a report that belongs to the opened case.
type OnCase struct {
	Ref         string
	Number      string
	Source      string
	ReceivedAt  time.Time
	AssessBy    *time.Time
	AssessedAt  *time.Time
	Acute       *bool
	ConcludedAt *time.Time
	CaseMissing bool // of the report: no case has taken up what it came to
	How         string
	At          time.Time
}

// Clock is where the 24 hours of the report stand.
func (o OnCase) Clock(now time.Time) Clock {
	return Report{AssessBy: o.AssessBy, AssessedAt: o.AssessedAt}.Clock(now)
}

// OfCase asks for the reports of the opened case that the reader may see, newest first.
func OfCase(b *db.Batch) *[]OnCase {
	return db.All[OnCase](b, `SELECT x.ref, x.number, x.source, x.received_at, x.assess_by, x.assessed_at, x.acute, x.concluded_at, x.case_missing, c.how, c.at
		FROM app.report_case c JOIN app.report x ON x.id = c.report_id WHERE c.case_id = @case ORDER BY x.received_at DESC, x.id LIMIT 20`, db.Args{"case": b.CaseID})
}

// Origin is what a case's origin is called when it begins with a report of this source.
func Origin(source string) string {
	if o, ok := map[string]string{"professional": "report_professional", "citizen": "report_citizen", Anonymous: "report_anonymous", "police": "police", "self": "self"}[source]; ok {
		return o
	}
	return casefile.OriginOther
}

// use opens the case too, in a transaction that has the report open. Its opening must have been committed: [db.DB.Open].
func use(ctx context.Context, tx *db.Tx, id uuid.UUID) (actor.Rights, error) {
	rights, err := db.One[actor.Rights](ctx, tx, `SELECT app.use_case(@id)`, db.Args{"id": id})
	if err == nil && rights == 0 {
		err = fault.NotFound
	}
	return rights, err
}

// Join takes the opened report up in a case that the actor has opened as well, or the opened case takes up a report: one
// of the two is open for writing. It refuses where the case's responsible must not know of the report.
func Join(ctx context.Context, tx *db.Tx, report, caseID uuid.UUID) error {
	inReport, inCase := tx.Rights, tx.Rights
	var err error
	if report == tx.CaseID {
		inCase, err = use(ctx, tx, caseID)
	} else {
		inReport, err = use(ctx, tx, report)
	}
	if err != nil {
		return err
	}
	return tie(ctx, tx, report, caseID, false, inReport, inCase)
}

// tie leaves a line on each side that the actor may write on.
func tie(ctx context.Context, tx *db.Tx, report, caseID uuid.UUID, made bool, inReport, inCase actor.Rights) error {
	tied, err := db.One[*bool](ctx, tx, `SELECT app.join_report(@report, @case, @made)`, db.Args{"report": report, "case": caseID, "made": made})
	switch {
	case err != nil:
		return err
	case tied == nil:
		return fault.Invalid{"responsible": "concern.join.kept"}
	case !*tied:
		return nil // they belong together already
	}
	r, err := db.One[struct {
		Number, Outcome string
		ReceivedAt      time.Time
	}](ctx, tx, `SELECT number, coalesce(outcome, '') AS outcome, received_at FROM app.report WHERE id = @report`, db.Args{"report": report})
	if err != nil {
		return err
	}
	kind, how := timeline.ReportJoined, "joined"
	if made {
		kind, how = timeline.ReportMade, "made"
	}
	if inCase.May(actor.Write) || inCase.May(actor.Manage) {
		here := tx.CaseID
		tx.CaseID = caseID
		err = timeline.Record(ctx, tx, kind, report, timeline.Data{"number": r.Number})
		if err == nil && r.Outcome == outcomeAssessment && inCase.May(actor.Write) { // decided before there was a case (§ 20)
			err = deadline.ChildAssessmentDecided(ctx, tx, r.ReceivedAt)
		}
		tx.CaseID = here
	}
	if err == nil && inReport.May(actor.Note) {
		err = record(ctx, tx, report, EventCase, Data{"how": how})
	}
	return err
}

// Partner is somebody whom an acute plan draws in at once.
type Partner struct {
	Type    string // code of the partner type that the level calls for
	Contact uuid.UUID
}

// NewCase is the case that begins with a report.
type NewCase struct {
	casefile.Registration
	Template string    // of the plan to begin with; empty: none yet
	Partners []Partner // drawn in at once, with a plan
	KeepCPR  bool      // the child's number of the report, where none is typed
}

// MakeCase makes a case of the opened report: the child and the people named go with it, as does who must not know. The
// transaction stands in the new case afterwards.
func MakeCase(ctx context.Context, tx *db.Tx, k keys.Keys, in NewCase) (casefile.Registered, error) {
	report := tx.CaseID
	child, err := db.One[Person](ctx, tx, `SELECT id, is_child, name, born, age, age_on, relation, cpr_masked, phone, version FROM app.report_person WHERE report_id = @report AND is_child`, db.Args{"report": report})
	if err != nil {
		return casefile.Registered{}, err
	}
	if made, err := db.One[int](ctx, tx, `SELECT count(*)::int FROM app.cases_of_report(@report) WHERE how = 'made'`, db.Args{"report": report}); err != nil || made > 0 {
		if err == nil {
			err = fault.Stale // somebody has made it meanwhile
		}
		return casefile.Registered{}, err
	}
	if in.KeepCPR && in.CPR == "" {
		if in.CPR, err = reveal(ctx, tx, k, report, child.ID); err != nil {
			return casefile.Registered{}, err
		}
	}
	made, err := casefile.Register(ctx, tx, k, in.Registration)
	if err != nil {
		return casefile.Registered{}, err
	}
	if err := tie(ctx, tx, report, made.ID, true, actor.Note, actor.Write); err != nil {
		return casefile.Registered{}, err
	}
	if child.Phone != "" {
		if err := keepPhone(ctx, tx, k, child.Phone); err != nil {
			return casefile.Registered{}, err
		}
	}
	if in.Template == "" {
		return made, nil
	}
	if err := plan.Start(ctx, tx, in.Template); err != nil {
		return casefile.Registered{}, err
	}
	for _, p := range in.Partners {
		if _, err := plan.DrawIn(ctx, tx, p.Type, p.Contact); err != nil && !errors.Is(err, fault.NotFound) { // nothing calls for them any more
			return casefile.Registered{}, err
		}
	}
	return made, nil
}

// keepPhone protects the child's number in the new case as what it is there: a fact that must not leave (R12).
func keepPhone(ctx context.Context, tx *db.Tx, k keys.Keys, number string) error {
	citizen, err := db.One[uuid.UUID](ctx, tx, `SELECT id FROM app.person WHERE case_id = @case AND is_citizen`, db.Args{"case": tx.CaseID})
	if err != nil {
		return err
	}
	return casefile.AddFact(ctx, tx, k, casefile.FactInput{PersonID: citizen, Kind: "phone", Text: number})
}

func reveal(ctx context.Context, tx *db.Tx, k keys.Keys, report, person uuid.UUID) (string, error) {
	sealed, err := db.One[[]byte](ctx, tx, `SELECT app.reveal_report_cpr(@report, @person)`, db.Args{"report": report, "person": person})
	if err != nil || sealed == nil {
		return "", err
	}
	return k.Unseal(cprCell(report, person), sealed)
}

// AcuteTemplate is the plan that an acute case of an area begins with.
func AcuteTemplate(area string) string {
	if area == Adult {
		return "T4"
	}
	return "T1"
}

// Team is a team that a case of the report may be given to, with its people who take cases.
type Team struct {
	ID     uuid.UUID
	Name   string
	Intake bool
}

// Teams asks for the teams of an area that the reader may make a case in: their own, and for the intake desk those of its area.
func Teams(b *db.Batch) *[]Team {
	return db.All[Team](b, `SELECT t.id, t.name, t.intake FROM app.team t JOIN app.report x ON x.id = @report AND x.area = t.area AND x.municipality = t.municipality
		WHERE EXISTS (SELECT 1 FROM app.team_member m JOIN app.team o ON o.id = m.team_id WHERE m.user_id = @me AND (m.valid_to IS NULL OR m.valid_to > now()) AND (o.id = t.id OR o.intake AND o.area = t.area))
		ORDER BY t.intake, t.name, t.id`, db.Args{"report": b.CaseID, "me": b.Actor.UserID})
}

// Taker is a colleague who may become responsible for the case, in one of their teams.
type Taker struct {
	ID     uuid.UUID
	Name   string
	TeamID uuid.UUID
	Team   string
}

// Takers asks for the colleagues who may become responsible, each with a team of the report's area; how many open cases
// they answer for is not told.
func Takers(b *db.Batch) *[]Taker {
	return db.All[Taker](b, `SELECT u.id, u.display_name AS name, t.id AS team_id, t.name AS team FROM auth.user_account u
		JOIN app.team_member m ON m.user_id = u.id AND (m.valid_to IS NULL OR m.valid_to > now()) JOIN app.team t ON t.id = m.team_id JOIN app.report x ON x.id = @report AND x.area = t.area
		WHERE u.active AND u.role IN ('caseworker', 'team_lead') ORDER BY t.intake, t.name, u.display_name, u.id`, db.Args{"report": b.CaseID})
}
