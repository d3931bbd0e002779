package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// Repair is what mending an invalid area changed; it is shown before the mended
// area is used, never applied silently.
type Repair struct {
	WasKM2  float64
	NowKM2  float64
	Defects []geo.Defect
}

// RepairArea gives an area as PostGIS will judge it. A valid one comes back as
// it is, with a nil Repair. One that crosses itself, or whose parts overlap, is
// mended (ST_MakeValid, union of the parts).
func (db *DB) RepairArea(ctx context.Context, area orb.MultiPolygon) (orb.MultiPolygon, *Repair, error) {
	var mended orb.MultiPolygon
	var repair *Repair
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		mended, repair, err = repairArea(ctx, tx, area)
		return err
	})
	return mended, repair, err
}

func repairArea(ctx context.Context, q querier, area orb.MultiPolygon) (orb.MultiPolygon, *Repair, error) {
	var valid bool
	if err := q.QueryRow(ctx, "SELECT ST_IsValid($1::geometry)", area).Scan(&valid); err != nil {
		return nil, nil, kindOf(err)
	}
	if valid {
		return area, nil, nil
	}
	var mended orb.MultiPolygon
	err := q.QueryRow(ctx, `
		SELECT ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(ST_MakeValid(d.geom))), 3))
		FROM   ST_Dump($1::geometry) d`, area).Scan(&mended)
	if err != nil {
		return nil, nil, kindOf(err)
	}
	repair := &Repair{WasKM2: geo.SquareKm(area), NowKM2: geo.SquareKm(mended), Defects: geo.Defects(area)}
	if len(mended) == 0 {
		return nil, repair, errs.New(errs.Fix, "area_empty", "这个区域没有面积，请重新绘制").With(defectDetails(repair.Defects)...)
	}
	return mended, repair, nil
}

// RefuseInvalid is the error for an area that must be mended by hand, or with
// the person's consent.
func RefuseInvalid(r *Repair) error {
	return errs.New(errs.Fix, "area_invalid", "区域不合法：修复后面积由 %.1f 变为 %.1f 平方公里，请先查看并接受修复", r.WasKM2, r.NowKM2).
		With(defectDetails(r.Defects)...)
}

func defectDetails(defects []geo.Defect) []errs.Detail {
	var list []errs.Detail
	for _, d := range defects {
		list = append(list, errs.Detail{Where: fmt.Sprintf("经度 %.5f 纬度 %.5f", d.At.Lon, d.At.Lat), Text: d.Text})
	}
	return list
}
