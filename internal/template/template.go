// Package template keeps the plan templates of a municipality. The program's own are its proposal; what the municipality publishes stands
// on top, in versions that are never changed, and a plan remembers which one it began from (architecture decision 0016).
package template

import (
	"context"
	"slices"
	"time"

	"samspil/internal/db"
	"samspil/internal/reference"
)

// Version is one published version of a template.
type Version struct {
	Code        string
	No          int    // its place among those of the same origin
	Label       string // what a plan remembers: "0.1" of the program's, "2" of the municipality's own
	House       bool   // came with the program, as a proposal
	Words       string // what changed, and why
	PublishedBy string // display name; empty for what came with the program
	PublishedAt time.Time
	Content     reference.Template
}

// known leaves out what has left the program. The columns are those of [Version].
const (
	columns = `v.code, v.no, v.label, v.municipality IS NULL AS house, v.words, coalesce(u.display_name, '') AS published_by, v.published_at, v.content`
	from    = ` FROM app.plan_template_version v LEFT JOIN auth.user_account u ON u.id = v.published_by`
	// newest: of the municipality's own versions the last, and where there is none the program's.
	newest = `v.id = (SELECT x.id FROM app.plan_template_version x WHERE x.code = v.code ORDER BY x.municipality IS NULL, x.no DESC LIMIT 1)
		AND (v.municipality IS NOT NULL OR EXISTS (SELECT 1 FROM app.reference_item r WHERE r.kind = 'plan_templates' AND r.code = v.code AND r.retired_at IS NULL))`
	inUse = newest + ` AND NOT EXISTS (SELECT 1 FROM app.plan_template_retired t WHERE t.code = v.code)`
)

// InUse asks for the templates that plans of an area begin from now, or of both areas for "".
func InUse(b *db.Batch, area string) *[]Version {
	return db.All[Version](b, `SELECT `+columns+from+` WHERE `+inUse+` AND (@area = '' OR v.content ->> 'area' = @area) ORDER BY v.code !~ '^T[0-9]', v.code, v.id`,
		db.Args{"area": area})
}

// ToStart asks for the templates that the plan of the opened case may begin from; for none where it has a plan.
func ToStart(b *db.Batch) *[]Version {
	return db.All[Version](b, `SELECT `+columns+from+` WHERE `+inUse+` AND v.content ->> 'area' = (SELECT f.area FROM app.case_file f WHERE f.id = @case AND NOT f.has_plan) ORDER BY v.code !~ '^T[0-9]', v.code, v.id`,
		db.Args{"case": b.CaseID})
}

// Choose is the template that a plan begins from now; ok is false for a code that is none, or is retired.
func Choose(ctx context.Context, tx *db.Tx, code string) (v Version, ok bool, err error) {
	list, err := db.Many[Version](ctx, tx, `SELECT `+columns+from+` WHERE `+inUse+` AND v.code = @code`, db.Args{"code": code})
	if err != nil || len(list) == 0 {
		return v, false, err
	}
	return list[0], true, nil
}

// OfPlan are the columns that a query of the plan p asks for: what the version it began from is called, the label of a version that came
// later ("" for none), and whether somebody has chosen what of it to take up.
const OfPlan = `(SELECT jsonb_build_object('code', v.code, 'da', v.content -> 'da', 'en', v.content -> 'en') FROM app.plan_template_version v
		          WHERE v.code = p.template_code AND v.label = p.template_version) AS template,
		       coalesce((SELECT nullif(v.label, p.template_version) FROM app.plan_template_version v WHERE v.code = p.template_code AND ` + inUse + `), '') AS new_template,
		       EXISTS (SELECT 1 FROM app.plan_template_choice c JOIN app.plan_template_version v ON v.code = p.template_code AND v.label = c.label AND ` + newest + ` WHERE c.case_id = p.case_id) AS template_asked`

// Origin is a version that steps of a plan come from.
type Origin struct {
	Version
	Base    bool     // the plan began from it
	Newest  bool     // what plans begin from now
	Adopted []string // codes of the steps that were taken up from it later
}

// Origins asks for the versions that the opened case's plan comes from, and for the newest.
func Origins(b *db.Batch) *[]Origin {
	return db.All[Origin](b, `
		SELECT `+columns+`, v.label = p.template_version AS base, `+inUse+` AS newest, coalesce(c.adopted, '{}') AS adopted
		  `+from+` JOIN app.plan p ON p.case_id = @case AND p.template_code = v.code LEFT JOIN app.plan_template_choice c ON c.case_id = p.case_id AND c.label = v.label
		 WHERE v.label = p.template_version OR cardinality(c.adopted) > 0 OR `+inUse+` ORDER BY v.municipality IS NULL, v.no DESC, v.id`, db.Args{"case": b.CaseID})
}

// StepFrom is a step as a plan took it up last, and the name of its phase then.
func StepFrom(list []Origin, code string) (s reference.Step, phase reference.Phase, ok bool) {
	for _, base := range []bool{false, true} {
		for _, o := range list {
			if base && !o.Base || !base && !slices.Contains(o.Adopted, code) {
				continue
			}
			if x, ok := byCode(steps(o.Content), code); ok {
				return x.Step, x.phase, true
			}
		}
	}
	return reference.Step{}, reference.Phase{}, false
}

// StepOf finds a step of a template.
func StepOf(t reference.Template, code string) (reference.Step, bool) {
	for _, p := range t.Phases {
		for _, s := range p.Steps {
			if s.Code == code {
				return s, true
			}
		}
	}
	return reference.Step{}, false
}

// Listed is a template as its admin sees it in the list.
type Listed struct {
	Version            // the newest; of a template that has only a draft, the draft with No 0
	Retired bool       // no plan is begun from it
	DraftBy string     // who wrote in the draft last; empty: there is none
	DraftAt *time.Time // when
}

// All asks for every template of the municipality, those that are only drafts too. Only an admin sees drafts.
func All(b *db.Batch) *[]Listed {
	return db.All[Listed](b, `
		SELECT `+columns+`, EXISTS (SELECT 1 FROM app.plan_template_retired t WHERE t.code = v.code) AS retired, coalesce(w.display_name, '') AS draft_by, d.changed_at AS draft_at
		  `+from+` LEFT JOIN app.plan_template_draft d ON d.code = v.code LEFT JOIN auth.user_account w ON w.id = d.changed_by WHERE `+newest+`
		UNION ALL
		SELECT d.code, 0, '', false, '', '', d.changed_at, d.content, false, w.display_name, d.changed_at
		  FROM app.plan_template_draft d JOIN auth.user_account w ON w.id = d.changed_by WHERE NOT EXISTS (SELECT 1 FROM app.plan_template_version v WHERE v.code = d.code)
		 ORDER BY 1`, db.Args{})
}

// Versions asks for every version of a template, the newest first: the municipality's own, then the program's.
func Versions(b *db.Batch, code string) *[]Version {
	return db.All[Version](b, `SELECT `+columns+from+` WHERE v.code = @code ORDER BY v.municipality IS NULL, v.no DESC, v.id`, db.Args{"code": code})
}

// Draft is what an admin is writing.
type Draft struct {
	Content   reference.Template
	Version   int // counts what was written; a form says which one its writer saw
	ChangedBy string
	ChangedAt time.Time
}

// GetDraft asks for the draft of a template.
func GetDraft(b *db.Batch, code string) *db.Found[Draft] {
	return db.Maybe[Draft](b, `SELECT d.content, d.version, u.display_name AS changed_by, d.changed_at FROM app.plan_template_draft d JOIN auth.user_account u ON u.id = d.changed_by WHERE d.code = @code`,
		db.Args{"code": code})
}

// Retired asks whether no plan is begun from a template any more.
func Retired(b *db.Batch, code string) *bool {
	return db.Get[bool](b, `SELECT EXISTS (SELECT 1 FROM app.plan_template_retired t WHERE t.code = @code)`, db.Args{"code": code})
}
