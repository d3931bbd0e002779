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
	return in.table(records)
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
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", oldWorkbook()
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
