package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"samspil/internal/i18n"
	"samspil/internal/keys"
)

// ErrNotEmpty means that the database already has a municipality: the demo is never mixed into somebody's work.
var ErrNotEmpty = errors.New("the database already holds a municipality; the demo is only loaded into an empty one")

// municipalityID is a code that no municipality has.
const municipalityID = 999

// passwordHash is [Password] under argon2id with parameters that are quick to verify. The salt is fixed, since the
// password is printed on the screen anyway.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$RUayHH2SphyvIwSMwjDpkw$4/uo5pNIa2YiHDnhyoFCZVps9uLb3oioR9+jaFce1TA"

// Seed loads the demo municipality, as of today, in one transaction. adminURL is the administrator's login:
// the rows are history, which the application itself may not write. Ids are the same each time.
func Seed(ctx context.Context, adminURL string, k keys.Keys) error {
	m, err := Load()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM app.municipality)`).Scan(&taken); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if taken {
			return ErrNotEmpty
		}
		l := newLoader(m, k, time.Now().In(i18n.Zone))
		if l.rules, err = ruleNames(ctx, tx); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if l.planRules, err = planRuleIDs(ctx, tx); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if err := l.all(); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		if err := l.copyTo(ctx, tx); err != nil {
			return err
		}
		if err := l.cover(ctx, tx); err != nil {
			return err
		}
		return l.sendLinks(ctx, tx)
	})
}

// tables in the order in which they are filled, with the columns that [loader.put] expects.
var tables = []struct{ name, columns string }{
	{"app.municipality", "id name reminders_since"},
	{"app.team", "id municipality area name intake"},
	{"app.photo", "id large small"},
	{"auth.user_account", "id email display_name title municipality role password_hash phone competences photo_id"},
	{"app.team_member", "team_id user_id is_lead"},
	{"app.organisation", "id name kind partner_type areas can cannot before_call authority_group phone email address_secret"},
	{"app.contact_person", "id organisation_id name first_name_only title phone secure_mail languages competences note on_call_text photo_id verified_on verified_by"},
	{"app.contact_hours", "contact_id kind weekday opens closes"},
	{"app.directory_change", "id organisation_id contact_id action after changed_by changed_at"},
	{"app.correction", "id organisation_id contact_id proposal proposed_by proposed_at"},
	{"app.plan_template_version", "municipality code no label content words published_by published_at"},
	{"app.plan_template_draft", "municipality code content changed_by changed_at"},
	{"app.case_file", "id ref number municipality team_id area confidentiality responsible_id status severity severity_set_at certainty origin phase conflict_phase opened_at closed_at active_at"},
	{"app.citizen_label", "case_id team_id confidentiality calling_name born"},
	{"app.case_grant", "id case_id user_id kind valid_from valid_to granted_by reason"},
	{"app.case_exclusion", "id case_id user_id source reason set_by set_at"},
	{"app.case_closing", "id case_id reason_code reason closed_by closed_at reopened_by reopened_at reopen_reason"},
	{"app.person", "id case_id is_citizen name born relation conflict_role may_know may_contact note cpr_masked cpr_enc cpr_bidx name_folded changed_at"},
	{"app.case_profile", "case_id situation citizen_wish legal_ground interpreter control_types anonymous name_address_protection name_address_until special_address_protection severity_reason changed_at changed_by"},
	{"app.severity_choice", "id case_id level reason set_by set_at"},
	{"app.sign_seen", "id case_id code observation source seen_on noted_by noted_at"},
	{"app.suggestion_answer", "id case_id rule_code rule_version evidence relevant reason answered_by answered_at"},
	{"app.screening", "id case_id outcome reason honour honour_why certainty mandatory lighter_why screened_by screened_at"},
	{"app.safe_contact", "case_id policy channel hours never cover may_use must_not windows third changed_at changed_by"},
	{"app.protected_fact", "id case_id person_id kind ciphertext set_by set_at"},
	{"app.risk_assessment", "id case_id kind level reason scenario would_change valid_until signed_by signed_at"},
	{"app.risk_answer", "case_id assessment_id factor answer evidence source"},
	{"app.risk_person", "case_id assessment_id person_id concern reach"},
	{"app.risk_confirmation", "id case_id assessment_id outcome confirmed_by confirmed_at"},
	{"app.involvement", "id case_id organisation_id contact_id responsible_for origin status legal_basis asked_at answered_at ended_at answer added_by changed_at plan_rule_id"},
	{"app.plan", "id case_id template_code template_version citizen_goals next_follow_up started_at started_by changed_at situation support support_other"},
	{"app.plan_phase", "id case_id plan_id title aim position"},
	{"app.plan_step", "id case_id phase_id position title detail partner_type responsible_user responsible_contact due_at due_has_time status done_at done_by skip_reason postpone_reason postponed_times deadline_code template_step mandatory requires_gate origin changed_at created_by repeat_every due_event due_offset due_unit waits_for"},
	{"app.plan_version", "id case_id no state submitted_by submitted_at authors answered_by answered_at"},
	{"app.plan_content", "case_id version_id content words remarks"},
	{"app.plan_offer", "id case_id outcome on_day words recorded_by recorded_at"},
	{"app.deadline_rule", "municipality code name area length unit changed_by"},
	{"app.note", "id case_id kind body happened_at author created_at corrects"},
	{"app.note_spoken", "id case_id note_id contact_id person_id"},
	{"app.safety_plan", "id case_id version if_worse if_not_back agreed_on written_by written_at"},
	{"app.safety_contact", "id case_id plan_id position who how hours any_hour user_id contact_id"},
	{"app.check_in", "id case_id agreed_at grace_minutes channel alarm_user then_what repeat repeat_until created_by created_at"},
	{"app.prompt", "id case_id rule key raised_at raised_by happened_on note"},
	{"app.consent", "id case_id organisation_id what purpose how given_on expires_on withdrawn_on withdrawn_words withdrawn_by withdrawn_at written_by written_at"},
	{"app.sharing", "id case_id direction status organisation_id contact_id what text_enc file_enc legal_basis purpose consent reason happened_on hits asked_user ask_reason written_by written_at purpose_code age_group compass compass_fits consent_id to_user"},
	{"app.sharing_hit", "case_id sharing_id fact_id found_at"},
	{"app.decision", "id case_id kind question options leaning put_by put_at"},
	{"app.decision_ask", "id case_id decision_id user_id contact_id answer_by asked_by asked_at"},
	{"app.decision_answer", "case_id ask_id outcome remarks written_by answered_at"},
	{"app.decision_made", "case_id decision_id kind ending choice reason family made_by made_at"},
	{"app.sparring", "id municipality question body due_on put_by put_at ended_at ended_by helped helped_words"},
	{"app.sparring_case", "id case_id"},
	{"app.sparring_ask", "id sparring_id user_id contact_id asked_by asked_at settled_at"},
	{"app.sparring_message", "id sparring_id ask_id kind body author said_at"},
	{"app.sparring_learning", "id sparring_id municipality title body proposed_by proposed_at state answered_by answered_at"},
	{"app.forum", "id municipality name frame rhythm run_by"},
	{"app.forum_meeting", "id municipality forum_id frame starts_at place state ended_at led_by"},
	{"app.forum_seat", "id meeting_id user_id contact_id added_by attendance promised_at promised_to"},
	{"app.forum_item", "id meeting_id naming title body basis purpose put_by put_at purpose_code"},
	{"app.forum_item_case", "id case_id"},
	{"app.forum_slice", "item_id seat_id meeting_id extra question"},
	{"app.forum_given", "case_id item_id seat_id sharing_id given_by given_at"},
	{"app.forum_answer", "item_id seat_id outcome words written_by answered_at"},
	{"app.forum_action", "id item_id seat_id what due_on made_by made_at"},
	{"app.forum_report", "action_id state words written_by written_at"},
	{"app.forum_action_step", "case_id action_id step_id"},
	{"app.mandate_area", "id case_id code name left_out changed_by changed_at"},
	{"app.mandate", "id case_id area_id user_id contact_id part given_by given_at"},
	{"app.mandate_ack", "case_id mandate_id on_day written_by written_at"},
	{"app.absence", "id user_id stand_in from_day to_day state words stated_by stated_at answered_at"},

	{"app.case_event", "id case_id at actor kind object_id data"},
	{"app.notice", "id to_user case_id kind at"},
	{"app.report", "id ref number municipality area source received_at late_reason registered_at registered_by assess_by receipt_by assigned_to assigned_at acute assessed_at assessed_by outcome concluded_at concluded_by"},
	{"app.report_content", "report_id told where_now siblings measures reporter_name reporter_role reporter_contact reporter_household channel channel_note assess_reason outcome_reason"},
	{"app.report_event", "id report_id at actor kind data"},
	{"app.deadline", "id case_id code name trigger triggered_at counts_from length unit basis law_version certainty statutory rule_version kind constitution_day christmas_eve new_years_eve due_at status paused_at met_at met_by version created_by created_at changed_at report_id"},
	{"app.deadline_change", "id case_id deadline_id what reason due_to changed_by at report_id"},
	{"audit.event", "stream seq at actor action case_id object detail_hash prev_hash hash"},
	{"audit.head", "stream seq hash"},
	{"app.report_person", "id report_id is_child name born relation cpr_masked cpr_enc cpr_bidx phone phone_bidx name_folded"}, // last: a child who has a case is an event there, which goes on with the trail
}

// loader turns the content into rows. Rows are collected first, then copied table by table.
type loader struct {
	m        Municipality
	k        keys.Keys
	now      time.Time // also what is "today"
	users    map[string]User
	contacts map[string]Contact
	orgOf    map[string]Organisation // of a contact or an organisation, by key
	rules    map[string]ruleName     // of screening, by code
	rows     map[string][][]any
	trail    map[string][]look // by stream
	links    []guestLink

	planRules map[string]uuid.UUID // by code
}

func newLoader(m Municipality, k keys.Keys, now time.Time) *loader {
	l := &loader{m: m, k: k, now: now, users: map[string]User{}, contacts: map[string]Contact{}, orgOf: map[string]Organisation{},
		rows: map[string][][]any{}, trail: map[string][]look{}}
	for _, u := range m.Users {
		l.users[u.Key] = u
	}
	for _, o := range m.Organisations {
		l.orgOf[o.Key] = o
		for _, c := range o.Contacts {
			l.contacts[c.Key], l.orgOf[c.Key] = c, o
		}
	}
	return l
}

func (l *loader) all() error {
	if err := l.office(); err != nil {
		return err
	}
	if err := l.directory(); err != nil {
		return err
	}
	l.localDeadline()
	l.absences()
	if err := l.templates(); err != nil {
		return err
	}
	for _, c := range l.m.Cases {
		if err := l.file(c); err != nil {
			return fmt.Errorf("case %s: %w", c.Number, err)
		}
	}
	l.reports()
	l.chain()
	return nil
}

func (l *loader) put(table string, row ...any) { l.rows[table] = append(l.rows[table], row) }

func (l *loader) copyTo(ctx context.Context, tx pgx.Tx) error {
	for _, t := range tables {
		_, err := tx.CopyFrom(ctx, strings.Split(t.name, "."), strings.Fields(t.columns), pgx.CopyFromRows(l.rows[t.name]))
		if err != nil {
			return fmt.Errorf("seed %s: %w", t.name, err)
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE app.contact_person c SET stand_in_id = s.b FROM unnest($1::uuid[], $2::uuid[]) AS s(a, b) WHERE c.id = s.a`, l.standIns(0), l.standIns(1)); err != nil {
		return fmt.Errorf("seed stand-ins: %w", err)
	}
	return freeze(ctx, tx)
}

// standIns are the contacts with a stand-in, or the stand-ins in the same order.
func (l *loader) standIns(side int) []uuid.UUID {
	var ids []uuid.UUID
	for _, o := range l.m.Organisations {
		for _, c := range o.Contacts {
			if c.StandIn != "" {
				ids = append(ids, id("contact", []string{c.Key, c.StandIn}[side]))
			}
		}
	}
	return ids
}

var namespace = uuid.MustParse("5a3d51c2-6e0b-4c1b-9d0e-0e11e4011000")

// id is the same for the same words, in every demo.
func id(words ...string) uuid.UUID { return uuid.NewSHA1(namespace, []byte(strings.Join(words, "/"))) }

// optional is id for a key that may be empty: then it is NULL.
func optional(kind, key string) any {
	if key == "" {
		return nil
	}
	return id(kind, key)
}
