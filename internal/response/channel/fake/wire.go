package fake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
)

const maxBody = 256 << 10

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

func isMobile(s string) bool { return mobile.MatchString(s) }

// readBody reads a bounded body; false: answered already.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "body too large", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	return body, true
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// pushJSON is a POST of v; none when the address is no URL.
func pushJSON(url string, v any) []*http.Request {
	body, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	return []*http.Request{req}
}
