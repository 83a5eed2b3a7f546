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

// ErrNotEmpty says that the database holds a municipality already: the demo is loaded into an empty one only.
var ErrNotEmpty = errors.New("the database is not empty; the demo municipality is loaded into an empty one only")

// passwordHash is [Password] in argon2id, made with small parameters: a demo login protects nothing.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$kAW6EhDUNCXM6p6FJnCrSQ$1mxzvlW9NHaV7f0JsspsIQHFIaRdLNvQgKqVL+B+lCM"

// code is the municipality's invented number.
const code = 999

// Seed loads the demo municipality as the database's administrator, in one transaction. Ids are the same in every load;
// dates count from today.
func Seed(ctx context.Context, adminURL string, k keys.Keys) error {
	m, err := Load()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect as administrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM app.municipality)`).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return ErrNotEmpty
		}
		s := &seeder{m: m, keys: k, now: time.Now(), today: i18n.Today(time.Now()), users: map[string]User{}, contacts: map[string]string{}}
		s.office()
		s.partners()
		for _, c := range m.Cases {
			if err := s.caseFile(c); err != nil {
				return fmt.Errorf("demo case %s: %w", c.Number, err)
			}
		}
		if s.err != nil {
			return s.err
		}
		if _, err := tx.Exec(ctx, trailSQL); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &s.batch).Close()
	})
}

// trailSQL makes lines in the trail with times of the past. It lives for one session, and the chain that
// it makes is whole: audit.verify finds nothing.
const trailSQL = `
	CREATE FUNCTION pg_temp.trail(p_at timestamptz, p_actor uuid, p_action text, p_case uuid, p_object text) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE s text := 'case:' || p_case; h record; nh bytea; d bytea := sha256('\x'::bytea);
	BEGIN
	  INSERT INTO audit.head VALUES (s, 0, sha256(convert_to(s, 'UTF8'))) ON CONFLICT DO NOTHING;
	  SELECT seq, hash INTO h FROM audit.head WHERE stream = s;
	  nh := audit._hash(s, h.seq + 1, p_at, p_actor, p_action, p_case, p_object, d, h.hash);
	  INSERT INTO audit.event (stream, seq, at, actor, action, case_id, object, detail_hash, prev_hash, hash)
	    VALUES (s, h.seq + 1, p_at, p_actor, p_action, p_case, p_object, d, h.hash, nh);
	  UPDATE audit.head SET seq = h.seq + 1, hash = nh WHERE stream = s;
	END $$`

// seeder collects every statement of the load.
type seeder struct {
	m          Municipality
	keys       keys.Keys
	now, today time.Time
	batch      pgx.Batch
	users      map[string]User   // by key
	contacts   map[string]string // organisation key by contact key
	err        error             // the first that went wrong while collecting
}

// id is the same for the same thing in every load.
func id(kind string, key ...any) uuid.UUID {
	return uuid.NewSHA1(uuid.MustParse("6f1d3f2a-8c54-4f0e-9f0e-2b9a3c5d7e11"), []byte(kind+fmt.Sprintln(key...)))
}

func (s *seeder) do(sql string, args ...any) { s.batch.Queue(sql, args...) }

func (s *seeder) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// user returns the id of a user by key, and fails the load for a key that nobody has.
func (s *seeder) user(key string) uuid.UUID {
	if _, ok := s.users[key]; !ok {
		s.fail(fmt.Errorf("nobody in the office is called %q", key))
	}
	return id("user", key)
}

// office loads the municipality, its teams and its people.
func (s *seeder) office() {
	s.do(`INSERT INTO app.municipality VALUES ($1, $2)`, code, s.m.Name)
	for _, t := range s.m.Teams {
		s.do(`INSERT INTO app.team (id, municipality, area, name) VALUES ($1, $2, $3, $4)`, id("team", t.Key), code, t.Area, t.Name)
	}
	for _, u := range s.m.Users {
		s.users[u.Key] = u
		s.do(`INSERT INTO auth.user_account (id, email, display_name, title, municipality, role, password_hash, phone, competences, photo_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			id("user", u.Key), u.Email, u.Name, u.Title, code, u.Role, passwordHash, u.Phone, list(u.Competences), s.photo(u.Photo))
		if u.Team != "" {
			s.do(`INSERT INTO app.team_member (team_id, user_id) VALUES ($1, $2)`, id("team", u.Team), id("user", u.Key))
		}
	}
	for _, t := range s.m.Teams {
		s.do(`INSERT INTO app.team_member (team_id, user_id, is_lead) VALUES ($1, $2, true) ON CONFLICT (team_id, user_id) DO UPDATE SET is_lead = true`, id("team", t.Key), s.user(t.Lead))
	}
}

// photo loads a face, once, and returns its id; nil where there is no picture.
func (s *seeder) photo(name string) *uuid.UUID {
	if name == "" {
		return nil
	}
	large, err := FaceJPEG(name, 192)
	if err != nil {
		return nil // people without a drawn face show their initials
	}
	small, err := FaceJPEG(name, 96)
	if err != nil {
		s.fail(err)
		return nil
	}
	p := id("photo", name)
	s.do(`INSERT INTO app.photo (id, large, small) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, p, large, small)
	return &p
}

// partners loads the directory.
func (s *seeder) partners() {
	for _, o := range s.m.Organisations {
		s.do(`INSERT INTO app.organisation (id, name, kind, partner_type, areas, can, cannot, before_call, authority_group, phone, email, address_secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			id("organisation", o.Key), o.Name, o.Kind, o.Type, list(o.Areas), o.Can, o.Cannot, o.BeforeCall, o.AuthorityGroup, o.Phone, o.Email, o.AddressSecret)
		for _, c := range o.Contacts {
			s.contact(o, c)
		}
	}
	for _, o := range s.m.Organisations {
		for _, c := range o.Contacts {
			if c.StandIn != "" {
				s.do(`UPDATE app.contact_person SET stand_in_id = $2 WHERE id = $1`, id("contact", c.Key), id("contact", c.StandIn))
			}
		}
	}
}

func (s *seeder) contact(o Organisation, c Contact) {
	s.contacts[c.Key] = o.Key
	onCall := []string{}
	for _, duty := range c.OnCall {
		onCall = append(onCall, duty.Note+" ("+duty.Phone+")")
	}
	verified := s.today.AddDate(0, 0, -int(c.Verified))
	s.do(`INSERT INTO app.contact_person (id, organisation_id, name, first_name_only, title, phone, secure_mail, languages, competences, note, on_call_text, photo_id, verified_on, verified_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		id("contact", c.Key), id("organisation", o.Key), c.Name, c.FirstNameOnly, c.Title, c.Phone, c.Mail, list(c.Languages), list(c.Competences), c.About,
		strings.Join(onCall, " "), s.photo(c.Photo), verified, s.user("lone"))
	for _, h := range c.Hours {
		s.hours(c, "regular", h)
	}
	for _, duty := range c.OnCall {
		if duty.From <= 0 && duty.To >= 0 { // the weekly table knows the duty of this week
			s.hours(c, "on_call", duty.Hours)
		}
	}
	s.do(`INSERT INTO app.directory_change (id, organisation_id, contact_id, action, changed_by, changed_at) VALUES ($1, $2, $3, 'verified', $4, $5)`,
		id("change", c.Key), id("organisation", o.Key), id("contact", c.Key), s.user("lone"), verified)
}

func (s *seeder) hours(c Contact, kind string, h Hours) {
	for _, day := range h.Weekdays() {
		s.do(`INSERT INTO app.contact_hours (contact_id, kind, weekday, opens, closes) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			id("contact", c.Key), kind, day, minutes(h.Opens), minutes(h.Closes))
	}
}

// minutes counts a clock time from midnight.
func minutes(clock string) int {
	var h, m int
	fmt.Sscanf(clock, "%d:%d", &h, &m)
	return h*60 + m
}

// list is never nil: the columns are arrays, not NULL.
func list(v []string) []string { return append([]string{}, v...) }
