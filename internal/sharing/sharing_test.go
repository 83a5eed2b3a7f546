package sharing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/sharing"
	"samspil/internal/testkit"
)

// secret is a protected address; it must stand nowhere in the open.
const secret = "Skovtroldevej 12 B, 2. tv."

// desk is a case with a protected address, a co-worker and a partner.
type desk struct {
	*testkit.Office
	c       testkit.CaseFile
	partner testkit.Contact
}

func newDesk(t *testing.T) desk {
	t.Helper()
	o := testkit.NewOffice(t)
	d := desk{o, o.Case(t, o.Mette, 1), o.Partner(t, "police_district", "Politiet", "Rikke Holm")}
	o.Grant(t, d.c, o.Dennis, "coworker")
	d.protect(t, "address", secret)
	return d
}

// in runs fn in the case as who.
func (d desk) in(t *testing.T, who actor.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.DB.InCase(t.Context(), who, d.c.At("delinger"), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func (d desk) protect(t *testing.T, kind, text string) int {
	t.Helper()
	var n int
	err := d.in(t, d.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = sharing.Protect(ctx, tx, d.Keys, casefile.FactInput{PersonID: d.c.CitizenID, Kind: kind, Text: text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// letter is something that may leave.
func (d desk) letter(text string) sharing.Input {
	return sharing.Input{Key: uuid.New(), Direction: sharing.Out, OrganisationID: d.partner.OrganisationID, ContactID: d.partner.ID, What: "Beskyttelsesbehov", Text: text,
		LegalBasis: "VITAL_INTEREST", Purpose: "Politiet vurderer truslen", Consent: sharing.NotAsked, HappenedOn: time.Now()}
}

func (d desk) share(t *testing.T, who actor.Actor, in sharing.Input) (out sharing.Outcome, err error) {
	t.Helper()
	err = d.in(t, who, func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = sharing.Share(ctx, tx, d.Keys, in)
		return err
	})
	return out, err
}

func (d desk) held(t *testing.T) uuid.UUID {
	t.Helper()
	in := d.letter("Hun bor på skovtroldevej 12.")
	in.Ask, in.AskedID, in.AskReason = true, d.Dennis.UserID, "Politiet skal køre derhen"
	out, err := d.share(t, d.Mette, in)
	if err != nil || !out.Held {
		t.Fatalf("%+v, %v", out, err)
	}
	return out.ID
}

func (d desk) trail(t *testing.T, action string) int {
	t.Helper()
	return d.Count(t, `SELECT count(*) FROM audit.event WHERE case_id = $1 AND action = $2`, d.c.ID, action)
}

func TestAProtectedAddressDoesNotLeave(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, in := range []sharing.Input{d.letter("Vi har talt. Hun bor på SKOVTROLDEVEJ nr. 12, siger hun."), func() sharing.Input {
		in := d.letter("Se vedhæftede.")
		in.File = "plan_skovtroldevej12.pdf"
		return in
	}()} {
		out, err := d.share(t, d.Mette, in)
		if err != nil || out.ID != uuid.Nil || len(out.Found) != 1 || out.Found[0].Kind != "address" {
			t.Errorf("%+v, %v", out, err)
		}
		if in.File == "" && (out.Found[0].Before != "Hun bor på " || out.Found[0].Match != "SKOVTROLDEVEJ nr. 12" || out.Found[0].Behind != ", siger hun.") {
			t.Errorf("the sentence: %+v", out.Found[0])
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Errorf("%d sharings", n)
	}
	if n := d.trail(t, "sharing.stopped"); n != 2 {
		t.Errorf("%d refusals in the trail", n)
	}
	out, err := d.share(t, d.Mette, d.letter("Hun bor et sikkert sted."))
	if err != nil || out.ID == uuid.Nil || out.Held || d.trail(t, "sharing.out") != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestWhatWasToldIsSealed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.letter("Noget meget genkendeligt")
	in.File = "genkendeligt.pdf"
	out, err := d.share(t, d.Mette, in)
	if err != nil {
		t.Fatal(err)
	}
	var row string
	d.Scan(t, []any{&row}, `SELECT s::text || convert_from(decode(replace(encode(text_enc || file_enc, 'hex'), '00', ''), 'hex'), 'LATIN1') FROM app.sharing s WHERE id = $1`, out.ID)
	if strings.Contains(row, "genkendeligt") {
		t.Error("it stands open in the table")
	}
	var sealed *db.Found[sharing.Sealed]
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("delinger"), func(b *db.Batch) { sealed = sharing.ReadText(b, out.ID) }); err != nil {
		t.Fatal(err)
	}
	if text, file, err := sealed.Row.Open(d.Keys, d.c.ID, out.ID); err != nil || text != in.Text || file != in.File {
		t.Errorf("%q, %q, %v", text, file, err)
	}
}

func TestASecondPersonReleasesWithAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.held(t)
	answer := func(who actor.Actor, release bool, reason string, seen int) error {
		return d.in(t, who, func(ctx context.Context, tx *db.Tx) error {
			return sharing.Answer(ctx, tx, d.Keys, id, release, reason, seen)
		})
	}
	var bad fault.Invalid
	if err := answer(d.Mette, true, "Det haster", 1); !errors.As(err, &bad) || bad["reason"] != "sharing.error.second" {
		t.Errorf("the writer releases: %v", err)
	}
	if err := answer(d.Dennis, true, " ", 1); !errors.As(err, &bad) || bad["reason"] != "sharing.error.answer" {
		t.Errorf("without a reason: %v", err)
	}
	if err := answer(d.Dennis, true, "De skal til Skovtroldevej 12", 1); !errors.As(err, &bad) || bad["reason"] != "sharing.error.open" {
		t.Errorf("with the address in the reason: %v", err)
	}
	if err := answer(d.Dennis, true, "Det haster", 0); !errors.Is(err, fault.Stale) {
		t.Errorf("not seen: %v", err)
	}
	d.protect(t, "phone", "00 99 88 77") // another fact, which does not stand in it
	if err := answer(d.Dennis, true, "Politiet skal kende stedet", 1); err != nil {
		t.Fatal(err)
	}
	if err := answer(d.Jonas, true, "Enig", 1); !errors.Is(err, fault.Stale) {
		t.Errorf("released twice: %v", err)
	}
	if d.trail(t, "sharing.held") != 1 || d.trail(t, "sharing.released") != 1 {
		t.Error("the trail lacks a line")
	}
	if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE (to_user, kind) IN (($1, 'sharing.held'), ($2, 'sharing.released'))`, d.Dennis.UserID, d.Mette.UserID); n != 2 {
		t.Errorf("%d notices", n)
	}
}

func TestTheWriterThinksBetterOfIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.held(t)
	if err := d.in(t, d.Mette, func(ctx context.Context, tx *db.Tx) error {
		return sharing.Answer(ctx, tx, d.Keys, id, false, "Skrevet om", 0)
	}); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing WHERE status = 'kept_back'`); n != 1 || d.trail(t, "sharing.kept_back") != 1 {
		t.Error("it is not kept back")
	}
}

func TestAFactProtectedLaterWarnsOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.share(t, d.Mette, d.letter("Hun går i skole på Prøvebakkens Skole.")); err != nil {
		t.Fatal(err)
	}
	if n := d.protect(t, "school", "Nissebakkens Skole"); n != 0 {
		t.Errorf("another school stands in %d sharings", n)
	}
	if n := d.protect(t, "school", "Prøvebakkens Skole"); n != 1 {
		t.Errorf("found in %d sharings", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.prompt WHERE case_id = $1 AND rule = $2`, d.c.ID, sharing.AlreadyShared); n != 1 {
		t.Errorf("%d prompts", n)
	}
	var all *[]sharing.Sharing
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("delinger"), func(b *db.Batch) { all = sharing.Register(b) }); err != nil {
		t.Fatal(err)
	}
	if len(*all) != 1 || !(*all)[0].Leaked() {
		t.Errorf("%+v", *all)
	}
}

// Somebody protects a fact while a colleague shares: one waits for the other, so that it is found by either.
func TestNoFactComesBetweenTheLookAndTheSharing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	between, shared := make(chan bool), make(chan error)
	go func() {
		shared <- d.in(t, d.Dennis, func(ctx context.Context, tx *db.Tx) error {
			_, err := sharing.Share(ctx, tx, d.Keys, d.letter("Hun går på Prøvebakkens Skole."))
			between <- true
			time.Sleep(300 * time.Millisecond) // compared and written, not committed
			return err
		})
	}()
	<-between
	n := d.protect(t, "school", "Prøvebakkens Skole")
	if err := <-shared; err != nil || n != 1 {
		t.Errorf("found in %d sharings, %v", n, err)
	}
}

func TestNothingIsSharedWithoutABasis(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for what, tr := range map[string]struct {
		field, key string
		change     func(*sharing.Input)
	}{
		"no basis":                          {"legal_basis", "sharing.error.basis", func(in *sharing.Input) { in.LegalBasis = "" }},
		"a basis to obtain":                 {"legal_basis", "sharing.error.basis", func(in *sharing.Input) { in.LegalBasis = "RSL_11C" }},
		"no purpose":                        {"purpose", "sharing.error.purpose", func(in *sharing.Input) { in.Purpose = "" }},
		"consent that was not given":        {"consent", "sharing.error.consent_needed", func(in *sharing.Input) { in.LegalBasis = "CONSENT" }},
		"nobody":                            {"to", "sharing.error.to", func(in *sharing.Input) { in.OrganisationID = uuid.Nil }},
		"somebody of another organisation":  {"to", "sharing.error.to", func(in *sharing.Input) { in.ContactID = uuid.New() }},
		"a refusal without a reason":        {"reason", "sharing.error.reason", func(in *sharing.Input) { in.Direction = sharing.Refused }},
		"tomorrow":                          {"happened_on", "sharing.error.future", func(in *sharing.Input) { in.HappenedOn = time.Now().AddDate(0, 0, 2) }},
		"a name without a basis":            {"text", "sharing.error.named", func(in *sharing.Input) { in.LegalBasis, in.Text = sharing.Anonymous, "Amira er 15." }},
		"a CPR number without a basis":      {"text", "sharing.error.named", func(in *sharing.Input) { in.LegalBasis, in.Text = sharing.Anonymous, "Nummer 740410-1234" }},
		"a protected fact in open words":    {"what", "sharing.error.open", func(in *sharing.Input) { in.What = "Om Skovtroldevej 12" }},
		"a protected fact in a refusal":     {"reason", "sharing.error.open", func(in *sharing.Input) { in.Direction, in.Reason = sharing.Refused, "De spurgte til Skovtroldevej 12" }},
		"nobody asked to release":           {"asked", "sharing.error.asked", func(in *sharing.Input) { in.Ask, in.AskReason = true, "x" }},
		"no reason to ask for a release":    {"ask_reason", "sharing.error.ask_reason", func(in *sharing.Input) { in.Ask, in.AskedID = true, d.Dennis.UserID }},
		"nothing told":                      {"text", "sharing.error.text", func(in *sharing.Input) { in.Text = "" }},
		"a direction that there is not":     {"direction", "error.choose", func(in *sharing.Input) { in.Direction = "up" }},
		"a consent that there is not":       {"consent", "sharing.error.consent", func(in *sharing.Input) { in.Consent = "maybe" }},
		"a refusal on an unknown basis":     {"legal_basis", "sharing.error.basis", func(in *sharing.Input) { in.Direction, in.Reason, in.LegalBasis = sharing.Refused, "x", "XX" }},
		"a text longer than the form takes": {"text", "error.long", func(in *sharing.Input) { in.Text = strings.Repeat("a", sharing.MaxText+1) }},
	} {
		in := d.letter("Hun er et sikkert sted.")
		tr.change(&in)
		_, err := d.share(t, d.Mette, in)
		var bad fault.Invalid
		if !errors.As(err, &bad) || tr.key != "error.long" && bad[tr.field] != tr.key || bad[tr.field] == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	in := d.letter("Et barn på 15 år bor hos en veninde.")
	in.LegalBasis = sharing.Anonymous
	if out, err := d.share(t, d.Mette, in); err != nil || out.ID == uuid.Nil {
		t.Errorf("without personal data, without a basis: %+v, %v", out, err)
	}
}

func TestARefusalAndWhatComesInAreRecordedAndCorrectedByAddition(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.letter("")
	in.Direction, in.Reason, in.LegalBasis, in.Purpose, in.Consent = sharing.Refused, "Til efterforskning, retsplejeloven § 115, stk. 2", "", "", ""
	out, err := d.share(t, d.Mette, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.share(t, d.Mette, in); err != nil || again.ID != out.ID {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	next := in
	next.Key, next.Corrects, next.Reason = uuid.New(), out.ID, "Til efterforskning"
	if _, err := d.share(t, d.Dennis, next); err != nil {
		t.Fatal(err)
	}
	next.Key, next.Corrects = uuid.New(), uuid.New()
	if _, err := d.share(t, d.Dennis, next); !errors.Is(err, fault.NotFound) {
		t.Errorf("corrects what is not there: %v", err)
	}
	came := d.letter("Hun bor på Skovtroldevej 12, siger politiet.") // what comes in may tell of it
	came.Direction = sharing.In
	if out, err := d.share(t, d.Mette, came); err != nil || out.ID == uuid.Nil {
		t.Errorf("%+v, %v", out, err)
	}
	var all *[]sharing.Sharing
	if _, err := d.DB.ReadCase(t.Context(), d.Mette, d.c.At("delinger"), func(b *db.Batch) { all = sharing.Register(b) }); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(*all, func(s sharing.Sharing) bool { return s.ID == out.ID })
	if len(*all) != 3 || (*all)[i].CorrectedBy == nil {
		t.Errorf("%+v", *all)
	}
	if d.trail(t, "sharing.refused") != 2 || d.trail(t, "sharing.in") != 1 {
		t.Error("the trail lacks a line")
	}
}

func TestWhoIsAskedForAdviceSharesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Grant(t, d.c, d.Sara, "consulted")
	for _, who := range []actor.Actor{d.Sara, d.Jonas} { // who advises, and the team's lead
		if _, err := d.share(t, who, d.letter("x")); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	if _, err := d.share(t, d.Huseyin, d.letter("x")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
}
