package account

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// A code for signing in by phone: six digits, good for a short time and a few
// tries.
const (
	CodeLife  = 5 * time.Minute
	CodeTries = 5
	// PhoneSession is how long a phone stays signed in after it was last used: an
	// alert at night must not begin with a sign-in.
	PhoneSession = 30 * 24 * time.Hour
)

// Rate allows so many within a time.
type Rate struct {
	Max int
	Per time.Duration
}

// How often codes may be asked for. A camp behind one router, and many phones of
// one carrier, share an address: its rates are those of a camp that signs in at
// the same time.
var (
	PhoneRates   = []Rate{{1, time.Minute}, {5, time.Hour}}
	AddressRates = []Rate{{10, time.Minute}, {60, time.Hour}}
)

// NewCode is six random digits.
func NewCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return fmt.Sprintf("%06d", n)
}

// MayAgain is when the next one is allowed after those at past times, in any
// order; not after at: now.
func MayAgain(past []time.Time, rates []Rate, at time.Time) time.Time {
	past = slices.SortedFunc(slices.Values(past), time.Time.Compare)
	next := at
	for _, r := range rates {
		if len(past) < r.Max {
			continue
		}
		if free := past[len(past)-r.Max].Add(r.Per); free.After(next) {
			next = free
		}
	}
	return next
}

// fieldRoles are those that sign in by phone. Desks and administrators have
// passwords: six digits are too little for what they can do.
var fieldRoles = []Role{Owner, SectionLead, SectionDeputy, SiteLead, Supervisor, Laboratory, Worker}

// FieldRoles lists the roles that sign in by phone.
func FieldRoles() []Role { return slices.Clone(fieldRoles) }

// InTheField is the principal with what he may do by phone: the grants of his
// desk are left at the desk.
func (p Principal) InTheField() Principal {
	p.Grants = slices.DeleteFunc(slices.Clone(p.Grants), func(g Grant) bool { return !slices.Contains(fieldRoles, g.Role) })
	return p
}
