package safetypages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"samspil/internal/actor"
	"samspil/internal/casefile"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/internal/safety"
	"samspil/web/caseframe"
	"samspil/web/contactview"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/ui"
)

// checkInForm is a check-in to be agreed, as it was typed.
type checkInForm struct {
	caseframe.View
	Key, Date, Time, Grace, Way, Channel, AlarmUser, ThenWhat, Repeat, Until string
	WayOK                                                                    bool
	People                                                                   []safety.Person
	Bad                                                                      fault.Invalid
}

func (h Handler) readCheckInForm(w http.ResponseWriter, r *http.Request) (checkInForm, safety.Plan, error) {
	var people *[]safety.Person
	var plans *[]safety.Plan
	frame, err := caseframe.Read(h.DB, w, r, "safety", func(b *db.Batch) { people, plans = safety.Alarmable(b), safety.Plans(b) })
	if err != nil {
		return checkInForm{}, safety.Plan{}, err
	}
	if !frame.May(actor.Write) {
		return checkInForm{}, safety.Plan{}, fault.Forbidden
	}
	var now safety.Plan
	if len(*plans) > 0 {
		now = (*plans)[0]
	}
	return checkInForm{View: frame, People: *people}, now, nil
}

func (h Handler) newCheckIn(w http.ResponseWriter, r *http.Request) error {
	v, plan, err := h.readCheckInForm(w, r)
	if err != nil {
		return err
	}
	v.Key, v.Grace, v.ThenWhat = uuid.NewString(), "30", plan.IfNotBack // what is agreed for that very moment
	v.AlarmUser = v.Page.Actor.UserID.String()
	return page.Render(w, r, http.StatusOK, newCheckInPage(v))
}

func (h Handler) addCheckIn(w http.ResponseWriter, r *http.Request) error {
	f := page.ReadForm(r)
	v := checkInForm{Key: f.Text("key"), Date: f.Text("date"), Time: f.Text("time"), Grace: f.Text("grace"), Way: f.Text("way"), WayOK: f.Has("way_ok"), Channel: f.Text("channel"), AlarmUser: f.Text("alarm_user"),
		ThenWhat: f.Text("then_what"), Repeat: f.Text("repeat"), Until: f.Text("until")}
	in := safety.CheckInInput{Key: f.ID("key"), At: f.Date("date"), GraceMinutes: f.Int("grace"), Way: casefile.Channel(v.Way), WayOK: v.WayOK, Channel: v.Channel, AlarmUser: f.ID("alarm_user"), ThenWhat: v.ThenWhat,
		Repeat: v.Repeat, RepeatUntil: f.Date("until")}
	clock, err := i18n.ParseClock(v.Time)
	if v.Time == "" || err != nil {
		f.Refuse("time", "error.time")
	}
	if !in.At.IsZero() {
		y, m, d := in.At.Date()
		in.At = time.Date(y, m, d, 0, int(clock/time.Minute), 0, 0, i18n.Zone)
	}
	if err = f.Err(); err != nil {
		err = f.With(in.Validate(time.Now()))
	} else {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { _, err := safety.Agree(ctx, tx, in); return err })
	}
	if err == nil {
		page.Say(w, page.Flash{Key: "flash.safety.agreed", Args: []string{i18n.DateTime(r.Context(), in.At, time.Now())}})
		return page.Redirect(w, r, link.SafetyPlan(caseframe.Ref(r)))
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	full, _, err := h.readCheckInForm(w, r)
	if err != nil {
		return err
	}
	if bad["time"] != "" { // a day without its time is not yet in the past
		delete(bad, "date")
		bad.Check("date", !in.At.IsZero(), "safety.error.at")
	}
	v.View, v.People, v.Bad = full.View, full.People, bad
	v.Page.Invalid = true
	return page.Render(w, r, http.StatusUnprocessableEntity, newCheckInPage(v))
}

// graces are the choices of how long to wait.
func graces(ctx context.Context) (list []ui.Option) {
	for _, m := range safety.Graces {
		list = append(list, ui.Option{Value: strconv.Itoa(m), Label: grace(ctx, m)})
	}
	return list
}

// ways are the ways of safe contact, each with what the rules say of it now.
func (v checkInForm) ways(ctx context.Context) []ui.Option {
	list := []ui.Option{}
	for _, c := range casefile.Channels {
		list = append(list, ui.Option{Value: string(c), Label: i18n.Capital(contactview.Name(ctx, c)), Hint: contactview.Words(ctx, casefile.Allowed(v.Case.Rules(nil), c, v.Now), v.Now)})
	}
	return list
}

// by is the way of a check-in, with what else is agreed about it.
func by(ctx context.Context, c safety.CheckIn) string {
	if c.Way == "" {
		return c.Channel
	}
	way := i18n.Capital(contactview.Name(ctx, c.Way))
	if c.Channel == "" {
		return way
	}
	return way + ". " + c.Channel
}

// barred reports whether a check-in is waited for whose way the rules do not allow, at the time that is agreed, any more.
func (v checkInView) barred() bool {
	return v.C.Status == safety.Agreed && v.C.Way != "" && casefile.Allowed(v.Case.Rules(nil), v.C.Way, v.C.AgreedAt).State == casefile.Forbidden
}

// grace says how long somebody waits: "30 minutter", "2 timer".
func grace(ctx context.Context, minutes int) string {
	if minutes >= 60 && minutes%60 == 0 {
		return i18n.N(ctx, "safety.hours", minutes/60)
	}
	return i18n.N(ctx, "safety.minutes", minutes)
}

func repeats(ctx context.Context) (list []ui.Option) {
	for _, code := range safety.Repeats {
		list = append(list, ui.Option{Value: code, Label: i18n.T(ctx, "safety.repeat."+cmp.Or(code, "never"))})
	}
	return list
}

// alarmable are who can be alarmed, the reader first.
func (v checkInForm) alarmable() []ui.Option {
	var list []ui.Option
	for _, p := range v.People {
		o := ui.Option{Value: p.ID.String(), Label: p.Name, Hint: p.Title}
		if i := slices.IndexFunc(v.Case.Members, func(m casefile.Member) bool { return m.UserID == p.ID }); i >= 0 {
			face := caseframe.Person(v.Case.Members[i])
			o.Person = &face
		} else {
			o.Person = &ui.Person{Name: p.Name, Title: p.Title}
		}
		list = append(list, o)
	}
	slices.SortStableFunc(list, func(a, b ui.Option) int {
		me := v.Page.Actor.UserID.String()
		return cmp.Compare(rank(a.Value != me), rank(b.Value != me))
	})
	return list
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

// checkInView is one check-in, with the form that fits its state.
type checkInView struct {
	caseframe.View
	C                 safety.CheckIn
	How, Done, Reason string
	Bad               fault.Invalid
	Stale             bool // somebody else, or the alarm, was faster
}

func (h Handler) readCheckIn(w http.ResponseWriter, r *http.Request) (checkInView, error) {
	var c *safety.CheckIn
	frame, err := caseframe.Read(h.DB, w, r, "safety", func(b *db.Batch) { c = safety.GetCheckIn(b, page.ID(r, "checkin")) })
	if err != nil {
		return checkInView{}, err
	}
	return checkInView{View: frame, C: *c, How: by(r.Context(), *c)}, nil
}

func (h Handler) checkIn(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readCheckIn(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, checkInPage(v))
}

func (h Handler) heard(w http.ResponseWriter, r *http.Request) error {
	return h.answer(w, r, safety.OK, "how", "flash.safety.ok")
}

func (h Handler) closeAlarm(w http.ResponseWriter, r *http.Request) error {
	return h.answer(w, r, safety.Closed, "done", "flash.safety.closed")
}

func (h Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	return h.answer(w, r, safety.Cancelled, "reason", "flash.safety.cancelled")
}

// answer says what became of the check-in. field is the form's name for the words.
func (h Handler) answer(w http.ResponseWriter, r *http.Request, outcome safety.Status, field, flash string) error {
	f, id := page.ReadForm(r), page.ID(r, "checkin")
	version, words := f.Int("version"), f.Text(field)
	err := f.Err()
	if err == nil {
		err = caseframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error { return safety.Answer(ctx, tx, id, version, outcome, words) })
	}
	if err == nil {
		return page.Done(w, r, flash, link.SafetyPlan(caseframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readCheckIn(w, r)
	if err != nil {
		return err
	}
	if may := map[bool]func(actor.Rights) bool{true: safety.MayCancel, false: safety.MayAnswer}[outcome == safety.Cancelled]; !may(v.Rights) {
		return fault.Forbidden
	}
	v.Stale, v.Bad = stale, fault.Invalid{}
	if key := bad["words"]; key != "" {
		v.Bad[field] = key
	}
	v.Page.Invalid = len(v.Bad) > 0
	switch field {
	case "how":
		v.How, v.Done = words, words // where the alarm was faster, what was typed is not lost
	case "done":
		v.Done = words
	case "reason":
		v.Reason, v.Done = words, words
	}
	if !stale {
		switch field {
		case "how", "reason":
			v.Done = ""
		}
	}
	return page.Render(w, r, page.FormStatus(stale), checkInPage(v))
}

func (v checkInView) mayAnswer() bool { return safety.MayAnswer(v.Rights) }
func (v checkInView) mayCancel() bool { return safety.MayCancel(v.Rights) }

// words are what was said about a check-in, in the reader's language where they are a code.
func words(ctx context.Context, c safety.CheckIn) string {
	if c.Words == safety.ClosedWithCase {
		return i18n.T(ctx, "safety.words.case_closed")
	}
	return c.Words
}

// state is the status of a check-in as a tag: its text key and its tone.
func state(c safety.CheckIn, now time.Time) (key, tone, icon string) {
	switch {
	case c.Missed(now):
		return "safety.status.alarmed", "red", "warning"
	case c.Status == safety.Agreed:
		return "safety.status.agreed", "blue", "time"
	case c.Status == safety.OK:
		return "safety.status.ok", "green", "check"
	case c.Status == safety.Closed:
		return "safety.status.closed", "ol", "check"
	}
	return "safety.status.cancelled", "ol", "block"
}

// again says how a check-in repeats: "Hver dag til 30. november".
func again(ctx context.Context, c safety.CheckIn) string {
	if c.Repeat == "" || c.RepeatUntil == nil {
		return ""
	}
	return i18n.T(ctx, "safety.repeats."+c.Repeat, i18n.LongDate(ctx, *c.RepeatUntil))
}
