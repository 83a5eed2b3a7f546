package startpages_test

import (
	"regexp"
	"strings"
	"testing"

	"samspil/internal/testkit"
	"samspil/web/link"
	"samspil/web/webtest"
)

// before fails where the page does not say one thing before the other.
func before(t *testing.T, body, first, then string) {
	t.Helper()
	a, b := strings.Index(body, first), strings.Index(body, then)
	if a < 0 || b < 0 || a > b {
		t.Errorf("%q stands at %d, %q at %d", first, a, then, b)
	}
}

// In the demo Mette has a deadline of the law that is four weeks over, and an event that asked for something within 24 hours.
func TestWhatIsOverTimeStandsFirstOnMinDag(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	a := s.Get(t, o.As(t, "mette@ellehoej.test"), link.Day)
	has(t, a, "<b>1 frist</b> er overskredet", "<b>1 hændelse</b> har ventet for længe", "Mangler: Børnefaglig undersøgelse afsluttet", "Senest: Skriftlig tilbagemelding til skolen", "Forslag, ikke lov")
	before(t, a.Body, "Mangler: Børnefaglig", "Trin, der venter")
	before(t, a.Body, "Niveau sættes til orange", "Trin, der venter")
	before(t, a.Body, "Trin, der venter", "Senest: Skriftlig")
	if event := regexp.MustCompile(`(?s)Niveau sættes til orange.*?</li>`).FindString(a.Body); !strings.Contains(event, `class="due late"`) || !strings.Contains(event, "dage over") {
		t.Error("an event whose time is over looks like any other")
	}
	if !regexp.MustCompile(`<b>1 check-in</b> er (aftalt i dag|udeblevet)`).MatchString(a.Body) {
		t.Error("the sentence forgets the check-in of tonight")
	}
}

func TestOneReportIsToldOnceOnMinDag(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	mette := o.As(t, "mette@ellehoej.test")
	a := s.Get(t, mette, link.Day)
	has(t, a, "Genvurdering af U-2026-0405", "Vælg, hvem", "beskeder til handler om noget, der står på siden", "Resten står nedenfor.")
	for _, again := range []string{"Ny underretning på aktiv sag", "Der er kommet en underretning om borgeren", "skal genvurderes af en, der ikke har deltaget"} {
		if strings.Contains(a.Body, again) {
			t.Errorf("the page says %q as well", again)
		}
	}
	has(t, s.Get(t, mette, link.Notices), "Der er kommet en underretning om borgeren") // the whole list keeps it
}

func TestALeadsDayBeginsWithWhatWaitsForTheirConfirmation(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	jonas := o.As(t, "jonas@ellehoej.test")
	a := s.Get(t, jonas, link.Day)
	has(t, a, "<b>3 vurderinger</b> venter på din bekræftelse", "Bekræft vurderingen", "2026-0117")
	before(t, a.Body, "Bekræft vurderingen", "Trin, der venter")
	if strings.Contains(a.Body, "Intet er over tid") {
		t.Error("the page says that nothing waits")
	}
	has(t, s.Get(t, jonas, link.Overview), "Bekræft vurderingen")
	if body := s.Get(t, o.As(t, "mette@ellehoej.test"), link.Day).Body; strings.Contains(body, "Bekræft vurderingen") {
		t.Error("a caseworker is asked for a lead's confirmation")
	}
}

// The box leads to the assessment, and says nothing of what a report says: that is read through the door alone.
func TestTheIntakeDeskGoesFromMinDagToTheAssessment(t *testing.T) {
	t.Parallel()
	o := testkit.NewDemo(t)
	s := webtest.Over(t, o)
	a := s.Get(t, o.As(t, "ida@ellehoej.test"), link.Day)
	has(t, a, "Vurdér nu", "Børn og unge · Fagperson", "/vurdering\"", "Ingen har den endnu")
	before(t, a.Body, "U-2026-0398", "U-2026-0412")
	var names string
	o.Scan(t, []any{&names}, `SELECT string_agg(DISTINCT w, '|') FROM (SELECT name AS w FROM app.report_person UNION SELECT reporter_name FROM app.report_content UNION SELECT left(told, 20) FROM app.report_content) x WHERE length(w) > 2`)
	for _, told := range strings.Split(names, "|") {
		if strings.Contains(a.Body, told) {
			t.Errorf("the page says %q", told)
		}
	}
}
