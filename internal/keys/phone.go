package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
)

// ParsePhone reads a telephone number the way people write it, and returns its digits: a Danish number as its eight,
// others with the country in front. What has fewer than six digits or more than fifteen is none.
func ParsePhone(s string) (digits string, ok bool) {
	for _, c := range s {
		if c >= '0' && c <= '9' {
			digits += string(c)
		} else if !strings.ContainsRune(" -+()./\u00a0", c) {
			return "", false
		}
	}
	plus := strings.HasPrefix(strings.TrimSpace(s), "+")
	if rest, long := strings.CutPrefix(digits, "00"); long && len(digits) > 8 { // eight digits are Danish, also those that begin with 00
		digits, plus = rest, true
	}
	if rest, danish := strings.CutPrefix(digits, "45"); danish && len(rest) == 8 && (plus || len(digits) == 10) {
		digits = rest
	}
	return digits, len(digits) >= 6 && len(digits) <= 15
}

// BlindPhone is the blind index of a telephone number, as [Keys.BlindCPR] is of a CPR number. It expects the digits of [ParsePhone].
func (k Keys) BlindPhone(digits string) []byte {
	mac := hmac.New(sha256.New, k.derive("phone"))
	mac.Write([]byte(digits))
	return mac.Sum(nil)
}
