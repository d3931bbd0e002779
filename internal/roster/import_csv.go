package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"muster/internal/errs"
)

// record is one row of a table as written, with its line in the file.
type record struct {
	line  int
	cells []string
}

// csv reads a table: headings, then rows.
func (in *reader) csv(raw []byte) error {
	text, err := decodeText(raw)
	if err != nil {
		return err
	}
	records, err := in.records(text)
	if err != nil {
		return err
	}
	head, at := in.layout.findHeader(records)
	if at < 0 {
		return errs.New(errs.Fix, "import_empty", "文件是空的")
	}
	if in.Problems = append(in.Problems, in.missing(head)...); len(in.missing(head)) > 0 {
		in.Rows = len(records) - at - 1
		return nil
	}
	if len(head.extra) > 0 {
		in.list(head.line, "没有用到的列："+strings.Join(head.extra, "、"))
	}
	for _, r := range records[at+1:] {
		in.record(head, r)
	}
	return nil
}

// record reads one row of data.
func (in *reader) record(head header, r record) {
	if text, skip := notData(r.cells); skip {
		if text == "" {
			text = "签名行，未导入"
		}
		if strings.TrimSpace(strings.Join(r.cells, "")) != "" {
			in.list(r.line, text)
		}
		return
	}
	cells := make(map[field]string, len(head.at))
	for f, i := range head.at {
		if i < len(r.cells) {
			cells[f] = strings.TrimSpace(r.cells[i])
		}
	}
	in.Rows++
	in.layout.read(in, &row{in: in, line: r.line, cells: cells, titles: head.title})
}

// records splits the text. A row with broken quotes is a problem; the others
// are still read.
func (in *reader) records(text string) ([]record, error) {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord = separator(text), -1
	var all []record
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			in.Problems = append(in.Problems, Problem{Line: broken.StartLine, Text: "引号没有成对", Mend: "请检查这一行的双引号，或重新另存为 CSV"})
			continue
		}
		if err != nil {
			return nil, errs.New(errs.Fix, "import_read", "文件读不下去").Because(err)
		}
		if len(all) > MaxRows+titleRows {
			return nil, errs.New(errs.Limit, "import_rows", "文件超过 %d 行，请分成几个", MaxRows)
		}
		line, _ := c.FieldPos(0)
		all = append(all, record{line, cells})
	}
}

// decodeText reads UTF-8, with or without a mark, else GB 18030.
func decodeText(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")) || bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", errs.New(errs.Fix, "import_workbook", "这是 Excel 工作簿，不是 CSV").
			With(errs.Detail{Where: "body", Text: "这是 Excel 工作簿", Mend: "请在表格软件里“另存为”CSV UTF-8"})
	case bytes.IndexByte(raw, 0) >= 0:
		return "", errs.New(errs.Fix, "import_binary", "这不是文本文件").
			With(errs.Detail{Where: "body", Text: "文件里有文本里没有的字节", Mend: "请“另存为”CSV UTF-8"})
	case utf8.Valid(raw):
		return string(raw), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", errs.New(errs.Fix, "import_encoding", "认不出文件的编码").
			With(errs.Detail{Where: "body", Text: "既不是 UTF-8 也不是 GB 18030", Mend: "请“另存为”CSV UTF-8"})
	}
	return string(text), nil
}

// separator is the one of comma, semicolon and tab that the first lines use most.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", titleRows+3)
	sample := strings.Join(lines[:min(len(lines), titleRows+2)], "\n")
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(sample, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}
