package reference

import "sync"

// MandateArea is an area of responsibility of a case: a proposal of the house, not law.
type MandateArea struct {
	Item
	Area string `json:"area"` // "child", "adult" or "both"
}

var mandates = sync.OnceValue(func() []MandateArea {
	return parse[struct {
		List []MandateArea `json:"mandate_areas"`
	}]().List
})

// MandatesOf are the areas of responsibility of a child's or an adult's case, in their order.
func MandatesOf(area string) []MandateArea {
	var out []MandateArea
	for _, m := range mandates() {
		if m.Area == "both" || m.Area == area {
			out = append(out, m)
		}
	}
	return out
}
