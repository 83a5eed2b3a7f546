package template_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"samspil/internal/db"
	"samspil/internal/reference"
	"samspil/internal/template"
	"samspil/internal/testkit"
)

// Out, in and out again: the same bytes, of every template of the house, and through the database.
func TestADocumentComesBackAsItWent(t *testing.T) {
	o := testkit.NewOffice(t)
	for _, x := range reference.Templates("") {
		doc := template.Export(x)
		again, faults := template.Parse(doc)
		if len(faults) > 0 || !bytes.Equal(template.Export(again), doc) {
			t.Errorf("%s: %v", x.Code, faults)
		}
	}
	x := reference.Templates("adult")[1]
	x.DA, x.Phases[0].Steps[0].Law, x.Phases[0].Steps[0].PurposeDA = "<Æ & \"Ø\">", "serviceloven § 109", "Å"
	doc := template.Export(x)
	var code string
	var faults []template.Fault
	take := func(raw []byte) {
		t.Helper()
		must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) (err error) {
			code, _, faults, err = template.Import(ctx, tx, raw)
			return err
		}))
	}
	for range 2 { // sent twice
		if take(doc); len(faults) > 0 || code != x.Code {
			t.Fatalf("%s: %v", code, faults)
		}
	}
	if d := draft(o, t, x.Code); d.Version != 1 || !bytes.Equal(template.Export(d.Content), doc) {
		t.Errorf("the draft is another:\n%s", template.Export(d.Content))
	}
	other := bytes.Replace(doc, []byte("Å"), []byte("Ö"), 1)
	if take(other); len(faults) != 1 || !strings.HasPrefix(faults[0].Key, "template.error.draft") {
		t.Errorf("a draft is written over: %v", faults)
	}
	if _, err := publish(o, t, x.Code, 1); err != nil {
		t.Fatal(err)
	}
	published := find(t, read(o, t, o.Mette, func(b *db.Batch) *[]template.Version { return template.InUse(b, "adult") }), x.Code)
	if !bytes.Equal(template.Export(published.Content), doc) {
		t.Error("what was published is another")
	}
	must(t, keep(o, t, o.Lone, func(ctx context.Context, tx *db.Tx) error { // the file that was exported, as it was
		_, taken, faults, err := template.Import(ctx, tx, doc)
		if taken || len(faults) > 0 {
			t.Errorf("what differs in nothing is taken in: %v", faults)
		}
		return err
	}))
	if n := o.Count(t, `SELECT count(*) FROM app.plan_template_draft`); n != 0 {
		t.Errorf("%d drafts", n)
	}
	area := bytes.Replace(other, []byte(`"area": "adult"`), []byte(`"area": "child"`), 1)
	if take(area); len(faults) == 0 {
		t.Error("a template changes its area")
	}
}

// Every fault has its place, and nothing is half taken up.
func TestEveryFaultOfADocumentIsNamedWithItsPlace(t *testing.T) {
	doc := string(template.Export(reference.Templates("child")[0]))
	for name, c := range map[string]struct{ from, to, place, key string }{
		"not a document":            {doc, "hej", "", "template.error.json:1:1"},
		"nothing":                   {doc, " \n", "", "template.error.nothing"},
		"cut off":                   {doc, doc[:len(doc)-8], "", "template.error.json:"},
		"two documents":             {doc, doc + "{}", "", "template.error.more"},
		"not UTF-8":                 {"Barn/ung", "Barn\xff", "", "template.error.not_utf8"},
		"too large":                 {doc, doc + strings.Repeat(" ", template.MaxDocument), "", "template.error.too_large:200"},
		"of another program":        {"samspil.plan_template.1", "other.1", "format", "template.error.format"},
		"unknown role":              {`"role": "intake"`, `"role": "boss"`, "template.phases[0].steps[0].role", "template.error.unknown:boss"},
		"unknown partner":           {`"key_person_team"`, `"aunt"`, "template.phases[0].steps[2].partner_types[0]", "template.error.unknown:aunt"},
		"unknown deadline":          {`"UND_24H"`, `"UND_9H"`, "template.phases[0].steps[0].deadline_code", "template.error.unknown:UND_9H"},
		"unknown level":             {`"default_level": "red"`, `"default_level": "pink"`, "template.default_level", "template.error.level"},
		"unknown unit":              {`"unit": "hours"`, `"unit": "weeks"`, "template.phases[0].steps[0].due.unit", "template.error.unit"},
		"negative offset":           {`"offset": 1,`, `"offset": -1,`, "template.phases[0].steps[0].due.offset", "template.error.offset"},
		"a word for a number":       {`"repeat_days": 0`, `"repeat_days": "ofte"`, "template.phases[0].steps[0].repeat_days", "template.error.number"},
		"half a day":                {`"repeat_days": 0`, `"repeat_days": 0.5`, "template.phases[0].steps[0].repeat_days", "template.error.number"},
		"a number for a word":       {`"role": "intake"`, `"role": 7`, "template.phases[0].steps[0].role", "template.error.string"},
		"a field that is not there": {`"mandatory": true,`, `"mandatory": true, "colour": "red",`, "template.phases[0].steps[0].colour", "template.error.unknown_field"},
		"a field left out":          {`"mandatory": true,`, ``, "template.phases[0].steps[0].mandatory", "template.error.missing"},
		"a code twice":              {`"code": "T1.1.2"`, `"code": "T1.1.1"`, "template.phases[0].steps[1].code", "template.error.twice"},
		"another template's code":   {`"code": "T1.1.2"`, `"code": "T2.1.2"`, "template.phases[0].steps[1].code", "template.error.part_code:T1"},
		"a character that turns":    {"Barn/ung", "Barn\u202eung", "template.da", "template.error.chars"},
		"no title":                  {`"Vurdér akut fare"`, `""`, "template.phases[0].steps[0].title_da", "template.error.empty"},
	} {
		raw := strings.Replace(doc, c.from, c.to, 1)
		if raw == doc {
			t.Errorf("%s: the document has no %q", name, c.from)
			continue
		}
		_, faults := template.Parse([]byte(raw))
		if len(faults) != 1 || faults[0].Place != c.place || !strings.HasPrefix(faults[0].Key, c.key) {
			t.Errorf("%s: %v", name, faults)
		}
	}
	two := strings.NewReplacer(`"role": "intake"`, `"role": "boss"`, `"default_level": "red"`, `"default_level": "pink"`).Replace(doc)
	if _, faults := template.Parse([]byte(two)); len(faults) != 2 {
		t.Errorf("of two faults: %v", faults)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(template.Export(reference.Templates("child")[0]))
	f.Add([]byte(`{"format":"samspil.plan_template.1","template":{"phases":[{"steps":[null]}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, faults := template.Parse(raw)
		if len(faults) > 0 {
			return
		}
		doc := template.Export(x)
		if again, faults := template.Parse(doc); len(faults) > 0 || !bytes.Equal(template.Export(again), doc) {
			t.Error("a document that was taken does not come back")
		}
	})
}
