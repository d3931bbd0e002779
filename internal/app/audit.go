package app

import (
	"context"
	"encoding/json"
	"time"

	"muster/internal/clock"
	"muster/internal/media"
	"muster/internal/postgres"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"核对封存：打卡、清点、处置、审计有没有被改动、删除、插入"`
}

type auditVerify struct {
	Log  string `help:"只核对一个：pass、muster_mark、response_event、audit" enum:",pass,muster_mark,response_event,audit" default:""`
	JSON bool   `help:"输出 JSON，每个日志一行" name:"json"`
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// findingWords say what is wrong.
var findingWords = map[string]string{
	"changed": "被改动", "removed": "被删除", "inserted": "封存之后插入", "hash": "封存本身被改动", "chain": "封存链断开", "missing": "缺少一段封存",
}

// Run computes all seals anew. It exits 1 when anything differs.
func (c *auditVerify) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	cfg := readConfig(sh.getenv)
	var store *media.Store
	if cfg.store.Endpoint != "" {
		if store, err = media.Open(ctx, cfg.store); err != nil {
			return err
		}
	}
	bad := false
	for _, log := range postgres.SealedLogs() {
		if c.Log != "" && c.Log != log {
			continue
		}
		wrong, err := c.verify(ctx, sh, o.db, store, log)
		if err != nil {
			return err
		}
		bad = bad || wrong
	}
	if store == nil && !c.JSON {
		sh.printf("没有配置对象存储（MUSTER_S3_ENDPOINT），未与库外保存的封存比对\n")
	}
	if bad {
		return exitError(ExitFailed)
	}
	return nil
}

func (c *auditVerify) verify(ctx context.Context, sh shell, db *postgres.DB, store *media.Store, log string) (wrong bool, err error) {
	day := ""
	v, err := db.VerifySeals(ctx, log, func(until time.Time) {
		if d := until.Format(time.DateOnly); d != day && !c.JSON {
			day = d
			sh.log.Info("核对", "log", log, "day", d)
		}
	})
	if err != nil {
		return false, err
	}
	outside, err := compareOutside(ctx, db, store, log)
	if err != nil {
		return false, err
	}
	wrong = len(v.Findings)+len(outside) > 0
	if c.JSON {
		return wrong, json.NewEncoder(sh.stdout).Encode(struct {
			postgres.SealVerdict
			Outside []string `json:"outside"`
		}{v, outside})
	}
	sh.printf("%s：%d 段封存，%d 行", log, v.Seals, v.Rows)
	if v.Seals > 0 {
		sh.printf("，%s 至 %s", local(v.From), local(v.Until))
	}
	sh.printf("；此后 %d 行还未封存\n", v.Unsealed)
	for _, f := range v.Findings {
		sh.printf("  %s %s：%s 至 %s 之间 %s\n", log, findingWords[f.Code], local(f.From), local(f.Until), f.Row)
	}
	for _, words := range outside {
		sh.printf("  %s %s\n", log, words)
	}
	return wrong, nil
}

func compareOutside(ctx context.Context, db *postgres.DB, store *media.Store, log string) ([]string, error) {
	if store == nil {
		return nil, nil
	}
	heads, err := db.AnchoredHeads(ctx, log)
	var list []string
	for _, h := range heads {
		words, err := compareHead(ctx, store, h)
		if err != nil {
			return list, err
		}
		if words != "" {
			list = append(list, h.Day.Format(time.DateOnly)+"："+words)
		}
	}
	return list, err
}

func local(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02 15:04:05") }
