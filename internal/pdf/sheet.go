// Package pdf writes a single sheet of paper (PDF 1.7, ISO 32000-1): lines of Chinese
// text and black rectangles. No font is embedded. Chinese is set in STSong-Light of
// the collection Adobe-GB1 by the predefined CMap UniGB-UTF16-H (9.7.5.2), for which
// readers use a Chinese font of their own; addresses are set in Courier (9.6.2.2).
package pdf

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// The size of A4 in millimetres (ISO 216).
const (
	A4Width  = 210.0
	A4Height = 297.0
)

// point is a PDF unit in millimetres.
const point = 25.4 / 72

// Sheet is a page in upright A4. Places are millimetres from the upper left corner.
type Sheet struct {
	drawn bytes.Buffer
}

// Rect fills a black rectangle.
func (s *Sheet) Rect(x, y, w, h float64) {
	fmt.Fprintf(&s.drawn, "%.3f %.3f %.3f %.3f re f\n", x/point, (A4Height-y-h)/point, w/point, h/point)
}

// Centred sets a line of Chinese text in the middle of the sheet, its base line at y,
// in points; smaller where it would be wider than the sheet less 15 mm on each side.
func (s *Sheet) Centred(y, size float64, bold bool, text string) {
	wide := widthOf(text)
	size = min(size, (A4Width-30)/point/max(wide, 0.001))
	x := (A4Width/point - wide*size) / 2
	stroke := "0 Tr"
	if bold {
		stroke = fmt.Sprintf("2 Tr %.2f w", size/40)
	}
	fmt.Fprintf(&s.drawn, "BT /Song %.2f Tf %s %.3f %.3f Td <%X> Tj ET\n", size, stroke, x, (A4Height-y)/point, utf16BE(text))
}

// Address sets a line of ASCII in the middle of the sheet.
func (s *Sheet) Address(y, size float64, text string) {
	const advance = 0.6 // of every glyph of Courier
	size = min(size, (A4Width-30)/point/(advance*float64(max(len(text), 1))))
	x := (A4Width/point - advance*size*float64(len(text))) / 2
	fmt.Fprintf(&s.drawn, "BT /Mono %.2f Tf 0 Tr %.3f %.3f Td <%X> Tj ET\n", size, x, (A4Height-y)/point, text)
}

// Bytes is the file. The title is what readers show above it.
func (s *Sheet) Bytes(title string) []byte {
	var f file
	f.object("<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>")
	f.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	f.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents 4 0 R /Resources << /Font << /Song 5 0 R /Mono 8 0 R >> >> >>",
		A4Width/point, A4Height/point))
	f.object(fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", s.drawn.Len(), s.drawn.String()))
	f.object("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>")
	f.object("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> " +
		"/DW 1000 /W [1 " + asciiWidthList() + "] /FontDescriptor 7 0 R >>")
	f.object("<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>")
	f.object("<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>")
	f.object(fmt.Sprintf("<< /Title <FEFF%X> >>", utf16BE(title)))
	return f.bytes()
}

func utf16BE(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// file is a PDF file as it is written: numbered objects, the first the catalogue, the
// last the information about the document, and a table of where they begin (7.5.4).
type file struct {
	body   bytes.Buffer
	begins []int
}

func (f *file) object(body string) {
	if f.body.Len() == 0 {
		f.body.WriteString("%PDF-1.7\n%\xE4\xB8\xAD\n") // bytes over 127: it is no text file (7.5.2)
	}
	f.begins = append(f.begins, f.body.Len())
	fmt.Fprintf(&f.body, "%d 0 obj\n%s\nendobj\n", len(f.begins), body)
}

func (f *file) bytes() []byte {
	table := f.body.Len()
	fmt.Fprintf(&f.body, "xref\n0 %d\n0000000000 65535 f \n", len(f.begins)+1)
	for _, at := range f.begins {
		fmt.Fprintf(&f.body, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&f.body, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(f.begins)+1, len(f.begins), table)
	return f.body.Bytes()
}
