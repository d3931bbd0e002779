package pdf

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"testing"
)

// A reader finds every object where the table says, and the table where the end says.
func TestTheTableLeadsToEveryObject(t *testing.T) {
	var s Sheet
	s.Rect(10, 10, 5, 5)
	s.Centred(40, 44, true, "集合点 · 到达请扫码")
	s.Address(60, 9, "https://muster.example/c/abc")
	file := s.Bytes("大门")
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	if start == nil {
		t.Fatalf("no end: %s", file)
	}
	at, _ := strconv.Atoi(string(start[1]))
	if !bytes.HasPrefix(file[at:], []byte("xref\n0 10\n")) {
		t.Fatalf("no table at %d", at)
	}
	entries := regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllSubmatch(file[at:], -1)
	if len(entries) != 9 {
		t.Fatalf("%d objects", len(entries))
	}
	for i, e := range entries {
		begin, _ := strconv.Atoi(string(e[1]))
		if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(file[begin:], []byte(want)) {
			t.Errorf("object %d is not at %d", i+1, begin)
		}
	}
	length := regexp.MustCompile(`/Length (\d+) >>\nstream\n`).FindSubmatchIndex(file)
	n, _ := strconv.Atoi(string(file[length[2]:length[3]]))
	if !bytes.HasPrefix(file[length[1]+n:], []byte("endstream")) {
		t.Error("the drawing is not as long as it says")
	}
}

// What is too long for the sheet is set smaller, and stays in the middle.
func TestALongNameFitsTheSheet(t *testing.T) {
	for _, text := range []string{"门", "石棉至雨城高速公路工程十六合同段第一驻地生活区南侧大门（临时）", "K12+300 Tunnel 隧道进口"} {
		var s Sheet
		s.Centred(50, 44, false, text)
		m := regexp.MustCompile(`/Song ([\d.]+) Tf 0 Tr ([\d.]+) `).FindStringSubmatch(s.drawn.String())
		size, _ := strconv.ParseFloat(m[1], 64)
		x, _ := strconv.ParseFloat(m[2], 64)
		left, right := x*point, A4Width-(x+widthOf(text)*size)*point
		if size > 44 || left < 14.9 || right-left > 0.1 || left-right > 0.1 {
			t.Errorf("%s: %.2f pt, %.1f mm left, %.1f mm right", text, size, left, right)
		}
	}
}
