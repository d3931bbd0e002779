package app

import (
	"context"
	"errors"

	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres/cluster"
)

type doctorCommand struct {
	Data string `help:"数据目录（muster up 用的）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run checks what `serve` and `up` stand on and says how to mend what is not
// right.
func (cmd doctorCommand) Run(ctx context.Context, sh shell) error {
	failed := false
	check := func(what string, err error) {
		if err == nil {
			sh.printf("✓ %s\n", what)
			return
		}
		failed = true
		sh.printf("✗ %s：%s\n", what, inWords(err))
	}
	check("本机有 PostgreSQL 服务程序（up 需要）", cluster.Installed())
	c := readConfig(sh.getenv)
	if c.database == "" {
		sh.printf("– 没有设置 MUSTER_DATABASE：只能用 muster up\n")
	} else {
		check("配置齐全（serve 需要）", c.need("MUSTER_DATABASE", "MUSTER_SEAL_KEYS", "MUSTER_S3_ENDPOINT", "MUSTER_S3_ACCESS", "MUSTER_S3_SECRET"))
		o, err := open(ctx, c.database, c.owner, c.seal)
		check("数据库可用，结构版本相符，密钥能打开已封存的数据", err)
		if err == nil {
			skew, err := o.db.ClockSkew(ctx, sh.clock.Now())
			if err == nil && skew.Abs() > 1e9 {
				err = errs.New(errs.Fix, "clock", "本机时钟与数据库相差 %s：请校时（NTP）", skew)
			}
			check("时钟与数据库相差不到 1 秒", err)
			o.db.Close()
		}
		_, err = media.Open(ctx, c.store)
		check("对象存储可用", err)
	}
	cmd.checkTLS(sh, check)
	if failed {
		return exitError(ExitFailed)
	}
	return nil
}

func inWords(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		text := e.Text
		for _, d := range e.Details {
			text += "\n    " + d.String()
		}
		return text
	}
	return err.Error()
}
