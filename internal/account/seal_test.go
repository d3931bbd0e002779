package account_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/account"
	"muster/internal/errs"
)

func sealer(t testing.TB, ring string) *account.Sealer {
	t.Helper()
	s, err := account.NewSealer(ring)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASealedValueOpensInItsPlaceOnly(t *testing.T) {
	s := sealer(t, account.NewKeyRing("k1"))
	sealed := s.Seal("person", "phone", "row-1", "19900000001")
	if !strings.HasPrefix(sealed, "1.k1.a256gcm.") || strings.Contains(sealed, "19900000001") {
		t.Errorf("sealed: %s", sealed)
	}
	if plain, err := s.Open("person", "phone", "row-1", sealed); err != nil || plain != "19900000001" {
		t.Errorf("%q, %v", plain, err)
	}
	for name, place := range map[string][3]string{"another row": {"person", "phone", "row-2"}, "another column": {"person", "id_number", "row-1"},
		"another table": {"user", "phone", "row-1"}} {
		if _, err := s.Open(place[0], place[1], place[2], sealed); err == nil {
			t.Errorf("opens in %s", name)
		}
	}
	if s.Seal("person", "phone", "row-1", "19900000001") == sealed {
		t.Error("the same value is sealed the same way twice")
	}
}

func TestAnyChangeIsFoundOut(t *testing.T) {
	s := sealer(t, account.NewKeyRing("k1"))
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.String().Draw(t, "plain")
		sealed := s.Seal("t", "c", "r", plain)
		if got, err := s.Open("t", "c", "r", sealed); err != nil || got != plain {
			t.Fatalf("%q, %v", got, err)
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		changed := []byte(sealed)
		changed[i] = rapid.SampledFrom([]byte("AZaz09._")).Draw(t, "to")
		got, err := s.Open("t", "c", "r", string(changed))
		// The last digit of base64 has bits that mean nothing: then it is the same value.
		if err == nil && got != plain {
			t.Fatalf("%s opens as %q", changed, got)
		}
	})
}

func TestOldKeysOpenAndTheNewestSeals(t *testing.T) {
	old := account.NewKeyRing("k1")
	before := sealer(t, old)
	sealed, hash := before.Seal("t", "c", "r", "x"), before.Hash("phone", "x")
	after := sealer(t, account.NewKeyRing("k2")+", "+old)
	if after.CurrentKey() != "k2" || !strings.HasPrefix(after.Seal("t", "c", "r", "x"), "1.k2.") {
		t.Error("the newest key does not seal")
	}
	if plain, err := after.Open("t", "c", "r", sealed); err != nil || plain != "x" {
		t.Errorf("an old value: %q, %v", plain, err)
	}
	if !slices.Contains(after.Hashes("phone", "x"), hash) || slices.Contains(after.Hashes("id_number", "x"), hash) {
		t.Error("a value that was stored under the old key is not found, or under another purpose")
	}
	if before.Lasting("gate", "x") != after.Lasting("gate", "x") || before.Lasting("gate", "x") == before.Lasting("gate", "y") {
		t.Error("a lasting hash changes with a new key, or says nothing")
	}
	stranger := sealer(t, account.NewKeyRing("k3"))
	if _, err := stranger.Open("t", "c", "r", sealed); err == nil || !strings.Contains(err.Error(), "k1") {
		t.Errorf("does not say which key is missing: %v", err)
	}
	other := sealer(t, account.NewKeyRing("k1"))
	if _, err := other.Open("t", "c", "r", sealed); err == nil {
		t.Error("opens with another key of the same name")
	}
}

func TestARingThatIsWrongSaysWhichKeyAndNotWhatItIs(t *testing.T) {
	for _, ring := range []string{"", "k1", "k1:", "k1:c2VjcmV0", "k.1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ":AAAA", "k1:!!secret!!"} {
		_, err := account.NewSealer(ring)
		if !errs.Is(err, errs.Fix) || strings.Contains(err.Error(), "ecret") || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%q: %v", ring, err)
		}
	}
	for _, sealed := range []string{"", "1.k1.a256gcm", "2.k1.a256gcm.AAAA.AAAA", "1.k1.rot13.AAAA.AAAA", "1.k1.a256gcm.!.AAAA", "1.k1.a256gcm.AAAA.AAAA"} {
		if _, err := sealer(t, account.NewKeyRing("k1")).Open("t", "c", "r", sealed); err == nil {
			t.Errorf("%q opens", sealed)
		}
	}
}
