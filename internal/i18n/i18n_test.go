package i18n

import (
	"context"
	"testing"
	"testing/fstest"
)

func TestOneThingNeedsNoNumberInItsText(t *testing.T) {
	MustLoad(fstest.MapFS{"text.da.json": {Data: []byte(`{"testshow.one": "Se den", "testshow.other": "Se alle %d"}`)}})
	for n, want := range map[int]string{1: "Se den", 4: "Se alle 4"} {
		if got := N(context.Background(), "testshow", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
