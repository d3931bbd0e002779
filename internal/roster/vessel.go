package roster

import (
	"fmt"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/geo"
)

// Fix is where a vessel (施工船舶) was at an instant, WGS 84.
type Fix struct {
	At        time.Time
	Place     geo.LonLat
	AccuracyM float64
}

// ReadFix is where a vessel is by what was received, and how exact that is, in
// metres. A phone that does not say its datum ("unknown": WeChat's on Android) means
// WGS 84 or GCJ-02, some hundreds of metres apart: the middle is taken, and half the
// way between them is added to what it says of its accuracy.
func ReadFix(lon, lat float64, datum string, accuracyM float64) (geo.LonLat, float64) {
	if datum != "unknown" {
		return geo.Datum(datum).ToWGS84(lon, lat), accuracyM
	}
	one, other := geo.LonLat{Lon: lon, Lat: lat}, geo.GCJ02Datum.ToWGS84(lon, lat)
	middle := geo.LonLat{Lon: (one.Lon + other.Lon) / 2, Lat: (one.Lat + other.Lat) / 2}
	return middle, accuracyM + geo.Distance(one, other)/2
}

// What a position can be. A working vessel under way on an inland river makes less
// than 30 km/h; the current and a hurried clock are allowed for.
const (
	fixVague   = 1000.0 // metres; a cell tower and no more
	fixFastest = 50.0   // km/h
	fixShort   = time.Minute
)

// CheckFix refuses a position that cannot be true of a vessel (errs.Fix), given
// those reported for the instants next to it, before and after; none: nil. Swapped
// axes are named as such.
func CheckFix(now Fix, beside ...*Fix) error {
	wrong := func(text, mend string) error {
		return errs.New(errs.Fix, "vessel_position", "%s", text).With(errs.Detail{Where: "body", Text: text, Mend: mend})
	}
	switch {
	case !inChina(now.Place) && inChina(geo.LonLat{Lon: now.Place.Lat, Lat: now.Place.Lon}):
		return wrong("经度和纬度像是写反了", "经度在前，如 104.62；纬度在后，如 28.77")
	case !inChina(now.Place):
		return wrong("位置不在我国境内", "请核对经纬度，按十进制度填写")
	case now.AccuracyM < 0 || now.AccuracyM > fixVague:
		return wrong(fmt.Sprintf("定位误差超过 %.0f 米，不能用来移动船舶", fixVague), "请到甲板上等定位稳定后再报，或手填经纬度")
	}
	for _, other := range beside {
		if other == nil {
			continue
		}
		took := now.At.Sub(other.At).Abs()
		far := geo.Distance(now.Place, other.Place) - now.AccuracyM - other.AccuracyM
		if speed := far / 1000 / max(took, fixShort).Hours(); speed > fixFastest {
			return wrong(fmt.Sprintf("与 %s 的位置相距 %.1f 公里，要走每小时 %.0f 公里，船走不了这么快", other.At.In(clock.Shanghai).Format("1月2日 15:04"), far/1000, speed),
				"请核对经纬度、坐标系和时间；若是那一次报错了，请由单位管理员在点位登记里改位置")
		}
	}
	return nil
}

// inChina are the bounds in which every stored place lies.
func inChina(p geo.LonLat) bool { return p.Lon >= 73 && p.Lon <= 136 && p.Lat >= 3 && p.Lat <= 54 }
