package journal

import (
	"context"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
)

// kindWays are the channels that a kind of note may tell of. The kindest counts: "written" may have been any of them.
var kindWays = map[string][]casefile.Channel{
	"phone":      {casefile.Phone},
	"home_visit": {casefile.Visit},
	"letter":     {casefile.Letter, casefile.DigitalPost},
	"written":    {casefile.SMS, casefile.Email, casefile.DigitalPost, casefile.Letter},
}

// homeVisit is the kind that reaches the citizen's home, also where nobody is ticked. (A letter is to parents or network.)
const homeVisit = "home_visit"

// reached is somebody to whom a note tells of contact.
type reached struct {
	Citizen bool
	Policy  string
	casefile.Reach
	casefile.ContactRules
}

// outsideRules says what the rules of safe contact had against the contact that the note tells of, when it happened: the reason, or
// "". What they forbade takes the writer's word that it was so (OutsideOK): a journal tells the truth about the past. What nobody had
// settled is marked and asks for nothing, for a channel becomes settled by asking. The gate has had its say before.
func (in Input) outsideRules(ctx context.Context, tx *db.Tx) (string, error) {
	ways := kindWays[in.Kind]
	if len(ways) == 0 {
		return "", nil
	}
	home := in.Kind == homeVisit && len(in.People)+len(in.Contacts) == 0
	list, err := db.Many[reached](ctx, tx, `
		SELECT p.is_citizen AS citizen, p.conflict_role, p.may_know, p.may_contact, coalesce(s.policy, '') AS policy, coalesce(s.may_use, '{}') AS may_use, coalesce(s.must_not, '{}') AS must_not,
		       coalesce(s.windows, '[]') AS windows, coalesce(s.third, '') AS third
		  FROM app.person p LEFT JOIN app.safe_contact s ON s.case_id = p.case_id
		 WHERE p.case_id = @case AND (p.id = ANY (@people::uuid[]) OR @home AND p.is_citizen) ORDER BY p.is_citizen DESC, p.id`,
		db.Args{"case": tx.CaseID, "people": append([]uuid.UUID{}, in.People...), "home": home})
	if err != nil {
		return "", err
	}
	why := ""
	for _, p := range list {
		r := casefile.Rules{ContactRules: p.ContactRules, Policy: p.Policy, Gate: casefile.GateNone}
		if !p.Citizen {
			if in.Family == FamilyCame { // we reached nobody
				continue
			}
			r.Reach = &p.Reach
		}
		switch v := casefile.Best(r, ways, in.HappenedAt); v.State {
		case casefile.Forbidden:
			if !in.OutsideOK {
				return "", fault.Invalid{"outside_ok": "contact.why." + v.Why}
			}
			return v.Why, nil
		case casefile.Unsettled:
			why = v.Why
		}
	}
	return why, nil
}

// Forbidden reports whether the note tells of a contact that the rules forbade, and not only of one that nobody had settled.
func (n Note) Forbidden() bool {
	return n.Outside != "" && n.Outside != "unsettled" && n.Outside != "ask"
}
