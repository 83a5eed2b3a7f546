package reference

import (
	"context"
	"slices"
	"strings"
	"sync"

	"samspil/internal/i18n"
)

// SharingPurposes are what a recipient may need information for.
const SharingPurposes Kind = "sharing_purposes"

// Every stands in a [SharingRule] for every recipient, or every purpose.
const Every = "*"

// Colleague is what a [SharingRule] calls somebody who works here and may not open the case. No partner type of the directory is one, and
// a consent is given towards an organisation of it.
const Colleague = "colleague"

// SharingRule says when a legal basis is a lawful way to share: a line of the compass. Its code is that of the legal basis, its name
// says in a sentence when the way is open. Which basis fits which recipient is a proposal of the house, and the page says so.
type SharingRule struct {
	Item
	Recipients []string `json:"recipients"` // partner types beside those that name the basis themselves; [Colleague], [Every]
	Purposes   []string `json:"purposes"`   // codes of [SharingPurposes]; [Every]
	Ages       []string `json:"ages"`       // "under15", "15_17", "adult"
	WriteDA    string   `json:"write_da"`   // what must be written
	WriteEN    string   `json:"write_en"`
	NotDA      string   `json:"not_da"` // what may not be shared
	NotEN      string   `json:"not_en"`
	Certainty  string   `json:"certainty"` // as Confidence of [LegalBasis]
}

// Write is what must be written when sharing this way, in the reader's language.
func (r SharingRule) Write(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" {
		return r.WriteEN
	}
	return r.WriteDA
}

// Not is what may not be shared this way, in the reader's language.
func (r SharingRule) Not(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" {
		return r.NotEN
	}
	return r.NotDA
}

// Reaches reports whether the rule is meant for a partner type.
func (r SharingRule) Reaches(partner PartnerType) bool {
	return slices.Contains(r.Recipients, Every) || slices.Contains(r.Recipients, partner.Code) || slices.Contains(partner.LegalBases, r.Code)
}

// Serves reports whether the rule is meant for a purpose.
func (r SharingRule) Serves(purpose string) bool {
	return slices.Contains(r.Purposes, Every) || slices.Contains(r.Purposes, purpose)
}

// Verified reports whether basis and rule were found in a source. What somebody only knows, however well, is not verified, and the
// screen says so.
func (r SharingRule) Verified() bool {
	basis, _ := LegalBasisByCode(r.Code)
	for _, mark := range []string{basis.Confidence, r.Certainty} {
		if !strings.HasPrefix(mark, "sourced") || strings.Contains(mark, "K-") || strings.Contains(mark, "older") {
			return false
		}
	}
	return true
}

type compass struct {
	Meta struct {
		Version string `json:"compass_version"`
	} `json:"meta"`
	Rules []SharingRule `json:"sharing_rules"`
}

var compassData = sync.OnceValue(parse[compass])

// SharingRules are the lines of the compass, in the order in which their ways are offered.
func SharingRules() []SharingRule { return compassData().Rules }

// CompassVersion is the version of the data that the compass decides by; it changes with every change of a rule.
func CompassVersion() string { return compassData().Meta.Version }

// LegalBasisByCode returns a legal basis.
func LegalBasisByCode(code string) (LegalBasis, bool) {
	i := slices.IndexFunc(all.LegalBases, func(b LegalBasis) bool { return b.Code == code })
	if i < 0 {
		return LegalBasis{}, false
	}
	return all.LegalBases[i], true
}

// PartnerTypeByCode returns a partner type.
func PartnerTypeByCode(code string) (PartnerType, bool) {
	i := slices.IndexFunc(all.PartnerTypes, func(p PartnerType) bool { return p.Code == code })
	if i < 0 {
		return PartnerType{}, false
	}
	return all.PartnerTypes[i], true
}
