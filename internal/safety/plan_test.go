package safety_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/internal/testkit"
)

func TestAChangedSafetyPlanKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	first := planInput(o, o.Partner(t, "police", "Fjordegnens Politi", "Rikke Holm").ID)
	write := func(version int, input safety.PlanInput) error {
		return in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, version, input) })
	}
	must(t, write(0, first))
	second := first
	second.IfWorse, second.Contacts = "Går til stationen.", second.Contacts[:1]
	if err := write(0, second); !errors.Is(err, fault.Stale) {
		t.Errorf("a second first version: %v", err)
	}
	must(t, write(1, second))
	plans, _ := read(t, o, c, o.Mette)
	if len(plans) != 2 || plans[0].Version != 2 || plans[0].IfWorse != second.IfWorse || plans[1].IfWorse != first.IfWorse {
		t.Fatalf("%+v", plans)
	}
	got := []string{}
	for _, k := range plans[1].Contacts {
		got = append(got, fmt.Sprintf("%s/%s/%s/%s/%t", k.Name, k.How, k.Hours, k.Organisation, k.External))
	}
	want := []string{"Mette Lindhardt/Opkald/Hverdage 8-16//false", "Rikke Holm/Sms/Døgnet rundt/Fjordegnens Politi/true", "En veninde/Signal/Aften//false"}
	if diff := cmp.Diff(want, got); diff != "" || len(plans[0].Contacts) != 1 {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	if p := plans[1]; p.IfNotBack != first.IfNotBack || i18n.FieldDate(p.AgreedOn) != i18n.FieldDate(first.AgreedOn) || p.WrittenBy != "Mette Lindhardt" {
		t.Errorf("the first version is %+v", p)
	}
	if n := o.Count(t, `SELECT count(*) FROM app.case_event WHERE kind = 'safety_plan.written'`); n != 2 {
		t.Errorf("%d events of two versions", n)
	}
}

func TestASafetyPlanSentTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	c := o.Case(t, o.Mette, 1)
	input := planInput(o, o.Partner(t, "police", "Politi", "Rikke Holm").ID)
	input.Key = uuid.New()
	for range 2 {
		must(t, in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, 0, input) }))
	}
	if plans, _ := read(t, o, c, o.Mette); len(plans) != 1 || len(plans[0].Contacts) != 3 {
		t.Errorf("%+v", plans)
	}
	input.IfWorse = "Gå ind på biblioteket og ring" // after "Back": what is new is not taken for what was saved
	if err := in(t, o, c, o.Mette, func(ctx context.Context, tx *db.Tx) error { return safety.Write(ctx, tx, 0, input) }); !errors.Is(err, fault.Stale) {
		t.Errorf("a changed form of an older version: %v", err)
	}
}

func TestASafetyPlanAnswersTheThreeQuestions(t *testing.T) {
	now := time.Now()
	long := strings.Repeat("å", safety.MaxText+1)
	for name, p := range map[string]struct {
		in   safety.PlanInput
		want []string
	}{
		"nothing":   {safety.PlanInput{}, []string{"agreed_on", "if_not_back", "if_worse", "who-0"}},
		"too long":  {safety.PlanInput{IfWorse: long, IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{Who: long, How: "x"}}}, []string{"if_worse", "who-0"}},
		"tomorrow":  {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now.AddDate(0, 0, 1), Contacts: []safety.ContactInput{{Who: "x", How: "x"}}}, []string{"agreed_on"}},
		"half rows": {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{}, {Who: "x"}, {How: "x"}, {Who: "x", User: uuid.New(), How: "x"}}}, []string{"how-1", "who-2", "who-3"}},
		"all":       {safety.PlanInput{IfWorse: "x", IfNotBack: "x", AgreedOn: now, Contacts: []safety.ContactInput{{Who: "😀 مريم", How: "x"}}}, []string{}},
	} {
		var bad fault.Invalid
		_ = errors.As(p.in.Validate(now), &bad)
		got := []string{}
		for field := range bad {
			got = append(got, field)
		}
		slices.Sort(got)
		if diff := cmp.Diff(p.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
