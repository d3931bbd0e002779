package feed

import (
	"cmp"
	"slices"
)

// MarkKind is what a marked piece of a text was taken for.
type MarkKind string

// The kinds of marks.
const (
	MarkIssuer   MarkKind = "issuer"   // 发布单位
	MarkAct      MarkKind = "act"      // 发布、更新、解除
	MarkIssued   MarkKind = "issued"   // 发布时间
	MarkHazard   MarkKind = "hazard"   // 灾种
	MarkLevel    MarkKind = "level"    // 等级
	MarkWindow   MarkKind = "window"   // 时段
	MarkRegion   MarkKind = "region"   // 区域
	MarkExcluded MarkKind = "excluded" // 不含的区域
	MarkCount    MarkKind = "count"    // 文中写明的县数
	MarkAdvice   MarkKind = "advice"   // 防御措施
	MarkUnread   MarkKind = "unread"   // matters, and could not be read
)

// Mark is a piece of a text with what it was taken for.
type Mark struct {
	From, To int // characters (code points) of the text as it was pasted
	Kind     MarkKind
	Means    string // in Chinese: the region and its code, the level, why it was not read
	Certain  bool   // false: a person must confirm
}

// mark notes what bytes from…to of the bulletin's text were taken for.
func (b *bulletin) mark(from, to int, kind MarkKind, means string, certain bool) {
	if from >= to {
		return
	}
	b.marks = append(b.marks, Mark{b.text.at[from], b.text.at[to-1] + 1, kind, means, certain})
}

// inOrder sorts marks by place and takes out those that overlap an earlier one:
// each character was taken for one thing.
func inOrder(marks []Mark) []Mark {
	slices.SortStableFunc(marks, func(a, b Mark) int {
		if a.From != b.From {
			return cmp.Compare(a.From, b.From)
		}
		return cmp.Compare(b.To, a.To)
	})
	out := marks[:0]
	for _, m := range marks {
		if len(out) == 0 || m.From >= out[len(out)-1].To {
			out = append(out, m)
		}
	}
	return out
}
