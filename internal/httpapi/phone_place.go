package httpapi

import "muster/internal/geo"

// phonePlace is where a phone says it is.
type phonePlace struct {
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Accuracy float64 `json:"accuracy"` // metres
	Datum    string  `json:"datum"`    // wgs84, gcj02 (WeChat), unknown: one of the two
}

// readings are where the phone may be (WGS 84): none when it does not say, or not in
// China; by both readings when it does not say by which datum.
func (p *phonePlace) readings() []geo.LonLat {
	if p == nil {
		return nil
	}
	datums := []geo.Datum{geo.WGS84Datum, geo.GCJ02Datum}
	if p.Datum != "unknown" {
		datum, err := geo.ParseDatum(p.Datum)
		if err != nil {
			return nil
		}
		datums = []geo.Datum{datum}
	}
	var list []geo.LonLat
	for _, d := range datums {
		if at := d.ToWGS84(p.Lon, p.Lat); at.Valid() == nil {
			list = append(list, at)
		}
	}
	return list
}
