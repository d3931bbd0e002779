package httpapi

import (
	"fmt"
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

// qrOf encodes a text, so that a quarter of it may be dirty on a poster; less on a
// screen, where larger modules are worth more.
func qrOf(text string, level qr.Level) (qrCode, error) {
	code, err := qr.Encode(text, level)
	if err != nil {
		return qrCode{}, err
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; {
			if !code.Black(x, y) {
				x++
				continue
			}
			begin := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", begin+quietZone, y+quietZone, x-begin, x-begin)
		}
	}
	return qrCode{code.Size + 2*quietZone, b.String()}, nil
}
