package response

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"muster/internal/warning"
)

// Stratum is what a lot is drawn within.
type Stratum struct {
	Authority string // id
	Measure   warning.Measure
	Level     warning.Level
}

// fewest is the least number of lots of a stratum.
const fewest = 3

// Commitment binds an authority to a secret before anybody reports: it is
// published with the warning, the secret after the lift (抽查承诺).
func Commitment(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	return sum[:]
}

// Draw draws by lot which sites of a stratum an authority looks at: rate per cent
// of the ids, at least three, all when there are fewer. The seed is SHA-256 over
// the secret and the warning's id; the ids whose SHA-256 over seed, stratum and
// id is smallest are drawn. It depends on nothing else, also not on the order of
// the ids, so that anybody who knows the secret can draw again.
func Draw(secret []byte, warningID string, s Stratum, ids []string, rate int) []string {
	n := max(fewest, (len(ids)*rate+99)/100)
	if rate <= 0 {
		n = 0
	}
	seed := hashed(secret, []byte(warningID))
	lots := make([]lot, len(ids))
	for i, id := range ids {
		lots[i] = lot{id, hashed(seed, []byte(s.Authority), []byte(s.Measure), []byte(s.Level), []byte(id))}
	}
	slices.SortFunc(lots, func(a, b lot) int { return bytes.Compare(a.number, b.number) })
	drawn := make([]string, min(n, len(lots)))
	for i := range drawn {
		drawn[i] = lots[i].id
	}
	return drawn
}

type lot struct {
	id     string
	number []byte
}

// hashed is SHA-256 over the hashes of the parts, so that no two lists of parts
// read the same.
func hashed(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256(p)
		h.Write(sum[:])
	}
	return h.Sum(nil)
}
