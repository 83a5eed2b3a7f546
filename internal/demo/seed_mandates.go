package demo

// demoMandate is who has which part in an area of a case; told is how many days ago they acknowledged it, 0: not yet.
type demoMandate struct {
	area, who, part string
	told            int
}

// demoMandates are by the number of their case: most areas are led, the school has not acknowledged theirs, two lead one area, and
// the rest are gaps.
var demoMandates = map[string][]demoMandate{
	"2026-0147": {{"safety", "mette", "leads", 11}, {"safety", "rikke", "takes_part", 0}, {"risk", "mette", "leads", 11}, {"risk", "sara", "leads", 9}, {"citizen", "mette", "leads", 11}, {"school", "anders", "leads", 0}},
}

// mandates loads the map of who answers for what, given twelve days ago.
func (r *caseRows) mandates() {
	seen := map[string]bool{}
	given := Day(12).On(r.now, "10:00")
	for _, m := range demoMandates[r.Number] {
		area, row := r.uid("mandate", m.area), r.uid("mandate", m.area, m.who)
		if !seen[m.area] {
			seen[m.area] = true
			r.put("app.mandate_area", area, r.id(), m.area, r.user("mette"), given)
		}
		user, contact := r.sits(m.who)
		r.put("app.mandate", row, r.id(), area, user, contact, m.part, r.user("mette"), given)
		if m.told > 0 {
			at := Day(m.told).On(r.now, "9:00")
			r.put("app.mandate_ack", r.id(), row, day(at), user, at)
		}
	}
}
