package gate

import (
	"context"
	"log/slog"
	"strings"
)

// Shown is one warning as a gate shows it to whoever passes.
type Shown struct {
	Title    string `json:"title"`
	Level    string `json:"level"`
	Measure  string `json:"measure"`
	Sentence string `json:"sentence"`
	Exercise bool   `json:"exercise"`
}

// Showing is what a gate is told about its site, strictest first.
type Showing struct {
	Warnings    []Shown `json:"warnings"`
	RefuseEntry bool    `json:"refuse_entry"` // 禁入: let nobody in; who goes out is always let out
}

// words are for those who can only be told a text.
func (s Showing) words() string {
	if len(s.Warnings) == 0 {
		return ""
	}
	list := make([]string, len(s.Warnings))
	for i, w := range s.Warnings {
		list[i] = w.Title
		if w.Exercise {
			list[i] = "【演练】" + list[i]
		}
		if w.Sentence != "" {
			list[i] += "：" + w.Sentence
		}
	}
	text := "现场有预警：" + strings.Join(list, "；")
	if s.RefuseEntry {
		text += "（禁止进入）"
	}
	return text
}

// shows asks what is in force at the gate's site. The passes are on disk by now: a
// gate that cannot be told of a warning has still told us who passed, and must not
// send it again.
func (v *visit) shows() Showing {
	s, err := v.h.Shows(v.ctx(), v.device)
	if err != nil {
		v.h.Log.LogAttrs(context.WithoutCancel(v.ctx()), slog.LevelError, "a gate is not told what is asked for",
			slog.String("device", v.device.ID.String()), slog.String("err", err.Error()))
	}
	if s.Warnings == nil {
		s.Warnings = []Shown{}
	}
	return s
}
