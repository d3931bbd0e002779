package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/postgres"
)

type regionsCommand struct {
	Import regionsImport `cmd:"" help:"导入正式的区划边界（GeoJSON）"`
}

type regionsImport struct {
	File   string    `arg:"" type:"existingfile" help:"GeoJSON，要素带 name 和 gb（156+代码）或 adcode"`
	CRS    string    `help:"坐标系：wgs84、cgcs2000、gcj02、bd09" name:"crs" default:"wgs84"`
	Source string    `help:"来源，例如 天地图 GS(2024)0650；不填为文件名"`
	Dated  time.Time `help:"边界的日期，例如 2024-06-01" format:"2006-01-02"`
	Data   string    `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run replaces the approximate outlines by official ones, all of the file or
// nothing.
func (c *regionsImport) Run(ctx context.Context, sh shell) error {
	datum, err := geo.ParseDatum(c.CRS)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	parsed, wrong := geo.ParseFootprints(f, datum)
	for _, d := range wrong {
		fmt.Fprintln(sh.stderr, "  "+d.String())
	}
	if len(wrong) > 0 {
		return errs.New(errs.Fix, "footprints_invalid", "文件里有 %d 处不能用，没有导入任何边界", len(wrong))
	}
	at := sh.clock.Now()
	if c.Dated.IsZero() {
		c.Dated = at
	}
	var footprints []postgres.Footprint
	for _, p := range parsed {
		footprints = append(footprints, postgres.Footprint{Region: p.Code, Source: or(c.Source, filepath.Base(c.File)), Dated: c.Dated, Datum: datum, Area: p.Area})
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	if err := o.db.SeedRegions(ctx, at); err != nil {
		return err
	}
	result, err := o.db.ImportFootprints(ctx, footprints, postgres.Actor{Name: "cli"}, at)
	if err != nil {
		return err
	}
	sh.printf("已导入 %d 个区划的边界\n", result.Written)
	for _, code := range result.Unknown {
		sh.printf("  区划表里没有 %s，已略过\n", code)
	}
	return nil
}
