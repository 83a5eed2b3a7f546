package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"samspil/internal/account"
	"samspil/internal/actor"
	"samspil/internal/config"
	"samspil/internal/demo"
	"samspil/internal/keys"
	"samspil/internal/schema"
	"samspil/internal/signin"
)

func migrateDatabase(ctx context.Context, c config.Config, args []string) error {
	if c.DatabaseURL == "" {
		return errors.New("set DATABASE_URL to the administrator's login of the database server")
	}
	if len(args) == 2 && args[0] == "force" {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return fmt.Errorf("migrate force takes the number of a migration, not %q", args[1])
		}
		return schema.Force(c.DatabaseURL, n)
	}
	k, err := keys.LoadOrCreate(c.KeyFile)
	if err != nil {
		return err
	}
	return schema.Up(ctx, c.DatabaseURL, k)
}

func seed(ctx context.Context, c config.Config, _ []string) error {
	if c.DatabaseURL == "" {
		return errors.New("set DATABASE_URL to the administrator's login of the database server")
	}
	k, err := keys.Load(c.KeyFile)
	if err != nil {
		return err
	}
	return demo.Seed(ctx, c.DatabaseURL, k)
}

const userHelp = `usage: samspil user add EMAIL NAME ROLE [TEAM]   roles: caseworker, specialist, team_lead, admin, auditor
       samspil user reset EMAIL                   gives a new password and ends all sessions
       samspil user disable EMAIL                 ends all sessions; the account stays in the history
The password is made up and printed once; the person changes nothing here: hand it over in person.
`

func user(ctx context.Context, c config.Config, args []string) error {
	if len(args) < 2 {
		fmt.Print(userHelp)
		return nil
	}
	if c.DatabaseURL == "" {
		return errors.New("set DATABASE_URL to the administrator's login of the database server")
	}
	password := rand.Text()[:20]
	hash, err := signin.HashPassword(password)
	if err != nil {
		return err
	}
	switch what, email := args[0], args[1]; {
	case what == "add" && len(args) >= 4:
		team := ""
		if len(args) > 4 {
			team = args[4]
		}
		err = account.Add(ctx, c.DatabaseURL, account.New{Email: email, Name: args[2], Role: actor.Role(args[3]), Team: team, PasswordHash: hash})
	case what == "reset" && len(args) == 2:
		err = account.Reset(ctx, c.DatabaseURL, email, hash)
	case what == "disable" && len(args) == 2:
		return account.Disable(ctx, c.DatabaseURL, email)
	default:
		fmt.Print(userHelp)
		return errors.New("user: the words are off")
	}
	if err == nil {
		fmt.Printf("password of %s: %s\n", args[1], password)
	}
	return err
}

func intake(ctx context.Context, c config.Config, args []string) error {
	if len(args) != 2 || args[1] != "on" && args[1] != "off" {
		return errors.New("usage: samspil intake TEAM on|off")
	}
	if c.DatabaseURL == "" {
		return errors.New("set DATABASE_URL to the administrator's login of the database server")
	}
	return account.Intake(ctx, c.DatabaseURL, args[0], args[1] == "on")
}
