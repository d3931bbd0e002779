package web

import (
	"bytes"
	"compress/gzip"
)

// pack compresses a file, or returns nil when that saves less than a tenth.
func pack(body []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.DefaultCompression)
	if err != nil { // only an unknown level
		panic(err)
	}
	_, _ = z.Write(body) // a bytes.Buffer does not fail
	_ = z.Close()
	if out.Len() > len(body)*9/10 {
		return nil
	}
	return out.Bytes()
}
