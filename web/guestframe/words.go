package guestframe

import (
	"net/http"
	"slices"
	"strings"

	"samspil/internal/fault"
	"samspil/web/page"
)

// maxBack is how much of what was typed comes back, in bytes: more than the longest answer, and no more than a page may weigh.
const maxBack = 12000

// giveBack is [Door.refuse] for a form behind the door: the same page, with the words that were just posted, so that who wrote while
// the session ended, or the link was revoked, can copy them. It tells nobody anything that they have not sent themselves.
func (d Door) giveBack(w http.ResponseWriter, r *http.Request) error {
	file := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	v := askView{Bad: fault.Invalid{"code": "guest.wrong"}, File: file}
	if !file {
		v.Words = typed(r)
	}
	return d.show(w, r, http.StatusUnprocessableEntity, v)
}

// typed is what somebody has written in the fields of a guest's forms: "words", "words-2" for the second step, "wrong".
func typed(r *http.Request) string {
	f := page.ReadForm(r)
	_ = f.Has("words") // makes the request parse its form
	var names []string
	for name := range r.PostForm {
		if name == "words" || name == "wrong" || strings.HasPrefix(name, "words-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var all []string
	for _, name := range names {
		if words := f.Text(name); words != "" {
			all = append(all, words)
		}
	}
	text := strings.Join(all, "\n\n")
	if len(text) > maxBack {
		text = strings.ToValidUTF8(text[:maxBack], "")
	}
	return text
}
