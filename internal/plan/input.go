package plan

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// MaxTitle and MaxText are how many characters fit in a step's title, and in its detail or a reason.
const (
	MaxTitle = 200
	MaxText  = 4000
)

// Responsible is who answers for a step: a user of the case, or a contact person of a partner.
type Responsible struct{ User, Contact uuid.UUID }

// ByUser is a responsible from the office, ByContact one from a partner.
func ByUser(id uuid.UUID) Responsible { return Responsible{User: id} }

// ByContact is a responsible from a partner.
func ByContact(id uuid.UUID) Responsible { return Responsible{Contact: id} }

// None reports whether nobody has been chosen.
func (r Responsible) None() bool { return r.User == uuid.Nil && r.Contact == uuid.Nil }

// Responsible is who answers for the step now.
func (s Step) Responsible() Responsible {
	var r Responsible
	if s.ResponsibleUser != nil {
		r.User = *s.ResponsibleUser
	}
	if s.ResponsibleContact != nil {
		r.Contact = *s.ResponsibleContact
	}
	return r
}

// StepInput is what is written about a step, new or changed.
type StepInput struct {
	// Key makes a form that is sent twice one step: it becomes the id of a new step. Zero for none.
	Key         uuid.UUID
	PhaseID     uuid.UUID // zero: the first phase that still has something to do
	Title       string
	Detail      string
	PartnerType string
	Responsible Responsible // exactly one (R5)
	Due         time.Time   // zero: no deadline
	DueHasTime  bool        // otherwise the end of that day
	Origin      string      // "ad_hoc" unless given
	// NamesOK says that the writer has seen the warning about a name in the title, and keeps it.
	NamesOK bool
	// Reaches says that the step reaches parents or network: it waits for the risk assessment (R1). Harmless says that it does
	// not, although its title sounds like it.
	Reaches, Harmless bool
	Rule
}

// NameInTitle is the text key of the warning that a title, which lists show, holds a name from the case.
const NameInTitle = "plan.error.name"

// Validate reports everything that is wrong with the input by itself.
func (in StepInput) Validate() error {
	bad := fault.Invalid{}
	title := strings.TrimSpace(in.Title)
	bad.Check("title", title != "", "plan.error.title")
	bad.AtMost("title", title, MaxTitle)
	bad.AtMost("detail", in.Detail, MaxText)
	bad.Check("responsible", (in.Responsible.User == uuid.Nil) != (in.Responsible.Contact == uuid.Nil), "plan.error.responsible")
	bad.Check("due", in.Due.IsZero() || in.Due.Year() >= 2000, "error.date") // a slip of the pen
	bad.Check("partner_type", in.PartnerType == "" || reference.Known(reference.PartnerTypes, in.PartnerType), "error.choose")
	in.validate(bad)
	return bad.Err()
}

func (in StepInput) due() *time.Time {
	if in.Due.IsZero() || in.Event != "" { // its event says when
		return nil
	}
	at := in.Due
	if !in.DueHasTime {
		at = EndOfDay(at)
	}
	return &at
}

// check asks the case what [StepInput.Validate] cannot know: whether the responsible works on it, whether
// the phase is one of its plan, and whether the title names somebody. before is the step as it was, or nil.
func (in *StepInput) check(ctx context.Context, tx *db.Tx, before *Step) error {
	bad := fault.Invalid{}
	if err := bad.Merge("", in.Validate()); err != nil {
		return err
	}
	var names *[]string
	var phases *[]phaseLoad
	var allowed *bool
	var gate *string
	err := tx.Read(ctx, func(b *db.Batch) {
		names, phases, allowed, gate = caseNames(b), phaseLoads(b), mayAnswer(b, in.Responsible), askGate(b)
	})
	if err != nil {
		return err
	}
	same := before != nil && before.Responsible() == in.Responsible
	bad.Check("responsible", same || *allowed, "plan.error.responsible_gone")
	in.PhaseID = choosePhase(*phases, in.PhaseID)
	bad.Check("phase", in.PhaseID != uuid.Nil, "plan.error.phase")
	if before == nil || before.Title != in.Title {
		bad.Check("title", in.NamesOK || NamedIn(in.Title, *names) == "", NameInTitle)
	}
	waited := before != nil && before.ReleasedAt != nil && sameWaits(before.WaitsFor, onceEach(in.WaitsFor))
	bad.Check("due", len(in.WaitsFor) == 0 || waited || in.due() == nil, WaitsFixed)
	bad.Check("due", likely(in.Due, tx.Now), "plan.error.year")
	bad.Check("until", in.Until.IsZero() || before != nil && before.Rule().Until.Equal(in.Until) || !i18n.Today(in.Until).Before(i18n.Today(tx.Now)), "plan.error.until_past")
	bad.Check("until", likely(in.Until, tx.Now), "plan.error.year")
	in.checkGate(bad, *gate, before)
	return bad.Err()
}

type phaseLoad struct {
	ID   uuid.UUID
	Open int
}

func phaseLoads(b *db.Batch) *[]phaseLoad {
	return db.All[phaseLoad](b, `
		SELECT p.id, (SELECT count(*)::int FROM app.plan_step s WHERE s.case_id = p.case_id AND s.phase_id = p.id AND s.status IN ('open','in_progress','waiting')) AS open
		  FROM app.plan_phase p WHERE p.case_id = @case ORDER BY p.position, p.id`, db.Args{"case": b.CaseID})
}

// choosePhase returns want if it is one of the plan's phases, else zero; for zero the first phase with work left, or the last.
func choosePhase(phases []phaseLoad, want uuid.UUID) uuid.UUID {
	for _, p := range phases {
		if p.ID == want || want == uuid.Nil && p.Open > 0 {
			return p.ID
		}
	}
	if want == uuid.Nil && len(phases) > 0 {
		return phases[len(phases)-1].ID
	}
	return uuid.Nil
}

// mayAnswer asks whether somebody can be responsible: who acts, who works on the case, or who stands in the directory.
func mayAnswer(b *db.Batch, r Responsible) *bool {
	return db.Get[bool](b, `
		SELECT (@user::uuid = @me::uuid OR EXISTS (SELECT 1 FROM app.case_grant g JOIN auth.user_account u ON u.id = g.user_id AND u.active
		         WHERE g.case_id = @case AND g.user_id = @user AND g.revoked_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > now()))
		     OR EXISTS (SELECT 1 FROM app.contact_person c JOIN app.organisation o ON o.id = c.organisation_id WHERE c.id = @contact AND c.active AND o.active))`,
		db.Args{"case": b.CaseID, "user": r.User, "me": b.Actor.UserID, "contact": r.Contact})
}

func caseNames(b *db.Batch) *[]string {
	return db.All[string](b, `
		SELECT name FROM app.person WHERE case_id = @case AND name <> ''
		UNION ALL SELECT calling_name FROM app.citizen_label WHERE case_id = @case AND calling_name <> ''`, db.Args{"case": b.CaseID})
}

// NamedIn returns the first word of title that is part of one of names, or "". Titles are shown in lists, on
// screens that others see, so they should name the citizen and nobody else. A genitive counts as the name.
func NamedIn(title string, names []string) string {
	parts := map[string]bool{}
	for _, name := range names {
		for _, w := range words(name) {
			if utf8.RuneCountInString(w) > 1 { // "S." says nothing
				parts[w] = true
			}
		}
	}
	for _, w := range words(title) {
		if parts[w] || parts[strings.TrimSuffix(w, "s")] {
			return w
		}
	}
	return ""
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// checkReason refuses a reason that is missing or too long.
func checkReason(bad fault.Invalid, reason string) {
	bad.Check("reason", strings.TrimSpace(reason) != "", "error.reason")
	bad.AtMost("reason", reason, MaxText)
}
