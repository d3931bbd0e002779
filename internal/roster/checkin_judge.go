package roster

import (
	"slices"
	"time"
)

// CheckinFlag is what is odd about a check-in that is taken all the same.
type CheckinFlag string

// The flags.
const (
	FlagStatic   CheckinFlag = "static"       // 静态码: printed, proves little
	FlagLate     CheckinFlag = "late"         // 补传: came long after it was scanned
	FlagClock    CheckinFlag = "clock"        // 手机时钟不准
	FlagOutside  CheckinFlag = "outside"      // 位置在范围外
	FlagUnplaced CheckinFlag = "unplaced"     // 位置不明
	FlagShared   CheckinFlag = "shared_phone" // 多人共用手机
	FlagProxy    CheckinFlag = "proxy"        // 代打卡
	FlagUnproven CheckinFlag = "unproven"     // 手机未验证: no code was sent to its owner's number
)

var checkinFlags = words("打卡标记", word(FlagStatic, "静态码"), word(FlagLate, "补传"), word(FlagClock, "手机时钟不准"), word(FlagOutside, "位置在范围外"),
	word(FlagUnplaced, "位置不明"), word(FlagShared, "多人共用手机"), word(FlagProxy, "代打卡"),
	word(FlagUnproven, "手机未验证"))

// Label is the Chinese word of the flag.
func (f CheckinFlag) Label() string { return checkinFlags.label(f) }

// CheckinOutcome is what became of a check-in.
type CheckinOutcome string

// The outcomes. Only a counted one is a pass.
const (
	CheckinCounted  CheckinOutcome = "counted"
	CheckinNoted    CheckinOutcome = "noted"     // a scan at the muster point while nobody musters
	CheckinExpired  CheckinOutcome = "expired"   // the code is not that of its time
	CheckinTooLate  CheckinOutcome = "too_late"  // scanned more than a day ago
	CheckinFuture   CheckinOutcome = "future"    // scanned in the future
	CheckinFarAway  CheckinOutcome = "far_away"  // wants in, and is somewhere else
	CheckinTooMany  CheckinOutcome = "too_many"  // too many people on one phone
	CheckinUsed     CheckinOutcome = "used"      // this person has used this code
	CheckinNotThere CheckinOutcome = "not_there" // this way is not open here
)

var checkinOutcomes = words("打卡结果", word(CheckinCounted, "已计入"), word(CheckinNoted, "已记录，现在没有清点"),
	word(CheckinExpired, "二维码已过期，请扫屏幕上现在的码"), word(CheckinTooLate, "扫码已超过 24 小时，没有计入，请联系班组长"),
	word(CheckinFuture, "手机时间比现在晚，请校准手机时间后再扫"), word(CheckinFarAway, "您的位置不在这里，没有计入；确实在现场请找班组长代打卡"),
	word(CheckinTooMany, "这部手机今天已有多人打卡，请找班组长代打卡"), word(CheckinUsed, "这个码您已用过，请等下一个码"),
	word(CheckinNotThere, "这个码不管这个方向，请扫对应的码"))

// Label says the outcome to who scanned.
func (o CheckinOutcome) Label() string { return checkinOutcomes.label(o) }

// CheckinPoint is a place where codes are scanned, as far as scans are judged by it.
type CheckinPoint struct {
	Printed   bool
	Muster    bool      // 集合点: a scan proves that somebody is out
	Direction Direction // that it stands for; Unknown: both
	RadiusM   float64
	Secret    []byte
}

// CheckinScan is what a phone says, and what is known around it.
type CheckinScan struct {
	Code       string
	Direction  Direction // that the person chose
	Said       time.Time // when it was scanned, by the phone's clock
	SaidNow    time.Time // when it was sent, by the phone's clock; zero: not said
	Received   time.Time // when it was sent, by ours
	DistanceM  *float64  // from the site; nil: the phone does not say where it is
	AccuracyM  float64
	Proxy      bool
	Unproven   bool // nobody but the phone says whose it is
	OthersHere int  // other people who used this phone in the last hours
	Evacuating bool // the site's people are being moved or sheltered: nothing is held up
}

// CheckedIn is what is made of a scan.
type CheckedIn struct {
	Outcome   CheckinOutcome
	At        time.Time
	Step      *int64 // of the dynamic code; nil: printed
	Direction Direction
	Fence     Fence
	Flags     []CheckinFlag
}

const (
	checkinLate    = 10 * time.Minute // from then on it is history
	checkinOldest  = 24 * time.Hour
	checkinAhead   = time.Minute
	checkinSkew    = 2 * time.Minute // of a phone's clock that is worth a word
	peopleOnPhone  = 3               // others who may use a phone in PhoneMemory
	clockGoodEvery = time.Minute
)

// PhoneMemory is how far back the people of one phone are counted.
const PhoneMemory = 12 * time.Hour

// JudgeCheckin decides whether a scan counts, and what is odd about it. During an
// evacuation nobody is turned away but for a wrong code: a person too many on the
// list of the safe can be found out, one who was turned away cannot. At other times a
// phone of which only name and digits say whose it is has nobody for certain in or
// out: its way is unknown, and the person possibly there.
func JudgeCheckin(p CheckinPoint, s CheckinScan) CheckedIn {
	c := CheckedIn{Outcome: CheckinCounted, At: s.ScannedAt(), Direction: p.direction(s.Direction), Fence: FenceUnknown, Flags: []CheckinFlag{}}
	if s.DistanceM != nil {
		c.Fence = FenceOf(*s.DistanceM, s.AccuracyM, p.RadiusM)
	}
	age := s.Received.Sub(c.At)
	flag := func(f CheckinFlag, when bool) {
		if when {
			c.Flags = append(c.Flags, f)
		}
	}
	flag(FlagStatic, p.Printed)
	flag(FlagLate, age > checkinLate)
	flag(FlagClock, s.skew().Abs() > checkinSkew)
	flag(FlagOutside, c.Fence == FenceOutside)
	flag(FlagUnplaced, c.Fence == FenceUnknown)
	flag(FlagShared, s.OthersHere > 0 && !s.Proxy)
	flag(FlagProxy, s.Proxy)
	flag(FlagUnproven, s.Unproven)
	if !p.Printed {
		step, ok := MatchCheckinCode(p.Secret, s.Code, c.At)
		if !ok {
			c.Outcome = CheckinExpired
			return c
		}
		c.Step = &step
	}
	c.Outcome = s.outcome(p, c, age)
	if s.Unproven && !s.Evacuating {
		c.Direction = Unknown
	}
	return c
}

func (s CheckinScan) outcome(p CheckinPoint, c CheckedIn, age time.Duration) CheckinOutcome {
	in := c.Direction == In
	switch {
	case age > checkinOldest:
		return CheckinTooLate
	case age < -checkinAhead:
		return CheckinFuture
	case p.Muster && !s.Evacuating:
		return CheckinNoted
	case s.Evacuating:
		return CheckinCounted
	case !p.allows(s.Direction):
		return CheckinNotThere
	case in && slices.Contains(c.Flags, FlagOutside):
		return CheckinFarAway
	case s.OthersHere >= peopleOnPhone && !s.Proxy:
		return CheckinTooMany
	}
	return CheckinCounted
}

// ScannedAt is when it was scanned by our clock: the phone says how long ago that
// was, whatever its clock shows.
func (s CheckinScan) ScannedAt() time.Time { return s.Said.Add(s.skew()).Truncate(time.Microsecond) }

// skew is how far the phone's clock is behind ours; what a request takes is not
// counted.
func (s CheckinScan) skew() time.Duration {
	if s.SaidNow.IsZero() {
		return 0
	}
	skew := s.Received.Sub(s.SaidNow)
	if skew.Abs() < clockGoodEvery {
		return 0
	}
	return skew
}

// direction is which way a scan counts: a muster point is outside of what is left.
func (p CheckinPoint) direction(chosen Direction) Direction {
	switch {
	case p.Muster:
		return Out
	case p.Direction == In || p.Direction == Out:
		return p.Direction
	case chosen == In || chosen == Out:
		return chosen
	}
	return Unknown
}

func (p CheckinPoint) allows(chosen Direction) bool {
	return p.Direction != In && p.Direction != Out || chosen == "" || chosen == Unknown || chosen == p.Direction
}
