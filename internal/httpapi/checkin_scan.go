package httpapi

import (
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// scanBody is a scan as a phone sends it, at once or from its queue.
type scanBody struct {
	ID        uuid.UUID        `json:"id"` // the phone's own; the same when it is sent again
	Code      string           `json:"t"`
	Direction roster.Direction `json:"direction"`
	Said      time.Time        `json:"said"` // when it was scanned, by the phone
	Now       time.Time        `json:"now"`  // when it was sent, by the phone
	Place     *phonePlace      `json:"place"`
	People    []uuid.UUID      `json:"people"` // 代打卡: for whom
}

// mostProxies is for how many people a foreman checks in at once.
const mostProxies = 200

func (b scanBody) check() error {
	switch {
	case b.ID == uuid.Nil, b.Said.IsZero(), len(b.Code) > 16, len(b.People) > mostProxies:
		return errs.New(errs.Fix, "scan", "打卡内容不完整，请重新扫码")
	case b.Direction != "" && b.Direction != roster.In && b.Direction != roster.Out:
		return errs.New(errs.Fix, "direction", "方向不对")
	}
	return nil
}

// scanned is when it was scanned, as far as the phone can be believed.
func (b scanBody) scanned(received time.Time) time.Time {
	return roster.CheckinScan{Said: b.Said.UTC(), SaidNow: b.Now.UTC(), Received: received}.ScannedAt()
}

type flagView struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// scannedView is what the page says after a scan: did it count, is there danger.
type scannedView struct {
	Counted   bool       `json:"counted"`
	Outcome   string     `json:"outcome"`
	Words     string     `json:"words"`
	Direction string     `json:"direction"`
	At        time.Time  `json:"at"`
	Fence     string     `json:"fence"`
	Flags     []flagView `json:"flags"`
	People    int        `json:"people"`   // who were counted, by proxy
	Mustered  bool       `json:"mustered"` // and marked as safe
	Evacuates bool       `json:"evacuating"`
	Site      string     `json:"site"`
	gate.Showing
}

// checkinScan takes a scan. It is answered after everything that it means is on
// disk; sent again it means the same.
func (s *Server) checkinScan(v visitor) (any, error) {
	var b scanBody
	if err := readJSON(v.r, &b); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	if v.who == nil {
		return nil, unconfirmed
	}
	people, err := s.scannedFor(v, b)
	if err != nil {
		return nil, err
	}
	around, err := s.DB.CheckinAround(v.ctx(), v.point, v.phone, v.who.ID, b.Place.readings(), b.scanned(v.at), v.at)
	if err != nil {
		return nil, err
	}
	judged, err := s.judgeScan(v, b, around, len(b.People) > 0)
	if err != nil {
		return nil, err
	}
	scans, err := s.keepScans(v, b, people, judged, around)
	if err != nil {
		return nil, err
	}
	return s.takeScans(v, scans, around)
}

// scannedFor is whom a scan is about: the holder of the phone, or those for whom he
// may scan.
func (s *Server) scannedFor(v visitor, b scanBody) ([]uuid.UUID, error) {
	if len(b.People) == 0 {
		return []uuid.UUID{v.who.ID}, nil
	}
	led, err := s.DB.ProxyPeople(v.ctx(), v.who.ID, v.point.SiteID, v.at)
	if err != nil {
		return nil, err
	}
	may := map[uuid.UUID]bool{}
	for _, p := range led {
		may[p.ID] = true
	}
	for _, id := range b.People {
		if !may[id] {
			return nil, errs.New(errs.Forbidden, "not_your_team", "只能为自己班组或自己负责点位的人代打卡")
		}
	}
	return b.People, nil
}

func (s *Server) judgeScan(v visitor, b scanBody, around postgres.CheckinSurroundings, proxy bool) (roster.CheckedIn, error) {
	secret, err := s.Sealer.Open("checkin_point", "secret", v.point.ID.String(), v.point.SecretSealed)
	if err != nil {
		return roster.CheckedIn{}, err
	}
	scan := roster.CheckinScan{Code: b.Code, Direction: b.Direction, Said: b.Said.UTC(), SaidNow: b.Now.UTC(), Received: v.at, DistanceM: around.DistanceM,
		Proxy: proxy, Unproven: s.unproven(v), OthersHere: around.Others, Evacuating: around.Evacuating}
	if b.Place != nil {
		scan.AccuracyM = b.Place.Accuracy
	}
	return roster.JudgeCheckin(pointOf(v.point, []byte(secret)), scan), nil
}

func pointOf(p postgres.CheckinPoint, secret []byte) roster.CheckinPoint {
	direction := roster.Unknown
	if p.Direction == "in" || p.Direction == "out" {
		direction = roster.Direction(p.Direction)
	}
	return roster.CheckinPoint{Printed: p.Kind == "printed", Muster: p.Purpose == "muster", Direction: direction, RadiusM: float64(p.RadiusM), Secret: secret}
}

// keepScans writes down one scan for each person. By proxy each has a number of
// its own, made of the phone's and the person's.
func (s *Server) keepScans(v visitor, b scanBody, people []uuid.UUID, c roster.CheckedIn, around postgres.CheckinSurroundings) ([]postgres.CheckinScan, error) {
	row := postgres.CheckinScan{PointID: v.point.ID, PhoneID: v.phone, Direction: string(c.Direction), At: c.At, SaidAt: b.Said, ReceivedAt: v.at, Step: c.Step,
		Fence: string(c.Fence), Flags: []string{}, Outcome: string(c.Outcome)}
	for _, f := range c.Flags {
		row.Flags = append(row.Flags, string(f))
	}
	if around.DistanceM != nil {
		distance, accuracy := int(*around.DistanceM), int(min(b.Place.Accuracy, 1e6))
		row.DistanceM, row.AccuracyM = &distance, &accuracy
	}
	scans := make([]postgres.CheckinScan, 0, len(people))
	for _, person := range people {
		one := row
		one.ID, one.PersonID = b.ID, person
		if len(b.People) > 0 {
			one.ID, one.ByPerson = uuid.NewSHA1(b.ID, person[:]), &v.who.ID
		}
		kept, err := s.DB.KeepScan(v.ctx(), one)
		if err != nil {
			return nil, err
		}
		if kept.PersonID != person || kept.PointID != v.point.ID {
			return nil, errs.New(errs.Conflict, "scan_id", "这次打卡的编号已用过，请重新扫码")
		}
		scans = append(scans, kept)
	}
	return scans, nil
}

// takeScans makes passes, and marks of the roll call, of what counts.
func (s *Server) takeScans(v visitor, scans []postgres.CheckinScan, around postgres.CheckinSurroundings) (any, error) {
	var counted []postgres.CheckinScan
	for _, c := range scans {
		if c.Outcome == string(roster.CheckinCounted) {
			counted = append(counted, c)
		}
	}
	first := scans[0]
	if len(counted) > 0 {
		first = counted[0]
	}
	out := scannedView{Counted: len(counted) > 0, Outcome: first.Outcome, Words: roster.CheckinOutcome(first.Outcome).Label(), Direction: first.Direction,
		At: first.At, Fence: first.Fence, Flags: []flagView{}, People: len(counted), Evacuates: around.Evacuating, Site: v.point.SiteName}
	for _, f := range first.Flags {
		out.Flags = append(out.Flags, flagView{f, roster.CheckinFlag(f).Label()})
	}
	muster := v.point.Purpose == "muster"
	if len(counted) > 0 && (!muster || around.Leaving) {
		if err := s.DB.CheckIn(v.ctx(), v.point, counted, v.at); err != nil {
			return nil, err
		}
	}
	if len(counted) > 0 && muster {
		n, err := s.DB.ScannedAtMuster(v.ctx(), v.point.SiteID, counted, v.at)
		if err != nil {
			return nil, err
		}
		out.Mustered = n > 0
	}
	var err error
	out.Showing, err = s.showing(v.ctx(), v.point.SiteID)
	return out, err
}

// cleanName is a name as people type it.
func cleanName(text string) string {
	text = strings.Join(strings.Fields(text), "")
	if len([]rune(text)) > 50 {
		return ""
	}
	return text
}

// upperDigits are the last digits of a number as people type them: the last of an
// identity card may be an X.
func upperDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, narrow(text))
}
