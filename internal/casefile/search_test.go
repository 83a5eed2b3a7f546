package casefile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/testkit"
)

// find searches as who and returns the numbers of the cases and the names from the directory.
func find(t *testing.T, o *testkit.Office, who actor.Actor, w casefile.SearchWord) (cases, partners []string) {
	t.Helper()
	id := uuid.New()
	err := o.DB.InTx(t.Context(), who, func(tx *db.Tx) error { return casefile.KeepSearch(t.Context(), tx, o.Keys, id, "ord", w) })
	if err != nil {
		t.Fatal(err)
	}
	var c *[]casefile.FoundCase
	var p *[]casefile.FoundPartner
	if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { c, p = casefile.FoundCases(b, id), casefile.FoundPartners(b, id) }); err != nil {
		t.Fatal(err)
	}
	for _, x := range *c {
		cases = append(cases, x.Number)
	}
	for _, x := range *p {
		partners = append(partners, x.Name)
	}
	slices.Sort(cases)
	return cases, partners
}

func TestASearchFindsOnlyWhatTheSearcherMayRead(t *testing.T) {
	o := testkit.NewOffice(t)
	own, normal, sealed := o.Case(t, o.Mette, 1), o.Case(t, o.Mette, 0), o.Case(t, o.Mette, 2)
	barred := o.Case(t, o.Mette, 0, o.Dennis, o.Jonas)
	o.Grant(t, own, o.Sara, "consulted")
	all := sorted(own, normal, sealed, barred)
	for _, c := range []struct {
		who  actor.Actor
		want []string
	}{
		{o.Mette, all},
		{o.Dennis, nil},                // knows of the normal one, and finds it by its number in the list, not by a name
		{o.Jonas, sorted(own, normal)}, // leads the team; neither the sealed one nor the one that he must not know
		{o.Sara, sorted(own)},
		{o.Huseyin, nil},
		{o.Anders, nil},
	} {
		got, _ := find(t, o, c.who, casefile.SearchWord{Name: "amira SALEH"})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s finds %v, want %v", c.who.Name, got, c.want)
		}
		if got, _ := find(t, o, c.who, casefile.SearchWord{Number: sealed.Number}); len(got) > 0 && c.who.UserID != o.Mette.UserID {
			t.Errorf("%s finds the sealed case by its number", c.who.Name)
		}
	}
	for _, who := range []actor.Actor{o.Lone, o.Karen} {
		err := o.DB.InTx(t.Context(), who, func(tx *db.Tx) error {
			return casefile.KeepSearch(t.Context(), tx, o.Keys, uuid.New(), "x", casefile.SearchWord{Name: "amira"})
		})
		if err == nil {
			t.Errorf("%s can search cases", who.Name)
		}
	}
}

func TestAKeptSearchIsTheSearchersAloneAndTenMinutesOld(t *testing.T) {
	o := testkit.NewOffice(t)
	o.Case(t, o.Mette, 1)
	id := uuid.New()
	if err := o.DB.InTx(t.Context(), o.Mette, func(tx *db.Tx) error {
		return casefile.KeepSearch(t.Context(), tx, o.Keys, id, "Amira", casefile.SearchWord{Name: "Amira"})
	}); err != nil {
		t.Fatal(err)
	}
	look := func(who actor.Actor) (text string, cases int) {
		var kept *db.Found[casefile.Kept]
		var found *[]casefile.FoundCase
		if _, err := o.DB.Read(t.Context(), who, func(b *db.Batch) { kept, found = casefile.GetSearch(b, id), casefile.FoundCases(b, id) }); err != nil {
			t.Fatal(err)
		}
		if kept.OK {
			text, _ = kept.Row.Text(o.Keys)
		}
		return text, len(*found)
	}
	if text, n := look(o.Mette); text != "Amira" || n != 1 {
		t.Errorf("the searcher reads %q and %d cases", text, n)
	}
	if text, n := look(o.Jonas); text != "" || n != 0 { // may read the case, but not what Mette looks for
		t.Errorf("another person reads %q and %d cases", text, n)
	}
	if o.Count(t, `SELECT count(*) FROM app.search_token WHERE position('Amira'::bytea IN word) > 0`) != 0 {
		t.Error("the word lies in the database in clear")
	}
	if o.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'search' AND actor = $1`, o.Mette.UserID) != 1 {
		t.Error("the search left no line in the trail")
	}
	o.Exec(t, `UPDATE app.search_token SET at = now() - interval '11 minutes'`)
	if text, n := look(o.Mette); text != "" || n != 0 {
		t.Errorf("after eleven minutes: %q and %d cases", text, n)
	}
	find(t, o, o.Dennis, casefile.SearchWord{Name: "noget andet"})
	if o.Count(t, `SELECT count(*) FROM app.search_token WHERE id = $1`, id) != 0 {
		t.Error("an old search stays in the database")
	}
}

func TestTheDirectoryIsFoundByNameHoweverItIsSpelt(t *testing.T) {
	o := testkit.NewOffice(t)
	o.Partner(t, "police", "Østjyllands Politi", "Rikke Sørensen")
	secret := o.Partner(t, "crisis_centre", "Krisecenter Åhuset", "Nadia Hemmelig")
	o.Exec(t, `UPDATE app.contact_person SET first_name_only = true WHERE id = $1`, secret.ID)
	gone := o.Partner(t, "school", "Rikkeskolen", "Rikke Forhenværende")
	o.Exec(t, `UPDATE app.contact_person SET active = false WHERE id = $1`, gone.ID)
	for word, want := range map[string][]string{
		"rikke soerensen": {"Rikke Sørensen"},
		"SØRENSEN":        {"Rikke Sørensen"},
		"oestjylland":     {"Østjyllands Politi"},
		"Åhuset":          {"Krisecenter Åhuset"},
		"nadia":           {"Nadia"},
		"hemmelig":        nil, // may not be known by that name
		"ingen hedder so": nil,
	} {
		if _, got := find(t, o, o.Sara, casefile.SearchWord{Name: word}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", word, got, want)
		}
	}
}

func TestOneLineIsANumberACPRNumberOrAName(t *testing.T) {
	now := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]casefile.SearchWord{
		"2026-0147":     {Number: "2026-0147"},
		" Sag 2026-01 ": {Number: "2026-01"},
		"147":           {Number: "2026-0147"},
		"140410-1234":   {CPR: "140410-1234"},
		"1404101234":    {CPR: "1404101234"},
		"9999999999":    {Name: "9999999999"}, // no date: finds nothing, and says nothing
		"Amira":         {Name: "Amira"},
	} {
		if got := casefile.ReadWord(text, now); got != want {
			t.Errorf("%q is read as %+v, want %+v", text, got, want)
		}
	}
}
