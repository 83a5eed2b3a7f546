package page

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// Flash is a message that the next page shows once: what happened, and how to take it back.
// It holds text keys and paths only, never a name.
type Flash struct {
	Key    string            // text key "flash.…"
	Args   []string          `json:",omitempty"` // words for the sentence that are not personal, a date for instance
	Undo   string            `json:",omitempty"` // path to POST to, on this site
	Fields map[string]string `json:",omitempty"` // of that POST
	Warn   bool              `json:",omitempty"` // not a success
}

const flashCookie = "flash"

// Say leaves a message for the next page.
func Say(w http.ResponseWriter, f Flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 60})
}

// TakeFlash returns the message that the last page left, and forgets it.
func TakeFlash(w http.ResponseWriter, r *http.Request) (Flash, bool) {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return Flash{}, false
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	var f Flash
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(raw, &f) != nil || !strings.HasPrefix(f.Key, "flash.") || f.Undo != "" && !strings.HasPrefix(f.Undo, "/sager/") {
		return Flash{}, false
	}
	return f, true
}
