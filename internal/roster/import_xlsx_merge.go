package roster

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetParts finds the parts of an archive that hold the sheets, by their names
// (ECMA-376 Part 1 §12.3.23, Part 2 §8.3). What is not found has no merged cells.
func sheetParts(archive *zip.Reader) map[string]*zip.File {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if readPart(archive, "xl/workbook.xml", &book) != nil || readPart(archive, "xl/_rels/workbook.xml.rels", &links) != nil {
		return nil
	}
	target := map[string]*zip.File{}
	for _, l := range links.List {
		target[l.ID] = partNamed(archive, l.Target)
	}
	parts := map[string]*zip.File{}
	for _, s := range book.Sheets {
		parts[s.Name] = target[s.ID]
	}
	return parts
}

// partNamed finds the part that a relationship of the workbook leads to.
func partNamed(archive *zip.Reader, to string) *zip.File {
	name, absolute := strings.CutPrefix(to, "/")
	if !absolute {
		name = path.Join("xl", to)
	}
	for _, p := range archive.File {
		if p.Name == name {
			return p
		}
	}
	return nil
}

const smallPart = 1 << 20

func readPart(archive *zip.Reader, name string, into any) error {
	r, err := archive.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(io.LimitReader(r, smallPart)).Decode(into)
}

var mergeRef = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*\bref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"`)

// block is a merged range, columns and rows counted from 1.
type block struct{ left, top, right, bottom int }

// mergedCells lists the merged ranges of a sheet. They stand behind its rows, so
// the rows are only read over, not understood.
func mergedCells(part *zip.File) (blocks []block) {
	if part == nil {
		return nil
	}
	r, err := part.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		tag, err := lines.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil
		}
		if bytes.HasSuffix(tag, []byte("sheetData>")) && bytes.Contains(tag[max(0, len(tag)-30):], []byte("</")) {
			break
		}
	}
	tail, err := io.ReadAll(io.LimitReader(lines, 4*smallPart))
	if err != nil {
		return nil
	}
	for _, m := range mergeRef.FindAllSubmatch(tail, -1) {
		var b block
		var first, last error
		b.left, b.top, first = excelize.CellNameToCoordinates(string(m[1]))
		b.right, b.bottom, last = excelize.CellNameToCoordinates(string(m[2]))
		if first == nil && last == nil {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// mostUnfolded is how many rows merged cells may cover in all: a file can claim
// any number of them.
const mostUnfolded = 20 * MaxRows

// unfold writes the text of a merged cell into all the cells that it covers.
func unfold(records []record, blocks []block) {
	at := make(map[int]int, len(records))
	for i, r := range records {
		at[r.line%sheetLines] = i
	}
	work := 0
	for _, b := range blocks {
		if work += max(0, b.bottom-b.top) + 1; work > mostUnfolded {
			return
		}
		first, there := at[b.top]
		if !there || len(records[first].cells) < b.left {
			continue
		}
		text := records[first].cells[b.left-1]
		for line := b.top; text != "" && line <= b.bottom; line++ {
			if i, there := at[line]; there {
				records[i].spread(b, text)
			}
		}
	}
}

func (r *record) spread(b block, text string) {
	for len(r.cells) < min(b.right, maxColumns) {
		r.cells = append(r.cells, "")
	}
	for i := b.left - 1; i < min(b.right, maxColumns); i++ {
		if r.cells[i] == "" {
			r.cells[i] = text
		}
	}
}
