package dispatch_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// calls are the minutes of the night at which a phone rang.
func calls(n *flowtest.Night, phone string) []time.Time {
	screen, _ := n.Carrier.Look(fake.Box{Kind: fake.Phone, Address: phone})
	var list []time.Time
	for _, i := range slices.Backward(screen.Items) {
		if i.Kind == channel.Voice {
			list = append(list, i.At)
		}
	}
	return list
}

// most is the greatest number of times within any window.
func most(times []time.Time, window time.Duration) int {
	best := 0
	for i := range times {
		n := 0
		for _, t := range times[i:] {
			if t.Before(times[i].Add(window)) {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

func stoppedBy(n *flowtest.Night, code string) int {
	n.T.Helper()
	return n.Count("SELECT count(*) FROM notice WHERE state = 'not_sent' AND reason_code = $1 AND reason <> ''", code)
}

// Four red warnings within three minutes: one call a minute, four an hour, the
// fifth kept for an upgrade; what is not sent says by which limit.
func TestManyWarningsOnOnePhone(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	river := flowtest.Warning{Hazard: warning.Flood, Level: warning.Red, Hours: 12}
	flood := n.Publish(flashRain.In(warning.Orange, valley.Shimian))
	for _, w := range []flowtest.Warning{ground, rain, river} {
		n.Publish(w.In(warning.Red, valley.Shimian))
		n.Advance(minutes(1))
	}
	n.Advance(minutes(40))
	got := calls(n, lead)
	if most(got, time.Minute) > 1 || most(got, time.Hour) > 4 {
		t.Errorf("called %d times in a minute, %d in an hour", most(got, time.Minute), most(got, time.Hour))
	}
	if stoppedBy(n, "voice_hour") == 0 {
		t.Error("nothing says that the limit of the hour stopped it")
	}
	n.Revise(flood, flashRain.In(warning.Red, valley.Shimian))
	n.Advance(minutes(1))
	if now := calls(n, lead); len(now) != len(got)+1 {
		t.Errorf("an upgrade has its call: %d before, %d after", len(got), len(now))
	}
	if got := n.Phone(lead).Heard(channel.SMS); got != 5 {
		t.Errorf("each warning and the upgrade came by SMS: %d", got)
	}
}

// A warning an hour, all night: fifteen calls in a day and five kept back.
func TestTheCallsOfADay(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	for range 7 {
		n.Publish(flowtest.RedFlood)
		for _, wait := range []int{2, 3, 60} {
			n.Jump(minutes(wait))
		}
	}
	if got := calls(n, lead); len(got) != 15 || most(got, time.Hour) > 4 {
		t.Errorf("called %d times in seven hours, %d in one", len(got), most(got, time.Hour))
	}
	if stoppedBy(n, "voice_day") == 0 {
		t.Error("nothing says that the limit of the day stopped it")
	}
}

// Eight texts of one warning to one number, however often it changes.
func TestTheTextsOfAnEpisode(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	w := n.Publish(flashRain.In(warning.Red, valley.Shimian))
	for range 5 {
		n.Jump(minutes(1))
		n.Revise(w, flashRain.In(warning.Red, valley.Hanyuan))
		n.Revise(w, flashRain.In(warning.Red, valley.Shimian))
	}
	if got := n.Phone(lead).Heard(channel.SMS); got != 8 {
		t.Errorf("%d texts", got)
	}
	if stoppedBy(n, "sms_episode") == 0 {
		t.Error("nothing says that the limit stopped it")
	}
}

// The call is stopped by a limit, and the text too or not: that is unanswered at
// once, and the next rung is called now.
func TestALimitCountsAsUnanswered(t *testing.T) {
	for name, channels := range map[string][]string{"the call": {"voice"}, "call and text": {"voice", "sms"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limited(t, channels)
		})
	}
}

func limited(t *testing.T, channels []string) {
	n := flowtest.New(t)
	n.Do(`INSERT INTO notice (id, mode, kind, occasion, party_kind, party_id, rung, round, channel, phone_hash, priority, wording, created_at, due_at, next_at,
	             state, tried_at, sent_at)
	      SELECT gen_random_uuid(), 'actual', 'alert', gen_random_uuid(), 'person', p.id, 0, 1, ch, p.phone_hash, 50, '{}', $2::timestamptz, $2, $2, 'sent', $2, $2
	      FROM person p, generate_series(1, 50), unnest($3::text[]) ch WHERE p.id = $1`, n.Person(lead), n.Clock.Now().Add(-2*time.Hour), channels)
	n.Publish(flowtest.RedFlood)
	if texts := n.Phone(lead).Heard(channel.SMS); texts != 2-len(channels) {
		t.Errorf("%d texts", texts)
	}
	if stoppedBy(n, "voice_day") != 1 || stoppedBy(n, "sms_day") != len(channels)-1 {
		t.Error("the limits are not named:\n" + n.Ledger())
	}
	n.Advance(minutes(1)) // the section was called about the tunnel just now
	n.Phone(section).Hears(channel.Voice, "home负责人没有应答")
}

// The carrier's own limit is waited for when it is short.
func TestTheCarriersOwnLimit(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do(`INSERT INTO policy (id, kind, number, body, valid_from, recorded_at, recorded_by)
	      SELECT gen_random_uuid(), kind, number + 1, jsonb_set(body, '{budget,caps,voice}', '[]'), valid_from, $1, 'test' FROM policy WHERE kind = 'response'`,
		n.Clock.Now().Add(-time.Hour))
	n.Publish(flowtest.RedFlood)
	n.Publish(ground.In(warning.Red, valley.Shimian))
	if got := len(calls(n, lead)); got != 1 {
		t.Errorf("the carrier took %d calls in one minute", got)
	}
	n.Advance(90 * time.Second)
	if got := len(calls(n, lead)); got != 2 {
		t.Errorf("the second was handed over again when the minute was over: %d", got)
	}
}
