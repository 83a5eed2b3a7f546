package demo

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/keys"
	"samspil/internal/timeline"
)

// happening is a line of a case's history; they are written in the order of time.
type happening struct {
	at     time.Time
	actor  uuid.UUID
	kind   string
	object *uuid.UUID
	data   timeline.Data
}

// file is one case on its way into the database.
type file struct {
	Case
	id, responsible uuid.UUID
	opened          time.Time
	happenings      []happening
	granted         map[string]bool // users by key who may open the case
}

func (f *file) happened(at time.Time, actor uuid.UUID, kind string, object uuid.UUID, data timeline.Data) {
	h := happening{at: at, actor: actor, kind: kind, data: data}
	if object != uuid.Nil {
		h.object = &object
	}
	f.happenings = append(f.happenings, h)
}

// ref is the case's opaque reference, the same in every load.
func ref(number string) string {
	const letters = "23456789bcdfghjkmnpqrstvwxz"
	sum := sha256.Sum256([]byte("demo" + number))
	out := make([]byte, 8)
	for i := range out {
		out[i] = letters[int(sum[i])%len(letters)]
	}
	return string(out)
}

// caseFile loads one case with everything in it.
func (s *seeder) caseFile(c Case) error {
	f := &file{Case: c, id: id("case", c.Number), responsible: s.user(c.Responsible), granted: map[string]bool{}, opened: s.past(c.Opened, "09:12")}
	var closedAt *time.Time
	status := "open"
	if c.Closed != nil {
		at := s.past(c.Closed.Days, "14:20")
		closedAt, status = &at, "closed"
	}
	var severity, conflict *string
	var severitySet *time.Time
	if c.Severity != "" {
		at := s.past(c.SeveritySet, "13:30")
		severity, severitySet = &c.Severity, &at
	}
	if c.ConflictPhase != "" {
		conflict = &c.ConflictPhase
	}
	s.do(`INSERT INTO app.case_file (id, ref, number, municipality, team_id, area, confidentiality, responsible_id, status, severity, severity_set_at, certainty, origin, phase, conflict_phase, opened_at, closed_at, active_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $16)`,
		f.id, ref(c.Number), c.Number, code, id("team", c.Team), c.Area, c.Confidentiality, f.responsible, status, severity, severitySet, c.Certainty, c.Origin, c.Phase, conflict, f.opened, closedAt)
	f.happened(f.opened, f.responsible, timeline.CaseRegistered, uuid.Nil, nil)
	s.access(f)
	if err := s.citizen(f); err != nil {
		return err
	}
	s.profile(f)
	s.involvements(f)
	if c.Plan != nil {
		if err := s.plan(f); err != nil {
			return err
		}
	}
	s.journal(f)
	s.events(f)
	s.history(f)
	return s.err
}

// past is a moment so many days ago, never in the future.
func (s *seeder) past(days Day, clock string) time.Time {
	at := days.On(s.today, clock)
	if at.After(s.now) {
		return s.now.Add(-10 * time.Minute)
	}
	return at
}

// grant lets a user open the case, once.
func (s *seeder) grant(f *file, user, kind string, until *time.Time) {
	if f.granted[user] {
		return
	}
	f.granted[user] = true
	s.do(`INSERT INTO app.case_grant (id, case_id, user_id, kind, valid_from, valid_to, granted_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id("grant", f.Number, user, kind), f.id, s.user(user), kind, f.opened, until, f.responsible)
}

func (s *seeder) access(f *file) {
	s.grant(f, f.Responsible, "responsible", nil)
	for _, u := range f.CoResponsible {
		s.grant(f, u, "coworker", nil)
	}
	for _, u := range f.Consulted {
		until := s.today.AddDate(0, 0, u.Until)
		s.grant(f, u.User, "consulted", &until)
	}
	for _, u := range f.Excluded {
		s.do(`INSERT INTO app.case_exclusion (id, case_id, user_id, source, reason, set_by, set_at) VALUES ($1, $2, $3, 'creation', $4, $5, $6)`,
			id("exclusion", f.Number, u.User), f.id, s.user(u.User), u.Reason, f.responsible, f.opened)
	}
}

func (s *seeder) citizen(f *file) error {
	citizen := id("person", f.Number, "citizen")
	var born *time.Time
	var cpr keys.CPR
	if f.Citizen.Birthday != "" {
		b, err := Born(s.today, f.Citizen.Age, f.Citizen.Birthday)
		if err != nil {
			return err
		}
		born = &b
		if f.Citizen.Serial != "" {
			number := CPR(b, f.Citizen.Serial)
			var ok bool
			if cpr, ok = keys.ParseCPR(number); !ok {
				return fmt.Errorf("CPR number %s does not exist", number)
			}
		}
	}
	s.do(`INSERT INTO app.citizen_label VALUES ($1, $2, $3, $4, $5)`, f.id, id("team", f.Team), f.Confidentiality, f.Citizen.Calling, born)
	var enc, blind []byte
	if cpr.Digits != "" {
		enc = s.keys.Seal(keys.Where{Column: "person.cpr", CaseID: f.id, RowID: citizen}, cpr.String())
		blind = s.keys.BlindCPR(cpr.Digits)
	}
	s.do(`INSERT INTO app.person (id, case_id, is_citizen, name, born, cpr_masked, cpr_enc, cpr_bidx, name_folded) VALUES ($1, $2, true, $3, $4, $5, $6, $7, $8)`,
		citizen, f.id, f.Citizen.Full, born, cpr.Masked(), enc, blind, casefile.Fold(f.Citizen.Full+" "+f.Citizen.Calling))
	for _, p := range f.People {
		var born *time.Time
		if p.Age > 0 {
			b := s.today.AddDate(-p.Age, -4, -9)
			born = &b
		}
		s.do(`INSERT INTO app.person (id, case_id, name, born, relation, conflict_role, may_know, note, name_folded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id("person", f.Number, p.Name), f.id, p.Name, born, p.Relation, p.Role, p.MayKnow, s.dated(p.Note), casefile.Fold(p.Name))
	}
	facts := f.Protected
	if f.Contact.CodeWord != "" {
		facts = append(slices.Clone(facts), Protected{"code_word", f.Contact.CodeWord})
	}
	for i, fact := range facts {
		row := id("fact", f.Number, i)
		s.do(`INSERT INTO app.protected_fact (id, case_id, person_id, kind, ciphertext, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			row, f.id, citizen, fact.Kind, s.keys.Seal(keys.Where{Column: "protected_fact", CaseID: f.id, RowID: row}, fact.Text), f.responsible, f.opened)
	}
	return nil
}

func (s *seeder) profile(f *file) {
	reason := ""
	for _, e := range f.Events {
		if e.Kind == "severity" && e.To == f.Severity {
			reason = e.Reason
		}
	}
	s.do(`INSERT INTO app.case_profile (case_id, situation, citizen_wish, legal_ground, interpreter, control_types, anonymous, name_address_protection, name_address_until, special_address_protection, severity_reason, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $8 THEN $9::date END, $10, $11, $12, $13)`,
		f.id, s.dated(f.Situation), s.dated(f.Wish), s.dated(f.Ground), s.dated(f.Interpreter), list(f.ControlTypes), f.Citizen.Anonymous,
		slices.Contains(f.Flags, "name_address"), s.today.AddDate(0, 0, 120), slices.Contains(f.Flags, "special_address"), s.dated(reason), f.opened, f.responsible)
	s.do(`INSERT INTO app.safe_contact (case_id, policy, channel, hours, never, cover, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.id, f.Contact.Policy, s.dated(f.Contact.Channel), s.dated(f.Contact.Hours), s.dated(f.Contact.Never), s.dated(f.Contact.Cover), f.opened, f.responsible)
}

func (s *seeder) dated(text string) string { return Dated(text, s.today) }

// history writes what happened, in the order of time, and the looks that went before it into the trail.
func (s *seeder) history(f *file) {
	slices.SortStableFunc(f.happenings, func(a, b happening) int { return a.at.Compare(b.at) })
	last := time.Time{}
	for i, h := range f.happenings {
		s.do(`INSERT INTO app.case_event (id, case_id, at, actor, kind, object_id, data) VALUES ($1, $2, $3, $4, $5, $6, $7)`, id("event", f.Number, i), f.id, h.at, h.actor, h.kind, h.object, words(h.data))
		if i == 0 {
			s.do(`SELECT pg_temp.trail($1, $2, 'case.create', $3, NULL)`, h.at, h.actor, f.id)
		} else if h.at.Sub(last) > 20*time.Minute {
			s.do(`SELECT pg_temp.trail($1, $2, 'case.open', $3, 'task:overblik')`, h.at.Add(-4*time.Minute), h.actor, f.id)
		}
		s.do(`SELECT pg_temp.trail($1, $2, $3, $4, $5)`, h.at, h.actor, h.kind, f.id, text(h.object))
		last = h.at
	}
}

func words(d timeline.Data) timeline.Data {
	if d == nil {
		return timeline.Data{}
	}
	return d
}

func text(u *uuid.UUID) *string {
	if u == nil {
		return nil
	}
	t := u.String()
	return &t
}
