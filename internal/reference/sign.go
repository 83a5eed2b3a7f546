package reference

import "slices"

// SignGroups is the list of groups of signs.
const SignGroups Kind = "sign_groups"

// Sign is one of the 40 signs of honour conflict and negative social control. A sign proves nothing by itself.
type Sign struct {
	Item
	Group     string `json:"group"`      // code of [SignGroups]
	AppliesTo string `json:"applies_to"` // "child", "adult" or "both"
}

// In reports whether the sign is looked for in an area, "child" or "adult"; "" and "both" are every area.
func (s Sign) In(area string) bool {
	return s.AppliesTo == "both" || area == s.AppliesTo || area == "" || area == "both"
}

var signs = parse[struct {
	Signs []Sign `json:"signs"`
}]().Signs

// Signs returns the signs of an area in their own order, or all of them for "".
func Signs(area string) []Sign {
	var out []Sign
	for _, s := range signs {
		if s.In(area) {
			out = append(out, s)
		}
	}
	return out
}

// SignByCode returns a sign.
func SignByCode(code string) (Sign, bool) {
	i := slices.IndexFunc(signs, func(s Sign) bool { return s.Code == code })
	if i < 0 {
		return Sign{}, false
	}
	return signs[i], true
}
