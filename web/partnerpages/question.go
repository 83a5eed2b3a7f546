package partnerpages

import (
	"net/http"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/partner"
	"samspil/web/page"
)

// questionCode shows a new code on the page of the contact person, this once. Asked for again, it is another one.
func (h Handler) questionCode(w http.ResponseWriter, r *http.Request) error {
	var code string
	err := h.DB.InTx(r.Context(), me(r), func(tx *db.Tx) (err error) {
		code, err = partner.QuestionCode(r.Context(), tx, page.ID(r, "id"))
		return err
	})
	if err != nil {
		return err
	}
	if code == "" {
		return fault.NotFound
	}
	return h.showPerson(w, r, code)
}

// waiting are those who want to be called about their details.
func waiting(questions []partner.Question) map[uuid.UUID]bool {
	m := map[uuid.UUID]bool{}
	for _, q := range questions {
		m[q.ContactID] = q.CallAskedAt != nil
	}
	return m
}

// numbersOf are the numbers on which a code is read out: the person's own, else that of the organisation.
func numbersOf(c partner.Callable) []string {
	var list []string
	for _, n := range []string{c.Phone, c.Mobile} {
		if n != "" {
			list = append(list, n)
		}
	}
	if list == nil && c.OrgPhone != "" {
		list = []string{c.OrgPhone}
	}
	return list
}
