package sharingpages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/web/link"
)

func TestTheCompassLeadsToAFilledInForm(t *testing.T) {
	s := newSite(t)
	path := s.path + "/kompas"
	has(t, s.Get(t, s.Mette, path), http.StatusOK, "Delingskompas", "Politiet", "Katalogets type: Politikreds", "15–17 år")
	s.Exec(t, `INSERT INTO app.involvement (case_id, organisation_id, contact_id, responsible_for, origin, added_by) SELECT $1, organisation_id, id, 'x', 'ad_hoc', $2 FROM app.contact_person WHERE name = 'Rikke Holm'`, s.c.ID, s.Mette.UserID)
	a := s.Get(t, s.Mette, path+"?hvem="+s.to+"&formaal=prevention")
	has(t, a, http.StatusOK, "retsplejeloven\u00a0§\u00a0115, stk. 1, nr. 1, og stk. 2", "Noget med henblik på efterforskning", "Ikke verificeret: spørg juristen", "Slået efter i en kilde", "husets forslag og ikke lov",
		"Kræver samtykke", "Porten til familien er lukket", "grundlag=RPL_115_SSP")
	i := strings.Index(a.Body, "grundlag=RPL_115_SSP")
	form := strings.ReplaceAll(a.Body[strings.LastIndex(a.Body[:i], `"`)+1:i+strings.Index(a.Body[i:], `"`)], "&amp;", "&")
	has(t, s.Get(t, s.Mette, form), http.StatusOK, `<option value="RPL_115_SSP" selected`, `<option value="prevention" selected`, `<option value="`+s.to+`" selected`, `value="not_asked" checked`)
	a = s.Get(t, s.Mette, path+"?hvem=type:police_district&formaal=investigation")
	has(t, a, http.StatusOK, "Ingen lovlig vej", "Kommunal jurist", "Kræver samtykke")
	a = s.Get(t, s.Sara, path+"?hvem="+s.to+"&formaal=prevention")
	has(t, a, http.StatusOK, "Lovlige veje")
	if strings.Contains(a.Body, "Del på dette grundlag") {
		t.Error("who is asked for advice is offered to share")
	}
	s.Exec(t, `UPDATE app.person SET born = NULL WHERE case_id = $1`, s.c.ID)
	s.Exec(t, `UPDATE app.citizen_label SET born = NULL WHERE case_id = $1`, s.c.ID)
	has(t, s.Get(t, s.Mette, path), http.StatusOK, "Under 18 år. Gættet ud fra sagens område")
}

func TestABasisOffTheCompassIsAskedAboutOnce(t *testing.T) {
	s := newSite(t)
	form := s.letter("Kort besked", "legal_basis", "SSD_VERIFY")
	a := s.Post(t, s.Mette, s.path+"/ny", form)
	has(t, a, http.StatusUnprocessableEntity, "Kompasset kender ikke den hjemmel", `name="off_compass"`, "Kort besked")
	form.Set("off_compass", "Juristen har sagt ja")
	a = s.Post(t, s.Mette, s.path+"/ny", form)
	has(t, a, http.StatusSeeOther)
	has(t, s.Get(t, s.Mette, a.Location()), http.StatusOK, "Juristen har sagt ja", "Ikke en vej, kompasset kender", "Version 2, alder")
}

func TestAConsentIsGivenUsedAndWithdrawn(t *testing.T) {
	s := newSite(t)
	path := link.Consents(s.c.Ref)
	has(t, s.Get(t, s.Mette, path), http.StatusOK, "Ingen samtykker endnu")
	s.Exec(t, `INSERT INTO app.person (case_id, name, relation) VALUES ($1, 'Noor', 'mor')`, s.c.ID)
	has(t, s.Get(t, s.Mette, path+"/ny"), http.StatusOK, "Noor", "Porten til familien er lukket")
	has(t, s.Post(t, s.Mette, path+"/ny", url.Values{"key": {uuid.NewString()}, "what": {"Truslerne"}}), http.StatusUnprocessableEntity, "Vælg, hvem der har sagt ja", "Skriv, hvor længe", "Truslerne")
	organisation, _, _ := strings.Cut(s.to, ".")
	form := url.Values{"key": {uuid.NewString()}, "from": {"citizen"}, "to": {organisation}, "what": {"Truslerne"}, "purpose": {"Politiet vurderer dem"}, "how": {"orally"}, "given_on": {"i dag"}, "expires_on": {i18n.FieldDate(time.Now().AddDate(0, 0, 5))}}
	var mother string
	s.Scan(t, []any{&mother}, `SELECT id::text FROM app.person WHERE name = 'Noor'`)
	asked := url.Values{}
	for k, v := range form {
		asked[k] = v
	}
	asked.Set("from", mother)
	has(t, s.Post(t, s.Mette, path+"/ny", asked), http.StatusUnprocessableEntity, "barnets lov\u00a0§\u00a018, stk. 3", "Truslerne")
	a := s.Post(t, s.Mette, path+"/ny", form)
	has(t, a, http.StatusSeeOther)
	one := a.Location()
	has(t, s.Get(t, s.Mette, one), http.StatusOK, "Truslerne", "Mundtligt", "Intet er delt på det endnu", "Udløber snart")
	has(t, s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "Samtykket over for Politiet udløber snart")
	has(t, s.Get(t, s.Mette, s.path+"/kompas?hvem="+organisation+"&formaal=prevention"), http.StatusOK)
	consent := one[len(path)+1:]
	letter := s.letter("Hun er blevet truet", "legal_basis", "CONSENT", "consent", "yes")
	has(t, s.Post(t, s.Mette, s.path+"/ny", letter), http.StatusUnprocessableEntity, "Vælg det samtykke, det hviler på", "Borgeren, over for Politiet: Truslerne")
	letter.Set("consent_id", consent)
	has(t, s.Post(t, s.Mette, s.path+"/ny", letter), http.StatusSeeOther)
	has(t, s.Post(t, s.Mette, one+"/traek", url.Values{"on": {"i dag"}}), http.StatusUnprocessableEntity, "Skriv, hvad der blev sagt")
	has(t, s.Post(t, s.Mette, one+"/traek", url.Values{"on": {"i dag"}, "words": {"Ikke mere"}}), http.StatusSeeOther)
	has(t, s.Get(t, s.Mette, one), http.StatusOK, "Trukket tilbage, og 1 deling hviler på det", "Sig det til modtagerne", "Beskyttelsesbehov", "Ikke mere")
	has(t, s.Post(t, s.Mette, one+"/traek", url.Values{"on": {"i dag"}, "words": {"Ikke mere"}}), http.StatusConflict, "Det er trukket tilbage i forvejen")
	has(t, s.Get(t, s.Mette, link.Case(s.c.Ref)), http.StatusOK, "Et samtykke, der er delt på, er trukket tilbage")
	letter.Set("key", uuid.NewString())
	has(t, s.Post(t, s.Mette, s.path+"/ny", letter), http.StatusUnprocessableEntity, "Samtykket gælder ikke")
	has(t, s.Get(t, s.Sara, one), http.StatusOK, "Truslerne")
	if a := s.Get(t, s.Sara, one); strings.Contains(a.Body, "Træk samtykket tilbage") {
		t.Error("who is asked for advice is offered to withdraw")
	}
}
