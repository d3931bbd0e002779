package httpapi

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"muster/internal/geo"
	"muster/internal/postgres"
)

// areaCheck is what was drawn as it will be judged, and what mending it changed.
type areaCheck struct {
	Geometry *geojson.Geometry `json:"geometry"`
	KM2      float64           `json:"km2"`
	Repaired *repairView       `json:"repaired,omitempty"`
}

type repairView struct {
	WasKM2  float64      `json:"was_km2"`
	NowKM2  float64      `json:"now_km2"`
	Defects []defectView `json:"defects"`
}

type defectView struct {
	Text string  `json:"text"`
	Lon  float64 `json:"lon"`
	Lat  float64 `json:"lat"`
}

// checkAreas says what all drawn shapes are together: where they overlap, the
// ground is counted once. Regions have no shape of their own here; nil when
// nothing else is asked about.
func (s *Server) checkAreas(ctx context.Context, areas []postgres.Area, repairs []*postgres.Repair) (*areaCheck, error) {
	var drawn orb.MultiPolygon
	shapes := 0
	for _, a := range areas {
		if len(a.Geometry) > 0 {
			drawn = append(drawn, a.Geometry...)
			shapes++
		}
	}
	if shapes == 0 {
		return nil, nil
	}
	if shapes > 1 {
		var err error
		if drawn, err = s.DB.UniteAreas(ctx, drawn); err != nil {
			return nil, err
		}
	}
	return &areaCheck{Geometry: geojson.NewGeometry(drawn), KM2: geo.SquareKm(drawn), Repaired: viewRepairs(repairs)}, nil
}

func viewRepairs(repairs []*postgres.Repair) *repairView {
	if len(repairs) == 0 {
		return nil
	}
	v := &repairView{Defects: []defectView{}}
	for _, r := range repairs {
		v.WasKM2 += r.WasKM2
		v.NowKM2 += r.NowKM2
		for _, d := range r.Defects {
			v.Defects = append(v.Defects, defectView{d.Text, d.At.Lon, d.At.Lat})
		}
	}
	return v
}
