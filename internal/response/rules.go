package response

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"sync"

	"muster/internal/errs"
	"muster/internal/warning"
)

// Rules is the rule book of a response (operations.md §2–4): versioned data that
// an authority can change, never code. Minutes, where a field says nothing else.
type Rules struct {
	Version   string               `json:"version"`
	Title     string               `json:"title"`
	ValidFrom string               `json:"valid_from"` // date, Asia/Shanghai
	Night     Night                `json:"night"`
	Day       Day                  `json:"day"`
	Ladder    []LadderRow          `json:"ladder"`
	Copies    []Copy               `json:"copies"`
	Direct    []Channel            `json:"direct"` // how the county is rung about one site, outside its digest
	Clocks    []ClockRow           `json:"clocks"`
	Report    ReportClock          `json:"report"`
	Late      LateClock            `json:"late"`
	Tells     map[NoticeKind][]Who `json:"tells"`
	Budget    Budget               `json:"budget"`
	Retry     Backoff              `json:"retry"`
	Codes     Codes                `json:"codes"`
	Evidence  []EvidenceRow        `json:"evidence"`
	Doubt     DoubtLimits          `json:"doubt"`
	Return    []ReturnRow          `json:"return"`
	Texts     Texts                `json:"texts"`

	ladder    map[rowKey]*LadderRow
	clocks    map[rowKey]*ClockRow
	templates map[templateKey][]*Template
}

// rowKey names a row of any table of the rule book.
type rowKey struct {
	measure warning.Measure
	level   warning.Level
}

// Night is when nobody is woken for what can wait (夜间).
type Night struct {
	From  Wall `json:"from"`
	Until Wall `json:"until"`
	Waits Wall `json:"waits"` // 阅知 published at night is told then
}

// Day is the rhythm of a day on site.
type Day struct {
	Dark     Wall   `json:"dark"`     // 天黑前: moved by then
	Light    Wall   `json:"light"`    // from then on people may go back
	Shifts   []Wall `json:"shifts"`   // 交接班
	Handover int    `json:"handover"` // a change of shift nearer than this is not "the next shift"
	List     Wall   `json:"list"`     // the morning's list of what nobody had to be called for
}

// LadderRow is one line of the ladder (operations.md §2.2).
type LadderRow struct {
	Measures []warning.Measure `json:"measures"`
	Levels   []warning.Level   `json:"levels"`
	Ack      int               `json:"ack"`  // 签收 due; 0: when the warning ends
	Site     []Rung            `json:"site"` // R0, one entry for each round
	Section  *Rung             `json:"section,omitempty"`
	Owner    *Rung             `json:"owner,omitempty"`
	Over     int               `json:"over,omitempty"` // 无应答: the ladder ends here; 0: it does not
	County   *Digest           `json:"county,omitempty"`
	City     *Digest           `json:"city,omitempty"`
	Province *Digest           `json:"province,omitempty"`
}

// Rung is one try of one rung.
type Rung struct {
	At         int       `json:"at"`
	Channels   []Channel `json:"channels"`
	IfSleeping []Channel `json:"if_sleeping,omitempty"` // in addition, where people sleep
}

// Digest is how an authority is told of everything that is overdue at once.
type Digest struct {
	At       int       `json:"at"`
	Every    int       `json:"every,omitempty"`   // 0: once
	Morning  bool      `json:"morning,omitempty"` // in the morning's list instead of At
	Channels []Channel `json:"channels"`
	Once     []Channel `json:"once,omitempty"` // with the first digest only
}

// Copy is who is told together with a rung, without a clock (抄送).
type Copy struct {
	With     Party     `json:"with"`
	Party    Party     `json:"party"`
	Channels []Channel `json:"channels"`
}

// Who is somebody who is told at once when something happens. An empty party is
// everybody who was told of the warning.
type Who struct {
	Party    Party     `json:"party,omitempty"`
	Channels []Channel `json:"channels"`
}

//go:embed rules_default.json
var defaultRules []byte

var parseDefault = sync.OnceValues(func() (*Rules, error) { return ParseRules(defaultRules) })

// DefaultRules is the rule book that comes with the program. It is shared: do
// not change it.
func DefaultRules() *Rules {
	r, err := parseDefault()
	if err != nil {
		panic(err) // the embedded file is tested
	}
	return r
}

// DefaultRulesJSON is the embedded rule book as it is stored.
func DefaultRulesJSON() []byte { return bytes.Clone(defaultRules) }

// ParseRules reads and checks a rule book. An error of kind Fix names every
// place that is wrong. Keep the result: every text in every dress and every plan
// is tried, which takes some milliseconds.
func ParseRules(raw []byte) (*Rules, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	var r Rules
	if err := decoder.Decode(&r); err != nil {
		return nil, errs.New(errs.Fix, "rules_unreadable", "响应规则不是合法的JSON").Because(err)
	}
	if details := r.check(); len(details) > 0 {
		return nil, errs.New(errs.Fix, "rules_invalid", "响应规则有%d处错误", len(details)).With(details...)
	}
	return &r, nil
}

// colour is the level by which a row is found: an unknown one counts as orange.
func colour(l warning.Level) warning.Level {
	if l == warning.LevelUnknown {
		return warning.Orange
	}
	return l
}

func (r *Rules) ladderFor(m warning.Measure, l warning.Level) *LadderRow {
	return r.ladder[rowKey{m, colour(l)}]
}

func (r *Rules) clockFor(m warning.Measure, l warning.Level) *ClockRow {
	return r.clocks[rowKey{m, colour(l)}]
}
