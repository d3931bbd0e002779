package response

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

var stratum = Stratum{"513400", warning.Evacuate, warning.Yellow}

func sites(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("site-%03d", i))
	}
	return ids
}

func TestHowManyAreDrawn(t *testing.T) {
	for _, c := range []struct{ sites, rate, drawn int }{
		{0, 20, 0}, {2, 20, 2}, {3, 20, 3}, {10, 20, 3}, {15, 20, 3}, {16, 20, 4}, {100, 20, 20}, {101, 50, 51}, {40, 10, 4}, {40, 0, 0},
	} {
		if got := Draw([]byte("secret"), "w", stratum, sites(c.sites), c.rate); len(got) != c.drawn {
			t.Errorf("%d of %d at %d %%, want %d", len(got), c.sites, c.rate, c.drawn)
		}
	}
}

// Anybody can draw again: by the words above Draw, written another way.
func TestALotCanBeDrawnAgain(t *testing.T) {
	secret := []byte("0123456789abcdef")
	if got := hex.EncodeToString(Commitment([]byte("abc"))); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("commitment %s", got) // the SHA-256 of abc in FIPS 180-2
	}
	rapid.Check(t, func(t *rapid.T) {
		ids := sites(rapid.IntRange(0, 60).Draw(t, "sites"))
		first := Draw(secret, "w", stratum, ids, 20)
		again := Draw(secret, "w", stratum, rapid.Permutation(ids).Draw(t, "order"), 20)
		if !slices.Equal(first, again) {
			t.Fatalf("%v and %v", first, again)
		}
	})
}

func TestALotDependsOnSecretWarningAndStratum(t *testing.T) {
	ids := sites(200)
	base := Draw([]byte("secret"), "w", stratum, ids, 20)
	for name, other := range map[string][]string{
		"another secret":  Draw([]byte("Secret"), "w", stratum, ids, 20),
		"another warning": Draw([]byte("secret"), "v", stratum, ids, 20),
		"another stratum": Draw([]byte("secret"), "w", Stratum{"513400", warning.Evacuate, warning.Blue}, ids, 20),
	} {
		if slices.Equal(base, other) {
			t.Errorf("%s draws the same", name)
		}
	}
}

// Every site is drawn about as often as any other.
func TestALotIsFair(t *testing.T) {
	count := map[string]int{}
	for w := range 500 {
		for _, id := range Draw([]byte("secret"), fmt.Sprint(w), stratum, sites(20), 20) {
			count[id]++
		}
	}
	for id, n := range count {
		if n < 60 || n > 140 { // 100 expected, four standard deviations are 36
			t.Errorf("%s was drawn %d times of 500", id, n)
		}
	}
}
