package roster

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/clock"
)

// Corrected is a full hour whose headcount passes that came late changed.
type Corrected struct {
	At                            time.Time
	CertainBefore, PossibleBefore int
	Certain, Possible             int
}

// LatePasses are passes of one gate that came long after their time: a backlog
// (积压) after an outage.
type LatePasses struct {
	Serial      string
	Passes      int
	From, Until time.Time // by the gate's time
	Received    time.Time
	Hours       []Corrected
}

// Words says what a backlog changed: how many hours, and the one that changed most.
func (l LatePasses) Words() string {
	said := fmt.Sprintf("闸机 %s 补传了 %s 至 %s 的 %d 条打卡，%s 收到。", l.Serial, hourWords(l.From), hourWords(l.Until), l.Passes, hourWords(l.Received))
	changed, most, by := 0, Corrected{}, 0
	for _, h := range l.Hours {
		certain, possible := h.Certain-h.CertainBefore, h.Possible-h.PossibleBefore
		if certain == 0 && possible == 0 {
			continue
		}
		changed++
		if d := max(certain, -certain) + max(possible, -possible); d > by {
			most, by = h, d
		}
	}
	if changed == 0 {
		return said + "整点的在场人数没有变。"
	}
	return said + fmt.Sprintf("%d 个整点的在场人数随之改正；改得最多的是 %s：%s。", changed, hourWords(most.At), most.words())
}

// words names only what changed.
func (c Corrected) words() string {
	var said []string
	if c.Certain != c.CertainBefore {
		said = append(said, fmt.Sprintf("确定在场由 %d 改为 %d", c.CertainBefore, c.Certain))
	}
	if c.Possible != c.PossibleBefore {
		said = append(said, fmt.Sprintf("可能在场由 %d 改为 %d", c.PossibleBefore, c.Possible))
	}
	return strings.Join(said, "，")
}

func hourWords(t time.Time) string { return t.In(clock.Shanghai).Format("1月2日15:04") }
