package forum_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/forum"
	"samspil/internal/sharing"
)

// consents writes down that the citizen has said yes towards the police.
func (x table) consents() (id uuid.UUID) {
	x.t.Helper()
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = sharing.ConsentInput{Key: uuid.New(), FromCitizen: true, OrganisationID: x.police.OrganisationID, What: "Truslerne", Purpose: "x", How: sharing.Orally, GivenOn: tx.Now, ExpiresOn: tx.Now.AddDate(0, 1, 0)}.Record(ctx, tx, x.Keys)
		return err
	}))
	return id
}

func (x table) approveAndGive(id uuid.UUID) error {
	x.t.Helper()
	x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, true, "") }))
	return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { _, err := forum.Give(ctx, tx, x.Keys, id); return err })
}

// A named item is on one way for everybody who is told: what reaches the police and no colleague is no way to both. Who may open the
// case is told nothing, and needs none.
func TestANamedItemIsOnAWayForEverybodyWhoIsTold(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.named()
	in.PurposeCode, in.LegalBasis = "crime", "CRIME_REPORT"
	_, _, err := x.put(in)
	refused(t, err, "legal_basis", "ground.error.not_offered") // Hüseyin may not open the case
	in.Slices = []forum.SliceInput{{Who: x.officer()}, {Who: user(x.Dennis)}}
	x.must(x.approveAndGive(x.mustPut(in)))
	in = x.named()
	in.PurposeCode = "investigation"
	_, _, err = x.put(in)
	refused(t, err, "legal_basis", "ground.error.not_offered")
	in.PurposeCode, in.LegalBasis, in.Slices = "risk", "OWN_AUTHORITY", in.Slices[1:]
	in.Key = uuid.New()
	x.must(x.approveAndGive(x.mustPut(in)))
	if n := x.Count(t, `SELECT count(*) FROM app.sharing WHERE compass = '2' AND compass_fits AND (purpose_code = 'crime' AND contact_id = $1 OR purpose_code = 'risk' AND to_user = $2)`, x.police.ID, x.Huseyin.UserID); n != 2 {
		t.Errorf("%d lines say on which way", n)
	}
}

// A consent that is withdrawn while an item waits asks what is to be done, and nothing of the item is told.
func TestAConsentThatIsWithdrawnWhileItsItemWaits(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	in := x.named()
	in.PurposeCode, in.LegalBasis, in.Consent, in.Slices = "risk", "CONSENT", sharing.Consented, in.Slices[:1]
	_, _, err := x.put(in)
	refused(t, err, "consent_id", "ground.error.consent")
	consent := x.consents()
	in.ConsentIDs = []uuid.UUID{consent, uuid.New()}
	id := x.mustPut(in)
	waits := func() int {
		var list *[]sharing.Waiting
		if err := x.DB.InCase(t.Context(), x.Mette, x.c.At("samtykker"), func(tx *db.Tx) error {
			return tx.Read(t.Context(), func(b *db.Batch) { list = sharing.WaitsOn(b, consent) })
		}); err != nil {
			t.Fatal(err)
		}
		return len(*list)
	}
	if waits() != 1 {
		t.Error("nobody sees that the item waits on it")
	}
	x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
		return sharing.Withdraw(ctx, tx, consent, tx.Now, "Jeg vil ikke mere")
	}))
	if n := x.Count(t, `SELECT count(*) FROM app.prompt WHERE rule = 'consent_withdrawn' AND key = $1`, consent.String()); n != 1 {
		t.Errorf("the case asks %d times", n)
	}
	refused(t, x.approveAndGive(id), "slices", "forum.error.ended")
	if n := x.Count(t, `SELECT count(*) FROM app.sharing`); n != 0 {
		t.Errorf("%d lines of what was not told", n)
	}
	// where the item is taken off, or was sent back, nothing waits
	for i, over := range []func(uuid.UUID){
		func(id uuid.UUID) {
			x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { return forum.Withdraw(ctx, tx, id) }))
		},
		func(id uuid.UUID) {
			x.must(x.in(x.Jonas, func(ctx context.Context, tx *db.Tx) error { return forum.Approve(ctx, tx, id, false, "Nej") }))
		},
	} {
		consent = x.consents()
		in.Key, in.ConsentIDs = uuid.New(), []uuid.UUID{consent}
		over(x.mustPut(in))
		if waits() != 0 {
			t.Errorf("%d: it waits", i)
		}
		x.must(x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error {
			return sharing.Withdraw(ctx, tx, consent, tx.Now, "Jeg vil ikke mere")
		}))
	}
	if n := x.Count(t, `SELECT count(*) FROM app.prompt WHERE rule = 'consent_withdrawn'`); n != 1 {
		t.Errorf("the case asks %d times", n)
	}
}

// The fact that one seat must know is on a way of its own, not on that of the item.
func TestAFactForOneSeatIsOnAWayOfItsOwn(t *testing.T) {
	t.Parallel()
	x := newTable(t)
	id := x.mustPut(x.named())
	x.must(x.approveAndGive(id))
	ask := func(change func(*forum.ReleaseInput)) error {
		in := forum.ReleaseInput{Key: uuid.New(), Item: id, Seat: x.officerSeat(), Text: "Skovtroldevej 12", AskedID: x.Jonas.UserID, AskReason: "x",
			Ground: sharing.Ground{PurposeCode: "danger", LegalBasis: "GDPR_FVL28", Purpose: "De skal køre derhen", Consent: sharing.NotAsked}}
		if change != nil {
			change(&in)
		}
		return x.in(x.Mette, func(ctx context.Context, tx *db.Tx) error { return forum.Release(ctx, tx, x.Keys, in) })
	}
	refused(t, ask(func(in *forum.ReleaseInput) { in.PurposeCode = "crime" }), "legal_basis", "ground.error.not_offered")
	refused(t, ask(func(in *forum.ReleaseInput) { in.LegalBasis = sharing.Anonymous }), "legal_basis", "ground.error.way")
	refused(t, ask(func(in *forum.ReleaseInput) { in.Ground = sharing.Ground{} }), "purpose_code", "ground.error.purpose_code")
	refused(t, ask(func(in *forum.ReleaseInput) { in.LegalBasis, in.Consent = "CONSENT", sharing.Consented }), "consent_id", "ground.error.consent")
	refused(t, ask(func(in *forum.ReleaseInput) { in.Purpose = "De bor Skovtroldevej 12" }), "purpose", "sharing.error.open")
	x.must(ask(nil))
	x.must(ask(func(in *forum.ReleaseInput) { in.Seat, in.LegalBasis = x.seat(x.Huseyin), "VITAL_INTEREST" }))
	if n := x.Count(t, `SELECT count(*) FROM app.sharing WHERE status = 'held' AND purpose_code = 'danger' AND legal_basis IN ('GDPR_FVL28','VITAL_INTEREST') AND compass = '2' AND compass_fits`); n != 2 {
		t.Errorf("%d lines say on which way", n)
	}
}
