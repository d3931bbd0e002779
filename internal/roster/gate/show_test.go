package gate_test

import (
	"strings"
	"testing"

	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

var shut = gate.Showing{RefuseEntry: true, Warnings: []gate.Shown{{Title: "山洪红色预警（示例）", Level: "red", Measure: "evacuate", Sentence: "立即撤到上方平台"}}}

func TestAGateIsToldWhatIsInForce(t *testing.T) {
	h := open(t, gate.Push, nil)
	h.door.Showing = shut
	for _, answer := range []string{
		second(h.post(passesPath, "application/json", []byte(`{"passes":[{}]}`))),
		second(h.post("/gate/push/t0ken/beat", "application/json", []byte(`{}`))),
	} {
		if !strings.Contains(answer, `"refuse_entry":true`) || !strings.Contains(answer, "立即撤到上方平台") {
			t.Error(answer)
		}
	}
}

// The dialect has room for a text and for nothing else.
func TestALabourSystemIsToldInWords(t *testing.T) {
	h := realNameHouse(t)
	attendance := `{"projectCode":"P","teamSysNo":1,"dataList":[{"idCardType":"01","idCardNumber":"` + specimen + `","date":"2026-03-14 07:04:03","direction":"01"}]}`
	if code, text, _ := h.call("WorkerAttendance.Add", attendance); code != 0 || text != "" {
		t.Error(code, text)
	}
	h.door.Showing = shut
	code, text, data := h.call("WorkerAttendance.Add", attendance)
	if code != 0 || text != "现场有预警：山洪红色预警（示例）：立即撤到上方平台（禁止进入）" || data["requestSerialCode"] == "" {
		t.Error(code, text, data)
	}
}

func second(_ int, text string) string { return text }

var _ gate.Door = (*gatetest.Door)(nil)
