package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samspil/internal/casefile"
	"samspil/internal/concern"
	"samspil/internal/deadline"
	"samspil/internal/i18n"
	"samspil/internal/keys"
	"samspil/internal/reference"
)

// report is a report of concern of the demo, as of now: the clock of each runs from how long ago it came.
type report struct {
	key, number, source string
	ago                 time.Duration
	assigned            string // key of a user
	acute               string // "yes" or "no"; empty: nobody has assessed it
	assessedAfter       time.Duration
	concludedAfter      time.Duration // zero: it is open

	content concern.Content
	child   concern.PersonInput
	age     int
	of      string // number of the case of the same child
	people  []concern.PersonInput
}

// reports are five telephone calls: one whose clock runs out, one that is over it, one about a child with a case, one
// from somebody who would not say who they are, and one that is concluded. All people are invented.
var reports = []report{
	{key: "skole", number: "0412", source: "professional", ago: 21*time.Hour - 7*time.Minute,
		child: concern.PersonInput{Name: "Nour Haddad", Phone: "00 61 22 10"}, age: 14, people: []concern.PersonInput{{Name: "Tarek Haddad", Relation: "storebror"}},
		content: concern.Content{Told: "Nour er holdt op med at gå til håndbold og bliver hentet hver dag af sin storebror. Hun har sagt til sin klasselærer, at hun ikke må være på nettet længere, og at familien skal på en lang rejse i næste måned. Hun bad læreren om ikke at ringe hjem.",
			WhereNow: "I skole til kl. 14. Hentes af storebroren.", Siblings: "En lillesøster på 9 år på samme skole.", Measures: "unknown", ReporterName: "Lærke Winther", ReporterRole: "klasselærer, Åskolen",
			ReporterContact: "00 61 30 44", Channel: "safe", ChannelNote: "Ring kun til skolens kontor, hverdage kl. 8–15."}},
	{key: "nabo", number: "0398", source: "citizen", ago: 25*time.Hour + 10*time.Minute, assigned: "ida",
		child: concern.PersonInput{Name: "Pige, kaldes Dilan"}, age: 0,
		content: concern.Content{Told: "Naboen hører råb om aftenen og har set pigen sidde på trappen uden jakke. I går sagde hun, at hun ikke må komme ind, før hendes bror er hjemme.", Measures: "unknown",
			ReporterName: "Søren Abild", ReporterRole: "nabo i opgangen", ReporterContact: "00 61 77 02", ReporterHousehold: true, Channel: "unknown"}},
	{key: "amira", number: "0405", source: "professional", ago: 5 * time.Hour, assigned: "ida", acute: "no", assessedAfter: 90 * time.Minute, of: "2026-0147",
		content: concern.Content{Told: "Skolens sundhedsplejerske ringer igen: Der er kommet nye oplysninger om en rejse. Eleven er i skole i dag og har selv bedt om hjælp.", WhereNow: "I skole.", Measures: "yes",
			ReporterName: "Inger Holst", ReporterRole: "sundhedsplejerske", ReporterContact: "00 61 30 45", Channel: "safe", ChannelNote: "Ring til sundhedsplejerskens kontor.",
			AssessReason: "Hun er i skole og i sikkerhed i dag, og sagens ansvarlige er kontaktet. Det nye skal genvurderes i sagen."}},
	{key: "anonym", number: "0417", source: concern.Anonymous, ago: 2*time.Hour + 20*time.Minute,
		child: concern.PersonInput{Name: "Yusuf, ca. 16 år"}, age: 0,
		content: concern.Content{Told: "En ung mand ringer og vil ikke sige, hvem han er. Hans ven får at vide af sine fætre, hvem han må tale med, og de tjekker hans telefon. Vennen er bange for sommeren.", Measures: "unknown", Channel: "none"}},
	{key: "afsluttet", number: "0371", source: "municipality", ago: 74 * time.Hour, assigned: "ida", acute: "no", assessedAfter: 6 * time.Hour, concludedAfter: 30 * time.Hour,
		child: concern.PersonInput{Name: "Malik Øztürk"}, age: 12,
		content: concern.Content{Told: "Fraflytningskommunen oplyser, at familien er flyttet hertil, og at der har været en afsluttet rådgivning om skolegang.", Measures: "no", ReporterName: "Modtagelsen, Havnbæk Kommune", ReporterRole: "rådgiver",
			ReporterContact: "00 61 90 10", Channel: "safe", ChannelNote: "Sikker mail mellem kommunerne.", AssessReason: "Intet tyder på fare nu. Oplysningerne er ældre og afsluttede.",
			OutcomeReason: "Ingen tegn, der kræver mere. Skolen følger op."}},
}

func (l *loader) reports() {
	for _, r := range reports {
		l.report(r)
	}
}

func (l *loader) report(r report) {
	report := id("report", r.key)
	received := l.now.Add(-r.ago).Truncate(time.Minute)
	after := func(d time.Duration) time.Time { return received.Add(d) }
	ida := id("user", "ida")
	var assigned, assignedAt, acute, assessedAt, assessedBy, outcome, concludedAt, concludedBy any
	event := func(kind string, at time.Time, data string) {
		l.put("app.report_event", id("report", r.key, kind), report, at, ida, kind, data)
		l.look("case:"+report.String(), at, "ida", kind, "")
	}
	l.look("case:"+report.String(), after(3*time.Minute), "ida", "report.create", "")
	event(concern.EventRegistered, after(4*time.Minute), `{}`)
	if r.assigned != "" {
		assigned, assignedAt = id("user", r.assigned), after(5*time.Minute)
	}
	if r.acute != "" {
		acute, assessedAt, assessedBy = r.acute == "yes", after(r.assessedAfter), ida
		event(concern.EventAssessed, after(r.assessedAfter), fmt.Sprintf(`{"acute": %q, "late": "false"}`, r.acute))
	}
	if r.concludedAfter > 0 {
		outcome, concludedAt, concludedBy = "no_further", after(r.concludedAfter), ida
	}
	l.put("app.report", report, "u"+refOf(report)[1:], fmt.Sprintf("U-%d-%s", l.now.Year(), r.number), municipalityID, concern.Child, r.source, received, "", after(4*time.Minute), ida,
		*concern.AssessBy(concern.Child, received), concern.ReceiptBy(deadline.OfTheLaw(), concern.Child, r.source, received), assigned, assignedAt, acute, assessedAt, assessedBy, outcome, concludedAt, concludedBy)
	codes := []string{"UND_24H", "UND_RECEIPT"}
	if r.source == concern.Anonymous {
		codes = codes[:1]
	}
	for _, code := range codes {
		l.reportDeadline(report, code, received, after(4*time.Minute), ida, assessedAt)
	}
	c := r.content
	l.put("app.report_content", report, c.Told, c.WhereNow, c.Siblings, c.Measures, c.ReporterName, c.ReporterRole, c.ReporterContact, c.ReporterHousehold, c.Channel, c.ChannelNote, c.AssessReason, c.OutcomeReason)
	for i, p := range r.people {
		l.reportPerson(r, fmt.Sprint(i), false, p)
	}
	child := r.child
	if i := slices.IndexFunc(l.m.Cases, func(c Case) bool { return c.Number == r.of }); i >= 0 {
		known := l.m.Cases[i].Citizen
		child.Name = known.Full
		if born, err := Born(l.now, known.Age, known.Birthday); err == nil {
			child.CPR, child.Born = CPR(born, known.Serial), born
		}
	} else if r.age > 0 {
		child.Born = time.Date(l.now.Year()-r.age, time.January, 12, 0, 0, 0, 0, time.UTC)
	}
	l.reportPerson(r, "child", true, child)
}

// reportDeadline is a deadline of the report; assessing meets the 24 hours.
func (l *loader) reportDeadline(report uuid.UUID, code string, received, set time.Time, by uuid.UUID, assessed any) {
	rules := deadline.OfTheLaw()
	rule, _ := rules.Find(code)
	due, row, status, version := rules.Due(rule, received), id("deadline", report.String(), code), deadline.Running, 1
	from := received
	if !rule.Unit.HasTime() {
		from = i18n.Today(received)
	}
	var met, metBy any
	l.put("app.deadline_change", id("deadline", report.String(), code, "started"), nil, row, "started", "", due, by, set, report)
	if code == "UND_24H" && assessed != nil {
		status, version, met, metBy = deadline.Met, 2, assessed, by
		l.put("app.deadline_change", id("deadline", report.String(), code, "met"), nil, row, "met", "", nil, by, assessed, report)
	}
	l.put("app.deadline", row, nil, rule.Code, "", rule.Trigger, received, from, rule.Length, string(rule.Unit), rule.Basis, reference.LawVersion(), rule.Certainty, rule.Statutory, 0, rule.Kind,
		false, false, false, due, string(status), nil, met, metBy, version, by, set, set, report)
}

func (l *loader) reportPerson(r report, key string, child bool, p concern.PersonInput) {
	report, person := id("report", r.key), id("report", r.key, "person", key)
	var born, sealed, blind, phone any
	masked := ""
	if !p.Born.IsZero() {
		born = day(p.Born)
	}
	if cpr, ok := keys.ParseCPR(p.CPR); ok {
		masked, blind = cpr.Masked(), l.k.BlindCPR(cpr.Digits)
		sealed = l.k.Seal(keys.Where{Column: "report_person.cpr", CaseID: report, RowID: person}, cpr.String())
	}
	if digits, ok := keys.ParsePhone(p.Phone); ok {
		phone = l.k.BlindPhone(digits)
	}
	l.put("app.report_person", person, report, child, p.Name, born, p.Relation, masked, sealed, blind, p.Phone, phone, casefile.Fold(p.Name))
}

// refOf is the place of something in addresses: as random as a hash, and the same each time.
func refOf(h [16]byte) string {
	const letters = "23456789bcdfghjkmnpqrstvwxz"
	var b strings.Builder
	for _, v := range h[8:] {
		b.WriteByte(letters[int(v)%len(letters)])
	}
	return b.String()
}
