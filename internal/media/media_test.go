package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"testing"

	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/media/s3gw"
)

var gateway *s3gw.Gateway

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "muster-media-")
	if err == nil {
		defer os.RemoveAll(dir)
		gateway, err = s3gw.Start(context.Background(), dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no object store:", err)
		return 1
	}
	defer gateway.Stop()
	return m.Run()
}

func store(t *testing.T) *media.Store {
	t.Helper()
	s, err := media.Open(t.Context(), gateway.Config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnObjectComesBackByteForByte(t *testing.T) {
	s := store(t)
	for name, body := range map[string][]byte{"small": []byte("x"), "empty": {}, "six megabytes": bytes.Repeat([]byte("muster"), 1<<20)} {
		key := "other/" + name + "/original"
		if err := s.Put(t.Context(), key, bytes.NewReader(body), int64(len(body)), "application/pdf"); err != nil {
			t.Fatal(name, err)
		}
		o, err := s.Get(t.Context(), key)
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := io.ReadAll(o)
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%s: %d bytes came back, %v", name, len(got), err)
		}
		if _, err := o.Seek(0, io.SeekStart); err != nil {
			t.Errorf("%s cannot be read again: %v", name, err)
		}
		_ = o.Close()
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpeningAgainFindsTheSameBucket(t *testing.T) {
	if err := store(t).Put(t.Context(), "kept/original", bytes.NewReader([]byte("kept")), 4, "text/plain"); err != nil {
		t.Fatal(err)
	}
	o, err := store(t).Get(t.Context(), "kept/original")
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Close()
}

func TestWhatTheStoreCannotDoIsSaidInItsKind(t *testing.T) {
	if _, err := store(t).Get(t.Context(), "nothing/here"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a missing object: %v", err)
	}
	wrong := gateway.Config
	wrong.Secret = "not the secret"
	if _, err := media.Open(t.Context(), wrong); !errs.Is(err, errs.Down) {
		t.Errorf("a wrong secret: %v", err)
	}
	wrong.Endpoint = "http://with a scheme"
	if _, err := media.Open(t.Context(), wrong); !errs.Is(err, errs.Fix) {
		t.Errorf("a wrong address: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := store(t).Ping(gone); !errs.Is(err, errs.Down) || !errors.Is(err, context.Canceled) {
		t.Errorf("after leaving: %v", err)
	}
}

func jpegOf(w, h int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil)
	return b.Bytes()
}

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)))
	return b.Bytes()
}

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		kind string
		size [2]int
	}{
		"a JPEG": {jpegOf(40, 20), "image/jpeg", [2]int{40, 20}},
		"a PNG":  {pngOf(10, 30), "image/png", [2]int{10, 30}},
		"a PDF":  {[]byte("%PDF-1.7\n..."), "application/pdf", [2]int{}},
	} {
		f, err := media.Inspect(c.body)
		if err != nil || f.ContentType != c.kind || [2]int{f.Width, f.Height} != c.size {
			t.Errorf("%s: %s %d×%d, %v", name, f.ContentType, f.Width, f.Height, err)
		}
		if sum := sha256.Sum256(c.body); !bytes.Equal(f.SHA256, sum[:]) {
			t.Errorf("%s: another hash", name)
		}
		if got, _ := io.ReadAll(f.Reader()); !bytes.Equal(got, c.body) {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestFilesThatAreNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		code string
	}{
		"nothing":     {nil, "file_empty"},
		"a page":      {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "file_kind"},
		"a drawing":   {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "file_kind"},
		"a program":   {[]byte("\x7fELF\x02\x01\x01"), "file_kind"},
		"a torn JPEG": {jpegOf(40, 20)[:30], "picture_broken"},
		"a bomb":      {bomb(1_000_000, 1_000_000), "picture_huge"},
	} {
		_, err := media.Inspect(c.body)
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// bomb is a PNG that says it is far larger than anything that could be decoded.
func bomb(width, height uint32) []byte {
	b := pngOf(1, 1)
	for i := range 4 {
		b[16+i], b[20+i] = byte(width>>(24-8*i)), byte(height>>(24-8*i))
	}
	sum := crc32.ChecksumIEEE(b[12:29])
	for i := range 4 {
		b[29+i] = byte(sum >> (24 - 8*i))
	}
	return b
}

func TestAPanoramaIsTwiceAsWideAsHigh(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		kind string
		fits bool
	}{
		"two to one":             {jpegOf(64, 32), "panorama", true},
		"square":                 {jpegOf(64, 64), "panorama", false},
		"a pixel short":          {jpegOf(63, 32), "panorama", false},
		"a PDF as panorama":      {[]byte("%PDF-1.7"), "panorama", false},
		"square, something else": {jpegOf(64, 64), "other", true},
		"a PDF as assessment":    {[]byte("%PDF-1.7"), "assessment", true},
	} {
		f, err := media.Inspect(c.body)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := f.Fits(c.kind); (err == nil) != c.fits || err != nil && !errs.Is(err, errs.Fix) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
