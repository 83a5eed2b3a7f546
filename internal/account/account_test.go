package account_test

import (
	"errors"
	"testing"

	"samspil/internal/account"
	"samspil/internal/actor"
	"samspil/internal/db"
	"samspil/internal/fault"
	"samspil/internal/signin"
	"samspil/internal/testkit"
)

func TestNewColleagueGetsAnAccountANewPasswordAndOneDayNone(t *testing.T) {
	o, ctx := testkit.NewOffice(t), t.Context()
	desk, err := signin.NewDesk(ctx, o.LoginURL(t, "samspil_login"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	hash := func(password string) string {
		h, err := signin.HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	enter := func(password string) error {
		_, err := desk.Check(ctx, signin.Attempt{Email: "nye@ellehoej.test", Password: password, Net: "10.0.0.0"})
		return err
	}
	add := account.New{Email: " Nye@ellehoej.test", Name: "Nye Navn", Role: actor.TeamLead, Team: "Børn og Unge Nord", PasswordHash: hash("det-foerste-kodeord")}
	if err := account.Add(ctx, o.AdminURL, add); err != nil {
		t.Fatal(err)
	}
	if err := enter("det-foerste-kodeord"); err != nil {
		t.Fatalf("the new lead signs in: %v", err)
	}
	who := o.As(t, "nye@ellehoej.test")
	if r, _, err := o.DB.Who(ctx, who.Token, db.Case{}); err != nil || r.Role != actor.TeamLead || len(r.Teams) != 1 {
		t.Errorf("the new lead is %+v: %v", r, err)
	}
	if err := account.Add(ctx, o.AdminURL, add); err == nil {
		t.Error("two accounts of one address")
	}
	if err := account.Reset(ctx, o.AdminURL, "nye@ellehoej.test", hash("det-andet-kodeord")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.DB.Who(ctx, who.Token, db.Case{}); !errors.Is(err, fault.SignedOut) {
		t.Errorf("a session outlives the reset: %v", err)
	}
	if err := enter("det-foerste-kodeord"); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if err := enter("det-andet-kodeord"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if err := account.Disable(ctx, o.AdminURL, "nye@ellehoej.test"); err != nil {
		t.Fatal(err)
	}
	if err := enter("det-andet-kodeord"); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("a disabled account signs in: %v", err)
	}
}

func TestATeamBecomesTheIntakeDeskAndStopsBeingIt(t *testing.T) {
	o := testkit.NewOffice(t)
	var name string
	o.Scan(t, []any{&name}, `SELECT name FROM app.team WHERE id = $1`, o.TeamNorth)
	for _, on := range []bool{true, false} {
		if err := account.Intake(t.Context(), o.AdminURL, name, on); err != nil {
			t.Fatal(err)
		}
		if n := o.Count(t, `SELECT count(*) FROM app.team WHERE intake AND id = $1`, o.TeamNorth); (n == 1) != on {
			t.Errorf("%t: %d desks", on, n)
		}
	}
	if err := account.Intake(t.Context(), o.AdminURL, "Nowhere", true); !errors.Is(err, account.ErrNoTeam) {
		t.Errorf("a team that is not there: %v", err)
	}
}

func TestAccountsAreRefusedWithAReason(t *testing.T) {
	o := testkit.NewOffice(t)
	for name, n := range map[string]account.New{
		"no address": {Email: "mette", Name: "M", Role: actor.Caseworker, PasswordHash: "x"},
		"no role":    {Email: "ny@ellehoej.test", Name: "M", Role: "boss", PasswordHash: "x"},
		"no team":    {Email: "ny@ellehoej.test", Name: "M", Role: actor.Caseworker, Team: "Nowhere", PasswordHash: "x"},
	} {
		if err := account.Add(t.Context(), o.AdminURL, n); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if n := o.Count(t, `SELECT count(*) FROM auth.user_account WHERE email LIKE 'ny@%'`); n != 0 {
		t.Error("a refused account was made all the same")
	}
	if err := account.Reset(t.Context(), o.AdminURL, "nobody@ellehoej.test", "x"); !errors.Is(err, account.ErrUnknown) {
		t.Errorf("reset of nobody: %v", err)
	}
}
