package partner_test

import (
	"errors"
	"testing"

	"samspil/internal/fault"
	"samspil/internal/partner"
)

// An address becomes a link "mailto:…". What a mail program would read as more than the address, a blind copy for
// instance, is refused.
func TestAnAddressOfMailIsNothingMore(t *testing.T) {
	for address, ok := range map[string]bool{"kontakt@birkely.test": true, "k.o-n_t+akt@birkely.test": true, "kontakt?bcc=evil@birkely.test": false, "kontakt&cc=evil@birkely.test": false,
		"a%2Cevil@birkely.test": false, "kontakt#x@birkely.test": false, `"a b"@birkely.test`: false, "a/b@birkely.test": false, "Line <line@birkely.test>": false, "a,b@birkely.test": false} {
		in := fullContact()
		in.SecureMail = address
		var bad fault.Invalid
		err := in.Validate()
		if refused := errors.As(err, &bad) && bad["secure_mail"] != ""; refused == ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	in := partner.OrganisationInput{Email: "kontakt?bcc=evil@birkely.test"}
	var bad fault.Invalid
	if err := in.Validate(); !errors.As(err, &bad) || bad["email"] == "" {
		t.Errorf("of an organisation: %v", err)
	}
}
