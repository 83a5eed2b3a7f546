// Package guard keeps foreign pages out and tells browsers what this site never does.
package guard

import (
	"net"
	"net/http"
	"strings"
)

// StrictOrigin lets a POST through only with Sec-Fetch-Site: same-origin. http.CrossOriginProtection alone
// allows requests that carry neither Sec-Fetch-Site nor Origin, and those marked "none". Reading a case writes a
// line in its trail, so a foreign page must not be able to make a colleague "open" one either:
// a GET that comes from elsewhere meets a page with a link, which denied writes.
func StrictOrigin(denied http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		inner := http.NewCrossOriginProtection().Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			site := r.Header.Get("Sec-Fetch-Site")
			switch r.Method {
			case http.MethodGet, http.MethodHead:
				if (site == "cross-site" || site == "same-site") && r.URL.Path != "/" && r.URL.Path != "/log-ind" && !strings.HasPrefix(r.URL.Path, Guests) {
					denied(w, r)
					return
				}
				next.ServeHTTP(w, r)
			case http.MethodPost:
				if site != "same-origin" {
					denied(w, r)
					return
				}
				inner.ServeHTTP(w, r)
			default:
				w.Header().Set("Allow", "GET, HEAD, POST")
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		})
	}
}

// Guests is where the links of people without an account lead. They come out of a mail, which another site may show; the page
// asks for a code and does nothing before it has it.
const Guests = "/g/"

// Network is the network a request comes from, as far as limits go: a whole town hall may be one address, so they are wide.
// proxy is the network of a reverse proxy whose X-Forwarded-For is believed; nil without one.
func Network(r *http.Request, proxy *net.IPNet) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if proxy != nil && ip != nil && proxy.Contains(ip) {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); last != nil {
			ip = last
		}
	}
	if v4 := ip.To4(); v4 != nil {
		return v4.Mask(net.CIDRMask(24, 32)).String()
	}
	return ip.Mask(net.CIDRMask(48, 128)).String()
}

// headers go with every response. No inline script or style exists, so the policy needs no nonce.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types samspil",
	"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
	"X-Robots-Tag":                 "noindex, nofollow",
	"Cache-Control":                "no-store",
}

// Headers sets them before the handler and again at the first write, so that no library can weaken them
// (scs adds Cache-Control: no-cache="Set-Cookie"). What is marked as cacheable by [Cacheable] keeps its own.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hw := &writer{ResponseWriter: w}
		hw.set()
		next.ServeHTTP(hw, r)
		hw.set()
	})
}

// Cacheable marks a response as one that the browser may keep, for files without anything about a case.
func Cacheable(w http.ResponseWriter, control string) {
	for {
		switch v := w.(type) {
		case *writer:
			v.cache = control
			return
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			w.Header().Set("Cache-Control", control)
			return
		}
	}
}

type writer struct {
	http.ResponseWriter
	done  bool
	cache string
}

func (h *writer) set() {
	if h.done {
		return
	}
	for k, v := range headers {
		h.ResponseWriter.Header().Set(k, v)
	}
	if h.cache != "" {
		h.ResponseWriter.Header().Set("Cache-Control", h.cache)
	}
}

// WriteHeader sets the headers a last time and sends them.
func (h *writer) WriteHeader(code int) { h.set(); h.done = true; h.ResponseWriter.WriteHeader(code) }

// Write sends the headers first if nobody has.
func (h *writer) Write(b []byte) (int, error) {
	if !h.done {
		h.set()
		h.done = true
	}
	return h.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (h *writer) Unwrap() http.ResponseWriter { return h.ResponseWriter }
