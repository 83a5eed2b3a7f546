package template

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/reference"
)

// Mark is a short sign of a step, a phase or a template as it stood when a form was made of it: two admins who write in different steps
// of one draft do not disturb each other, and of two in the same step the second is told.
func Mark(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and lists of them
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// About is what a template is, without its phases, as [Mark] takes it.
func About(t reference.Template) any { return about(t) }

// admin refuses whoever does not keep the templates. The database asks again.
func admin(tx *db.Tx) error {
	if tx.Actor.Role != actor.Admin {
		return fault.Forbidden
	}
	return nil
}

// load is the draft of a template, or what a draft would begin with: its newest version. A version of 0 says that there is no draft yet.
func load(ctx context.Context, tx *db.Tx, code string) (reference.Template, int, error) {
	drafts, err := db.Many[Draft](ctx, tx, `SELECT d.content, d.version, '' AS changed_by, d.changed_at FROM app.plan_template_draft d WHERE d.code = @code FOR UPDATE`, db.Args{"code": code})
	if err != nil {
		return reference.Template{}, 0, err
	}
	if len(drafts) > 0 {
		return whole(drafts[0].Content), drafts[0].Version, nil
	}
	list, err := db.Many[Version](ctx, tx, `SELECT `+columns+from+` WHERE v.code = @code AND `+newest, db.Args{"code": code})
	if err == nil && len(list) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return reference.Template{}, 0, err
	}
	return whole(list[0].Content), 0, nil
}

// save writes the draft. What somebody else wrote since it was loaded is not written over: [fault.Stale].
func save(ctx context.Context, tx *db.Tx, t reference.Template, version int) error {
	raw, err := json.Marshal(whole(t))
	if err != nil {
		return err
	}
	args := db.Args{"code": t.Code, "content": string(raw), "me": tx.Actor.UserID}
	sql := `UPDATE app.plan_template_draft SET content = @content::jsonb, version = version + 1, changed_by = @me, changed_at = now() WHERE code = @code AND version = @version`
	if version == 0 {
		sql = `INSERT INTO app.plan_template_draft (municipality, code, content, changed_by) SELECT u.municipality, @code, @content::jsonb, u.id FROM auth.user_account u WHERE u.id = @me ON CONFLICT DO NOTHING`
	} else {
		args["version"] = version
	}
	n, err := db.Exec(ctx, tx, sql, args)
	if err == nil && n == 0 {
		err = fault.Stale
	}
	if err != nil || version > 0 {
		return err
	}
	return record(ctx, tx, "template.drafted", t.Code)
}

func record(ctx context.Context, tx *db.Tx, action, code string) error {
	_, err := db.Exec(ctx, tx, `SELECT audit.record(@action, NULL, @code, NULL)`, db.Args{"action": action, "code": code})
	return err
}

// edit changes the draft of a template; where there is none yet it begins with the newest version. change says whether it changed anything.
func edit(ctx context.Context, tx *db.Tx, code string, change func(t *reference.Template) (bool, error)) error {
	if err := admin(tx); err != nil {
		return err
	}
	t, version, err := load(ctx, tx, code)
	if err != nil {
		return err
	}
	changed, err := change(&t)
	if err != nil || !changed {
		return err
	}
	return save(ctx, tx, t, version)
}

// invalid makes refusals of a form's fields from faults: the last word of a place is its field.
func invalid(faults []Fault) error {
	bad := fault.Invalid{}
	for _, f := range faults {
		field, _, _ := strings.Cut(f.Place[strings.LastIndex(f.Place, ".")+1:], "[") // "due.offset" is "offset", "partner_types[0]" is "partner_types"
		if strings.HasPrefix(f.Key, "template.error.unknown:") {                     // a form has them to choose from
			f.Key = "error.choose"
		}
		bad.Check(field, false, f.Key)
	}
	return bad.Err()
}

// AboutInput is what is written about a template as a whole.
type AboutInput struct {
	DA, EN string
	Area   string // stays once the template is published
	Level  string // the level that the template is offered for first
}

func (in AboutInput) check() error {
	var faults []Fault
	for _, f := range Check(reference.Template{Item: reference.Item{Code: "K", DA: in.DA, EN: in.EN}, Area: in.Area, Level: in.Level}) {
		if f.Place != "phases" {
			faults = append(faults, f)
		}
	}
	return invalid(faults)
}

// Add makes a new template as a draft with one empty phase, and returns its code. key is the form's own: one that is sent twice is one template.
func Add(ctx context.Context, tx *db.Tx, key uuid.UUID, in AboutInput) (string, error) {
	if err := admin(tx); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	code := "K" + strings.ToUpper(db.KeyOf(key, in).String()[:8])
	t := reference.Template{Item: reference.Item{Code: code, DA: in.DA, EN: in.EN}, Area: in.Area, Level: in.Level,
		Phases: []reference.Phase{{Code: code + ".p1", DA: "Straks", EN: "Immediately"}}}
	if _, version, err := load(ctx, tx, code); err == nil && version > 0 {
		return code, nil // sent twice
	}
	return code, save(ctx, tx, t, 0)
}

// ChangeAbout writes what a template is called and for whom it is. mark is of [About] as the writer saw it. The area of a published template stays.
func ChangeAbout(ctx context.Context, tx *db.Tx, code, mark string, in AboutInput) error {
	if err := in.check(); err != nil {
		return err
	}
	published, err := db.One[bool](ctx, tx, `SELECT EXISTS (SELECT 1 FROM app.plan_template_version v WHERE v.code = @code)`, db.Args{"code": code})
	if err != nil {
		return err
	}
	return edit(ctx, tx, code, func(t *reference.Template) (bool, error) {
		was := *t
		t.DA, t.EN, t.Area, t.Level = in.DA, in.EN, in.Area, in.Level
		switch {
		case Mark(about(was)) == Mark(about(*t)):
			return false, nil
		case Mark(about(was)) != mark:
			return false, fault.Stale
		case published && was.Area != in.Area:
			return false, fault.Invalid{"area": "template.error.area_stays"}
		}
		return true, nil
	})
}

// SetPhase writes the names of a phase; code is empty for a new one, which comes last and gets its code from key.
func SetPhase(ctx context.Context, tx *db.Tx, template, code, mark string, key uuid.UUID, da, en string) error {
	c := &checker{}
	c.text("da", da, MaxName, true)
	c.text("en", en, MaxName, true)
	if err := invalid(c.faults); err != nil {
		return err
	}
	return edit(ctx, tx, template, func(t *reference.Template) (bool, error) {
		p := reference.Phase{Code: code, DA: da, EN: en}
		if code == "" {
			p.Code = newCode(t.Code, "p", key)
		}
		i := phaseAt(*t, p.Code)
		switch {
		case i < 0 && code != "":
			return false, fault.NotFound
		case i < 0 && len(t.Phases) >= MaxPhases:
			return false, invalid([]Fault{{"da", "template.error.phases:12"}})
		case i < 0:
			t.Phases = append(t.Phases, p)
			return true, nil
		}
		was := t.Phases[i]
		if was.DA == da && was.EN == en {
			return false, nil
		}
		if PhaseMark(was) != mark {
			return false, fault.Stale
		}
		t.Phases[i].DA, t.Phases[i].EN = da, en
		return true, nil
	})
}

// PhaseMark is the [Mark] of a phase's names.
func PhaseMark(p reference.Phase) string { return Mark([]string{p.DA, p.EN}) }

func newCode(template, kind string, key uuid.UUID) string {
	return template + "." + kind + strings.ReplaceAll(key.String(), "-", "")[:8]
}

func phaseAt(t reference.Template, code string) int {
	return slices.IndexFunc(t.Phases, func(p reference.Phase) bool { return p.Code == code })
}

// stepAt finds a step: its phase and its place there, or -1.
func stepAt(t reference.Template, code string) (int, int) {
	for i, p := range t.Phases {
		if j := slices.IndexFunc(p.Steps, func(s reference.Step) bool { return s.Code == code }); j >= 0 {
			return i, j
		}
	}
	return -1, -1
}

// SetStep writes a step into a phase. A new one has no code: it gets one from key, which no other step ever has, and comes last in its phase.
// What the form does not show of a step stays as it is.
func SetStep(ctx context.Context, tx *db.Tx, template, phase, mark string, key uuid.UUID, in reference.Step) error {
	return edit(ctx, tx, template, func(t *reference.Template) (bool, error) {
		isNew := in.Code == ""
		if isNew {
			in.Code = newCode(t.Code, "s", key)
		}
		i, j := stepAt(*t, in.Code)
		if j < 0 && !isNew {
			return false, fault.NotFound
		}
		if err := RefuseStep(*t, phase, in); err != nil {
			return false, err
		}
		to := phaseAt(*t, phase)
		if j >= 0 {
			was := t.Phases[i].Steps[j]
			if i == to && len(differing(was, in)) == 0 {
				return false, nil // also what is sent twice
			}
			if StepMark(t.Phases[i].Code, was) != mark {
				return false, fault.Stale
			}
			if i == to {
				t.Phases[i].Steps[j] = in
				return true, nil
			}
			t.Phases[i].Steps = slices.Delete(t.Phases[i].Steps, j, j+1)
		}
		t.Phases[to].Steps = append(t.Phases[to].Steps, in)
		return true, nil
	})
}

// RefuseStep says of each field of a step that is to stand in a phase of a template what is wrong with it ([fault.Invalid]).
// A new step needs no code yet.
func RefuseStep(t reference.Template, phase string, in reference.Step) error {
	if in.Code == "" {
		in.Code = newCode(t.Code, "s", uuid.Nil)
	}
	faults := CheckStep(in)
	if phaseAt(t, phase) < 0 {
		faults = append(faults, Fault{"phase", "error.choose"})
	}
	if _, j := stepAt(t, in.Code); j < 0 && t.Steps() >= MaxSteps {
		faults = append(faults, Fault{"title_da", "template.error.steps:60"})
	}
	return invalid(faults)
}

// StepMark is the [Mark] of a step in its phase.
func StepMark(phase string, s reference.Step) string {
	if s.PartnerTypes == nil {
		s.PartnerTypes = []string{}
	}
	return Mark([]any{phase, s})
}

// The things that a list of phases and steps can do with one of them.
const (
	Up     = "up"
	Down   = "down"
	Remove = "remove"
)

// Arrange moves a phase or a step up or down by one place, or takes it out. A step at the edge of its phase goes into the next one.
// version is that of the draft as the reader saw it, 0 where there was none.
func Arrange(ctx context.Context, tx *db.Tx, template, code, what string, version int) error {
	if err := admin(tx); err != nil {
		return err
	}
	t, now, err := load(ctx, tx, template)
	if err != nil {
		return err
	}
	if now != version {
		return fault.Stale // also what is sent twice
	}
	if !arrange(&t, code, what) {
		return nil
	}
	return save(ctx, tx, t, version)
}

func arrange(t *reference.Template, code, what string) bool {
	step := map[string]int{Up: -1, Down: 1}[what]
	if i := phaseAt(*t, code); i >= 0 {
		to := i + step
		switch {
		case what == Remove && len(t.Phases[i].Steps) == 0:
			t.Phases = slices.Delete(t.Phases, i, i+1)
		case step != 0 && to >= 0 && to < len(t.Phases):
			t.Phases[i], t.Phases[to] = t.Phases[to], t.Phases[i]
		default:
			return false
		}
		return true
	}
	i, j := stepAt(*t, code)
	if j < 0 {
		return false
	}
	list := t.Phases[i].Steps
	s, to := list[j], j+step
	switch {
	case what == Remove:
		t.Phases[i].Steps = slices.Delete(list, j, j+1)
	case step == 0:
		return false
	case to >= 0 && to < len(list):
		list[j], list[to] = list[to], list[j]
	case i+step < 0 || i+step >= len(t.Phases):
		return false
	default:
		t.Phases[i].Steps = slices.Delete(list, j, j+1)
		next := &t.Phases[i+step]
		if step > 0 {
			next.Steps = slices.Insert(next.Steps, 0, s)
		} else {
			next.Steps = append(next.Steps, s)
		}
	}
	return true
}
