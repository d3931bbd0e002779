package app

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/roster"
)

type importCommand struct {
	Kind    string `arg:"" help:"companies、projects、sections、sites、people、posts、beds、duty_roster、teams、shifts、leaves、certificates、contact_list（附件4）或 contract_staff（表1-1至1-3）"`
	File    string `arg:"" type:"existingfile" help:"Excel 工作簿（.xlsx）、CSV，或点位的 GeoJSON"`
	CRS     string `help:"文件的坐标系（每行没有坐标系列时必填）：wgs84、cgcs2000、gcj02、bd09" name:"crs"`
	DryRun  bool   `help:"只检查，不写入"`
	Partial bool   `help:"有错误时仍导入没有问题的行"`
	JSON    bool   `help:"输出 JSON" name:"json"`
	Data    string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run imports a file as the installation itself, whose scope is everywhere.
func (c *importCommand) Run(ctx context.Context, sh shell) error {
	kind, err := roster.ParseKind(c.Kind)
	if err != nil {
		return err
	}
	var datum geo.Datum
	if c.CRS != "" {
		if datum, err = geo.ParseDatum(c.CRS); err != nil {
			return err
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	format := roster.CSV // or a workbook, which is recognised
	if strings.HasSuffix(strings.ToLower(c.File), "json") {
		format = roster.GeoJSON
	}
	file, err := roster.ParseImport(kind, format, f, roster.Sichuan(datum))
	if err != nil {
		return err
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	at := sh.clock.Now()
	if err := o.db.SeedRegions(ctx, at); err != nil {
		return err
	}
	r, err := postgres.NewImporter(o.db, o.sealer).Import(ctx, account.Everywhere(), postgres.Actor{Name: "cli"}, file, c.Partial, c.DryRun, at)
	if err != nil {
		return err
	}
	if err := c.tell(sh, r); err != nil {
		return err
	}
	if len(r.Bad) > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

func (c *importCommand) tell(sh shell, r postgres.ImportResult) error {
	if c.JSON {
		return json.NewEncoder(sh.stdout).Encode(r)
	}
	for _, p := range r.Bad {
		sh.printf("%s第 %d 行 %s %q：%s %s\n", p.Sheet, p.Line, p.Column, p.Value, p.Text, p.Mend)
	}
	for _, l := range r.Listed {
		sh.printf("%s第 %d 行：%s\n", l.Sheet, l.Line, l.Text)
	}
	sh.printf("%d 行，%d 行没有问题，写入 %d 行\n", r.Rows, r.Good, r.Written)
	return nil
}
