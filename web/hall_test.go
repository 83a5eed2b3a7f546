package web_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/keys"
	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/static"
	"samspil/web/webtest"
)

// hall is a running site with a person for every column, and one of everything that a route can be about.
type hall struct {
	*webtest.Site
	people map[string]actor.Actor
	ref    string
	adult  string // a case of an adult, with a plan, with the same people
	report string // the ref of a report that belongs to the case; its desk is the responsible's team
	forms  map[string]url.Values
	ids    map[string]string // by the parameters of the patterns, with the pattern's part before them where one name means several things
}

func newHall(t *testing.T) *hall {
	t.Helper()
	s := webtest.New(t)
	h := &hall{Site: s, people: map[string]actor.Actor{"nobody": {}, "auditor": s.Karen, "admin": s.Lone, "specialist": s.Sara, "stranger": s.Huseyin, "other_lead": s.Anders,
		"coworker": s.Dennis, "team_lead": s.Jonas, "responsible": s.Mette}}
	for i, name := range []string{"consulted", "excluded"} {
		id := uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-00000000005%d", i))
		who := actor.Actor{UserID: id, Role: actor.Caseworker, Token: "token-" + name + "-0123456789012345678901234567890123456789", Lang: "da"}
		s.Exec(t, `INSERT INTO auth.user_account (id, email, display_name, title, municipality, role, password_hash) VALUES ($1, $2, $2, '', 999, 'caseworker', 'x')`, id, name)
		s.Exec(t, `INSERT INTO app.team_member (team_id, user_id) VALUES ($1, $2)`, s.TeamNorth, id)
		h.people[name] = who
	}
	h.signEverybodyIn(t)
	c := s.Case(t, s.Mette, 1, h.people["excluded"])
	s.Grant(t, c, s.Dennis, "coworker")
	s.Grant(t, c, h.people["consulted"], "consulted")
	s.Grant(t, c, h.people["excluded"], "coworker") // of no use
	h.ref = c.Ref
	h.furnish(t, c)
	a := s.Case(t, s.Mette, 1, h.people["excluded"])
	s.Grant(t, a, s.Dennis, "coworker")
	s.Grant(t, a, h.people["consulted"], "consulted")
	s.Exec(t, `UPDATE app.case_file SET area = 'adult' WHERE id = $1`, a.ID)
	s.Exec(t, `INSERT INTO app.plan (case_id, template_code, started_by) VALUES ($1, '', $2)`, a.ID, s.Mette.UserID)
	h.adult = a.Ref
	return h
}

// furnish puts one of everything into the case and the office, and remembers its ids.
func (h *hall) furnish(t *testing.T, c testkit.CaseFile) {
	t.Helper()
	p := h.Partner(t, "police", "Politiet", "Rikke Holm")
	called := h.Partner(t, "police_resource_person", "Politiet, ressourceperson", "Jens Dam") // whom the level calls for
	seal := func(column string, row uuid.UUID, text string) []byte {
		return h.Keys.Seal(keys.Where{Column: column, CaseID: c.ID, RowID: row}, text)
	}
	h.Exec(t, `UPDATE app.case_file SET severity = 'orange' WHERE id = $1`, c.ID)
	h.Exec(t, `UPDATE app.person SET cpr_enc = $2 WHERE id = $1`, c.CitizenID, seal("person.cpr", c.CitizenID, "7404101234"))
	h.Exec(t, `INSERT INTO app.person (id, case_id, name, relation) VALUES ($1, $2, 'Sami', 'bror')`, id(1), c.ID)
	h.Exec(t, `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES ($1, $2, $3, 'address', $4, $5)`, id(2), c.ID, c.CitizenID,
		seal("protected_fact", id(2), "Skovvej 1"), h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.involvement (id, case_id, organisation_id, contact_id, responsible_for, origin, added_by) VALUES ($1, $2, $3, $4, 'x', 'ad_hoc', $5)`, id(3), c.ID, p.OrganisationID, p.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.plan (id, case_id, template_code, started_by) VALUES ($1, $2, '', $3)`, id(4), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES ($1, $2, $3, 'Straks', 1)`, id(5), c.ID, id(4))
	h.Exec(t, `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, created_by) VALUES ($1, $2, $3, 1, 'Ring', $4)`, id(6), c.ID, id(5), h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.note (id, case_id, kind, body, author) VALUES ($1, $2, 'phone', 'Talt med skolen', $3)`, id(7), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.photo (id, large, small) VALUES ($1, '\xffd8ff', '\xffd8ff')`, id(8))
	h.Exec(t, `INSERT INTO app.correction (id, organisation_id, contact_id, proposal, proposed_by) VALUES ($1, $2, $3, 'Nyt nummer', $4)`, id(9), p.OrganisationID, p.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.draft (case_id, user_id, form, fields) SELECT $1, user_id, 'note', '{"body": ["Halvt notat"]}' FROM app.case_grant WHERE case_id = $1`, c.ID)
	h.Exec(t, `INSERT INTO app.draft (case_id, user_id, form, fields) VALUES ($1, $2, 'note', '{"body": ["Halvt notat"]}')`, c.ID, h.Jonas.UserID)
	h.Exec(t, `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES ($1, $2, 'own', 'yellow', 'x', now() - interval '95 days', now() - interval '5 days', $3)`,
		id(10), c.ID, h.Mette.UserID) // over: the gate is shut
	h.Exec(t, `INSERT INTO app.deadline (id, case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES ($1, $2, 'BFU_4M', 'municipality_aware', now(), now(), 4, 'months', 'barnets lov § 20, stk. 3', 'v', 'sourced', true, 'deadline', false, false, false, now() + interval '120 days', $3)`, id(80), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.sign_seen (id, case_id, code, observation, source, noted_by) VALUES ($1, $2, 'S31', 'Slået', 'citizen', $3)`, id(12), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.check_in (id, case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES ($1, $2, now() + interval '1 h', 30, 'Opkald', $3, 'Ring', $3)`, id(14), c.ID, h.Mette.UserID)
	h.Exec(t, `INSERT INTO app.prompt (id, case_id, rule, key) VALUES ($1, $2, 'new_report', '1')`, id(15), c.ID)
	h.Exec(t, `INSERT INTO app.plan_version (id, case_id, no, submitted_by, submitted_at, authors) VALUES ($1, $2, 1, $3, now(), ARRAY[$3::uuid])`, id(16), c.ID, h.Dennis.UserID)
	h.Exec(t, `INSERT INTO app.plan_content (case_id, version_id, content) VALUES ($1, $2, '{"goals": "At sove trygt"}')`, c.ID, id(16))
	draft := h.Post(t, h.Mette, link.NewCase, url.Values{"name": {"Zahra"}}).Location()
	found := h.Post(t, h.Mette, link.Search, url.Values{"q": {"Amira"}}).Location()
	h.ids = map[string]string{
		"{person}": id(1).String(), "{fact}": id(2).String(), "{part}": id(3).String(), "trin/{step}": "trin/" + id(6).String(), "{note}": id(7).String(), "{assessment}": id(10).String(), "ny/{part}": "ny/A",
		"{no}": "1", "{checkin}": id(14).String(), "{prompt}": id(15).String(),
		"{file}": id(8).String() + "-s", "{type}": "police_resource_person", "fjern/{user}": "fjern/" + h.people["consulted"].UserID.String(), "ophaev/{user}": "ophaev/" + h.people["excluded"].UserID.String(),
		"organisationer/{id}": "organisationer/" + p.OrganisationID.String(), "personer/{id}": "personer/" + p.ID.String(), "rettelser/{id}": "rettelser/" + id(9).String(),
		"{team}": h.TeamNorth.String(), "medlem/{user}": "medlem/" + h.people["consulted"].UserID.String(),
		"{deadline}": id(80).String(), "{code}": "PLAN_12A",
		"{sign}": id(12).String(), "forslag/{rule}": "forslag/threats", "opsporing/{rule}": "opsporing/threats",
		"{draft}": last(draft), "{token}": last(found), "static/*": strings.TrimPrefix(static.URL("app.css"), "/"),
	}
	// What is posted where an empty form is no form of ours, or would be refused before anybody asks who posts it.
	h.forms = map[string]url.Values{
		"/sprog":                        {"lang": {"da"}},
		"/profil":                       {"lang": {"da"}},
		"/profil/mail":                  {"how": {"often"}, "hour": {"8"}, "from": {"17"}, "to": {"7"}},
		"/sager/{ref}/risiko/kladde":    {"part": {"A"}},
		"/sager/{ref}/cpr":              {"person": {c.CitizenID.String()}},
		"/sager/{ref}/fakta/{fact}/vis": {"purpose": {"contact.visit"}, "reason": {"Aftalt"}},
		"/sager/{ref}/handlingsplan/forslag/{type}/tilfoej":   {"contact": {called.ID.String()}},
		"/sager/{ref}/netvaerk/ny":                            {"organisation": {called.OrganisationID.String()}, "contact": {called.ID.String()}},
		"/sager/{ref}/handlingsplan/trin/hurtig":              {"title": {"Ring"}, "phase": {id(5).String()}},
		"/sager/{ref}/handlingsplan/trin/{step}/udfoert":      {"version": {"1"}},
		"/sager/{ref}/handlingsplan/trin/{step}/fortryd":      {"version": {"1"}},
		"/sager/{ref}/handlingsplan/trin/{step}/til":          {"version": {"1"}, "to": {"igang"}},
		"/sager/{ref}/frister/{deadline}/holdt":               {"version": {"1"}, "now": {"1"}},
		"/sager/{ref}/sikkerhedsplan/kontrol/{checkin}/hoert": {"version": {"1"}},
	}
	for _, furnish := range rooms {
		furnish(h, t, c, p)
	}
	h.reportIn(t, c)
	h.Exec(t, `CREATE SCHEMA keep; CREATE TABLE keep.report AS TABLE app.report; CREATE TABLE keep.report_draft AS TABLE app.report_draft; CREATE TABLE keep.registration AS TABLE app.registration; CREATE TABLE keep.search_token AS TABLE app.search_token; CREATE TABLE keep.draft AS TABLE app.draft`)
}

// reportIn registers a report that belongs to the case, with a reassessment. The responsible and the co-worker are the
// intake desk too.
func (h *hall) reportIn(t *testing.T, c testkit.CaseFile) {
	t.Helper()
	h.Exec(t, `WITH t AS (INSERT INTO app.team (municipality, area, name, intake) VALUES (999, 'child', 'Modtagelsen', true) RETURNING id) INSERT INTO app.team_member (team_id, user_id) SELECT t.id, u FROM t, unnest(ARRAY[$1, $2]::uuid[]) u`,
		h.Mette.UserID, h.Dennis.UserID)
	draft := "00000000-0000-4000-8000-000000000077"
	to := h.Post(t, h.Dennis, link.ReportDraft(draft), url.Values{"source": {"citizen"}, "area": {"child"}, "told": {"x"}, "measures": {"no"}, "channel": {"unknown"}, "reporter_contact": {"00 12 00 12"}, "excluding": {"none"}}).Location()
	h.report = strings.Split(to, "/")[2]
	var id, review string
	h.Scan(t, []any{&id}, `SELECT id::text FROM app.report WHERE ref = $1`, h.report)
	h.Exec(t, `INSERT INTO app.report_case (report_id, case_id, how) VALUES ($1, $2, 'match')`, id, c.ID)
	var child string
	h.Scan(t, []any{&child}, `UPDATE app.report_person SET phone = '00 12 34 56' WHERE report_id = $1 AND is_child RETURNING id::text`, id)
	h.ids["telefon/{person}"] = "telefon/" + child
	h.Scan(t, []any{&review}, `SELECT id::text FROM app.reassessment WHERE report_id = $1`, id)
	open := h.Post(t, h.Mette, link.ReportDraft("00000000-0000-4000-8000-000000000078"), url.Values{"told": {"x"}, "go": {"later"}})
	if open.Status != http.StatusSeeOther {
		t.Fatalf("a draft of a report answers %d", open.Status)
	}
	h.ids["underretninger/ny/{draft}"] = "underretninger/ny/00000000-0000-4000-8000-000000000078"
	h.forms["/underretninger/{ref}/sag/kobl"] = url.Values{"case": {c.Ref}}
	h.ids["{report}"], h.ids["genvurdering/{id}"] = h.report, "genvurdering/"+review
}

// restore undoes what an allowed form has done, so that every role meets the same office.
func (h *hall) restore(t *testing.T) {
	t.Helper()
	h.signEverybodyIn(t)
	h.Exec(t, `
		UPDATE app.report_case SET how = 'match', by = NULL;
		UPDATE app.team_member SET valid_to = NULL;
		UPDATE app.report r SET assigned_to = NULL, acute = NULL, assessed_at = NULL, assessed_by = NULL, receipt_at = NULL, receipt_by_user = NULL, receipt_how = '', version = 1;
		INSERT INTO app.report_draft TABLE keep.report_draft ON CONFLICT DO NOTHING;
		INSERT INTO app.registration TABLE keep.registration ON CONFLICT DO NOTHING;
		INSERT INTO app.search_token TABLE keep.search_token ON CONFLICT DO NOTHING;
		INSERT INTO app.draft TABLE keep.draft ON CONFLICT DO NOTHING;
		UPDATE app.case_file SET status = 'open', closed_at = NULL;
		UPDATE app.protected_fact SET retired_at = NULL;
		UPDATE app.plan_step SET status = 'open', done_at = NULL, done_by = NULL, version = 1;
		DELETE FROM app.involvement WHERE origin <> 'ad_hoc';
		UPDATE app.involvement SET status = 'requested', version = 1, answered_at = NULL, ended_at = NULL;
		UPDATE app.deadline SET status = 'running', met_at = NULL, met_by = NULL, paused_at = NULL, version = 1;
		UPDATE app.check_in SET status = 'agreed', answered_at = NULL, answered_by = NULL, version = 1;
		DELETE FROM app.suggestion_dismissal;
		UPDATE app.organisation SET active = true;
		UPDATE app.contact_person SET active = true;
		UPDATE app.guest_link SET revoked_at = NULL WHERE about_id = '00000000-0000-4000-8000-000000000603' AND openings = 0 AND created_by IS NULL;
		UPDATE app.correction SET outcome = NULL, handled_by = NULL, handled_at = NULL;`)
}

func last(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	return parts[len(parts)-1]
}

// signEverybodyIn renews all sessions: some routes end or lock them.
func (h *hall) signEverybodyIn(t *testing.T) {
	t.Helper()
	for _, who := range h.people {
		if who.Token != "" {
			h.Exec(t, `INSERT INTO auth.session (token_hash, user_id, expires_at) VALUES (sha256(convert_to($1, 'UTF8')), $2, now() + interval '9 h')
				ON CONFLICT (token_hash) DO UPDATE SET revoked_at = NULL, locked_at = NULL, last_seen_at = now()`, who.Token, who.UserID)
		}
	}
}

// path fills the pattern in; what stands for the case is ref.
func (h *hall) path(t *testing.T, r route, ref string) string {
	t.Helper()
	if strings.HasPrefix(r.pattern, "/underretninger/{ref}") && ref == h.ref {
		ref = h.report
	}
	if ref == h.ref && (strings.HasSuffix(r.pattern, "/handlingsplan/dele") || strings.HasSuffix(r.pattern, "/handlingsplan/tilbud")) { // serviceloven § 12 a
		ref = h.adult
	}
	p := strings.ReplaceAll(r.pattern, "{ref}", ref)
	for _, name := range slices.Sorted(maps.Keys(h.ids)) {
		p = strings.ReplaceAll(p, name, h.ids[name])
	}
	p = strings.ReplaceAll(p, "{step}", "borgeren") // of a registration
	if strings.ContainsAny(p, "{}*") {
		t.Fatalf("%s has a part that the test does not know: add it to furnish", r.pattern)
	}
	return p
}

// ask sends a request the way a browser on the site does, but for what change changes.
func (h *hall) ask(t *testing.T, who actor.Actor, method, path string, form url.Values, change func(*http.Request)) webtest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if who.Token != "" {
		r.AddCookie(&http.Cookie{Name: "sid", Value: who.Token})
	}
	if change != nil {
		change(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Answer{Status: resp.StatusCode, Body: string(body), Header: resp.Header}
}
