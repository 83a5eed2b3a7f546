package mail_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samspil/internal/i18n"
	"samspil/internal/mail"
	"samspil/internal/maildrop"
	"samspil/internal/testkit"
)

func TestWhoSeesTheMailOverAShoulderLearnsNothing(t *testing.T) {
	// Words that tell of a case, in either language; a mail is read on a kitchen table.
	telling := regexp.MustCompile(`(?i)(?:^|[^\p{L}])(sag|sags|borger|barn|børn|ung|familie|forældre|far|mor|bror|søster|vold|ære|konflikt|kontrol|tvang|krise|politi|kommune|underret|handlingsplan|trin|frist|case|child|famil|parent|father|mother|brother|sister|violence|honou?r|conflict|police|municipal|crisis|plan|deadline|danger|risk)`)
	for _, lang := range i18n.Languages {
		ctx := i18n.With(t.Context(), lang)
		for _, kind := range []string{mail.News, mail.Link, mail.Verify} {
			text := mail.Body(ctx, kind, "LINK")
			for _, s := range []string{text, i18n.T(ctx, "mail.subject")} {
				if found := telling.FindString(s); found != "" {
					t.Errorf("%s %s says %q:\n%s", lang, kind, found, s)
				}
				if strings.ContainsAny(s, "0123456789") {
					t.Errorf("%s %s has a number in it:\n%s", lang, kind, s)
				}
			}
			if strings.Contains(text, "LINK") == (kind == mail.News) || strings.Contains(text, "%") {
				t.Errorf("%s %s:\n%s", lang, kind, text)
			}
		}
	}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	box := testkit.OpenMailbox(t)
	link := box.Post.Guests + testkit.Keys.LinkToken(uuid.New())
	for _, l := range []mail.Letter{{To: "rikke@politiet.test", Lang: "da", Kind: mail.Link, Link: link}, {To: "mette@ellehoej.test", Lang: "en", Kind: mail.News}, {To: "ann@school.test", Lang: "en", Kind: mail.Verify, Link: link}} {
		l.ID = uuid.New()
		if err := box.Post.Server.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	got := box.Letters()
	if len(got) != 3 || got[2].Link != link || !strings.Contains(got[2].Body, link+"?lang=en\n") || strings.Contains(got[0].Body, "?lang") || got[0].To != "rikke@politiet.test" || got[0].Link != link || got[0].Subject != "Du har noget nyt i Samspil" || got[1].Link != "" || got[1].Subject != "You have something new in Samspil" {
		t.Errorf("%+v", got)
	}
}

func TestAnAddressThatIsNoneIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	box := testkit.OpenMailbox(t)
	for _, to := range []string{"", "ingen", "a@b.test\r\nBcc: far@hjemme.test", "a@b.test, far@hjemme.test"} {
		if err := box.Post.Server.Send(t.Context(), mail.Letter{ID: uuid.New(), To: to, Lang: "da", Kind: mail.News}); !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if got := box.Letters(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAServerThatIsFullIsAnError(t *testing.T) {
	t.Parallel()
	drop, err := maildrop.Open(func(maildrop.Mail) error { return errors.New("full") })
	if err != nil {
		t.Fatal(err)
	}
	defer drop.Close()
	s, err := mail.Parse(drop.URL(), "samspil@ellehoej.test")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), mail.Letter{ID: uuid.New(), To: "a@b.test", Lang: "da", Kind: mail.News}); err == nil || errors.Is(err, mail.ErrAddress) {
		t.Errorf("said %v", err)
	}
}

func TestTheAddressOfAMailServer(t *testing.T) {
	for address, good := range map[string]bool{"": true, "smtp://127.0.0.1:2525": true, "smtps://u:p@mail.test": true, "smtp://u:p@mail.test": true, "mail.test:25": false, "http://mail.test": false, "smtp://": false, "smtp://u:hemmelig@mail.test:x": false} {
		s, err := mail.Parse(address, "samspil@ellehoej.test")
		if (err == nil) != good || s.Set() != (good && address != "") {
			t.Errorf("%q: set %t, %v", address, s.Set(), err)
		}
		if err != nil && strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	if _, err := mail.Parse("smtp://127.0.0.1:1", "no address"); err == nil {
		t.Error("letters are from nobody")
	}
}
