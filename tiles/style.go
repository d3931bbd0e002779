package tiles

import "strings"

// The MapLibre style (version 8), as far as it is used here. No glyphs and no
// sprite: MapLibre draws text from the desk's own fonts.
type style struct {
	Version int                    `json:"version"`
	Name    string                 `json:"name"`
	Sources map[string]styleSource `json:"sources"`
	Layers  []styleLayer           `json:"layers"`
}

type styleSource struct {
	Type        string   `json:"type"`
	Tiles       []string `json:"tiles,omitempty"`
	Data        string   `json:"data,omitempty"`
	TileSize    int      `json:"tileSize,omitempty"`
	MinZoom     int      `json:"minzoom,omitempty"`
	MaxZoom     int      `json:"maxzoom,omitempty"`
	Attribution string   `json:"attribution,omitempty"`
}

type styleLayer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     float64        `json:"minzoom,omitempty"`
	MaxZoom     float64        `json:"maxzoom,omitempty"`
	Filter      any            `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint,omitempty"`
}

// style is the base map: ground, outlines, the raster service above them where
// one is configured, the operator's files, names. Where the service fails it is
// transparent and the outlines show through. The live sources are named for the
// page to put its layers on.
func (s *Server) style(base string) style {
	st := style{Version: 8, Name: "Muster", Sources: map[string]styleSource{}}
	for _, l := range layers {
		if l.name != "targets" { // of one warning, which the page names
			st.Sources[l.name] = styleSource{Type: "vector", Tiles: []string{base + "/tiles/" + l.name + "/{z}/{x}/{y}.mvt"}, MaxZoom: l.maxZoom}
		}
	}
	st.add(ground...)
	s.proxy.draw(&st, base)
	for _, f := range s.files {
		f.draw(&st, base)
	}
	st.add(lines...)
	st.add(names...)
	return st
}

func (st *style) add(layers ...styleLayer) { st.Layers = append(st.Layers, layers...) }

type m = map[string]any

// fonts is a CSS font stack: whichever of them the desk has.
var fonts = []string{"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "sans-serif"}

func byZoom(stops ...any) []any {
	return append([]any{"interpolate", []any{"linear"}, []any{"zoom"}}, stops...)
}

func ofLevel(level string) []any { return []any{"==", []any{"get", "level"}, level} }

var (
	ground = []styleLayer{
		{ID: "ground", Type: "background", Paint: m{"background-color": "#EFF2EE"}},
		{ID: "province-fill", Type: "fill", Source: "regions", SourceLayer: "region", Filter: ofLevel("province"), Paint: m{"fill-color": "#FAFBF8"}},
	}
	lines = []styleLayer{
		{ID: "county-line", Type: "line", Source: "regions", SourceLayer: "region", Filter: ofLevel("county"), MinZoom: 6,
			Paint: m{"line-color": "#C3CCC7", "line-width": byZoom(5, 0.5, 9, 1), "line-dasharray": []int{4, 2}}},
		{ID: "city-line", Type: "line", Source: "regions", SourceLayer: "region", Filter: ofLevel("city"),
			Paint: m{"line-color": "#98A49E", "line-width": byZoom(5, 0.8, 9, 1.5)}},
	}
	names = []styleLayer{
		{ID: "county-name", Type: "symbol", Source: "regions", SourceLayer: "label", Filter: ofLevel("county"), MinZoom: 7.4,
			Layout: m{"text-field": []any{"get", "name"}, "text-font": fonts, "text-size": byZoom(7, 11, 10, 13), "text-padding": 6},
			Paint:  m{"text-color": "#5F6B67", "text-halo-color": "#FFFFFF", "text-halo-width": 1.4}},
		{ID: "city-name", Type: "symbol", Source: "regions", SourceLayer: "label", Filter: ofLevel("city"), MaxZoom: 8.6,
			Layout: m{"text-field": []any{"get", "name"}, "text-font": fonts, "text-size": byZoom(5, 12, 8, 15), "text-padding": 2},
			Paint:  m{"text-color": "#435049", "text-halo-color": "#FFFFFF", "text-halo-width": 1.6}},
	}
)

// draw adds the source of a file and its look, by its name.
func (f file) draw(st *style, base string) {
	source := "file-" + f.name
	if f.tiles == nil {
		st.Sources[source] = styleSource{Type: "geojson", Data: base + "/tiles/files/" + f.name + ".geojson", Attribution: f.attribution}
		st.add(look(source, "")...)
		return
	}
	h := f.tiles.header
	src := styleSource{Type: "vector", Tiles: []string{base + "/tiles/files/" + f.name + "/{z}/{x}/{y}"},
		MinZoom: int(h.MinZoom), MaxZoom: int(h.MaxZoom), Attribution: f.attribution}
	if f.tiles.kind != mvtType {
		src.Type, src.TileSize = "raster", 256
		st.Sources[source] = src
		st.add(styleLayer{ID: source, Type: "raster", Source: source})
		return
	}
	st.Sources[source] = src
	for _, l := range f.tiles.layers {
		st.add(look(source, l)...)
	}
}

var (
	water  = m{"fill-color": "#D3E3EA"}
	stream = m{"line-color": "#A9C8D8", "line-width": byZoom(5, 0.6, 10, 2)}
	road   = m{"line-color": "#D9CFB8", "line-width": byZoom(6, 0.5, 12, 3)}
	rail   = m{"line-color": "#B9B4AC", "line-width": byZoom(6, 0.4, 12, 1.5), "line-dasharray": []int{3, 2}}
	other  = m{"line-color": "#B3BBB6", "line-width": 0.8}
	dot    = m{"circle-color": "#98A49E", "circle-radius": 2}
)

// look draws one kind of geometry each, as the name of the file or of its source
// layer says.
func look(source, sourceLayer string) []styleLayer {
	id := strings.TrimSuffix(source+"-"+sourceLayer, "-")
	of := func(kind, geometry string, paint m) styleLayer {
		return styleLayer{ID: id + "-" + kind, Type: kind, Source: source, SourceLayer: sourceLayer, Paint: paint,
			Filter: []any{"==", []any{"geometry-type"}, geometry}}
	}
	switch name := sourceLayer + " " + source; {
	case strings.Contains(name, "lakes"), strings.Contains(name, "water"):
		return []styleLayer{of("fill", "Polygon", water), of("line", "LineString", stream)}
	case strings.Contains(name, "rivers"):
		return []styleLayer{of("fill", "Polygon", water), of("line", "LineString", stream), riverName(id, source, sourceLayer)}
	case strings.Contains(name, "rail"):
		return []styleLayer{of("line", "LineString", rail)}
	case strings.Contains(name, "road"), strings.Contains(name, "highway"):
		return []styleLayer{of("line", "LineString", road)}
	case strings.Contains(name, "places"):
		return []styleLayer{placeName(id, source, sourceLayer)}
	}
	return []styleLayer{of("line", "LineString", other), of("circle", "Point", dot)}
}

func riverName(id, source, sourceLayer string) styleLayer {
	return styleLayer{ID: id + "-name", Type: "symbol", Source: source, SourceLayer: sourceLayer, MinZoom: 6,
		Filter: []any{"==", []any{"geometry-type"}, "LineString"},
		Layout: m{"symbol-placement": "line", "text-field": []any{"get", "name"}, "text-font": fonts, "text-size": 11, "text-letter-spacing": 0.1},
		Paint:  m{"text-color": "#5B8AA3", "text-halo-color": "#FFFFFF", "text-halo-width": 1.2}}
}

func placeName(id, source, sourceLayer string) styleLayer {
	return styleLayer{ID: id + "-name", Type: "symbol", Source: source, SourceLayer: sourceLayer, MinZoom: 8,
		Layout: m{"text-field": []any{"get", "name"}, "text-font": fonts, "text-size": 11},
		Paint:  m{"text-color": "#5F6B67", "text-halo-color": "#FFFFFF", "text-halo-width": 1.2}}
}
