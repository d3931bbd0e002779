package roster

import (
	"archive/zip"
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"muster/internal/errs"
)

// Limits of a workbook: what it may become when it is unpacked, and how far to
// the right it is read.
const (
	maxUnpacked = 128 << 20
	maxParts    = 2000
	maxColumns  = 256
)

func isWorkbook(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

func oldWorkbook() error {
	return errs.New(errs.Fix, "import_workbook_old", "这是旧版或加密的 Excel 工作簿").
		With(errs.Detail{Where: "body", Text: "不是 .xlsx", Mend: "请在表格软件里“另存为”Excel 工作簿（.xlsx），不设密码"})
}

// xlsx reads a workbook. Sheets that have the columns of this kind are read, the
// others are listed. Formulas are taken by the value that was last worked out and
// are never evaluated.
func (in *reader) xlsx(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")) {
		return oldWorkbook()
	}
	parts, err := unpackable(raw)
	if err != nil {
		return err
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return notAWorkbook(err)
	}
	defer book.Close()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return errs.New(errs.Fix, "import_1904", "工作簿用的是 1904 日期系统，日期会差四年").
			With(errs.Detail{Where: "body", Text: "1904 日期系统", Mend: "请在 Excel 选项里去掉“使用 1904 日期系统”，核对日期后再存"})
	}
	return in.sheets(book, sheetParts(parts))
}

func notAWorkbook(err error) error {
	return errs.New(errs.Fix, "import_workbook", "不是能读的 Excel 工作簿").Because(err).
		With(errs.Detail{Where: "body", Text: "工作簿读不出来", Mend: "请在表格软件里打开，另存为 .xlsx 后再试"})
}

// unpackable looks at the directory of the archive before anything is unpacked. A
// directory that lies about a size is found out by archive/zip while it reads.
func unpackable(raw []byte) (*zip.Reader, error) {
	parts, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, notAWorkbook(err)
	}
	size := uint64(0)
	for _, p := range parts.File {
		size += min(p.UncompressedSize64, maxUnpacked+1)
	}
	if size > maxUnpacked || len(parts.File) > maxParts {
		return nil, errs.New(errs.Unsafe, "import_bomb", "工作簿解开后超过 %d MB，已拒收", maxUnpacked>>20).
			With(errs.Detail{Where: "body", Text: "解开后太大", Mend: "请删去图片和不用的工作表，或分成几个文件"})
	}
	return parts, nil
}

// sheets reads every visible sheet that has the columns. When none has, it is said
// what the most likely one lacks.
func (in *reader) sheets(book *excelize.File, of map[string]*zip.File) error {
	in.Sheets = book.GetSheetList()
	likely, known, read := []record(nil), -1, 0
	for i, name := range in.Sheets {
		if visible, err := book.GetSheetVisible(name); err == nil && !visible {
			in.list(i*sheetLines, "隐藏的工作表“"+name+"”，未导入")
			continue
		}
		records, err := in.sheet(book, i, name)
		if err != nil {
			return err
		}
		unfold(records, mergedCells(of[name]))
		head, next := in.layout.findHeader(records)
		switch {
		case next < 0:
		case len(in.missing(head)) == 0:
			read++
			if err := in.table(records); err != nil {
				return err
			}
		default:
			in.list(i*sheetLines, "工作表“"+name+"”不是这种表，未导入")
			if len(head.at) > known {
				likely, known = records, len(head.at)
			}
		}
	}
	if read == 0 {
		return in.table(likely)
	}
	return nil
}

// sheet reads the rows of one sheet that are not empty.
func (in *reader) sheet(book *excelize.File, index int, name string) ([]record, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, notAWorkbook(err)
	}
	defer rows.Close()
	var all []record
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, notAWorkbook(err)
		}
		cells = cells[:min(len(cells), maxColumns)]
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if in.Rows+len(all) > MaxRows+titleRows {
			return nil, errs.New(errs.Limit, "import_rows", "文件超过 %d 行，请分成几个", MaxRows)
		}
		for i, c := range cells {
			cells[i] = plainNumber(c)
		}
		all = append(all, record{index*sheetLines + line, cells})
	}
	if err := rows.Error(); err != nil {
		return nil, notAWorkbook(err)
	}
	return all, nil
}

var shortExponent = regexp.MustCompile(`^-?[0-9]\.[0-9]{5,14}E\+?[0-9]{1,2}$`)

// plainNumber writes out a number that a program stored as 1.3800000001E10. What
// has more digits than a number cell keeps is left as it is, to be refused.
func plainNumber(cell string) string {
	if !shortExponent.MatchString(cell) {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v >= 1e15 || v <= -1e15 {
		return cell
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
