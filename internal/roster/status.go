package roster

// Status is where a project or section stands (项目状态). Stopped is not empty:
// people may still sleep there.
type Status string

// The states, operations.md §6.
const (
	Planned    Status = "planned"
	Building   Status = "building"
	Stopped    Status = "stopped"
	Winter     Status = "winter"
	HandedOver Status = "handed_over"
	Finished   Status = "finished"
)

var statuses = words("项目状态",
	word(Planned, "筹建", "未开工", "前期"),
	word(Building, "在建", "施工中", "建设中"),
	word(Stopped, "停工", "停建"),
	word(Winter, "冬休", "冬歇"),
	word(HandedOver, "交工", "已交工"),
	word(Finished, "完工", "已完工", "竣工"),
)

// ParseStatus reads a code, label or alias; errs.Fix otherwise.
func ParseStatus(text string) (Status, error) { return statuses.parse(text) }

// Label is the Chinese word of the state.
func (s Status) Label() string { return statuses.label(s) }

// Sector is the branch of transport a project belongs to (行业).
type Sector string

// The sectors.
const (
	Road     Sector = "road"
	Waterway Sector = "waterway"
)

var sectors = words("行业", word(Road, "公路", "高速公路", "道路"), word(Waterway, "水运", "航道", "港口", "水路"))

// ParseSector reads a code, label or alias; errs.Fix otherwise.
func ParseSector(text string) (Sector, error) { return sectors.parse(text) }

// Label is the Chinese word of the sector.
func (s Sector) Label() string { return sectors.label(s) }

// Signal is how well a phone works at a site (通信信号).
type Signal string

// The three grades.
const (
	NoSignal   Signal = "none"
	WeakSignal Signal = "weak"
	GoodSignal Signal = "good"
)

var signals = words("通信信号",
	word(NoSignal, "无", "无信号", "没有"),
	word(WeakSignal, "弱", "弱信号", "差"),
	word(GoodSignal, "好", "有", "良好", "正常", "强"),
)

// ParseSignal reads a code, label or alias; errs.Fix otherwise.
func ParseSignal(text string) (Signal, error) { return signals.parse(text) }

// Label is the Chinese word of the grade.
func (s Signal) Label() string { return signals.label(s) }

// Direction is which way a pass went.
type Direction string

// The directions; a gate that cannot tell sends Unknown.
const (
	In      Direction = "in"
	Out     Direction = "out"
	Unknown Direction = "unknown"
)

var directions = words("方向", word(In, "进", "进场", "入"), word(Out, "出", "出场"), word(Unknown, "未知", "不明"))

// ParseDirection reads a code, label or alias; errs.Fix otherwise.
func ParseDirection(text string) (Direction, error) { return directions.parse(text) }

// Label is the Chinese word of the direction.
func (d Direction) Label() string { return directions.label(d) }
