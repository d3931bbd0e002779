package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"

	"rsc.io/qr"

	"muster/internal/errs"
)

//go:embed checkin_poster.html
var posterHTML string

//go:embed checkin_poster.css
var posterCSS string

var (
	posterTemplate = template.Must(template.New("poster").Parse(posterHTML))
	posterStyle    = sha256.Sum256([]byte(posterCSS))
	posterPolicy   = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(posterStyle[:]) + "'; base-uri 'none'; frame-ancestors 'none'"
)

// checkinPoster is a sheet for the wall. A dynamic code has none: on paper it would
// be over in half a minute.
func (s *Server) checkinPoster(ctx context.Context, c call, in *struct {
	CheckinPointPath
	hostOf
}) (*sheetOf, error) {
	p, err := s.DB.CheckinPointByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	if p.Kind != "printed" {
		return nil, errs.New(errs.Fix, "not_printed", "这是屏幕上的动态码，不能张贴；需要张贴请另设一个静态码")
	}
	base := strings.TrimSuffix(s.Public, "/")
	if base == "" {
		base = in.base
	}
	code, err := qrOf(base+"/c/"+p.Code, qr.Q)
	if err != nil {
		return nil, err
	}
	heading := map[string]string{"in": "进场扫码", "out": "离场扫码", "both": "进出扫码"}[p.Direction]
	if p.Purpose == "muster" {
		heading = "集合点 · 到达请扫码"
	}
	var b bytes.Buffer
	err = posterTemplate.Execute(&b, struct {
		Title, Site, Heading, URL string
		Style                     template.CSS
		QR                        qrCode
	}{p.Title, p.SiteName, heading, base + "/c/" + p.Code, template.CSS(posterCSS), code})
	return &sheetOf{"text/html; charset=utf-8", posterPolicy, b.Bytes()}, err
}
