package link

import "net/url"

// The plan templates of the municipality, kept by its admins.
const (
	Templates      = Admin + "/skabeloner"
	NewTemplate    = Templates + "/ny"
	ImportTemplate = Templates + "/importer"
)

// Template is one template with its phases and steps; what is done with it hangs below.
func Template(code string) string { return Templates + "/" + url.PathEscape(code) }

// TemplateStep is the form of a step of a template, and of a new one for "ny".
func TemplateStep(code, step string) string { return Template(code) + "/trin/" + url.PathEscape(step) }

// TemplatePhase is the form of a phase of a template, and of a new one for "ny".
func TemplatePhase(code, phase string) string {
	return Template(code) + "/fase/" + url.PathEscape(phase)
}

// CompareTemplate puts two versions of a template side by side; "kladde" is the draft.
func CompareTemplate(code, from, to string) string {
	return Template(code) + "/sammenlign?" + url.Values{"fra": {from}, "til": {to}}.Encode()
}

// ExportTemplate is a version of a template as a document; "kladde" is the draft.
func ExportTemplate(code, version string) string {
	return Template(code) + "/eksport?" + url.Values{"version": {version}}.Encode()
}

// PlanTemplate is what the template of a case's plan says otherwise since the plan began.
func PlanTemplate(ref string) string { return Plan(ref) + "/skabelon" }
