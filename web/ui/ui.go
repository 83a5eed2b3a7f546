// Package ui is the box of parts that every page is built from: the frame around
// a page, people, states, deadlines, forms, messages and charts.
//
// It knows nothing about cases or partners: a part takes a small struct of this
// package, never a domain type. What is a text key says so ([Field] and errors);
// every other string arrives ready to be shown in the reader's language.
//
// No part carries inline style or script; how it looks is in web/static/css. What
// pages write themselves uses a few classes of it:
//
//	grid g-main | g-2 | g-3   areas side by side: wide and narrow, halves, thirds; col stacks within
//	panel, pad                a white area ([Panel]); text in it stands in a div.pad
//	ul.list > li              rows; a.tt is the row's main link, span.sub the quiet line below it
//	table.resp                folds to cards on a phone: cells "full", "end", "num"; tr.grp is a heading
//	table.dt (d2..d5), table.pt (c1..c5)   columns of Min dag and of the plan; tr.done, tr.fold
//	div.form > form.panel     a form in one column; [FormEnd] is its last line
//	case, idb, facts, safe, tabs           the head of a case
//	kan, kcol, kc             the board; ring, can, pcs, pc: the partner directory; agenda, und, dl
//	row, sp, stack, grow, mt  spacing; sm, xs, mut, sec, med, nw: the tone of words
//	hide-m, hide-l, noprint   left out on phones, on smaller screens, on paper
//
// What app.js looks for: form[data-frag] (the answer to Accept "text/html; fragment=row"
// is the row anew, its data-say is read aloud; the row is the nearest [data-row], tr or
// li), form[data-draft="/url"] with [data-draft-state] (and data-failed, shown when
// saving fails), details[data-fold-narrow], and [Button].Key.
package ui

import "embed"

// Texts are the words that this package shows, and the reasons for refusal that
// all forms share (error.*). They are loaded once, at start-up.
//
//go:embed text.*.json
var Texts embed.FS
