package app

import (
	"context"
	"os"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/warning"
)

type policyCommand struct {
	Show policyShow `cmd:"" help:"输出自带的默认规则（JSON）"`
	Add  policyAdd  `cmd:"" help:"换上一个新版本；旧版本留存"`
}

type policyShow struct {
	Kind string `arg:"" enum:"measures,response" default:"measures" help:"measures 措施矩阵，response 叫应阶梯、时限、证据、文字"`
}

// Run prints a default rule book, to be changed and added.
func (c *policyShow) Run(sh shell) error {
	body := warning.DefaultPolicyJSON()
	if c.Kind == string(postgres.ResponsePolicy) {
		body = response.DefaultRulesJSON()
	}
	_, err := sh.stdout.Write(body)
	return err
}

type policyAdd struct {
	File      string `arg:"" type:"existingfile"`
	Kind      string `enum:"measures,response" default:"measures" help:"measures 措施矩阵，response 叫应阶梯、时限、证据、文字"`
	Authority string `help:"只对这个主管部门生效；不填为全部"`
	Data      string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run checks a rule book and puts it in force from now on. Warnings that are out
// keep the version they were published under.
func (c *policyAdd) Run(ctx context.Context, sh shell) error {
	body, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	authority := uuid.Nil
	if c.Authority != "" {
		place, err := o.db.FindPlace(ctx, "authority", c.Authority)
		if err != nil {
			return err
		}
		authority = place.Authority
	}
	at := sh.clock.Now()
	if _, err := o.db.AddPolicy(ctx, postgres.PolicyKind(c.Kind), authority, body, at, postgres.Actor{Name: "cli"}, at); err != nil {
		return err
	}
	sh.printf("新的规则已生效\n")
	return nil
}
