package link

import "net/url"

// CaseList is the list of cases, narrowed by pairs of a name and a value; a pair with an empty value is left out.
// A name may come twice. Every number on a start page leads to such a list:
//
//	visning      mine | med | team | lukkede   whose cases: mine, those I take part in, the team's, the closed ones
//	plan         uden | med       without, or with, an action plan
//	frist        over | uge       with a step over time; with a step due within seven days, late ones included
//	niveau       green | yellow | orange | red | none   the level chosen; several: any of them
//	partner      uden | med       nobody from a partner is asked or takes part now, or somebody does
//	risiko       udloebet         the level is older than the time that the reference data gives it (90, 30 or 7 days)
//	fase         P0 … P8
//	omraade      child | adult
//	ansvarlig    id of a user, for team leads
//	fortrolighed 0 | 1 | 2
//	stille       30               nothing has happened for so many days
//	sorter       nummer | niveau | aktiv | frist | oprettet;  retning op | ned
//
// The zero list is the reader's default: mine for a caseworker, the team's for its lead.
func CaseList(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Add(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return Cases
	}
	return Cases + "?" + q.Encode()
}

// SearchFound is what a search has found. The token stands for the word, which never reaches an address.
func SearchFound(token string) string { return Search + "/" + token }

// Registration is the page of a registration in progress: what the search has found.
func Registration(id string) string { return NewCase + "/" + id }

// RegistrationStep is one step of a registration: "borgeren", "netvaerket", "sagen", "adgangen" or "tjek".
func RegistrationStep(id, step string) string { return Registration(id) + "/" + step }

// Risk is the page of a case's risk assessments, and of the gate that stands on them.
func Risk(ref string) string { return Case(ref) + "/risiko" }
