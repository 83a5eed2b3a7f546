package casepages

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"samspil/internal/casefile"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/reference"
	"samspil/web/contactview"
	"samspil/web/page"
	"samspil/web/ui"
)

// windowRow is one window of hours as it is typed.
type windowRow struct {
	Days     []string // "1" is Monday
	From, To string
}

// empty reports whether nothing is typed.
func (r windowRow) empty() bool { return len(r.Days) == 0 && r.From == "" && r.To == "" }

// windowRows is how many windows the form has: as many as there are, and one to add, of these at least.
const windowRows = 2

// rulesTyped are the rules as they are typed.
type rulesTyped struct {
	Use     map[casefile.Channel]string // "yes", "never" or "" for not settled
	Third   string
	Windows []windowRow
}

// typedRules are rules as the form shows them.
func typedRules(ctx context.Context, r casefile.ContactRules) rulesTyped {
	t := rulesTyped{Use: map[casefile.Channel]string{}, Third: r.Third}
	for _, c := range r.MayUse {
		t.Use[c] = "yes"
	}
	for _, c := range r.MustNot {
		t.Use[c] = "never"
	}
	for _, w := range r.Windows {
		t.Windows = append(t.Windows, windowRow{Days: strings.Split(w.Days, ""), From: fieldClock(ctx, w.From), To: fieldClock(ctx, w.To)})
	}
	return t.padded()
}

// padded has an empty row to write in.
func (t rulesTyped) padded() rulesTyped {
	for len(t.Windows) < windowRows || !t.Windows[len(t.Windows)-1].empty() {
		t.Windows = append(t.Windows, windowRow{})
	}
	return t
}

// fieldClock is the "08:00" of a window as a form field holds it.
func fieldClock(ctx context.Context, clock string) string {
	at, err := time.ParseInLocation("15:04", clock, i18n.Zone)
	if err != nil {
		return clock
	}
	return i18n.FieldClock(i18n.Lang(ctx), at)
}

// readRules reads the rules out of a posted form. What is wrong with a window stands under its own fields.
func readRules(form *page.Form) (rulesTyped, casefile.ContactRules, fault.Invalid) {
	t, r, bad := rulesTyped{Use: map[casefile.Channel]string{}, Third: form.Text("third")}, casefile.ContactRules{Third: form.Text("third")}, fault.Invalid{}
	for _, c := range casefile.Channels {
		t.Use[c] = form.Text("use_" + string(c))
		switch t.Use[c] {
		case "yes":
			r.MayUse = append(r.MayUse, c)
		case "never":
			r.MustNot = append(r.MustNot, c)
		}
	}
	for n := 1; form.Has(rowName(n, "is")) && n <= 9; n++ {
		row := windowRow{Days: form.Texts(rowName(n, "days")), From: form.Text(rowName(n, "from")), To: form.Text(rowName(n, "to"))}
		t.Windows = append(t.Windows, row)
		if row.empty() {
			continue
		}
		w := casefile.Window{From: typedClock(bad, rowName(n, "from"), row.From), To: typedClock(bad, rowName(n, "to"), row.To)}
		for d := '1'; d <= '7'; d++ {
			if slices.Contains(row.Days, string(d)) {
				w.Days += string(d)
			}
		}
		bad.Check(rowName(n, "days"), w.Days != "", "safecontact.error.days")
		bad.Check(rowName(n, "to"), w.From == "" || w.From != w.To, "safecontact.error.same")
		r.Windows = append(r.Windows, w)
	}
	t = t.padded()
	return t, r, bad
}

// typedClock is a time of day as the rules keep it.
func typedClock(bad fault.Invalid, field, typed string) string {
	d, err := i18n.ParseClock(typed)
	bad.Check(field, err == nil, "safecontact.error.clock")
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// rowName is the name of a field of the n-th window.
func rowName(n int, part string) string { return "w" + strconv.Itoa(n) + "_" + part }

// days are the days of the week as choices.
func days(ctx context.Context) []ui.Option {
	var all []ui.Option
	for d := 1; d <= 7; d++ {
		all = append(all, ui.Option{Value: strconv.Itoa(d), Label: i18n.Capital(i18n.Weekday(ctx, time.Weekday(d%7)))})
	}
	return all
}

// policies are the choices of what is agreed of every way, each with what it leaves open.
func policies(ctx context.Context) []ui.Option {
	all := ui.Listed(ctx, reference.ContactPolicies)
	for i := range all {
		all[i].Hint = i18n.T(ctx, "safecontact.policy."+all[i].Value+".hint")
	}
	return all
}

// uses are the three answers about a channel.
func uses(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: i18n.T(ctx, "safecontact.use.ask")}, {Value: "yes", Label: i18n.T(ctx, "safecontact.use.yes")}, {Value: "never", Label: i18n.T(ctx, "safecontact.use.never")}}
}

// order are the fields as they stand in the form.
func (t rulesTyped) order() []string {
	list := []string{"policy"}
	for _, c := range casefile.Channels {
		list = append(list, "use_"+string(c))
	}
	list = append(list, "third")
	for n := range t.Windows {
		list = append(list, rowName(n+1, "days"), rowName(n+1, "from"), rowName(n+1, "to"))
	}
	return append(list, "never", "channel", "hours", "cover")
}

// summary is rules in words, to be compared: "Må bruges: opkald. Aldrig: mail. Tider: man-fre 8.00-15.00".
func summary(ctx context.Context, r casefile.ContactRules) string {
	names := func(list []casefile.Channel) string {
		var all []string
		for _, c := range list {
			all = append(all, contactview.Name(ctx, c))
		}
		return strings.Join(all, ", ")
	}
	parts := []string{i18n.T(ctx, "safecontact.use.yes") + ": " + names(r.MayUse), i18n.T(ctx, "safecontact.use.never") + ": " + names(r.MustNot), r.Third}
	for _, w := range r.Windows {
		var on []string
		for _, d := range w.Days {
			on = append(on, i18n.Weekday(ctx, time.Weekday(int(d-'0')%7)))
		}
		parts = append(parts, strings.Join(on, ", ")+" "+fieldClock(ctx, w.From)+"–"+fieldClock(ctx, w.To))
	}
	return strings.Join(parts, "\n")
}
