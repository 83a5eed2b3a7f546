package concernpages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"samspil/internal/actor"
	"samspil/internal/concern"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/i18n"
	"samspil/web/link"
	"samspil/web/page"
	"samspil/web/reportframe"
)

// add writes down what comes later.
func (h Handler) add(w http.ResponseWriter, r *http.Request) error {
	text := page.ReadForm(r).Text("text")
	err := reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
		if !tx.Rights.May(actor.Note) {
			return fault.Forbidden
		}
		return concern.Add(ctx, tx, text)
	})
	if err == nil {
		return page.Done(w, r, "flash.concern.added", link.Report(reportframe.Ref(r)))
	}
	bad, _, err := page.Refused(err)
	if err != nil {
		return err
	}
	v, err := h.readReport(w, r)
	if err != nil {
		return err
	}
	v.Bad, v.Text, v.Page.Invalid = bad, text, true
	return page.Render(w, r, http.StatusUnprocessableEntity, reportPage(v))
}

// childView corrects whom the report is about.
type childView struct {
	reportframe.View
	Name, CPR, Born, Age, Phone string
	Version                     int
	Bad                         fault.Invalid
	Stale                       bool
}

func (h Handler) readChild(w http.ResponseWriter, r *http.Request) (childView, error) {
	f, err := h.readForm(w, r, "overview", actor.Write)
	c := f.Report.Child()
	v := childView{View: f, Name: c.Name, Phone: c.Phone, Version: c.Version}
	if c.Born != nil {
		v.Born = c.Born.Format("2.1.2006")
	} else if c.Age != nil {
		v.Age = strconv.Itoa(*c.Age)
	}
	return v, err
}

func (h Handler) showChild(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readChild(w, r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, childPage(v))
}

func (h Handler) changeChild(w http.ResponseWriter, r *http.Request) error {
	form := page.ReadForm(r)
	in, born, age, version := concern.PersonInput{Name: form.Text("name"), CPR: form.Text("cpr"), Phone: form.Text("phone")}, form.Text("born"), form.Text("age"), form.Int("version")
	v, err := h.readChild(w, r)
	if err != nil {
		return err
	}
	err = form.Err()
	if err == nil {
		err = reportframe.Write(h.DB, r, func(ctx context.Context, tx *db.Tx) error {
			bad := fault.Invalid{}
			in.Born, in.Age = birthday(bad, born), aboutAge(bad, age)
			if err := bad.Err(); err != nil {
				return err
			}
			return concern.ChangeChild(ctx, tx, h.Keys, v.Report.Child().ID, version, in)
		})
	}
	if err == nil {
		return page.Done(w, r, "flash.concern.child", link.Report(reportframe.Ref(r)))
	}
	bad, stale, err := page.Refused(err)
	if err != nil {
		return err
	}
	v.Name, v.CPR, v.Phone, v.Born, v.Age, v.Bad, v.Stale, v.Page.Invalid = in.Name, in.CPR, in.Phone, born, age, bad, stale, true
	if !stale {
		v.Version = version
	}
	return page.Render(w, r, page.FormStatus(stale), childPage(v))
}

// birthday reads a date of birth; what cannot be read is refused under "born".
func birthday(bad fault.Invalid, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	born, err := i18n.ParseBirthday(text)
	bad.Check("born", err == nil, "register.born.form")
	return born
}

// aboutAge reads an age as it was told; empty where nobody said one.
func aboutAge(bad fault.Invalid, text string) *int {
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		bad.Check("age", false, "concern.age.form")
		return nil
	}
	return &n
}
