package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"muster/internal/postgres/pgtest/valley"
)

type documentBody struct {
	ID          string
	Kind        string
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	Size        int64
	SHA256      string
}

func (w *world) documents(site string) string {
	return "/sites/" + valley.ID(site).String() + "/documents"
}

func TestAPanoramaComesBackAsItWasSent(t *testing.T) {
	w := newWorld(t)
	sent := panorama(256)
	d := read[documentBody](w.as("section").file(w.documents(valley.Home)+"?kind=panorama&file_name=驻地.jpg", sent))
	if sum := fmt.Sprintf("%x", sha256.Sum256(sent)); d.SHA256 != sum || d.Size != int64(len(sent)) || d.ContentType != "image/jpeg" {
		t.Errorf("%+v", d)
	}
	got := w.as("shimian").get("/documents/" + d.ID + "/content").must(200)
	if !bytes.Equal(got.Body, sent) || got.Header.Get("Content-Type") != "image/jpeg" || got.Header.Get("X-Content-Type-Options") != "nosniff" ||
		got.Header.Get("Content-Disposition") != "attachment" {
		t.Errorf("%d bytes came back, headers %v", len(got.Body), got.Header)
	}
	list := read[struct{ Items []documentBody }](w.as("supervisor").get(w.documents(valley.Home)))
	if len(list.Items) != 1 || list.Items[0].FileName != "驻地.jpg" {
		t.Errorf("%+v", list)
	}
	if !w.as("auditor").get("/audit").must(200).has("add_document") {
		t.Error("nobody wrote down who brought it")
	}
}

// A phone that did not hear the answer sends its photo again.
func TestThePhotoThatIsSentAgainIsTheSame(t *testing.T) {
	w := newWorld(t)
	phone, path := w.as("site").once("photo"), w.documents(valley.Home)+"?kind=other&file_name=集合点.jpg"
	first := read[documentBody](phone.file(path, picture(64, 48)))
	again := read[documentBody](phone.file(path, picture(64, 48)))
	other := read[documentBody](phone.file(path, picture(48, 48)))
	if again.ID != first.ID || other.ID == first.ID {
		t.Errorf("first %s, again %s, another photo %s", first.ID, again.ID, other.ID)
	}
	if list := read[struct{ Items []documentBody }](phone.get(w.documents(valley.Home))); len(list.Items) != 2 {
		t.Errorf("%d photos", len(list.Items))
	}
}

func TestWhatIsNoPanoramaIsRefused(t *testing.T) {
	w := newWorld(t)
	section := w.as("section")
	path := w.documents(valley.Home)
	for name, c := range map[string]struct {
		body []byte
		kind string
		code string
	}{
		"a square picture":       {picture(64, 64), "panorama", "not_panorama"},
		"a PDF":                  {[]byte("%PDF-1.4\n"), "panorama", "not_panorama"},
		"a page with a script":   {[]byte("<html><script>alert(1)</script></html>"), "other", "file_kind"},
		"a picture that is torn": {picture(64, 32)[:20], "panorama", "picture_broken"},
		"nothing":                {[]byte{}, "other", "file_empty"},
	} {
		a := section.file(path+"?kind="+c.kind+"&file_name=x", c.body)
		if a.Status != 422 && a.Status != 400 || !a.has(c.code) && len(c.body) > 0 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	section.file(path+"?kind=selfie&file_name=x", picture(8, 4)).must(422)
	section.file(path+"?kind=panorama", panorama(8)).must(422)
	if n := ask[int](w, "SELECT count(*) FROM document"); n != 0 {
		t.Errorf("%d were kept", n)
	}
	read[documentBody](section.file(path+"?kind=assessment&file_name=评价.pdf", []byte("%PDF-1.4\n")))
}

func TestADocumentOutsideIsNotThere(t *testing.T) {
	w := newWorld(t)
	d := read[documentBody](w.as("owner").file(w.documents(valley.Camp)+"?kind=other&file_name=x.jpg", picture(8, 8)))
	for _, login := range []string{"section", "shimian", "site", "liangshan"} {
		w.as(login).get("/documents/"+d.ID+"/content").refused(404, "not_found")
		w.as(login).get(w.documents(valley.Camp)).refused(404, "not_found")
	}
	w.as("section").file(w.documents(valley.Camp)+"?kind=other&file_name=x.jpg", picture(8, 8)).refused(404, "not_found")
	w.as("yaan").get("/documents/" + d.ID + "/content").must(200)
	w.nobody().get("/documents/"+d.ID+"/content").refused(401, "signed_out")
}

func TestADocumentWhoseBytesAreGoneIsSaidSo(t *testing.T) {
	w := newWorld(t)
	d := read[documentBody](w.as("section").file(w.documents(valley.Home)+"?kind=other&file_name=x.jpg", picture(8, 8)))
	w.sql("UPDATE document SET object_key = 'other/lost/original' WHERE id = $1", d.ID)
	w.as("section").get("/documents/"+d.ID+"/content").refused(404, "object_missing")
}
