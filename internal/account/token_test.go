package account

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
)

func TestATokenOpensOneThingForOnePurposeUntilItIsOver(t *testing.T) {
	s, err := NewSealer(NewKeyRing("k1"))
	if err != nil {
		t.Fatal(err)
	}
	id, at := uuid.New(), time.Date(2026, 7, 10, 2, 0, 0, 0, time.UTC)
	token := s.Token("answer", id, at.Add(time.Hour))
	if got, err := s.OpenToken("answer", token, at); err != nil || got != id {
		t.Fatalf("opened %v, %v", got, err)
	}
	if strings.ContainsAny(token, "/+= ") {
		t.Errorf("token %q does not fit a URL", token)
	}
	for name, try := range map[string]struct {
		purpose, token string
		at             time.Time
		kind           errs.Kind
	}{
		"another purpose": {"return", token, at, errs.Forbidden},
		"changed":         {"answer", strings.Replace(token, "k1.", "k1.A", 1), at, errs.Forbidden},
		"over":            {"answer", token, at.Add(2 * time.Hour), errs.Gone},
		"nonsense":        {"answer", "abc", at, errs.Forbidden},
		"another key":     {"answer", "k2" + strings.TrimPrefix(token, "k1"), at, errs.Forbidden},
	} {
		if _, err := s.OpenToken(try.purpose, try.token, try.at); !errs.Is(err, try.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
