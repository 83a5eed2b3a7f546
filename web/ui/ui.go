// Package ui is the box of parts that every page is built from: the frame around
// a page, people, states, deadlines, forms, messages and charts.
//
// It knows nothing about cases or partners: a part takes a small struct of this
// package, never a domain type. What is a text key says so ([Field] and errors);
// every other string arrives ready to be shown in the reader's language.
//
// No part carries inline style or script; how it looks is in web/static/css.
package ui

import "embed"

// Texts are the words that this package shows, and the reasons for refusal that
// all forms share (error.*). They are loaded once, at start-up.
//
//go:embed text.*.json
var Texts embed.FS
