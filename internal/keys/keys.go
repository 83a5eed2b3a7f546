// Package keys holds the installation's one secret and everything derived from it:
// the encryption of protected facts and CPR numbers, the blind index of CPR numbers, and the
// passwords of the database logins. The secret lives in a file, never in the database,
// never in the environment.
package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
)

// size of the master secret in bytes.
const size = 32

// keyID is the first byte of every ciphertext: which master secret made it.
const keyID = 1

// Keys derives what the installation needs. The zero value is of no use; see [Load].
type Keys struct{ master []byte }

// Load reads the secret from file. A missing or short file is an error: nothing ever
// goes on without encryption.
func Load(file string) (Keys, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Keys{}, fmt.Errorf("the key file %s cannot be read: %w", file, err)
	}
	master, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(master) != size {
		return Keys{}, fmt.Errorf("the key file %s does not hold %d bytes in hexadecimal", file, size)
	}
	return Keys{master}, nil
}

// LoadOrCreate is [Load], but makes a new secret where there is no file yet.
func LoadOrCreate(file string) (Keys, error) {
	if k, err := Load(file); !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	master := make([]byte, size)
	rand.Read(master)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return Keys{}, err
	}
	if err := os.WriteFile(file, []byte(hex.EncodeToString(master)+"\n"), 0o600); err != nil {
		return Keys{}, err
	}
	return Keys{master}, nil
}

// From makes keys of a secret at hand; for tests.
func From(secret string) Keys {
	sum := sha256.Sum256([]byte(secret))
	return Keys{sum[:]}
}

func (k Keys) derive(label string) []byte {
	key, err := hkdf.Key(sha256.New, k.master, nil, "samspil:"+label, size)
	if err != nil {
		panic(err) // only for lengths that HKDF cannot make
	}
	return key
}

// Password is the password of a database login.
func (k Keys) Password(role string) string {
	return base64.RawURLEncoding.EncodeToString(k.derive("login:" + role))
}

// Sign tells one installation's key from another's, and nothing about it.
func (k Keys) Sign() []byte { return k.derive("sign") }

// Messages is the key that messages in cookies are signed with.
func (k Keys) Messages() []byte { return k.derive("messages") }

// LinkToken is the secret of a link for somebody without an account: 32 characters that nobody guesses, made of the link's
// id, so that the database keeps their hash alone and a letter can still be sent again.
func (k Keys) LinkToken(id uuid.UUID) string {
	mac := hmac.New(sha256.New, k.derive("link"))
	mac.Write(id[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:24])
}

// BlindCPR is the blind index of a CPR number: equal numbers, equal indexes, and nothing to read
// in it without the key (security.md 5.9). It expects the ten digits of [ParseCPR].
func (k Keys) BlindCPR(digits string) []byte {
	mac := hmac.New(sha256.New, k.derive("cpr"))
	mac.Write([]byte(digits))
	return mac.Sum(nil)
}

// Where says which cell of which case a ciphertext belongs to. A ciphertext moved to
// another cell does not open.
type Where struct {
	Column string // "person.cpr", "protected_fact"
	CaseID uuid.UUID
	RowID  uuid.UUID
}

func (k Keys) aead(w Where) (cipher.AEAD, []byte) {
	block, err := aes.NewCipher(k.derive("case:" + w.CaseID.String()))
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm, []byte(w.Column + "|" + w.CaseID.String() + "|" + w.RowID.String())
}

// Seal encrypts text for one cell.
func (k Keys) Seal(w Where, text string) []byte {
	gcm, where := k.aead(w)
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return append([]byte{keyID}, gcm.Seal(nonce, nonce, []byte(text), where)...)
}

// Unseal decrypts what Seal made for the same cell.
func (k Keys) Unseal(w Where, sealed []byte) (string, error) {
	gcm, where := k.aead(w)
	if len(sealed) < 1+gcm.NonceSize() || sealed[0] != keyID {
		return "", errors.New("a protected value was sealed with another key")
	}
	nonce, body := sealed[1:1+gcm.NonceSize()], sealed[1+gcm.NonceSize():]
	text, err := gcm.Open(nil, nonce, body, where)
	if err != nil {
		return "", fmt.Errorf("unseal %s: %w", w.Column, err)
	}
	return string(text), nil
}
