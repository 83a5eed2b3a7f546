package sharingpages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/db"
	"samspil/internal/sharing"
	"samspil/web/link"
)

// What a room of the case told a colleague is corrected as anything else is: by another line to the same colleague.
func TestWhatAColleagueWasToldIsCorrectedInTheRegister(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var told sharing.Outcome
	if err := s.DB.InCase(t.Context(), s.Mette, s.c.At("deling"), func(tx *db.Tx) (err error) {
		told, err = sharing.Share(t.Context(), tx, s.Keys, sharing.Input{Direction: sharing.Out, UserID: s.Huseyin.UserID, What: "Forum: Sag A", Text: "Hun er truet.", LegalBasis: "OWN_AUTHORITY", PurposeCode: "risk",
			Purpose: "Han kender familien", Consent: sharing.NotAsked, HappenedOn: tx.Now})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n := s.Count(t, `SELECT count(*) FROM app.sharing WHERE to_user = $1 AND compass_fits AND compass = '2'`, s.Huseyin.UserID); n != 1 {
		t.Error("the compass was not asked about a colleague")
	}
	s.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, s.Huseyin.UserID) // and has left since
	form := s.Get(t, s.Mette, s.path+"/ny?retter="+told.ID.String())
	to := "user:" + s.Huseyin.UserID.String()
	has(t, form, http.StatusOK, `value="`+to+`" selected`, "Hüseyin", "Hun er truet.")
	fix := s.letter("Hun er truet to gange.", "to", to, "corrects", told.ID.String(), "legal_basis", "OWN_AUTHORITY", "purpose_code", "risk", "what", "")
	has(t, s.Post(t, s.Mette, s.path+"/ny", fix), http.StatusUnprocessableEntity, `value="`+to+`" selected`)
	fix.Set("what", "Forum: Sag A")
	a := s.Post(t, s.Mette, s.path+"/ny", fix)
	has(t, a, http.StatusSeeOther)
	has(t, s.Get(t, s.Mette, a.Location()), http.StatusOK, "Hun er truet to gange.", "Hüseyin")
	fix.Del("corrects") // it is no way to tell a colleague who has left anything new
	fix.Set("key", uuid.NewString())
	has(t, s.Post(t, s.Mette, s.path+"/ny", fix), http.StatusUnprocessableEntity)
}

func TestTheCompassKnowsAColleague(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func(purpose string) string {
		return link.Sharing(s.c.Ref) + "/kompas?" + url.Values{"hvem": {"type:colleague"}, "formaal": {purpose}, "samtykke": {"yes"}}.Encode()
	}
	has(t, s.Get(t, s.Mette, ask("risk")), http.StatusOK, "forvaltningsloven § 27", "Ikke verificeret")
	has(t, s.Get(t, s.Mette, ask("investigation")), http.StatusOK, "Ingen lovlig vej")
}
