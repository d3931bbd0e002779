package media

import (
	"bytes"
	"crypto/sha256"
	"image"
	_ "image/jpeg" // the formats that drones and phones write
	_ "image/png"
	"io"
	"net/http"
	"strings"

	"muster/internal/errs"
)

// Inspected is what a file turned out to be, by its bytes and not by its name.
type Inspected struct {
	ContentType   string
	SHA256        []byte
	Width, Height int // of a picture, in pixels
	body          []byte
}

// maxPixels refuses pictures whose decoding would take more memory than a
// server has to spare; it is asked of the header, before anything is decoded.
const maxPixels = 400 << 20

// Inspect looks at a file. Only pictures and PDF are taken.
func Inspect(body []byte) (Inspected, error) {
	if len(body) == 0 {
		return Inspected{}, errs.New(errs.Fix, "file_empty", "文件是空的")
	}
	sum := sha256.Sum256(body)
	f := Inspected{ContentType: strings.SplitN(http.DetectContentType(body), ";", 2)[0], SHA256: sum[:], body: body}
	switch f.ContentType {
	case "application/pdf":
		return f, nil
	case "image/jpeg", "image/png":
		size, _, err := image.DecodeConfig(bytes.NewReader(body))
		if err != nil {
			return f, errs.New(errs.Fix, "picture_broken", "图片打不开，请重新导出").Because(err)
		}
		if size.Width*size.Height > maxPixels {
			return f, errs.New(errs.Limit, "picture_huge", "图片有 %d×%d 像素，太大了", size.Width, size.Height)
		}
		f.Width, f.Height = size.Width, size.Height
		return f, nil
	}
	return f, errs.New(errs.Fix, "file_kind", "只收 JPEG、PNG 图片和 PDF").
		With(errs.Detail{Where: "body", Text: "文件内容是 " + f.ContentType})
}

// Fits says whether the file can be a document of a kind: a panorama is an
// equirectangular picture, twice as wide as high.
func (f Inspected) Fits(kind string) error {
	if kind != "panorama" {
		return nil
	}
	if f.Width == 0 || f.Width != 2*f.Height {
		return errs.New(errs.Fix, "not_panorama", "全景照片应是宽为高两倍的图片（等距柱状投影），这张是 %d×%d", f.Width, f.Height)
	}
	return nil
}

// Picture says whether it is one.
func (f Inspected) Picture() bool { return f.Width > 0 }

// Size is the number of bytes.
func (f Inspected) Size() int64 { return int64(len(f.body)) }

// Reader reads the bytes.
func (f Inspected) Reader() io.Reader { return bytes.NewReader(f.body) }
