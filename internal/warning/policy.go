package warning

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
	"sync"

	"muster/internal/errs"
)

// Column is a column of the matrix: what kind of place is meant.
type Column string

// The columns of the matrix.
const (
	Residence Column = "residence" // 驻地: people sleep here
	Tunnel    Column = "tunnel"    // 隧道掌子面
	Bridge    Column = "bridge"    // 桥梁/高处
	Slope     Column = "slope"     // 边坡/路堑/基坑
	Water     Column = "water"     // 涉水/船舶
	Yard      Column = "yard"      // 场站/堆场
)

var columnLabels = map[Column]string{
	Residence: "驻地", Tunnel: "隧道掌子面", Bridge: "桥梁/高处",
	Slope: "边坡/路堑/基坑", Water: "涉水/船舶", Yard: "场站/堆场",
}

// Label is the Chinese word of the column.
func (c Column) Label() string { return columnLabels[c] }

// Columns lists the columns in the order of the rule book.
func Columns() []Column { return []Column{Residence, Tunnel, Bridge, Slope, Water, Yard} }

// Variant is a form of a hazard that has rows of its own.
type Variant string

// The variants.
const (
	Usual        Variant = ""
	FireNear     Variant = "fire_near"     // a fire burns near (event class 11G), not only fire weather
	EarlyWarning Variant = "early_warning" // earthquake early warning, seconds before the shaking
)

// Cell is what the rule book asks of one kind of place.
type Cell struct {
	Measure   Measure `json:"measure"`
	AtRisk    Measure `json:"at_risk,omitempty"`    // instead, where the site carries the risk flag (险)
	LowDanger Measure `json:"low_danger,omitempty"` // instead, with a valid low-danger report (低风险)
	WeakCabin Measure `json:"weak_cabin,omitempty"` // instead, in cabins that do not stand a storm (板房不牢固)
	Closed    bool    `json:"closed,omitempty"`     // plus a closed area: 停禁
	Work      string  `json:"work,omitempty"`       // which work, or what to look after
}

// Row is one line of the matrix.
type Row struct {
	Hazard  Hazard          `json:"hazard"`
	Variant Variant         `json:"variant,omitempty"`
	Levels  []Level         `json:"levels"`
	Basis   string          `json:"basis"` // keys of sources; "ours" is a default of this project
	Cells   map[Column]Cell `json:"cells"`
}

// Night is the rule for windows that hold dark hours.
type Night struct {
	Before  string   `json:"before"`  // civil time by which people are moved
	Hazards []Hazard `json:"hazards"` // for which hazards
}

// Policy is a version of the rule book (措施规则): hazard × level × kind of
// place → measure, with its texts. It is data; an authority can change it.
type Policy struct {
	Version   string             `json:"version"`
	Title     string             `json:"title"`
	ValidFrom string             `json:"valid_from"` // date, Asia/Shanghai
	Sources   map[string]string  `json:"sources"`    // key of a basis → what people know it by
	Kinds     map[string]Column  `json:"kinds"`      // site kind → column
	Sentences map[Measure]string `json:"sentences"`
	Clauses   map[Hazard]string  `json:"clauses"`
	Night     Night              `json:"night"`
	Rows      []Row              `json:"rows"`

	index map[rowKey]*Row
}

type rowKey struct {
	hazard  Hazard
	variant Variant
	level   Level
}

//go:embed policy_default.json
var defaultPolicy []byte

var parseDefault = sync.OnceValues(func() (*Policy, error) { return ParsePolicy(defaultPolicy) })

// DefaultPolicy is the rule book that comes with the program. It is shared: do
// not change it.
func DefaultPolicy() *Policy {
	p, err := parseDefault()
	if err != nil {
		panic(err) // the embedded file is tested
	}
	return p
}

// DefaultPolicyJSON is the embedded rule book as it is stored.
func DefaultPolicyJSON() []byte { return bytes.Clone(defaultPolicy) }

// ParsePolicy reads and checks a rule book. An error of kind Fix names every
// place that is wrong.
func ParsePolicy(raw []byte) (*Policy, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	var p Policy
	if err := decoder.Decode(&p); err != nil {
		return nil, errs.New(errs.Fix, "policy_unreadable", "措施规则不是合法的JSON").Because(err)
	}
	if details := p.check(); len(details) > 0 {
		return nil, errs.New(errs.Fix, "policy_invalid", "措施规则有%d处错误", len(details)).With(details...)
	}
	return &p, nil
}

// has says whether the rule book has a line.
func (p *Policy) has(h Hazard, v Variant, l Level) bool { return p.index[rowKey{h, v, l}] != nil }

// cell finds the cell for a place; the level must be a colour. A hazard that
// the rule book does not know is treated as other.
func (p *Policy) cell(h Hazard, v Variant, l Level, c Column) (Cell, string) {
	if !p.has(h, v, l) {
		h, v = Other, Usual
	}
	row := p.index[rowKey{h, v, l}]
	return row.Cells[c], row.Basis
}

// source says in words what a row rests on; a key without words stands for
// itself.
func (p *Policy) source(basis string) string {
	keys := strings.FieldsFunc(basis, func(r rune) bool { return strings.ContainsRune("+, ，、", r) })
	for i, k := range keys {
		if words := p.Sources[k]; words != "" {
			keys[i] = words
		}
	}
	return strings.Join(keys, "、")
}

// ColumnOf is the column of a site kind; kinds the rule book does not know are
// treated as a yard (场站).
func (p *Policy) ColumnOf(kind string) Column {
	if c, ok := p.Kinds[kind]; ok {
		return c
	}
	return Yard
}
