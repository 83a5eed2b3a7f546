package jobs_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/jobs"
	"samspil/internal/testkit"
)

// deliver lets a crew with a mailbox work until the test ends.
func deliver(t *testing.T, o *testkit.Office) *testkit.Mailbox {
	t.Helper()
	box := testkit.OpenMailbox(t)
	crew, err := jobs.Open(t.Context(), o.LoginURL(t, "samspil_job"), box.Post, noSweep)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { crew.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return box
}

func TestALetterLeavesOnceAndToWhoIsStillThere(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	p := o.Partner(t, "police", "Politiet", "Rikke Holm")
	o.Exec(t, `UPDATE app.contact_person SET secure_mail = 'rikke@politiet.test'`)
	english := o.Partner(t, "school", "International School", "Ann Hill")
	o.Exec(t, `UPDATE app.contact_person SET secure_mail = 'ann@school.test', lang = 'en' WHERE id = $1`, english.ID)
	o.Exec(t, `UPDATE auth.user_account SET lang = 'en' WHERE id = $1`, o.Mette.UserID)
	o.Exec(t, `UPDATE auth.user_account SET active = false WHERE id = $1`, o.Dennis.UserID)
	about := uuid.New()
	o.Exec(t, `SELECT app._mail('news', $1, NULL, NULL, now()), app._mail('news', $2, NULL, NULL, now()), app._mail('link', NULL, $3, $4, now()), app._mail('verify', NULL, $5, $4, now())`, o.Mette.UserID, o.Dennis.UserID, p.ID, about, english.ID)
	box := deliver(t, o)
	until(t, o, 0, `SELECT count(*) FROM river.river_job WHERE kind = 'mail.send' AND state <> 'completed'`)
	// the same job once more, as after a crash
	o.Exec(t, `UPDATE river.river_job SET state = 'available', finalized_at = NULL WHERE kind = 'mail.send'`)
	until(t, o, 0, `SELECT count(*) FROM river.river_job WHERE kind = 'mail.send' AND state <> 'completed'`)
	got := map[string]string{}
	for _, l := range box.Letters() {
		got[l.To] += l.Link + "|" + l.Subject
	}
	if got["ann@school.test"] != box.Post.Guests+o.Keys.LinkToken(about)+"|You have something new in Samspil" {
		t.Errorf("in English: %v", got)
	}
	if len(got) != 3 || got["mette@ellehoej.test"] != "|You have something new in Samspil" || got["rikke@politiet.test"] != box.Post.Guests+o.Keys.LinkToken(about)+"|Du har noget nyt i Samspil" {
		t.Errorf("%v", got)
	}
}

func TestALetterWaitsForAMailServer(t *testing.T) {
	t.Parallel()
	o := testkit.NewOffice(t)
	o.Exec(t, `SELECT app._mail('news', $1, NULL, NULL, now())`, o.Mette.UserID)
	stop := work(t, o, noSweep)
	until(t, o, 1, `SELECT count(*) FROM river.river_job WHERE kind = 'mail.send' AND state = 'scheduled' AND scheduled_at > now() + interval '5 min'`)
	stop()
	o.Exec(t, `UPDATE river.river_job SET scheduled_at = now() WHERE kind = 'mail.send'`)
	box := deliver(t, o)
	until(t, o, 1, `SELECT count(*) FROM app.mail WHERE sent_at IS NOT NULL`)
	if n := len(box.Letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
}
