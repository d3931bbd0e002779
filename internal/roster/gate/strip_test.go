package gate_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/roster/gate"
)

func TestStripLeavesWhatIsNoFace(t *testing.T) {
	for name, c := range map[string]struct{ kind, body string }{
		"JSON with blanks":  {"application/json", `{ "name" : "测试甲", "image" : "",  "n":[1,2,3] , "sign":"` + strings.Repeat("a1", 64) + `"}`},
		"JSON cut off":      {"application/json", `{"passes":[{"event_key":"1","tim`},
		"form":              {"application/x-www-form-urlencoded", `a=1&data=%7B%22projectCode%22%3A%22513%22%7D&b=x+y&sign=18a0d430d4ad90175a8a9125f8bfa157be828d7d9b091d66544d53a9df58eac9`},
		"lines":             {"text/plain", strings.Repeat("10023\t2026-03-14 07:04:03\t0\t15\t\t0\t0\n", 5000)},
		"GB18030":           {"text/plain", "USER PIN=1\tName=\xb2\xe2\xca\xd4\tPri=0"},
		"a picture's count": {"application/json", `{"picturesNumber":1,"AccessControllerEvent":{"FaceRect":{"x":0.4}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			clean, dropped := gate.Strip(c.kind, []byte(c.body))
			if dropped != 0 || string(clean) != c.body {
				t.Errorf("%d dropped, left: %.300s", dropped, clean)
			}
		})
	}
}

func TestStripDropsFaces(t *testing.T) {
	face := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("face"), 100))
	short := base64.StdEncoding.EncodeToString([]byte("a small face"))
	numbers := strings.TrimSuffix(strings.Repeat("0.1234,", 128), ",")
	for name, c := range map[string]struct{ kind, body, gone, stays string }{
		"by name":             {"application/json", `{"headImage":"` + short + `","a":1}`, short, `"a":1`},
		"by length":           {"application/json", `{"x":"` + face + `","a":1}`, face[:80], `"a":1`},
		"object":              {"application/json", `{"FaceImageList":[{"Data":"` + short + `"}],"a":1}`, short, `"a":1`},
		"features":            {"application/json", `{"vec":[` + numbers + `],"a":1}`, "0.1234", `"a":1`},
		"slashes escaped":     {"application/json", `{"x":"` + strings.ReplaceAll(face, "Z", `\/`) + `","a":1}`, face[1:20], `"a":1`},
		"JSON cut off":        {"application/json", `{"a":1,"x":"` + face, face[:80], `"a":1`},
		"lines":               {"application/json", `{"x":"` + face[:76] + `\r\n` + face[76:152] + `\r\n` + face[152:] + `","a":1}`, face[76:152], `"a":1`},
		"form":                {"application/x-www-form-urlencoded", "a=1&img=" + url.QueryEscape(short) + "&b=2", url.QueryEscape(short), "b=2"},
		"JSON in a form":      {"application/x-www-form-urlencoded", "a=1&data=" + url.QueryEscape(`{"voucher":"`+short+`","n":7}`), short, url.QueryEscape(`"n":7`)},
		"JSON in a string":    {"application/json", `{"data":"{\"x\":\"` + face + `\"}","a":1}`, face[:80], `"a":1`},
		"XML":                 {"application/xml", "<a><b>1</b><c>" + face + "</c></a>", face[:80], "<b>1</b>"},
		"template of ZKTeco":  {"text/plain", "FP PIN=1\tFID=1\tSize=400\tTMP=" + face + "\n", face[:80], "PIN=1"},
		"picture after NUL":   {"text/plain", "PIN=1\nsize=4\n\x00\xff\xd8\xff\xe0jfif", "jfif", "PIN=1"},
		"lying content type":  {"text/plain", "{\"x\":\"" + face + "\"}", face[:80], "x"},
		"Dahua's text":        {"text/plain", `Code=AccessControl;data={"Image":"` + short + `","UserID":"7"}`, short, `"UserID":"7"`},
		"data URL":            {"application/json", `{"x":"data:image/png;base64,` + face + `"}`, face[:80], "x"},
		"multipart by sniff":  {"application/octet-stream", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{\"k\":1}\r\n--b\r\nContent-Disposition: form-data; name=\"p\"\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n--b--\r\n", "JPEG", `{"k":1}`},
		"multipart, a half":   {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{\"k\":1}\r\n--b\r\nContent-Disposition: form-data; name=\"p\"\r\nContent-Type: image/jpeg\r\n\r\nJPE", "JPE", `{"k":1}`},
		"multipart, as bytes": {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\n\xff\xd8face\r\n--b--\r\n", "face", ""},
	} {
		t.Run(name, func(t *testing.T) {
			clean, dropped := gate.Strip(c.kind, []byte(c.body))
			if dropped == 0 || bytes.Contains(clean, []byte(c.gone)) || !bytes.Contains(clean, []byte(c.stays)) {
				t.Errorf("%d dropped, left: %.300s", dropped, clean)
			}
		})
	}
}

// A body of parts in parts costs no more than its length.
func TestPartsInPartsAreNotUnpacked(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	clean, _ := gate.Strip("multipart/form-data; boundary=b0", []byte(b.String()))
	if len(clean) > b.Len() {
		t.Error(len(clean), b.Len())
	}
}

// Wherever a face is put into a document, nothing of it is left.
func TestNothingOfAFaceIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytesOf := rapid.SliceOfN(rapid.Byte(), 200, 400).Draw(t, "face")
		text := base64.StdEncoding.EncodeToString(bytesOf)
		name := rapid.SampledFrom([]string{"x", "faceData", "Picture", "data", "值"}).Draw(t, "name")
		doc, err := json.Marshal(map[string]any{"id": "10023", "deep": []any{map[string]any{name: text}}, "z": 1})
		if err != nil {
			t.Fatal(err)
		}
		kind, body := "application/json", doc
		switch rapid.IntRange(0, 3).Draw(t, "dress") {
		case 1:
			kind, body = "application/x-www-form-urlencoded", []byte("data="+url.QueryEscape(string(doc)))
		case 2:
			var b bytes.Buffer
			w := multipart.NewWriter(&b)
			_ = w.WriteField("event", string(doc))
			_ = w.Close()
			kind, body = w.FormDataContentType(), b.Bytes()
		case 3:
			body = doc[:rapid.IntRange(len(doc)-100, len(doc)).Draw(t, "cut")]
		}
		clean, _ := gate.Strip(kind, body)
		for i := 0; i+40 <= len(text); i += 40 {
			if bytes.Contains(clean, []byte(text[i:i+40])) || bytes.Contains(clean, []byte(url.QueryEscape(text[i:i+40]))) {
				t.Fatalf("left: %s", clean)
			}
		}
		again, dropped := gate.Strip(kind, clean)
		if dropped != 0 && kind != "application/json" && !strings.HasPrefix(kind, "multipart") {
			t.Fatalf("stripping twice drops more: %s", again)
		}
	})
}

func TestStripNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/xml"}).Draw(t, "kind")
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{`{`, `}`, `[`, `]`, `"`, `\`, `:`, `,`, "image", "=", "&", "%", "%2", "--b\r\n", "--b--", "\r\n", "1", "Content-Type: image/png\r\n\r\n"})).Draw(t, "pieces")
		body := append([]byte(strings.Join(pieces, "")), rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")...)
		if clean, dropped := gate.Strip(kind, body); dropped < 0 || dropped > len(body) {
			t.Fatal(len(clean), dropped, len(body))
		}
	})
}
