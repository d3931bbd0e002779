package feed

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestViewIsTheFixedJSON(t *testing.T) {
	raw := capDoc("<polygon>"+square+"</polygon>",
		"<polygon>30,103 30,103.1 30.1,103.1 30,103</polygon><geocode><valueName>CN_ADMIN_6</valueName><value>511802</value></geocode>")
	got, err := json.Marshal(Parse(raw, receivedAt).View("a.xml", receivedAt))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a.xml","format":"cap","outcome":"accepted","reasons":[],"messages":[{"id":"A-1","national_id":"",` +
		`"sender":"cap@example.invalid","sent":"2026-07-10T18:05:00+08:00","status":"actual","msg_type":"alert","all_clear":false,` +
		`"references":[],"headline":"雅安市气象台发布暴雨橙色预警","flags":[],"dispatchable":true,"claims":[{"language":"zh-CN","group":0,` +
		`"hazard":"rain","event":"暴雨","event_code":"","level":"orange","level_source":"field","onset":null,"expires":"2026-07-11T18:05:00+08:00",` +
		`"expires_default":false,"area":{"basis":"polygon","text":"雅安市雨城区","regions":["511802"],"possible":[],` +
		`"geometry":{"type":"MultiPolygon","coordinates":[[[[103,30],[103.1,30],[103.1,30.1],[103,30]]]]}}}]}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestViewOfNothingHasEmptyListsAndNulls(t *testing.T) {
	got, err := json.Marshal(Parse(nil, receivedAt).View("b", receivedAt))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"b","format":"unknown","outcome":"rejected","reasons":[{"code":"empty","text":"文件为空：这是一次失败的获取，不等于没有预警"}],"messages":[]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
