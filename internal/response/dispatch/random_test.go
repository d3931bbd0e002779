package dispatch_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/roster"
	"muster/internal/warning"
)

// Nights of which nobody wrote the story: whatever people, carriers and clocks do,
// in whatever order, every row is in a legal state, every live site has its clock,
// nothing is told twice (flowtest.Night.Sound), and no refusal is our own fault.
func TestRandomNights(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := chaos{flowtest.New(t), rand.New(rand.NewPCG(seed, 3)), nil}
			r.publish()
			for range 40 {
				pick(r.Rand, r.advance, r.advance, r.advance, r.says, r.says, r.says, r.clicks, r.types, r.passes, r.calls, r.weather, r.revise, r.lift, r.publish)()
			}
			must(t, r.n.Carrier.SetConditions("", fake.Conditions{}))
			r.n.Advance(minutes(2))
		})
	}
}

// chaos is a night and the dice.
type chaos struct {
	n *flowtest.Night
	*rand.Rand
	warnings []uuid.UUID
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// may fails the test when a refusal is an accident.
func (r *chaos) may(what string, err error) {
	if err != nil && errs.KindOf(err) == errs.Internal {
		r.n.T.Fatalf("%s: %v", what, err)
	}
}

func (r *chaos) flood() flowtest.Warning {
	regions := []geo.Region{valley.Shimian}
	if r.IntN(2) == 0 {
		regions = append(regions, pick(r.Rand, valley.Hanyuan, valley.Tianquan, valley.Ganluo))
	}
	w := flashRain.In(pick(r.Rand, warning.Red, warning.Orange, warning.Yellow, warning.Blue), regions...)
	w.Hours = 1 + r.IntN(3)
	return w
}

func (r *chaos) publish() {
	if len(r.warnings) < 4 {
		r.warnings = append(r.warnings, r.n.Publish(r.flood()))
	}
}

func (r *chaos) warning() uuid.UUID { return pick(r.Rand, r.warnings...) }

func (r *chaos) live(id uuid.UUID, states ...string) bool {
	return r.n.Count("SELECT count(*) FROM warning WHERE id = $1 AND state = ANY($2)", id, states) == 1
}

func (r *chaos) revise() {
	if id := r.warning(); r.live(id, "active") {
		r.n.Revise(id, r.flood())
	}
}

func (r *chaos) lift() {
	if id := r.warning(); r.IntN(3) == 0 && r.live(id, "active", "expired") {
		r.n.Lift(id)
	}
}

func (r *chaos) advance() {
	r.n.Jump(pick(r.Rand, 20*time.Second, minutes(1), minutes(3), minutes(6), minutes(20), minutes(65), -minutes(2)))
}

func (r *chaos) says() {
	e := pick(r.Rand, response.Open, response.Acknowledge, response.Move, response.CarryOut, response.Report, response.Confirm, response.Verify, response.Refuse)
	a := postgres.Answer{Event: e, Safe: &six, Missing: &nobody, Reason: string(pick(r.Rand, response.Refusals()...)),
		Evidence: []response.Evidence{response.RollCall, response.GateBurst, response.StopRecord, response.PatrolRecord, response.OnSpot, response.Photo}}
	id, site := r.warning(), pick(r.Rand, valley.Home, valley.Tunnel)
	r.may(string(e), r.n.Says(pick(r.Rand, "site", "section", "supervisor", "yaan", "shimian"), id, site, a))
}

func (r *chaos) clicks() {
	if r.n.Count("SELECT count(*) FROM summons WHERE warning_id = $1 AND person_id = $2", r.warnings[0], r.n.Person(lead)) == 1 {
		r.may("click", r.n.Phone(lead).Clicks(r.warnings[0], response.Acknowledge, valley.Home))
	}
}

func (r *chaos) types() {
	r.n.Phone(pick(r.Rand, lead, section, deputy)).Types(pick(r.Rand, "收到", "000000", "111111 需要支援", "不是本人", "什么"))
}

func (r *chaos) passes() {
	r.n.PassesAt(valley.HomeGate, pick(r.Rand, valley.LateWorker, valley.Worker(1)), pick(r.Rand, roster.In, roster.Out), r.IntN(4))
}

func (r *chaos) calls() {
	r.may("call", r.n.Calls("shimian", lead, r.warning(), valley.Home, pick(r.Rand, "repeated_back", "answered", "no_answer", "third_person"), "撤到集合点"))
}

func (r *chaos) weather() {
	must(r.n.T, r.n.Carrier.SetConditions("", pick(r.Rand, fake.Conditions{}, fake.Conditions{Outage: fake.Error}, fake.Conditions{Refuse: 0.5},
		fake.Conditions{ReceiptTwice: 0.5, ReceiptShuffle: true, ReceiptLoss: 0.3})))
	r.n.Phone(lead).Will(pick(r.Rand, fake.Person{Text: fake.Code, Call: fake.Confirm}, fake.Person{Text: fake.Ignore, Call: fake.Ignore},
		fake.Person{Text: fake.Off, Call: fake.Off}, fake.Person{Text: fake.Wrong, Call: fake.Hasty}))
}
