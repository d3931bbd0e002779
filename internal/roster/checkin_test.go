package roster_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/roster"
)

var codeSecret = []byte("12345678901234567890")

// RFC 6238 appendix B, SHA-1.
func TestCodesOfTheStandard(t *testing.T) {
	for unix, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := roster.CheckinCode(codeSecret, roster.CheckinStepOf(time.Unix(unix, 0))); got != want {
			t.Errorf("%d: %s, want %s", unix, got, want)
		}
	}
}

// A code is good in its own half minute, the one before and the one after.
func TestACodeIsGoodForItsTime(t *testing.T) {
	shown := time.Unix(1111111110, 0) // the beginning of a step
	code := roster.CheckinCode(codeSecret, roster.CheckinStepOf(shown))
	for off, want := range map[time.Duration]bool{0: true, 29 * time.Second: true, 59 * time.Second: true, 60 * time.Second: false,
		-30 * time.Second: true, -31 * time.Second: false, time.Hour: false} {
		step, ok := roster.MatchCheckinCode(codeSecret, code, shown.Add(off))
		if ok != want || ok && step != roster.CheckinStepOf(shown) {
			t.Errorf("%s later: %v", off, ok)
		}
	}
	for _, wrong := range []string{"", "0", code + "0", "ⅷ"} {
		if _, ok := roster.MatchCheckinCode(codeSecret, wrong, shown); ok {
			t.Errorf("%q is good", wrong)
		}
	}
}

func TestWhereAPhoneIs(t *testing.T) {
	for name, c := range map[string]struct {
		distance, accuracy, radius float64
		want                       roster.Fence
	}{
		"at the gate":                      {3, 10, 150, roster.FenceInside},
		"on the circle":                    {150, 0, 150, roster.FenceInside},
		"perhaps inside":                   {190, 40, 150, roster.FenceInside},
		"just not":                         {191, 40, 150, roster.FenceOutside},
		"in the next valley":               {2300, 15, 150, roster.FenceOutside},
		"by the cell tower, far away":      {2300, 1500, 150, roster.FenceUnknown},
		"by the cell tower, on the spot":   {0, 201, 150, roster.FenceUnknown},
		"at the limit of what can be told": {0, 200, 150, roster.FenceInside},
	} {
		if got := roster.FenceOf(c.distance, c.accuracy, c.radius); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What is called outside is outside wherever in its circle the phone really is.
func TestOutsideIsNeverSaidOfSomebodyInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		radius, really := rapid.Float64Range(20, 5000).Draw(t, "radius"), rapid.Float64Range(0, 5000).Draw(t, "really")
		accuracy := rapid.Float64Range(0, 3000).Draw(t, "accuracy")
		measured := max(0, really+rapid.Float64Range(-1, 1).Draw(t, "error")*accuracy)
		if really <= radius && roster.FenceOf(measured, accuracy, radius) == roster.FenceOutside {
			t.Fatal("outside")
		}
	})
}

// scanned is a scan at the screen, now, on the spot.
func scanned(change func(*roster.CheckinScan)) roster.CheckinScan {
	now := time.Unix(1111111111, 0).UTC()
	here := 5.0
	s := roster.CheckinScan{Code: "14050471", Direction: roster.In, Said: now, SaidNow: now, Received: now, DistanceM: &here, AccuracyM: 10}
	if change != nil {
		change(&s)
	}
	return s
}

func TestScans(t *testing.T) {
	screen := roster.CheckinPoint{Direction: roster.Unknown, RadiusM: 150, Secret: codeSecret}
	printed := roster.CheckinPoint{Printed: true, Direction: roster.Unknown, RadiusM: 150}
	muster := roster.CheckinPoint{Muster: true, Direction: roster.Out, RadiusM: 150, Secret: codeSecret}
	far := 900.0
	type scan = roster.CheckinScan
	for name, c := range map[string]struct {
		point  roster.CheckinPoint
		change func(*scan)
		want   roster.CheckinOutcome
		way    roster.Direction
		flags  []roster.CheckinFlag
	}{
		"on the spot":                      {screen, nil, roster.CheckinCounted, roster.In, nil},
		"a code of an hour ago":            {screen, func(s *scan) { s.Said = s.Said.Add(time.Hour); s.SaidNow, s.Received = s.Said, s.Said }, roster.CheckinExpired, roster.In, nil},
		"without a code":                   {screen, func(s *scan) { s.Code = "" }, roster.CheckinExpired, roster.In, nil},
		"printed":                          {printed, func(s *scan) { s.Code = "" }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagStatic}},
		"nobody knows where":               {screen, func(s *scan) { s.DistanceM = nil }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagUnplaced}},
		"in, from far away":                {screen, func(s *scan) { s.DistanceM = &far }, roster.CheckinFarAway, roster.In, []roster.CheckinFlag{roster.FlagOutside}},
		"out, from far away":               {screen, func(s *scan) { s.DistanceM, s.Direction = &far, roster.Out }, roster.CheckinCounted, roster.Out, []roster.CheckinFlag{roster.FlagOutside}},
		"from the queue, hours later":      {screen, func(s *scan) { s.SaidNow, s.Received = s.SaidNow.Add(5*time.Hour), s.Received.Add(5*time.Hour) }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagLate}},
		"from the queue, two days later":   {screen, func(s *scan) { s.SaidNow, s.Received = s.SaidNow.Add(48*time.Hour), s.Received.Add(48*time.Hour) }, roster.CheckinTooLate, roster.In, []roster.CheckinFlag{roster.FlagLate}},
		"a phone an hour behind":           {screen, func(s *scan) { s.Said, s.SaidNow = s.Said.Add(-time.Hour), s.SaidNow.Add(-time.Hour) }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagClock}},
		"a printed code of tomorrow":       {printed, func(s *scan) { s.Said = s.Said.Add(24 * time.Hour) }, roster.CheckinFuture, roster.In, []roster.CheckinFlag{roster.FlagStatic}},
		"a second person on the phone":     {screen, func(s *scan) { s.OthersHere = 1 }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagShared}},
		"a fourth one":                     {screen, func(s *scan) { s.OthersHere = 3 }, roster.CheckinTooMany, roster.In, []roster.CheckinFlag{roster.FlagShared}},
		"a fourth one, in an evacuation":   {screen, func(s *scan) { s.OthersHere, s.Evacuating = 3, true }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagShared}},
		"by the foreman":                   {screen, func(s *scan) { s.OthersHere, s.Proxy = 9, true }, roster.CheckinCounted, roster.In, []roster.CheckinFlag{roster.FlagProxy}},
		"the muster point, in peace":       {muster, nil, roster.CheckinNoted, roster.Out, nil},
		"the muster point":                 {muster, func(s *scan) { s.Evacuating, s.DistanceM = true, &far }, roster.CheckinCounted, roster.Out, []roster.CheckinFlag{roster.FlagOutside}},
		"a wrong code at the muster point": {muster, func(s *scan) { s.Evacuating, s.Code = true, "00000000" }, roster.CheckinExpired, roster.Out, nil},
		"the wrong way":                    {roster.CheckinPoint{Direction: roster.In, RadiusM: 150, Secret: codeSecret}, func(s *scan) { s.Direction = roster.Out }, roster.CheckinNotThere, roster.In, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := roster.JudgeCheckin(c.point, scanned(c.change))
			if got.Outcome != c.want || got.Direction != c.way || !slices.Equal(got.Flags, c.flags) && len(got.Flags)+len(c.flags) > 0 {
				t.Errorf("%+v", got)
			}
			if got.Outcome.Label() == string(got.Outcome) {
				t.Error("no words")
			}
			if dynamic := !c.point.Printed && got.Outcome != roster.CheckinExpired; dynamic != (got.Step != nil) {
				t.Errorf("step %v", got.Step)
			}
		})
	}
}

// However long a scan waits in the queue of a phone, and whatever the phone's clock
// shows, it is of the instant at which it was made.
func TestAScanIsOfItsOwnTime(t *testing.T) {
	screen := roster.CheckinPoint{Direction: roster.In, RadiusM: 150, Secret: codeSecret}
	rapid.Check(t, func(t *rapid.T) {
		off := time.Duration(rapid.Int64Range(-1000, 1000).Draw(t, "minutes off")) * time.Minute
		waited := time.Duration(rapid.Int64Range(0, 24*60-1).Draw(t, "minutes waited")) * time.Minute
		s := scanned(func(s *roster.CheckinScan) {
			s.Received = s.Received.Add(waited)
			s.Said, s.SaidNow = s.Said.Add(off), s.SaidNow.Add(waited+off)
		})
		if got := roster.JudgeCheckin(screen, s); got.Outcome != roster.CheckinCounted || !got.At.Equal(time.Unix(1111111111, 0)) {
			t.Fatalf("%+v", got)
		}
	})
}
