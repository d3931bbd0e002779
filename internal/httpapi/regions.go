package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"muster/internal/account"
	"muster/internal/geo"
)

type regionView struct {
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Level       string   `json:"level"`
	Parent      *string  `json:"parent"`
	Lon         *float64 `json:"lon"`
	Lat         *float64 `json:"lat"`
	HasChildren bool     `json:"has_children"`
}

func (s *Server) regionRoutes() {
	allow(s, operation{id: "listRegions", method: http.MethodGet, path: "/regions", summary: "下级行政区划"}, account.SeeSites, s.listRegions)
	allow(s, operation{id: "regionAreas", method: http.MethodGet, path: "/regions/areas", summary: "区划边界（GeoJSON），注明来源和是否示意"}, account.SeeSites, s.regionAreas)
}

// Regions are public facts, the same for everybody: no scope is needed beyond
// the permission.
func (s *Server) listRegions(ctx context.Context, _ call, in *struct {
	Parent string `query:"parent" maxLength:"12"`
}) (*answer[page[regionView]], error) {
	parent := ""
	if in.Parent != "" {
		r, err := geo.ParseRegion(in.Parent)
		if err != nil {
			return nil, err
		}
		parent = string(r)
	}
	list, err := s.DB.Regions(ctx, parent)
	if err != nil {
		return nil, err
	}
	out := page[regionView]{Items: []regionView{}}
	for _, r := range list {
		out.Items = append(out.Items, regionView(r))
	}
	return reply(out, nil)
}

func (s *Server) regionAreas(ctx context.Context, _ call, in *struct {
	Level string `query:"level" enum:"province,city,county" default:"county"`
}) (*huma.StreamResponse, error) {
	doc, err := s.DB.RegionOutlines(ctx, in.Level)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/geo+json")
		ctx.SetHeader("Cache-Control", "private, max-age=300")
		_, _ = ctx.BodyWriter().Write(doc)
	}}, nil
}
