package static

import (
	"bytes"
	"regexp"
)

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssTight   = regexp.MustCompile(`\s*([{};,])\s*`)
	cssColon   = regexp.MustCompile(`(--[\w-]+|[{;][\w-]+): `)
)

// squeezeCSS leaves out comments and spaces that mean nothing. Our sources hold
// no string with such characters in it, which is what makes four expressions enough.
func squeezeCSS(in []byte) []byte {
	out := cssComment.ReplaceAll(in, nil)
	out = cssSpace.ReplaceAll(out, []byte(" "))
	out = cssTight.ReplaceAll(out, []byte("$1"))
	out = cssColon.ReplaceAll(out, []byte("$1:"))
	return bytes.ReplaceAll(out, []byte(";}"), []byte("}"))
}

// squeezeJS leaves out indentation and lines that are comments. Template strings
// over several lines would not survive it, so the scripts have none.
func squeezeJS(in []byte) []byte {
	var out []byte
	for line := range bytes.Lines(in) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(line, []byte("//")) {
			continue
		}
		out = append(append(out, line...), '\n')
	}
	return out
}
