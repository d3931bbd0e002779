package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// A section with two sites is called about each when its time comes, although it
// stands on the same rung of both ladders.
func TestASectionIsCalledForEachOfItsSites(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at) VALUES ($1, $2, 'site', $3, 'site_lead', $4, $4)`,
		valley.ID("lead of the tunnel"), n.Person(valley.PhoneOfYard), valley.ID(valley.Tunnel), n.Clock.Now().Add(-time.Hour))
	n.Publish(flowtest.RedFlood) // the home leaves: section after 5; the tunnel stops: after 10
	n.Advance(minutes(11))
	n.Phone(section).Got("5 voice V2_takeover", "5 sms N70", "10 voice V2_takeover", "10 sms N70")
	n.Phone(section).Hears(channel.Voice, "tunnel负责人没有应答")
}

// An authority gets one digest with its numbers, again only while something is
// overdue, and none for what went well.
func TestADigestCountsWhatIsOverdue(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(10))
	n.Phone(valley.PhoneOfShimian).Hears(channel.SMS, "涉及2处", "未签收2处", "未撤完0处")
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Advance(minutes(10))
	n.Phone(valley.PhoneOfShimian).Hears(channel.SMS, "涉及2处", "未签收1处", "未撤完1处")
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	must(t, n.Says("section", flood, valley.Tunnel, postgres.Answer{Event: response.Acknowledge}))
	n.Phone(valley.PhoneOfShimian).Got("10 voice V1_digest", "10 sms G70", "20 sms G70")
	n.Advance(minutes(15)) // everybody is within his time
	n.Phone(valley.PhoneOfShimian).Got()
	n.Phone(valley.PhoneOfShimianLeader).Silent(channel.SMS, channel.Voice)
}

// Forty sites are one digest: the city hears once of three counties.
func TestACityHearsOnceOfAllItsCounties(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Hanyuan, valley.Tianquan))
	n.Advance(minutes(16))
	n.Phone(valley.PhoneOfYaan).Got("15 voice V1_digest", "15 sms G70")
	n.Phone(valley.PhoneOfYaan).Hears(channel.SMS, "涉及7处")
}

// A project in another prefecture that the city supervises is the city's to hear
// of; the county of the place stays informed.
func TestTheSupervisingAuthorityHears(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood.In(warning.Red, valley.Ganluo)) // hut and yard are P3, supervised by Ya'an
	n.Advance(minutes(16))
	n.Phone(valley.PhoneOfYaan).Hears(channel.SMS, "涉及2处")
}

// Signing in the app keeps that an authority has seen it; it signs for no site and
// stops no call.
func TestAnAuthoritySignsInTheApp(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	sign := func(login, office string) error {
		return n.DB.SignOversight(t.Context(), flood, []uuid.UUID{valley.ID(office)}, n.Officer(login), n.Clock.Now())
	}
	must(t, sign("shimian", "石棉局"))
	must(t, sign("shimian-leader", "石棉局"))
	if n.Count("SELECT count(*) FROM oversight WHERE acknowledged_by = $1", n.Officer("shimian").ID) != 1 {
		t.Error("the first signature does not stay")
	}
	if err := sign("hanyuan", "汉源局"); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("an authority that was told nothing signs: %v", err)
	}
	n.Is(flood, valley.Home, response.Delivered)
	n.Advance(minutes(2))
	n.Phone(lead).Got("2 voice V2_evacuate")
}

// A county may answer for a site of its own, as its hands; nobody may for a site
// outside.
func TestTheCountyTakesCharge(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	must(t, n.Says("shimian", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Is(flood, valley.Home, response.Acknowledged)
	_, err := n.DB.Give(t.Context(), account.Scope{}, postgres.Answer{EventID: uuid.New(), Event: response.Move,
		Threads: []uuid.UUID{n.Thread(flood, valley.Home)}, By: n.Officer("hanyuan"), At: n.Clock.Now()}, n.Clock.Now())
	if errs.KindOf(err) != errs.Outside {
		t.Errorf("%v", err)
	}
}
