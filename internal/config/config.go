// Package config reads the settings of the program from its environment. Secrets are never among them:
// the key lives in a file (KEY_FILE).
package config

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"

	"samspil/internal/keys"
	"samspil/internal/schema"
)

// Config are the settings. Every one has a default that is right for trying the program out.
type Config struct {
	// Host and Port are where the site listens.
	Host string `env:"HOST" envDefault:"127.0.0.1"`
	Port int    `env:"PORT" envDefault:"8080"`
	// DatabaseURL is the administrator's login of a Postgres server, for migrate, seed, user and run.
	// Without it, run starts a private server under DataDir.
	DatabaseURL string `env:"DATABASE_URL"`
	// AppURL and LoginURL are the two logins that serve pages. Without them they are made from DatabaseURL and the key.
	AppURL   string `env:"DATABASE_APP_URL"`
	LoginURL string `env:"DATABASE_LOGIN_URL"`
	// JobURL is the login of the background work (samspil_job), made in the same way where it is not given.
	JobURL string `env:"DATABASE_JOB_URL"`
	// DataDir is where a private server and the key live.
	DataDir string `env:"DATA_DIR" envDefault:".local"`
	// KeyFile holds the installation's secret; KeyFile in DataDir unless given.
	KeyFile string `env:"KEY_FILE"`
	// SecureCookies is for sites behind TLS: everywhere but on one's own machine.
	SecureCookies bool `env:"SECURE_COOKIES" envDefault:"false"`
	// TrustedProxy is the network of a reverse proxy whose X-Forwarded-For is believed, "10.0.0.0/8" for instance.
	TrustedProxy string `env:"TRUSTED_PROXY"`
	// PublicURL is the address that people know the site by, for the links in letters and for calendars;
	// http://HOST:PORT unless given, and for calendars where the reader's browser found the site.
	PublicURL string `env:"PUBLIC_URL"`
	// SMTPURL is the mail server (see package mail), a file that holds it SMTPURLFile, because it has a password. Without
	// either, letters wait; the demo has a mail server of its own.
	SMTPURL     string `env:"SMTP_URL"`
	SMTPURLFile string `env:"SMTP_URL_FILE"`
	// SMTPFrom is who letters are from: an address that says nothing.
	SMTPFrom string `env:"SMTP_FROM" envDefault:"samspil@localhost"`
	// PoolSize is the number of database connections for pages.
	PoolSize int32 `env:"POOL_SIZE" envDefault:"8"`
	// LogFormat is "text" or "json".
	LogFormat string `env:"LOG_FORMAT" envDefault:"text"`
}

// Load reads the settings.
func Load() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return c, err
	}
	if c.KeyFile == "" {
		c.KeyFile = c.DataDir + "/keys/master.key"
	}
	if c.Port < 1 || c.Port > 65535 {
		return c, fmt.Errorf("PORT is %d; it must be between 1 and 65535", c.Port)
	}
	if c.PoolSize < 2 {
		return c, fmt.Errorf("POOL_SIZE is %d; two is the least", c.PoolSize)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return c, fmt.Errorf("LOG_FORMAT is %q; it must be text or json", c.LogFormat)
	}
	if ip := net.ParseIP(c.Host); !c.SecureCookies && c.Host != "localhost" && (ip == nil || !ip.IsLoopback()) && os.Getenv("ALLOW_INSECURE") != "1" {
		return c, errors.New("HOST is reachable from other machines, but SECURE_COOKIES is off; put TLS in front and set SECURE_COOKIES=true")
	}
	return c, nil
}

// Address is where the site listens.
func (c Config) Address() string { return fmt.Sprintf("%s:%d", c.Host, c.Port) }

// Public is the address that people know the site by, without a slash at its end.
func (c Config) Public() string {
	if given := c.Configured(); given != "" {
		return given
	}
	return "http://" + c.Address()
}

// Configured is the address that somebody has said people know the site by, without a slash at its end; "" where nobody has.
func (c Config) Configured() string { return strings.TrimRight(c.PublicURL, "/") }

// MailServer is the address of the mail server, "" where there is none.
func (c Config) MailServer() (string, error) {
	if c.SMTPURLFile == "" {
		return c.SMTPURL, nil
	}
	b, err := os.ReadFile(c.SMTPURLFile)
	if err != nil {
		return "", fmt.Errorf("SMTP_URL_FILE: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// Logins returns the URLs of the two logins that serve pages.
func (c Config) Logins(k keys.Keys) (app, login string, err error) {
	app, login = c.AppURL, c.LoginURL
	if (app == "" || login == "") && c.DatabaseURL == "" {
		return "", "", errors.New("set DATABASE_URL, or both DATABASE_APP_URL and DATABASE_LOGIN_URL")
	}
	if app == "" {
		if app, err = schema.LoginURL(c.DatabaseURL, "samspil_app", k); err != nil {
			return "", "", err
		}
	}
	if login == "" {
		login, err = schema.LoginURL(c.DatabaseURL, "samspil_login", k)
	}
	for _, u := range []string{app, login} {
		if strings.Contains(u, "://postgres:") || strings.Contains(u, "://postgres@") {
			return "", "", errors.New("pages are never served by the administrator's login; DATABASE_APP_URL and DATABASE_LOGIN_URL name samspil_app and samspil_login")
		}
	}
	return app, login, err
}

// Jobs returns the URL of the login that does the background work. Without one nobody would be alarmed, so none is an error.
func (c Config) Jobs(k keys.Keys) (string, error) {
	switch {
	case c.JobURL == "" && c.DatabaseURL == "":
		return "", errors.New("set DATABASE_JOB_URL, the login samspil_job, beside DATABASE_APP_URL and DATABASE_LOGIN_URL")
	case c.JobURL == "":
		return schema.LoginURL(c.DatabaseURL, "samspil_job", k)
	case strings.Contains(c.JobURL, "://postgres:"), strings.Contains(c.JobURL, "://postgres@"):
		return "", errors.New("background work is never done by the administrator's login; DATABASE_JOB_URL names samspil_job")
	}
	return c.JobURL, nil
}

// Proxy returns the network of the trusted proxy, or nil.
func (c Config) Proxy() (*net.IPNet, error) {
	if c.TrustedProxy == "" {
		return nil, nil
	}
	_, n, err := net.ParseCIDR(c.TrustedProxy)
	if err != nil {
		return nil, fmt.Errorf("TRUSTED_PROXY is no network: %w", err)
	}
	return n, nil
}
