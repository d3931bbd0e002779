package httpapi

import (
	"context"
	"strings"

	"rsc.io/qr"

	"muster/internal/errs"
	"muster/internal/pdf"
	"muster/internal/postgres"
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
	sheet, err := posterOf(p, base+"/c/"+p.Code)
	return &sheetOf{"application/pdf", "inline; filename=poster.pdf", sheet}, err
}

// posterWidth is how wide the code is on paper with its quiet zone, in millimetres:
// enough to be read from two metres.
const posterWidth = 150.0

// hairline is by how much rows overlap, in millimetres, so that no white line shows
// between them.
const hairline = 0.02

// posterOf lays the sheet out. A quarter of the code may be dirty.
func posterOf(p postgres.CheckinPoint, address string) ([]byte, error) {
	code, err := qr.Encode(address, qr.Q)
	if err != nil {
		return nil, err
	}
	heading := map[string]string{"in": "进场扫码", "out": "离场扫码", "both": "进出扫码"}[p.Direction]
	if p.Purpose == "muster" {
		heading = "集合点，到达请扫码"
	}
	var s pdf.Sheet
	s.Centred(36, 44, true, heading)
	s.Centred(52, 22, false, p.SiteName+"　"+p.Title)
	module := posterWidth / float64(code.Size+2*quietZone)
	left, top := (pdf.A4Width-posterWidth)/2, 60.0
	for r := range blackRuns(code) {
		s.Rect(left+float64(r.x+quietZone)*module, top+float64(r.y+quietZone)*module, float64(r.length)*module, module+hairline)
	}
	s.Centred(228, 24, true, "用微信“扫一扫”或手机相机扫码")
	s.Centred(240, 14, false, "第一次请填姓名和证件末四位，以后扫码即可。")
	s.Centred(248, 14, false, "没有手机的人请班组长代打卡。")
	s.Address(262, 9, address)
	return s.Bytes(p.Title + " · 扫码打卡"), nil
}
