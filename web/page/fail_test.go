package page_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"samspil/internal/fault"
	"samspil/web/page"
)

// said is what the log says of an error that a request ends with.
func said(t *testing.T, err error) string {
	t.Helper()
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	page.Fail(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/sager/abcdefgh/profil", nil), err)
	return log.String()
}

// Errors repeat what somebody typed; the log never does (security.md 5.7).
func TestTheLogHoldsNothingThatWasTyped(t *testing.T) {
	_, number := strconv.Atoi("1404102580")
	_, moment := time.Parse(time.RFC3339, "Amira Saleh")
	_, encode := pgtype.NewMap().Encode(pgtype.Int4OID, pgx.TextFormatCode, "Amira Saleh", nil)
	_, binary := pgtype.NewMap().Encode(pgtype.DateOID, pgx.BinaryFormatCode, struct{ Name, CPR string }{"Amira Saleh", "140410-2580"}, nil)
	for name, err := range map[string]error{
		"number":     fmt.Errorf("read form: %w", number),
		"moment":     moment,
		"parameter":  encode,
		"structure":  binary,
		"value":      &pgconn.PgError{Severity: "ERROR", Code: "22007", Message: `invalid input syntax for type date: "Amira Saleh"`, Detail: "Failing row contains (Amira Saleh, 140410-2580)", Where: "Amira Saleh"},
		"constraint": &pgconn.PgError{Severity: "ERROR", Code: "23514", Message: `value Amira Saleh violates`, ConstraintName: "person_check", TableName: "person"},
		"busy":       fmt.Errorf("%w: %w", fault.Busy, &pgconn.PgError{Code: "57014", Message: "canceling 140410-2580 of Amira Saleh"}),
		"own words":  errors.New(`the name "Amira Saleh" of 140410-2580, phone 20 30 40 50, amira@example.dk`),
		"joined":     errors.Join(number, errors.New("cannot read 'Amira Saleh' or `Amira Saleh`")),
		"two lines":  errors.New("first\n\"Amira Saleh\" last"),
		"unclosed":   errors.New(`unexpected token "Amira Saleh`),
	} {
		log := said(t, err)
		for _, secret := range []string{"Amira", "Saleh", "140410", "2580", "20 30 40", "amira@"} {
			if strings.Contains(log, secret) {
				t.Errorf("%s: the log says %s", name, log)
				break
			}
		}
	}
	log := said(t, fmt.Errorf("change profile: %w", &pgconn.PgError{Code: "23514", Message: "x", ConstraintName: "skipping_asks_why", TableName: "plan_step"}))
	for _, want := range []string{"change profile", "23514", "skipping_asks_why", "plan_step", "PgError"} {
		if !strings.Contains(log, want) {
			t.Errorf("nobody finds the bug with this: %s lacks %s", log, want)
		}
	}
}
