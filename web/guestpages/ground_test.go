package guestpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/sharing"
)

// shown posts a form that is refused, and looks for words on the page.
func (d *desk) shown(t *testing.T, f url.Values, words ...string) {
	t.Helper()
	f.Set("key", uuid.NewString())
	a := d.Post(t, d.Mette, d.links(), f)
	if a.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", a.Status)
	}
	for _, w := range append(words, "Der er sendt beskeder", "Vurdering af truslen") { // nothing typed is lost
		if !strings.Contains(a.Body, w) {
			t.Errorf("%q is not on the page", w)
		}
	}
	if n := d.Count(t, `SELECT (SELECT count(*) FROM app.guest_link) + (SELECT count(*) FROM app.sharing)`); n != 0 {
		t.Errorf("%d rows of a link that was refused", n)
	}
}

func TestALinkIsToldOnAWayOfTheCompass(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	page := d.Get(t, d.Mette, d.links()).Body
	for _, want := range []string{`value="CRIME_REPORT"`, `value="RPL_115_SSP"`, "retsplejeloven § 115", "Ikke verificeret", "Det står på samarbejdet", "Skriv: Hvad der er sket", "Borgerens alder: ", "version 2"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, not := range []string{`value="UDL_44C"`, `value="SL_12C"`, `value="OWN_AUTHORITY"`, " checked"} { // ways to others; and none is chosen beforehand
		if strings.Contains(page, not) {
			t.Errorf("%q is on the page", not)
		}
	}
	f := d.form()
	f.Set("purpose_code", "risk")
	d.shown(t, f, `id="legal_basis-error"`, "Kompasset har ikke den vej", `value="GDPR_FVL28"`)
	f.Set("purpose_code", "")
	d.shown(t, f, `id="purpose_code-error"`)
	f.Set("purpose_code", "crime")
	f.Set("legal_basis", "OWN_AUTHORITY")
	d.shown(t, f, `id="legal_basis-error"`)
	f.Set("legal_basis", "ANONYMOUS")
	f.Set("purpose_code", "advice")
	f.Set("request", "Amira er bange")
	d.shown(t, f, `id="request-error"`, "Uden hjemmel")
}

func TestALinkByConsentNamesTheConsentTowardsThatPartner(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f := d.form()
	f.Set("purpose_code", "risk")
	f.Set("legal_basis", "CONSENT")
	f.Set("consent", "yes")
	d.shown(t, f, "Vælg et samtykke", "Intet samtykke gælder", "/samtykker/ny")
	other := d.Partner(t, "school", "Skolen", "Per")
	var mine, theirs uuid.UUID
	for id, to := range map[*uuid.UUID]uuid.UUID{&mine: d.p.OrganisationID, &theirs: other.OrganisationID} {
		if err := d.DB.InCase(t.Context(), d.Mette, d.c.At("samtykker"), func(tx *db.Tx) (err error) {
			*id, err = sharing.ConsentInput{Key: uuid.New(), FromCitizen: true, OrganisationID: to, What: "Truslerne", Purpose: "x", How: sharing.Orally, GivenOn: tx.Now, ExpiresOn: tx.Now.AddDate(0, 1, 0)}.Record(t.Context(), tx, d.Keys)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	f.Set("consent_id", theirs.String())
	d.shown(t, f, `id="consent_id-error"`, `value="`+mine.String()+`"`)
	f.Set("consent_id", mine.String())
	f.Set("consent", "no")
	d.shown(t, f, `id="consent-error"`)
	f.Del("consent") // the way says it
	f.Del("confirmed")
	if a := d.Post(t, d.Mette, d.links(), f); !strings.Contains(a.Body, `name="consent_id" value="`+mine.String()+`"`) || !strings.Contains(a.Body, "Vurdere risikoen") {
		t.Errorf("what was chosen is not shown first: %d %s", a.Status, a.Body)
	}
	f.Set("confirmed", "1")
	if a := d.Post(t, d.Mette, d.links(), f); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing WHERE legal_basis = 'CONSENT' AND purpose_code = 'risk' AND consent = 'yes' AND consent_id = $1 AND compass = '2' AND compass_fits AND off_compass = ''`, mine); n != 1 {
		t.Error("the answer does not stand in the register")
	}
}

// A link is sent once more only while its way is one: at eighteen what holds for children holds no more.
func TestALinkIsNotSentAnewOnAWayThatHasEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	f := d.form()
	f.Set("purpose_code", "prevention")
	f.Set("legal_basis", "RPL_115_SSP")
	if a := d.Post(t, d.Mette, d.links(), f); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var link uuid.UUID
	again := func() int {
		d.Scan(t, []any{&link}, `SELECT id FROM app.guest_link WHERE revoked_at IS NULL`)
		d.Post(t, d.Mette, d.links()+"/"+link.String()+"/igen", nil)
		return d.Count(t, `SELECT count(*) FROM app.guest_link`)
	}
	if n := again(); n != 2 {
		t.Errorf("%d links", n)
	}
	d.Exec(t, `UPDATE app.person SET born = now()::date - 19 * 365 WHERE is_citizen`)
	if n := again(); n != 2 || !strings.Contains(d.Get(t, d.Mette, d.links()).Body, `value="RPL_115_PSP"`) {
		t.Errorf("%d links", n)
	}
	d.Exec(t, `UPDATE app.sharing SET purpose_code = '', compass = '', compass_fits = NULL`) // from before the compass was asked
	if n := again(); n != 3 {
		t.Errorf("%d links", n)
	}
}
