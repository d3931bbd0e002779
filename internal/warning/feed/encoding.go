package feed

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	declaredAs = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
)

// decode brings a document to UTF-8 by its byte order mark, else by its XML
// declaration. Bytes that do not fit the declared encoding refuse the document:
// a guess would change place names.
func decode(raw []byte) ([]byte, *Reason) {
	if e := utf16Of(raw); e != nil {
		return convert(raw, e, "UTF-16")
	}
	raw = bytes.TrimPrefix(raw, bomUTF8)
	name := "utf-8"
	if m := declaredAs.FindSubmatch(raw[:min(len(raw), 400)]); m != nil {
		name = strings.ToLower(string(m[1]))
	}
	switch name {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return checkUTF8(raw)
	case "gbk", "gb2312", "gb18030", "x-gbk", "cp936":
		return convert(raw, simplifiedchinese.GB18030, strings.ToUpper(name))
	}
	if strings.HasPrefix(name, "utf-16") {
		return nil, &Reason{"encoding", "声明为UTF-16编码，实际不是"}
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, &Reason{"encoding", "不支持的字符编码：" + name}
	}
	return convert(raw, e, name)
}

// utf16Of recognises UTF-16 by its mark or by the zero bytes around the first
// angle bracket.
func utf16Of(raw []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}), bytes.HasPrefix(raw, []byte{0, '<'}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{'<', 0}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

func checkUTF8(raw []byte) ([]byte, *Reason) {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return nil, &Reason{"encoding", fmt.Sprintf("声明（或默认）为UTF-8编码，第%d字节起不是UTF-8，可能实为GBK", i+1)}
		}
		i += n
	}
	return raw, nil
}

func convert(raw []byte, e encoding.Encoding, name string) ([]byte, *Reason) {
	out, err := e.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return nil, &Reason{"encoding", "声明为" + name + "编码，内容与声明不符"}
	}
	return out, nil
}
