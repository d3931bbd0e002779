package roster

import (
	"bytes"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// Kind is what an imported file lists.
type Kind string

// The kinds of files.
const (
	Companies  Kind = "companies"
	Projects   Kind = "projects"
	Sections   Kind = "sections"
	Sites      Kind = "sites"
	People     Kind = "people"
	Posts      Kind = "posts"
	Beds       Kind = "beds"
	DutyRoster Kind = "duty_roster"

	Teams        Kind = "teams"
	Shifts       Kind = "shifts"
	Leaves       Kind = "leaves"
	Certificates Kind = "certificates"
)

// Kinds are all kinds, in the order in which they lean on each other.
func Kinds() []Kind {
	return []Kind{Companies, Projects, Sections, Sites, People, Posts, Beds, DutyRoster, Teams, Shifts, Leaves, Certificates,
		ContactList, ContractStaff}
}

// Label is the Chinese word.
func (k Kind) Label() string { return layouts[k].label }

// ParseKind reads the name of a kind; errs.NotFound otherwise.
func ParseKind(text string) (Kind, error) {
	if _, known := layouts[Kind(text)]; !known {
		return "", errs.New(errs.NotFound, "import_kind", "没有 %q 这种导入", text)
	}
	return Kind(text), nil
}

// Format is how a file is written.
type Format string

// The formats. GeoJSON (RFC 7946) is for sites only.
const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx" // Office Open XML workbook (ECMA-376)
	GeoJSON Format = "geojson"
)

// Limits of one file.
const (
	MaxRows  = 50_000
	maxBytes = 64 << 20
)

// Options are what the file itself does not say.
type Options struct {
	// Datum is the coordinate system of the whole file, for rows that do not
	// name one. There is no default: positions without a datum are refused.
	Datum geo.Datum
	// Range is the deployment's own range, WGS 84; sites outside are held. The
	// zero Bound holds nothing.
	Range orb.Bound
	// Within is the region in which names of regions are looked up.
	Within geo.Region
}

// Sichuan is the range of positions and the region of a deployment in Sichuan.
func Sichuan(datum geo.Datum) Options {
	return Options{
		Datum:  datum,
		Range:  orb.Bound{Min: orb.Point{97.3, 26.0}, Max: orb.Point{108.6, 34.4}},
		Within: "510000000000",
	}
}

// Problem is one thing in a file that has to be mended. Line is the line of the
// file or of its sheet, counted from 1 (in GeoJSON the number of the feature); 0
// means the file as a whole. Value is masked where it is a name, a phone or an ID
// number.
type Problem struct {
	Sheet  string `json:"sheet,omitempty" doc:"工作表；只有一张时不写"`
	Line   int    `json:"line"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Text   string `json:"text"`
	Mend   string `json:"mend"`
}

func (p Problem) String() string {
	return fmt.Sprintf("line %d, %s %q: %s (%s)", p.Line, p.Column, p.Value, p.Text, p.Mend)
}

// Listed is something that was not taken and is no fault: a total, a note, a
// column nobody knows, a phone that many people share.
type Listed struct {
	Sheet string `json:"sheet,omitempty"`
	Line  int    `json:"line"`
	Text  string `json:"text"`
}

// File is a file as understood: the good rows, with references to other nouns
// still by their natural keys, and everything that is wrong with the others.
type File struct {
	Kind   Kind
	Sheets []string // of a workbook; see Place
	// LooksLike is the kind whose columns the file has, when it has not those of
	// its own.
	LooksLike Kind
	Rows      int // rows of data, good and bad
	Problems  []Problem
	Listed    []Listed

	Companies []CompanyRow
	Projects  []ProjectRow
	Sections  []SectionRow
	Sites     []SiteRow
	People    []PersonRow
	Posts     []PostRow
	Beds      []BedRow
	Duties    []DutyRow

	Teams        []TeamRow
	Shifts       []ShiftRow
	Leaves       []LeaveRow
	Certificates []CertificateRow
}

// Good is how many rows can be written; of a form, how many of its lines.
func (f File) Good() int {
	if f.Kind.IsForm() {
		lines := map[int]bool{}
		for _, c := range f.Companies {
			lines[c.Line] = true
		}
		for _, p := range f.Posts {
			lines[p.Line] = true
		}
		return len(lines)
	}
	return len(f.Companies) + len(f.Projects) + len(f.Sections) + len(f.Sites) +
		len(f.People) + len(f.Posts) + len(f.Beds) + len(f.Duties) +
		len(f.Teams) + len(f.Shifts) + len(f.Leaves) + len(f.Certificates)
}

// ParseImport reads a file. What is wrong with rows or columns is in
// File.Problems; an error means that the bytes are no such file at all (errs.Fix,
// or errs.Limit when it is too large).
func ParseImport(kind Kind, format Format, r io.Reader, opt Options) (File, error) {
	layout, known := layouts[kind]
	if !known {
		return File{}, errs.New(errs.NotFound, "import_kind", "没有 %q 这种导入", kind)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return File{}, errs.New(errs.Fix, "import_read", "文件没有传完整").Because(err)
	}
	if len(raw) > maxBytes {
		return File{}, errs.New(errs.Limit, "import_large", "文件超过 %d MB，请分成几个", maxBytes>>20)
	}
	in := &reader{File: File{Kind: kind}, opt: opt, layout: layout, seen: map[string]int{}}
	switch {
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		err = errs.New(errs.Fix, "import_pdf", "这是 PDF，不是表格").
			With(errs.Detail{Where: "body", Text: "PDF 里没有行和列", Mend: "请找填表的人要 Excel 原件，或照模板重新填"})
	case format == XLSX || format == CSV && isWorkbook(raw):
		err = in.xlsx(raw)
	case format == CSV:
		err = in.csv(raw)
	case format == GeoJSON && kind == Sites:
		err = in.geojson(raw)
	default:
		err = errs.New(errs.Fix, "import_format", "这种导入不能用 %q 格式", format)
	}
	if err != nil {
		return File{}, err
	}
	in.sharedPhones()
	return in.File, nil
}
