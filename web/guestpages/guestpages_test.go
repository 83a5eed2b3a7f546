package guestpages_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/keys"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

const secret = "Skovtroldevej 12 B, 2. tv."

// desk is a case with a partner who has a mail address and two steps.
type desk struct {
	*webtest.Site
	c          testkit.CaseFile
	p          testkit.Contact
	part       uuid.UUID
	step, more uuid.UUID
	link       testkit.GuestLink
	in         *http.Cookie
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Site: webtest.New(t), part: uuid.New(), step: uuid.New(), more: uuid.New()}
	d.c, d.p = d.Case(t, d.Mette, 1), d.Partner(t, "police_district", "Fjordegnens Politi", "Rikke Holm")
	d.Exec(t, `UPDATE app.contact_person SET secure_mail = 'rikke@politiet.test' WHERE id = $1`, d.p.ID)
	d.Exec(t, `UPDATE auth.user_account SET phone = '00 98 76 54' WHERE id = $1`, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, legal_basis, added_by) VALUES ($1, $2, $3, $4, 'Hemmelig del', 'ad_hoc', 'CRIME_REPORT', $5)`,
		d.part, d.c.ID, d.p.OrganisationID, d.p.ID, d.Mette.UserID)
	plan, phase := uuid.New(), uuid.New()
	d.Exec(t, `INSERT INTO app.plan (id, case_id, started_by) VALUES ($1, $2, $3)`, plan, d.c.ID, d.Mette.UserID)
	d.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Straks', 1)`, phase, d.c.ID, plan)
	for i, s := range []uuid.UUID{d.step, d.more} {
		d.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, responsible_contact, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			s, d.c.ID, phase, i+1, []string{"Trusselsvurdering af Amira", "Hemmeligt trin"}[i], d.p.ID, d.Mette.UserID)
	}
	id := uuid.New()
	d.Exec(t, `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES ($1, $2, $3, 'address', $4, $5)`, id, d.c.ID, d.c.CitizenID,
		d.Keys.Seal(keys.Where{Column: "protected_fact", CaseID: d.c.ID, RowID: id}, secret), d.Mette.UserID)
	return d
}

func (d *desk) links() string { return link.GuestLinks(d.c.Ref, d.part) }

// form is a request with one step.
func (d *desk) form() url.Values {
	return url.Values{"key": {uuid.NewString()}, "request": {"Vil I vurdere truslen inden fredag?"}, "text": {"Der er sendt beskeder, som vi har kopier af."}, "step": {d.step.String()},
		"title-" + d.step.String(): {"Trusselsvurdering"}, "title-" + d.more.String(): {"Hemmeligt trin"}, "purpose_code": {"crime"}, "legal_basis": {"CRIME_REPORT"}, "purpose": {"Vurdering af truslen"}, "consent": {"not_asked"}, "confirmed": {"1"}}
}

// send sends a link, and lets the partner in.
func (d *desk) send(t *testing.T) {
	t.Helper()
	if a := d.Post(t, d.Mette, d.links(), d.form()); a.Location() != d.links() {
		t.Fatalf("sending: %d %s", a.Status, a.Body)
	}
	d.Scan(t, []any{&d.link.ID}, `SELECT id FROM app.guest_link WHERE revoked_at IS NULL`)
	d.PostGuest(t, &d.link)
	a := d.Post(t, d.Mette, d.links()+"/"+d.link.ID.String()+"/kode", nil)
	m := regexp.MustCompile(`(\d{3}) (\d{3})</b>`).FindStringSubmatch(a.Body)
	if m == nil || !strings.Contains(a.Body, "00 12 34 56") {
		t.Fatalf("no code, or no number to read it out on: %d %s", a.Status, a.Body)
	}
	a = d.Post(t, actor.Actor{}, link.Guest(d.link.Token), url.Values{"code": {m[1] + m[2]}})
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "guest" {
			d.in = c
		}
	}
	if d.in == nil {
		t.Fatalf("the code does not open: %d", a.Status)
	}
}

// sees is the page behind the link.
func (d *desk) sees(t *testing.T) webtest.Answer {
	t.Helper()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+link.Guest(d.link.Token), nil)
	r.AddCookie(d.in)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	_, _ = b.ReadFrom(resp.Body)
	return webtest.Answer{Status: resp.StatusCode, Body: b.String(), Header: resp.Header}
}

// says posts a form behind the link.
func (d *desk) says(t *testing.T, path string, form url.Values) webtest.Answer {
	t.Helper()
	return d.PostWith(t, actor.Actor{}, link.Guest(d.link.Token)+path, form, d.in)
}

func TestAPartnerReadsWhatIsAddressedToThemAndNothingElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.Post(t, d.Mette, d.links(), func() url.Values { f := d.form(); f.Del("confirmed"); return f }())
	if before.Status != http.StatusOK || !strings.Contains(before.Body, "ord for ord") || !strings.Contains(before.Body, "Vil I vurdere truslen") || d.Count(t, `SELECT count(*) FROM app.guest_link`)+d.Count(t, `SELECT count(*) FROM app.sharing`) != 0 {
		t.Errorf("it is not shown first: %d", before.Status)
	}
	d.send(t)
	a := d.sees(t)
	for _, want := range []string{"Rikke Holm", "Vil I vurdere truslen inden fredag?", "Der er sendt beskeder", "Trusselsvurdering", "Mette Lindhardt", "00 98 76 54"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, not := range []string{"Amira", "Hemmelig", d.c.Number, d.c.Ref, d.c.ID.String(), "CRIME_REPORT", "Vurdering af truslen"} {
		if strings.Contains(a.Body, not) {
			t.Errorf("the partner reads %q", not)
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.mail WHERE kind = 'link' AND to_contact = $1 AND about = $2`, d.p.ID, d.link.ID); n != 1 {
		t.Errorf("%d letters", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.sharing WHERE case_id = $1 AND direction = 'out' AND contact_id = $2 AND hits = 0 AND facts_scanned = 1`, d.c.ID, d.p.ID); n != 1 {
		t.Errorf("%d lines in the register", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'guest.read' AND case_id = $1 AND actor IS NULL`, d.c.ID); n != 1 {
		t.Errorf("%d lines of the reading in the trail", n)
	}
}

func TestNoLinkLeavesWithAProtectedFactInIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for field, beside := range map[string]string{"request": `id="request-error"`, "text": `id="text-error"`, "title-" + d.step.String(): `href="#steps"`} {
		f := d.form()
		f.Set(field, "Hun bor på skovtroldevej 12b")
		a := d.Post(t, d.Mette, d.links(), f)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Intet er sendt") || !strings.Contains(a.Body, "Hun bor") {
			t.Errorf("%s: %d", field, a.Status)
		}
		if !strings.Contains(a.Body, beside) || strings.Count(a.Body, "-error\"") != strings.Count(beside, "-error\"") {
			t.Errorf("%s: the message does not stand there", field)
		}
	}
	if n := d.Count(t, `SELECT (SELECT count(*) FROM app.guest_link) + (SELECT count(*) FROM app.mail) + (SELECT count(*) FROM app.sharing)`); n != 0 {
		t.Errorf("%d rows of a link that was stopped", n)
	}
	d.Exec(t, `UPDATE app.contact_person SET secure_mail = ''`)
	if a := d.Post(t, d.Mette, d.links(), d.form()); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "ingen mailadresse") {
		t.Errorf("without an address: %d", a.Status)
	}
	f := d.form()
	f.Set("legal_basis", "")
	f.Set("request", "")
	if a := d.Post(t, d.Mette, d.links(), f); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Skriv, hvad du beder om") || !strings.Contains(a.Body, "Der er sendt beskeder") {
		t.Errorf("without basis and request: %d", a.Status)
	}
}

// A fact that is protected after the link was sent closes it.
func TestAFactProtectedLaterClosesTheLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	d.Exec(t, `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id, later) SELECT s.case_id, s.id, f.id, true FROM app.sharing s, app.protected_fact f`)
	if a := d.sees(t); strings.Contains(a.Body, "truslen") || !strings.Contains(a.Body, `name="code"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := d.Post(t, d.Mette, d.links()+"/"+d.link.ID.String()+"/igen", nil); a.Status != http.StatusForbidden {
		t.Errorf("it is sent anew: %d", a.Status)
	}
}

// A link goes on telling; it ends with the consent that it rests on.
func TestALinkEndsWhenItsConsentIsWithdrawn(t *testing.T) {
	t.Parallel()
	for what, over := range map[string]string{"withdrawn": `UPDATE app.consent SET withdrawn_on = now()::date, withdrawn_words = 'Jeg vil ikke mere', withdrawn_by = written_by, withdrawn_at = now()`,
		"run out": `UPDATE app.consent SET expires_on = now()::date - 2`} {
		d := newDesk(t)
		d.Exec(t, `INSERT INTO app.consent (case_id, organisation_id, what, purpose, how, given_on, expires_on, written_by) VALUES ($1, $2, 'Truslerne', 'x', 'orally', now()::date - 5, now()::date + 30, $3)`, d.c.ID, d.p.OrganisationID, d.Mette.UserID)
		d.send(t)
		d.Exec(t, `UPDATE app.sharing SET consent_id = (SELECT c.id FROM app.consent c)`)
		if a := d.sees(t); !strings.Contains(a.Body, "truslen") {
			t.Fatalf("while the consent holds: %d", a.Status)
		}
		d.Exec(t, over)
		if a := d.sees(t); strings.Contains(a.Body, "truslen") || !strings.Contains(a.Body, `name="code"`) {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
		if a := d.Post(t, d.Mette, d.links()+"/"+d.link.ID.String()+"/igen", nil); a.Status != http.StatusForbidden {
			t.Errorf("%s: it is sent anew: %d", what, a.Status)
		}
	}
}

func TestAPartnersAnswersStandOnTheCaseAsTheirs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	step := "/trin/" + d.step.String()
	key := uuid.NewString()
	if a := d.says(t, "/svar", url.Values{"kind": {"asked_back"}, "key": {uuid.NewString()}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a question without words: %d", a.Status)
	}
	if a := d.says(t, step, url.Values{"n": {"1"}, "kind-1": {"not_possible"}, "key": {uuid.NewString()}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="words-1-error"`) {
		t.Errorf("not possible without a reason: %d", a.Status)
	}
	for range 2 { // twice clicked
		for path, f := range map[string]url.Values{"/svar": {"kind": {"accepted"}, "key": {key}}, step: {"n": {"1"}, "kind-1": {"not_possible"}, "words-1": {"Vi mangler kopierne"}, "key": {key + "x"}}} {
			if path == step {
				f.Set("key", strings.Replace(key, key[:1], "f", 1))
			}
			if a := d.says(t, path, f); a.Location() != link.Guest(d.link.Token) {
				t.Fatalf("%s: %d %s", path, a.Status, a.Body)
			}
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.involvement WHERE id = $1 AND status = 'accepted' AND answered_at IS NOT NULL AND version = 2`, d.part); n != 1 {
		t.Error("the part is not accepted, or twice")
	}
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE id = $1 AND impossible_at IS NOT NULL AND status = 'open'`, d.step); n != 1 {
		t.Error("the step is not marked")
	}
	list := d.Get(t, d.Mette, "/sager/"+d.c.Ref+"/handlingsplan")
	if !strings.Contains(list.Body, "at det ikke kan lade sig gøre") {
		t.Error("the plan does not say so")
	}
	if !strings.Contains(list.Body, "0 udført · 1 ikke muligt") {
		t.Error("what is not possible does not count apart from what is done")
	}
	for _, path := range []string{"/handlingsplan/trin/" + d.step.String(), ""} {
		if a := d.Get(t, d.Mette, "/sager/"+d.c.Ref+path); !strings.Contains(a.Body, "kan lade sig gøre") {
			t.Errorf("%q does not say so", path)
		}
	}
	if a := d.says(t, step, url.Values{"n": {"1"}, "kind-1": {"done"}, "key": {uuid.NewString()}}); a.Location() == "" {
		t.Errorf("done: %d", a.Status)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE id = $1 AND status = 'done' AND done_at IS NOT NULL AND done_by IS NULL AND impossible_at IS NULL`, d.step); n != 1 {
		t.Error("the step is not done, or still impossible")
	}
	for _, kind := range []string{"guest.opened", "involvement.accepted", "step.not_possible", "step.done"} {
		if n := d.Count(t, `SELECT count(*) FROM app.case_event WHERE case_id = $1 AND kind = $2 AND contact_id = $3 AND actor IS NULL`, d.c.ID, kind, d.p.ID); n != 1 {
			t.Errorf("%d × %s as theirs", n, kind)
		}
	}
	for _, kind := range []string{"guest.accepted", "guest.not_possible", "guest.done"} {
		if n := d.Count(t, `SELECT count(*) FROM app.notice WHERE to_user = $1 AND kind = $2`, d.Mette.UserID, kind); n != 1 {
			t.Errorf("%d × %s told", n, kind)
		}
	}
	journal := d.Get(t, d.Mette, "/sager/"+d.c.Ref+"/journal")
	if !strings.Contains(journal.Body, "Link åbnet") || !strings.Contains(journal.Body, "Rikke Holm") {
		t.Error("the journal does not tell of it")
	}
	if a := d.Get(t, d.Mette, d.links()); !strings.Contains(a.Body, "Vi mangler kopierne") || !strings.Contains(a.Body, "Besvaret") {
		t.Errorf("the caseworker does not read the answer: %d", a.Status)
	}
	// what they were not sent, they cannot touch
	if a := d.says(t, "/trin/"+d.more.String(), url.Values{"n": {"1"}, "kind-1": {"done"}}); a.Status != http.StatusNotFound || d.Count(t, `SELECT count(*) FROM app.plan_step WHERE id = $1 AND status = 'done'`, d.more) != 0 {
		t.Errorf("a step that was not sent: %d", a.Status)
	}
	// a no after the yes comes too late
	if a := d.says(t, "/svar", url.Values{"kind": {"declined"}, "words": {"Alligevel ikke"}, "key": {uuid.NewString()}}); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Alligevel ikke") {
		t.Errorf("a no after the yes: %d", a.Status)
	}
}

func TestANoLeavesTheStepsToNobody(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	if a := d.says(t, "/svar", url.Values{"kind": {"declined"}, "words": {"Vi har ikke folk"}, "key": {uuid.NewString()}}); a.Location() == "" {
		t.Fatalf("%d", a.Status)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.plan_step WHERE case_id = $1 AND responsible_contact IS NULL`, d.c.ID); n != 2 {
		t.Errorf("%d steps are nobody's", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.involvement WHERE id = $1 AND status = 'declined' AND answer = 'Vi har ikke folk'`, d.part); n != 1 {
		t.Error("the no does not stand there")
	}
}

// While the risk of a child's case is not assessed, a partner does not report as done what reaches the family (R1).
func TestAPartnerDoesNotPassTheGate(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	d.Exec(t, `UPDATE app.plan_step SET requires_gate = true WHERE id = $1`, d.step)
	f := url.Values{"n": {"1"}, "kind-1": {"done"}, "key": {uuid.NewString()}}
	if a := d.says(t, "/trin/"+d.step.String(), f); a.Status != http.StatusConflict || d.Count(t, `SELECT count(*) FROM app.plan_step WHERE status = 'done'`) != 0 {
		t.Errorf("done at the shut gate: %d", a.Status)
	}
	d.Assess(t, d.c, "yellow")
	if a := d.says(t, "/trin/"+d.step.String(), f); a.Status != http.StatusSeeOther || d.Count(t, `SELECT count(*) FROM app.plan_step WHERE status = 'done'`) != 1 {
		t.Errorf("not done at the open gate: %d", a.Status)
	}
}

// upload leaves a file behind the link.
func (d *desk) upload(t *testing.T, name, content string) webtest.Answer {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile("file", name)
	_, _ = part.Write([]byte(content))
	_ = m.WriteField("key", uuid.NewString())
	_ = m.Close()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+link.Guest(d.link.Token)+"/fil", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(d.in)
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(resp.Body)
	return webtest.Answer{Status: resp.StatusCode, Body: body.String(), Header: resp.Header}
}

func TestAFileIsWhatItsContentSaysAndIsKeptSealed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	for name, content := range map[string]string{"side.pdf": "<html><script>alert(1)</script>", "tegning.png": "<svg xmlns='x'/>", "program.txt": "MZ\x00\x01", "arkiv.docx": "PK\x03\x04", "tom.txt": ""} {
		if a := d.upload(t, name, content); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s is taken: %d", name, a.Status)
		}
	}
	if a := d.upload(t, `..\..\Vurdering "1".exe`, "%PDF-1.7 hemmelig vurdering"); a.Status != http.StatusSeeOther {
		t.Fatalf("a pdf: %d %s", a.Status, a.Body)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.guest_file WHERE type = 'pdf' AND position('hemmelig'::bytea in content_enc) = 0`); n != 1 {
		t.Error("the file is not there, or not sealed")
	}
	var id uuid.UUID
	d.Scan(t, []any{&id}, `SELECT id FROM app.guest_file`)
	if a := d.Get(t, d.Mette, d.links()); !strings.Contains(a.Body, "Vurdering 1.pdf") {
		t.Errorf("the caseworker does not see it: %s", a.Body)
	}
	if a := d.sees(t); !strings.Contains(a.Body, "Vurdering 1.pdf") || strings.Contains(a.Body, "hemmelig vurdering") {
		t.Errorf("the guest does not see which file they left: %s", a.Body)
	}
	if a := d.Get(t, d.Mette, link.Network(d.c.Ref)); strings.Contains(a.Body, "Ingen noteret") || !strings.Contains(a.Body, "I dag") && !strings.Contains(a.Body, "i dag") {
		t.Errorf("what came over the link is no contact: %s", a.Body)
	}
	a := d.Post(t, d.Mette, link.GuestFile(d.c.Ref, d.part, id), nil)
	if a.Body != "%PDF-1.7 hemmelig vurdering" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("Content-Type") != "application/pdf" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit.event WHERE action = 'guest.file_read' AND object = $1 AND actor = $2`, id.String(), d.Mette.UserID); n != 1 {
		t.Errorf("%d lines of the reading", n)
	}
}

func TestALinkIsRevokedAndSentAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send(t)
	at := d.links() + "/" + d.link.ID.String()
	if a := d.Get(t, d.Mette, link.Network(d.c.Ref)); !strings.Contains(a.Body, "Ingen noteret") {
		t.Error("an opened link is a contact")
	}
	d.Post(t, actor.Actor{}, link.Guest(d.link.Token)+"/ring", nil)
	if a := d.Get(t, d.Mette, d.links()); !strings.Contains(a.Body, "Beder om at blive ringet op") {
		t.Error("nobody sees that the partner wants to be called")
	}
	if a := d.Post(t, d.Mette, at+"/traek", nil); a.Location() != d.links() {
		t.Errorf("%d", a.Status)
	}
	if a := d.sees(t); strings.Contains(a.Body, "truslen") {
		t.Error("a revoked link goes on")
	}
	if a := d.Get(t, d.Mette, d.links()); !strings.Contains(a.Body, "Lukket i dag") || strings.Contains(a.Body, "Virker til") {
		t.Errorf("the row of a revoked link: %s", a.Body)
	}
	if a := d.says(t, "/svar", url.Values{"kind": {"accepted"}}); a.Status != http.StatusUnprocessableEntity || d.Count(t, `SELECT count(*) FROM app.involvement WHERE status = 'accepted'`) != 0 {
		t.Errorf("an answer over a revoked link: %d", a.Status)
	}
	if a := d.Post(t, d.Mette, at+"/kode", nil); a.Status != http.StatusNotFound {
		t.Errorf("a code for a revoked link: %d", a.Status)
	}
	if a := d.Post(t, d.Mette, at+"/igen", nil); a.Location() != d.links() || d.Count(t, `SELECT count(*) FROM app.guest_link WHERE revoked_at IS NULL`) != 1 || d.Count(t, `SELECT count(*) FROM app.guest_step`) != 2 {
		t.Errorf("a new link: %d", a.Status)
	}
}

func TestAContactPersonConfirmsOrCorrectsTheirDetails(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 91 WHERE id = $1`, d.p.ID)
	for range 2 {
		d.Exec(t, `SELECT app.job_verify()`)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.mail WHERE kind = 'verify' AND to_contact = $1`, d.p.ID); n != 1 {
		t.Fatalf("%d letters", n)
	}
	for _, wrong := range []string{"", "Ny mobil: 00 99 88 77"} {
		d.Exec(t, `DELETE FROM auth.guest_key`)
		d.Exec(t, `DELETE FROM app.guest_link`)
		d.Exec(t, `UPDATE app.contact_person SET verified_on = current_date - 91 WHERE id = $1`, d.p.ID)
		d.Exec(t, `SELECT app.job_verify()`)
		d.Scan(t, []any{&d.link.ID}, `SELECT id FROM app.guest_link`)
		d.PostGuest(t, &d.link)
		if a := d.Post(t, actor.Actor{}, link.Guest(d.link.Token), url.Values{"code": {""}}); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "Rikke") {
			t.Errorf("without a code: %d %s", a.Status, a.Body)
		}
		a := d.Post(t, actor.Actor{}, link.Guest(d.link.Token), url.Values{"code": {d.link.Code}})
		for _, c := range (&http.Response{Header: a.Header}).Cookies() {
			if c.Name == "guest" {
				d.in = c
			}
		}
		if page := d.sees(t); page.Status != http.StatusOK || strings.Contains(page.Body, "00 12 34 56") || !strings.Contains(page.Body, "4 56") || strings.Contains(page.Body, "Holm") {
			t.Fatalf("%d %s", page.Status, page.Body)
		}
		form := url.Values{"wrong": {wrong}}
		if wrong == "" {
			if a := d.says(t, "/oplysninger", form); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("nothing said: %d", a.Status)
			}
			form = url.Values{"right": {"1"}}
		}
		for range 2 {
			if a := d.says(t, "/oplysninger", form); a.Location() != link.Guest(d.link.Token) {
				t.Errorf("%d", a.Status)
			}
		}
		if a := d.says(t, "/svar", url.Values{"kind": {"accepted"}}); a.Status == http.StatusSeeOther {
			t.Error("a link about details answers a request")
		}
	}
	if n := d.Count(t, `SELECT count(*) FROM app.directory_change WHERE contact_id = $1 AND action = 'verified' AND changed_by IS NULL`, d.p.ID); n != 1 {
		t.Errorf("%d confirmations", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM app.contact_person WHERE id = $1 AND verified_on = current_date - 91`, d.p.ID); n != 1 {
		t.Error("a correction confirms")
	}
	if a := d.Get(t, d.Lone, "/admin/rettelser"); !strings.Contains(a.Body, "Ny mobil: 00 99 88 77") || !strings.Contains(a.Body, "Rikke Holm") {
		t.Errorf("the admin's queue: %d", a.Status)
	}
	if a := d.Get(t, d.Mette, "/partnere/personer/"+d.p.ID.String()); a.Status != http.StatusOK {
		t.Errorf("the contact person's page: %d", a.Status)
	}
}
