package httpapi

import (
	"fmt"
	"iter"
	"strings"

	"rsc.io/qr"
)

// qrCode is a QR code (ISO/IEC 18004) as the path of an SVG: one unit for a module,
// with the quiet zone of four around it.
type qrCode struct {
	Size int    `json:"size"`
	Path string `json:"path"`
}

const quietZone = 4

// qrOf encodes a text for a screen, where larger modules are worth more than dirt
// that may lie on them.
func qrOf(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return qrCode{}, err
	}
	var b strings.Builder
	for r := range blackRuns(code) {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.x+quietZone, r.y+quietZone, r.length, r.length)
	}
	return qrCode{code.Size + 2*quietZone, b.String()}, nil
}

// run is black modules side by side.
type run struct{ x, y, length int }

func blackRuns(code *qr.Code) iter.Seq[run] {
	return func(yield func(run) bool) {
		for y := range code.Size {
			for x := 0; x < code.Size; x++ {
				begin := x
				for x < code.Size && code.Black(x, y) {
					x++
				}
				if x > begin && !yield(run{begin, y, x - begin}) {
					return
				}
			}
		}
	}
}
