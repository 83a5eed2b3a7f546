package sharing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/i18n"
	"samspil/internal/reference"
)

// The groups of age that the compass tells apart: who may consent, and which laws are about children.
const (
	Under15 = "under15"
	Youth   = "15_17"
	Adult   = "adult"
	Minor   = "minor" // under 18, as the area of the case says; nobody has written a birthday
)

// Ages are the groups, the youngest first.
var Ages = []string{Under15, Youth, Adult, Minor}

// Age is how old the citizen is, as far as it matters for sharing.
type Age struct {
	Group string // one of [Ages]
	Guess bool   // no birthday is written; the area of the case says what is likely
}

// AgeOf is the age of a citizen now. Without a birthday it is a guess from the area, and stays one.
func AgeOf(born *time.Time, area string, now time.Time) Age {
	switch {
	case born == nil && area == "adult":
		return Age{Adult, true}
	case born == nil:
		return Age{Minor, true}
	}
	switch years := i18n.Age(*born, now); {
	case years < 15:
		return Age{Group: Under15}
	case years < 18:
		return Age{Group: Youth}
	}
	return Age{Group: Adult}
}

// within are the groups that an age may turn out to be. A guess of an adult is only that.
func (a Age) within() []string {
	if a.Group == Minor {
		return []string{Under15, Youth}
	}
	return []string{a.Group}
}

// Question is what the compass is asked.
type Question struct {
	Partner string // code of [reference.PartnerTypes], or [reference.Colleague]
	Purpose string // code of [reference.SharingPurposes]; empty: whatever it is
	Age     Age
	Consent string // one of [Consents]
}

// Way is a lawful way to share: a rule of the compass with the legal basis that it is about.
type Way struct {
	Rule  reference.SharingRule
	Basis reference.LegalBasis
	// Despite says that consent was declined or not asked for, and that this must be answered for in writing.
	Despite bool
}

// Course is the answer of the compass.
type Course struct {
	Ways    []Way  // without personal data first, then by consent, then the rest; none: it is not lawful as asked
	With    []Way  // what a consent would open
	Version string // of the data that decided
}

// Decide is the compass: recipient × purpose × age × consent → the lawful ways (R9). It only reads the reference data. What no rule
// names is no way: other departments may be other authorities, and the default is to share nothing (domain.md 3.5).
func Decide(q Question) Course {
	c := Course{Version: reference.CompassVersion()}
	partner, ok := reference.PartnerTypeByCode(q.Partner)
	if q.Partner == reference.Colleague {
		partner, ok = reference.PartnerType{Item: reference.Item{Code: reference.Colleague}}, true
	}
	if !ok {
		return c
	}
	for _, rule := range reference.SharingRules() {
		basis, known := reference.LegalBasisByCode(rule.Code)
		if !known || basis.ConsentNeeded && q.Partner == reference.Colleague || !rule.Reaches(partner) || q.Purpose != "" && !rule.Serves(q.Purpose) || !covers(rule.Ages, q.Age) {
			continue
		}
		way := Way{Rule: rule, Basis: basis, Despite: !basis.ConsentNeeded && rule.Code != Anonymous && q.Consent != Consented}
		if basis.ConsentNeeded && q.Consent != Consented {
			c.With = append(c.With, way)
		} else {
			c.Ways = append(c.Ways, way)
		}
	}
	return c
}

// covers reports whether a rule holds whatever an age turns out to be.
func covers(ages []string, a Age) bool {
	for _, group := range a.within() {
		if !slices.Contains(ages, group) {
			return false
		}
	}
	return true
}

// Knows reports whether the answer names a legal basis among its ways.
func (c Course) Knows(basis string) bool {
	return slices.ContainsFunc(c.Ways, func(w Way) bool { return w.Basis.Code == basis })
}

// asked is a recipient in the directory, and what the compass asks about the citizen.
type asked struct {
	Organisation, PartnerType, Area string
	Born                            *time.Time
}

// recipient is whom an entry is to, or from.
func (in Input) recipient(ctx context.Context, tx *db.Tx) (asked, bool, error) {
	if in.UserID == uuid.Nil {
		return recipientOf(ctx, tx, in.OrganisationID, in.ContactID)
	}
	rows, err := db.Many[asked](ctx, tx, `
		SELECT u.display_name AS organisation, @colleague AS partner_type, f.area, coalesce((SELECT p.born FROM app.person p WHERE p.case_id = f.id AND p.is_citizen), l.born) AS born
		  FROM auth.user_account u CROSS JOIN app.case_file f LEFT JOIN app.citizen_label l ON l.case_id = f.id
		 WHERE f.id = @case AND u.id = @user AND (u.active OR EXISTS (SELECT FROM app.sharing s WHERE s.case_id = f.id AND s.id = @corrects AND s.to_user = u.id))`,
		db.Args{"case": tx.CaseID, "user": in.UserID, "colleague": reference.Colleague, "corrects": db.Null(in.Corrects)})
	if err != nil || len(rows) == 0 {
		return asked{}, false, err
	}
	return rows[0], true, nil
}

// recipientOf checks that a recipient is in the directory.
func recipientOf(ctx context.Context, tx *db.Tx, organisation, contact uuid.UUID) (asked, bool, error) {
	rows, err := db.Many[asked](ctx, tx, `
		SELECT o.name AS organisation, o.partner_type, f.area, coalesce((SELECT p.born FROM app.person p WHERE p.case_id = f.id AND p.is_citizen), l.born) AS born
		  FROM app.organisation o CROSS JOIN app.case_file f LEFT JOIN app.citizen_label l ON l.case_id = f.id
		 WHERE f.id = @case AND o.id = @organisation AND o.active
		   AND (@contact::uuid IS NULL OR EXISTS (SELECT FROM app.contact_person c WHERE c.id = @contact AND c.organisation_id = o.id AND c.active))`,
		db.Args{"case": tx.CaseID, "organisation": organisation, "contact": db.Null(contact)})
	if err != nil || len(rows) == 0 {
		return asked{}, false, err
	}
	return rows[0], true, nil
}

// verdict is what the compass said of an entry; empty where it was not asked.
type verdict struct {
	age, version string
	fits         *bool
}

// ask asks the compass whether it knows the basis of what leaves, for its recipient.
func (in Input) ask(to asked, now time.Time) verdict {
	if in.Direction != Out {
		return verdict{}
	}
	age := AgeOf(to.Born, to.Area, now)
	c := Decide(Question{Partner: to.PartnerType, Purpose: in.PurposeCode, Age: age, Consent: in.Consent})
	fits := c.Knows(in.LegalBasis)
	v := verdict{age: age.Group, version: c.Version, fits: &fits}
	if age.Guess {
		v.age += "?"
	}
	return v
}

func (v verdict) off() bool { return v.fits != nil && !*v.fits }

// words are kept only where they are asked for.
func (v verdict) words(off string) string {
	if !v.off() {
		return ""
	}
	return strings.TrimSpace(off)
}
