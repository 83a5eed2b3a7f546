package ui

import (
	"fmt"
	"strconv"
)

// Chart is a small set of numbers: one series, or several that add up.
// The picture is hidden from those who listen; the conclusion and the table say the same.
type Chart struct {
	ID         string   // of the panel's heading, which names the figure
	Conclusion string   // one sentence
	RowName    string   // head of the first column: "Rådgiver"
	Series     []Series // at least one
	Rows       []ChartRow
	Target     int // a line across, where more than zero
	TargetText string
}

// hatched is the tone with lines across: green and yellow are one colour to those who cannot tell them apart, the others differ in lightness.
const hatched = "k1"

// Series names the numbers that stand at the same place in each row.
type Series struct {
	Name string
	Tone string // "k1" to "k4" for levels, or empty
}

// ChartRow is one bar.
type ChartRow struct {
	Label   string
	Href    string
	Values  []int
	Current bool // the one that is meant: the present month
	None    bool // there was nothing to count: a dash, which is not a zero
}

// number is what stands at the bar of r.
func (r ChartRow) number() string {
	if r.None {
		return "–"
	}
	return strconv.Itoa(r.sum())
}

func (r ChartRow) sum() int {
	n := 0
	for _, v := range r.Values {
		n += v
	}
	return n
}

// most is the longest bar or the target, and at least one.
func (c Chart) most() int {
	n := max(1, c.Target)
	for _, r := range c.Rows {
		n = max(n, r.sum())
	}
	return n
}

// room is how much of the width the longest bar takes; the rest is for its number.
const room = 88.0

func (c Chart) width(n int) float64 { return float64(n) / float64(c.most()) * room }

// percent writes a length for an SVG attribute. Only attributes, never style,
// so that the policy of the page can forbid inline style.
func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

// segment is one piece of a stacked bar.
type segment struct {
	X, Width, Middle, Tone, Number string
}

// narrowest is how narrow a segment may be, in percent of the picture: its number must have room. The widest one gives the rest.
const narrowest = 4.5

// widths are the widths of the values of a row. They add up to the width of their sum.
func (c Chart) widths(r ChartRow) []float64 {
	all := make([]float64, len(r.Values))
	widest, lent := 0, 0.0
	for i, v := range r.Values {
		all[i] = c.width(v)
		if v > r.Values[widest] {
			widest = i
		}
		if v > 0 && all[i] < narrowest {
			lent, all[i] = lent+narrowest-all[i], narrowest
		}
	}
	if len(all) > 0 && all[widest]-lent > narrowest {
		all[widest] -= lent
	}
	return all
}

func (c Chart) segments(r ChartRow) []segment {
	var all []segment
	at := 0.0
	for i, w := range c.widths(r) {
		if r.Values[i] == 0 {
			continue
		}
		all = append(all, segment{percent(at), percent(w), percent(at + w/2), c.Series[i].Tone, strconv.Itoa(r.Values[i])})
		at += w
	}
	return all
}

// month is one column of [MonthBars], in a picture of fixed height.
type month struct {
	X, Width, Middle, Y, Height, TextY, Number, Label string
	Current                                           bool
}

// The picture of MonthBars: columns stand on the floor, with their numbers above and names below.
const (
	floor  = 130.0
	tallTo = 22.0
)

func (c Chart) y(n int) float64 { return floor - float64(n)/float64(c.most())*(floor-tallTo) }

func (c Chart) months() []month {
	all := make([]month, len(c.Rows))
	step := 100 / float64(max(1, len(c.Rows)))
	for i, r := range c.Rows {
		x, y := float64(i)*step, c.y(r.sum())
		all[i] = month{
			percent(x + step*.12), percent(step * .76), percent(x + step/2),
			fmt.Sprintf("%.1f", y), fmt.Sprintf("%.1f", floor-y), fmt.Sprintf("%.1f", y-6),
			r.number(), r.Label, r.Current,
		}
	}
	return all
}
