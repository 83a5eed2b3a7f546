package partner

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"samspil/internal/fault"
)

// phone brings a number into the form of the house, "00 12 34 56"; three digits are a short number, and a
// number that begins with + is left to itself.
func phone(bad fault.Invalid, field, text string) string {
	digits := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.', '\u00a0':
			return -1
		}
		return r
	}, text)
	abroad := strings.HasPrefix(digits, "+")
	number := strings.TrimPrefix(digits, "+")
	onlyDigits := strings.Trim(number, "0123456789") == ""
	switch {
	case text == "":
	case onlyDigits && abroad && len(number) >= 8 && len(number) <= 15:
	case onlyDigits && !abroad && len(number) == 3:
		return number
	case onlyDigits && !abroad && len(number) == 8:
		return number[:2] + " " + number[2:4] + " " + number[4:6] + " " + number[6:]
	default:
		bad.Check(field, false, "error.phone")
	}
	return text
}

func isEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 200 && !strings.ContainsAny(text, "?&%#/=") // "mailto:" would read these as more than an address
}

// isWebsite wants a plain address of the web, so that a link leads nowhere else.
func isWebsite(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(text) <= 200
}

// within reports whether every value is one of those allowed.
func within(values []string, allowed ...string) bool {
	for _, v := range values {
		if !contains(allowed, v) {
			return false
		}
	}
	return true
}

// ordered lists codes in the order of their vocabulary, so that two lists of the same codes are the same.
func ordered(codes, vocabulary []string) []string {
	var list []string
	for _, code := range vocabulary {
		if contains(codes, code) {
			list = append(list, code)
		}
	}
	return list
}

func contains(list []string, v string) bool { return slices.Contains(list, v) }

func yes(b bool) string {
	if b {
		return "1"
	}
	return ""
}
