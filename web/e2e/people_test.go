package e2e_test

import (
	"sync"
	"testing"

	"samspil/internal/actor"
	"samspil/internal/testkit"
)

var sessions sync.Map // office and name to actor, so that one person has one session in a test

// person opens a session for one of the demo's people by first name; "" is nobody.
func person(t testing.TB, o *testkit.Office, name string) actor.Actor {
	t.Helper()
	if name == "" {
		return actor.Actor{}
	}
	type key struct {
		o    *testkit.Office
		name string
	}
	if a, ok := sessions.Load(key{o, name}); ok {
		return a.(actor.Actor)
	}
	a := o.As(t, name+"@ellehoej.test")
	sessions.Store(key{o, name}, a)
	return a
}
