package app

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What a lead has in his hands beside the one button: in the evening he says how many
// sleep here; under a warning he takes a photo at the muster point. Both are done
// without a network, kept, and sent when it is back, the report before the photo. Who
// verifies sees the photo beside what was reported, with where and when it was taken.
func TestProofStory(t *testing.T) {
	var carrier string
	p := startProduct(t, func(s *service) {
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9")
		must(t, err)
	})
	room := newDutyRoom(t, p, "leader")
	lead := p.user(t, "site")
	phone := openBrowser(t)
	phone.isPhone(360, 740)
	lon, lat := p.siteOf(t, lead)
	phone.standsAt(p, lon, lat)
	phone.signsInByPhone(p, carrier, p.phoneOf(t, lead))
	site := lead.SiteID.String()

	phone.network(false)
	phone.saysHowManySleep(site, "41")
	phone.network(true)
	until[bool](phone, "the duty room has the evening count", `document.querySelector('[data-testid="evening-row"]')?.cells[1].innerText === '41'`)
	phone.picture("field-evening")
	phone.usable("field-evening")

	phone.goes("")
	phone.reads("现在没有预警")
	room.warns(lon, lat)
	thread := phone.takesUp()
	phone.network(false)
	phone.photographs(thread, 3000, 2000)
	phone.click(byTest("step"))
	phone.sees("the photo is among the evidence", byTest("evidence")+`[value="photo"]`)
	until[bool](phone, "it is ticked", `document.querySelector('[data-testid="evidence"][value="photo"]').checked`)
	phone.click(byTest("evidence") + `[value="call_back"]`)
	phone.click(byTest("evidence") + `[value="roll_call"]`)
	phone.types(byTest("safe"), "22")
	phone.picture("field-report-photo")
	phone.click(byTest("send-report"))
	phone.sees("both are kept", byTest("net")+`[data-waiting="2"]`)
	phone.network(true)
	until[bool](phone, "both have arrived", `document.querySelector('[data-testid="net"]').dataset.waiting === '0'`)

	seen := room.photos(thread)
	if len(seen) != 1 || len(seen[0].Faults) != 0 || seen[0].DistanceM == nil || *seen[0].DistanceM > 200 {
		t.Fatalf("%+v", seen)
	}
	desk := phone.another()
	desk.signIn(p, "leader")
	desk.do("open what waits for a look", chromedp.Navigate(p.url+"/verify?all=1&t="+thread))
	desk.sees("the photo stands beside the report", byTest("claim")+" "+byTest("proof-photo"))
	until[bool](desk, "it is drawn, no wider than a phone sends it", `(i => i?.complete && i.naturalWidth === 1600)(document.querySelector('[data-testid="proof-photo"] img'))`)
	desk.picture("verify-photo")
	desk.usable("verify")
	desk.silent()
}

// saysHowManySleep sends the evening count of a site.
func (d *desk) saysHowManySleep(site, people string) {
	d.t.Helper()
	d.goes("evening/" + site)
	d.types(byTest("evening-people"), people)
	d.click(byTest("send-evening"))
	d.sees("it is kept", byTest("net")+`[data-waiting="1"]`)
}

// photographs chooses a picture as the camera would give it.
func (d *desk) photographs(thread string, width, height int) {
	d.t.Helper()
	d.goes("thread/" + thread)
	d.do("take a photo", chromedp.Click(chromedp.CSS("label:has("+byTest("photo")+")")),
		chromedp.SetUploadFiles(chromedp.CSS(byTest("photo")), []string{cameraPicture(d.t, width, height)}, chromedp.NodeReady))
	d.reads("照片存好了，有网就发")
	d.picture("field-photo")
}

// cameraPicture is a file with a picture of that size, as heavy as a camera's.
func cameraPicture(t *testing.T, width, height int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 12), uint8(y / 8), uint8(x * y % 251), 255})
		}
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, nil))
	path := filepath.Join(t.TempDir(), "IMG_0001.jpg")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	return path
}

type shownPhoto struct {
	TakenAt   time.Time `json:"taken_at"`
	DistanceM *int      `json:"distance_m"`
	Faults    []struct{ Code string }
}

func (r dutyRoom) photos(thread string) []shownPhoto {
	r.t.Helper()
	var v struct{ Photos []shownPhoto }
	r.ask(http.MethodGet, "/responses/"+thread, nil, &v)
	return v.Photos
}
