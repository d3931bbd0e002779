package gate

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"

	"muster/internal/errs"
)

// inflate undoes a Content-Encoding. Some firmware says deflate and means zlib
// (RFC 1950), some means the bare stream (RFC 1951). At most limit bytes come out.
func inflate(encoding string, body []byte, limit int64) ([]byte, error) {
	open, err := opener(strings.ToLower(strings.TrimSpace(encoding)))
	if open == nil || err != nil {
		return body, err
	}
	broken := errs.New(errs.Fix, "encoding_broken", "压缩内容解不开，请检查 Content-Encoding")
	from, err := open(body)
	if err != nil {
		return nil, broken.Because(err)
	}
	plain, err := io.ReadAll(io.LimitReader(from, limit+1))
	switch {
	case int64(len(plain)) > limit:
		return nil, errs.New(errs.Limit, codeTooLarge, "解压后太大，最多 %d 字节", limit)
	case err != nil:
		return nil, broken.Because(err)
	}
	return plain, nil
}

func opener(encoding string) (func([]byte) (io.Reader, error), error) {
	switch encoding {
	case "", "identity":
		return nil, nil
	case "gzip", "x-gzip":
		return func(b []byte) (io.Reader, error) { return gzip.NewReader(bytes.NewReader(b)) }, nil
	case "deflate":
		return deflated, nil
	}
	return nil, errs.New(errs.Fix, "encoding_unknown", "不支持的 Content-Encoding，可用 gzip、deflate，或不压缩")
}

func deflated(b []byte) (io.Reader, error) {
	if r, err := zlib.NewReader(bytes.NewReader(b)); err == nil {
		return r, nil
	}
	return flate.NewReader(bufio.NewReader(bytes.NewReader(b))), nil
}
