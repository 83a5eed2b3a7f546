package access

import "slices"

// filled is a table that has a case, and what puts a row into it. A row of the case has a name there (":note"), that
// stays the same wherever it is pointed at; ":case", ":who" (the responsible) and ":word" (a word that only the content of
// this case holds) are given.
type filled struct{ table, sql string }

// rooms put a row into every table that has a case, in order: what is pointed at comes first. A table without a line here
// fails TestEveryTableHasSomethingToLeak: its rows would be proved to be safe only because there are none.
var rooms = [][]filled{
	caseRows,
	sharingRows,
	decisionRows,
	consentRows,
	sparringRows,
	templateRows,
	forumRows,
	guestRows,
	ruleRows,
	contactRows,
	reminderRows,
}

// content is the lines of rooms by table.
var content = func() map[string]string {
	m := map[string]string{}
	for _, row := range slices.Concat(rooms...) {
		m[row.table] = row.sql
	}
	return m
}()

var caseRows = []filled{
	{"app.case_grant", relations},
	{"app.person", `INSERT INTO app.person (id, case_id, is_citizen, name, name_folded, cpr_enc, cpr_bidx) VALUES (:person, :case, true, 'Amira :word', 'amira :word', '\x01', sha256(':word'))`},
	{"app.plan", `INSERT INTO app.plan (id, case_id, started_by) VALUES (:plan, :case, :who)`},
	{"app.plan_phase", `INSERT INTO app.plan_phase (id, case_id, plan_id, title, position) VALUES (:phase, :case, :plan, 'p', 1)`},
	{"app.plan_step", `INSERT INTO app.plan_step (id, case_id, phase_id, position, title, created_by) VALUES (:step, :case, :phase, 1, 's', :who)`},
	{"app.note", `INSERT INTO app.note (id, case_id, kind, body, author) VALUES (:note, :case, 'call', 'Samtale om :word', :who)`},
	{"app.risk_assessment", `INSERT INTO app.risk_assessment (id, case_id, kind, level, reason, signed_at, valid_until, signed_by) VALUES (:risk, :case, 'own', 'red', 'Om :word', now() - interval '8 days', now() - interval '1 day', :who)`},
	{"app.deadline", `INSERT INTO app.deadline (id, case_id, code, trigger, triggered_at, counts_from, length, unit, basis, law_version, certainty, statutory, kind, constitution_day, christmas_eve, new_years_eve, due_at, created_by)
		VALUES (:deadline, :case, 'BFU_4M', 'municipality_aware', now(), now(), 4, 'months', 'barnets lov § 20', 'v', 'sourced', true, 'deadline', false, false, false, now(), :who)`},
	{"app.safety_plan", `INSERT INTO app.safety_plan (id, case_id, version, if_worse, if_not_back, agreed_on, written_by) VALUES (:safety, :case, 1, 'Om :word', 'x', current_date, :who)`},
	{"app.plan_version", `INSERT INTO app.plan_version (id, case_id, no, submitted_by, submitted_at, authors) VALUES (:version, :case, 1, :who, now(), ARRAY[:who::uuid])`},
	{"app.protected_fact", `INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by) VALUES (:fact, :case, :person, 'address', '\x02', :who)`},
	{"app.case_closing", `INSERT INTO app.case_closing (case_id, reason_code, reason, closed_by) VALUES (:case, 'other', 'r', :who)`},
	{"app.case_event", `INSERT INTO app.case_event (case_id, actor, kind) VALUES (:case, :who, 'case.registered')`},
	{"app.case_exclusion", ``},
	{"app.case_profile", `INSERT INTO app.case_profile (case_id, situation) VALUES (:case, 's')`},
	{"app.check_in", `INSERT INTO app.check_in (id, case_id, agreed_at, grace_minutes, channel, alarm_user, then_what, created_by) VALUES (:check, :case, now() + interval '1 h', 30, 'c', :who, 't', :who)`},
	{"app.citizen_label", `INSERT INTO app.citizen_label SELECT id, team_id, confidentiality, 'A. :word', '2010-04-14' FROM app.case_file WHERE id = :case`},
	{"app.deadline_change", `INSERT INTO app.deadline_change (case_id, deadline_id, what, reason, changed_by) VALUES (:case, :deadline, 'moved', 'r', :who)`},
	{"app.draft", `INSERT INTO app.draft (case_id, user_id, form, fields) VALUES (:case, :who, 'note', '{}')`},
	{"app.gate_opening", `INSERT INTO app.gate_opening (case_id, reason, opened_by, until, closed_at) VALUES (:case, 'because of this and of that', :who, now() + interval '1 day', now())`},
	{"app.involvement", `INSERT INTO app.involvement (case_id, organisation_id, responsible_for, origin, added_by) SELECT :case, o.id, 'r', 'ad_hoc', :who FROM app.organisation o LIMIT 1`},
	{"app.note_spoken", `INSERT INTO app.note_spoken (case_id, note_id, person_id) VALUES (:case, :note, :person)`},
	{"app.note_step", `INSERT INTO app.note_step (case_id, note_id, step_id, action) VALUES (:case, :note, :step, 'done')`},
	{"app.notice", `INSERT INTO app.notice (to_user, case_id, kind) VALUES (:who, :case, 'case.assigned')`},
	{"app.plan_content", `INSERT INTO app.plan_content (case_id, version_id, content, words) VALUES (:case, :version, '{"goals": "Om :word"}', 'Om :word')`},
	{"app.plan_hand", `INSERT INTO app.plan_hand (case_id, user_id, at) VALUES (:case, :who, now())`},
	{"app.plan_offer", `INSERT INTO app.plan_offer (case_id, outcome, on_day, words, recorded_by) VALUES (:case, 'offered', current_date - 1, 'Om :word', :who)`},
	{"app.prompt", `INSERT INTO app.prompt (id, case_id, rule, key, note) VALUES (:prompt, :case, 'new_report', '1', 'Om :word')`},
	{"app.report_case", `INSERT INTO app.report (id, ref, number, municipality, area, source, received_at, assess_by, registered_by) SELECT :report, translate(left(:report::text, 8), '-', 'x'), 'U-' || :report, 999, 'adult', 'other', now(), NULL, u.id FROM auth.user_account u WHERE u.email = 'foreign@town.test';
		INSERT INTO app.report_content (report_id, told) VALUES (:report, 'Om :word'); INSERT INTO app.report_person (report_id, is_child, name, cpr_bidx) VALUES (:report, true, 'Amira :word', sha256('elsewhere'));
		INSERT INTO app.report_event (report_id, actor, kind) VALUES (:report, :who, 'report.registered'); INSERT INTO app.report_exclusion (report_id, user_id, source, set_by) SELECT :report, u.id, 'leader', :who FROM auth.user_account u WHERE u.email = 'excl_auditor@town.test';
		INSERT INTO app.report_case (report_id, case_id, how) VALUES (:report, :case, 'joined'); INSERT INTO app.reassessment (report_id, of_case) VALUES (:report, :case)`},
	{"app.risk_answer", `INSERT INTO app.risk_answer (case_id, assessment_id, factor, answer) VALUES (:case, :risk, 'RA1', 'unknown')`},
	{"app.risk_confirmation", `INSERT INTO app.risk_confirmation (case_id, assessment_id, outcome, confirmed_by) SELECT :case, :risk, 'confirm', u.id FROM auth.user_account u WHERE u.email = 'coworker@town.test'`},
	{"app.risk_person", `INSERT INTO app.risk_person (case_id, assessment_id, person_id, concern) VALUES (:case, :risk, :person, 'c')`},
	{"app.safe_contact", `INSERT INTO app.safe_contact (case_id, never) VALUES (:case, 'n')`},
	{"app.safety_contact", `INSERT INTO app.safety_contact (case_id, plan_id, position, who, how) VALUES (:case, :safety, 1, 'w', 'h')`},
	{"app.screening", `INSERT INTO app.screening (id, case_id, outcome, reason, honour, honour_why, certainty, screened_by) VALUES (gen_random_uuid(), :case, 'clarification', 'Om :word', true, 'x', 'suspicion', :who)`},
	{"app.severity_choice", `INSERT INTO app.severity_choice (case_id, level, reason, set_by) VALUES (:case, 'red', 'r', :who)`},
	{"app.sign_seen", `INSERT INTO app.sign_seen (case_id, code, observation, source, noted_by) VALUES (:case, 'S17', 'Om :word', 'own', :who)`},
	{"app.suggestion_answer", `INSERT INTO app.suggestion_answer (case_id, rule_code, rule_version, evidence, relevant, reason, answered_by) VALUES (:case, 'threats', 1, ARRAY[:case::uuid], true, 'Om :word', :who)`},
	{"app.suggestion_dismissal", `INSERT INTO app.suggestion_dismissal (case_id, rule, reason, dismissed_by) VALUES (:case, 'x', 'r', :who)`},
	{"app.unseal_request", `INSERT INTO app.unseal_request (case_id, to_level, reason, requested_by) VALUES (:case, 1, 'r', :who)`},
}

var sharingRows = []filled{
	{"app.sharing", `INSERT INTO app.sharing (id, case_id, direction, organisation_id, what, legal_basis, purpose, text_enc, file_enc, happened_on, written_by) SELECT :sharing, :case, 'out', o.id, 'Om :word', 'x', 'p', '\x03', '\x04', '2026-01-01', :who FROM app.organisation o LIMIT 1`},
	{"app.sharing_hit", `INSERT INTO app.sharing_hit (case_id, sharing_id, fact_id) VALUES (:case, :sharing, :fact)`},
}

var decisionRows = []filled{
	{"app.decision", `INSERT INTO app.decision (id, case_id, kind, question, options, put_by) VALUES (:decision, :case, 'beslutning', 'Om :word', 'x', :who), (:decided, :case, 'beslutning', 'Om :word', 'x', :who)`},
	{"app.decision_ask", `INSERT INTO app.decision_ask (id, case_id, decision_id, user_id, asked_by) SELECT :asked, :case, :decision, u.id, :who FROM auth.user_account u WHERE u.email = 'coworker@town.test';
		INSERT INTO app.decision_ask (case_id, decision_id, user_id, asked_by) SELECT :case, :decided, u.id, :who FROM auth.user_account u WHERE u.email NOT IN ('responsible@town.test', 'coworker@town.test') AND u.email LIKE '%@town.test'`},
	{"app.decision_made", `INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by, made_at) VALUES (:case, :decided, 'beslutning', 'made', 'Om :word', 'x', 'no', :who, now() - interval '91 days')`},
	{"app.decision_addition", `INSERT INTO app.decision_addition (case_id, decision_id, body, added_by) VALUES (:case, :decided, 'Om :word', :who)`},
	{"app.decision_answer", `INSERT INTO app.decision_answer (case_id, ask_id, outcome, written_by) SELECT :case, :asked, 'confirm', u.id FROM auth.user_account u WHERE u.email = 'coworker@town.test'`},
	{"app.decision_review", `INSERT INTO app.decision (id, case_id, kind, question, options, put_by) VALUES (:seen, :case, 'beslutning', 'x', 'x', :who); INSERT INTO app.decision_made (case_id, decision_id, kind, ending, choice, reason, family, made_by, made_at) VALUES (:case, :seen, 'beslutning', 'made', 'x', 'x', 'no', :who, now() - interval '91 days');
		INSERT INTO app.decision_review (case_id, decision_id, went, words, reviewed_by) VALUES (:case, :seen, 'not', 'Om :word', :who)`},
}
