package page

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
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

// flashKey signs the messages. "Undo" posts what a message says, so it has to be one that we wrote: a neighbouring
// site of the municipality can set cookies for ours.
var flashKey atomic.Pointer[[]byte]

func init() {
	key := make([]byte, 32)
	rand.Read(key)
	SignMessages(key)
}

// SignMessages sets the key that messages are signed with, the same in every instance of an installation. Without it
// each run of the program has its own.
func SignMessages(key []byte) { flashKey.Store(&key) }

// signed is a message with its signature behind a dot.
func signed(message string) string {
	mac := hmac.New(sha256.New, *flashKey.Load())
	mac.Write([]byte(message))
	return message + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Say leaves a message for the next page.
func Say(w http.ResponseWriter, f Flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: signed(base64.RawURLEncoding.EncodeToString(raw)), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 60})
}

// TakeFlash returns the message that the last page left, and forgets it.
func TakeFlash(w http.ResponseWriter, r *http.Request) (Flash, bool) {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return Flash{}, false
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	message, _, _ := strings.Cut(c.Value, ".")
	if !hmac.Equal([]byte(signed(message)), []byte(c.Value)) {
		return Flash{}, false
	}
	var f Flash
	raw, err := base64.RawURLEncoding.DecodeString(message)
	if err != nil || json.Unmarshal(raw, &f) != nil || !strings.HasPrefix(f.Key, "flash.") || f.Undo != "" && !strings.HasPrefix(f.Undo, "/sager/") {
		return Flash{}, false
	}
	return f, true
}
