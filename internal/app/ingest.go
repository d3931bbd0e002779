package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"muster/internal/postgres"
	"muster/internal/warning/feed"
)

type ingestCommand struct {
	DryRun bool     `help:"只解析，不入库"`
	JSON   bool     `help:"每个文件输出一行 JSON" name:"json"`
	Source string   `help:"来源名称" default:"cli"`
	Data   string   `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
	Files  []string `arg:"" name:"FILE" help:"预警文件，- 为标准输入"`
}

// Run reads files. Exit code 0 when all were handled, 1 when any was rejected,
// 2 for bad usage (a file that is not there).
func (c *ingestCommand) Run(ctx context.Context, sh shell) error {
	bodies := make([][]byte, len(c.Files))
	for i, name := range c.Files {
		b, err := readFile(sh, name)
		if err != nil {
			fmt.Fprintln(sh.stderr, "muster:", err)
			return exitError(ExitUsage)
		}
		bodies[i] = b
	}
	if c.DryRun {
		return c.dryRun(sh, bodies)
	}
	return c.store(ctx, sh, bodies)
}

func readFile(sh shell, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(sh.stdin, feed.MaxBytes+1))
	}
	return os.ReadFile(name)
}

func (c *ingestCommand) dryRun(sh shell, bodies [][]byte) error {
	rejected := false
	for i, name := range c.Files {
		at := sh.clock.Now()
		result := feed.Parse(bodies[i], at)
		rejected = rejected || result.Outcome == feed.Rejected
		if err := c.tell(sh, result.View(name, at)); err != nil {
			return err
		}
	}
	if rejected {
		return exitError(ExitFailed)
	}
	return nil
}

func (c *ingestCommand) tell(sh shell, v feed.View) error {
	if c.JSON {
		return json.NewEncoder(sh.stdout).Encode(v)
	}
	sh.printf("%s\t%s\t%s\n", v.File, v.Format, v.Outcome)
	for _, r := range v.Reasons {
		sh.printf("  %s（%s）\n", r.Text, r.Code)
	}
	for _, m := range v.Messages {
		sh.printf("  %s %s %s", m.MsgType, m.Status, m.ID)
		for _, f := range m.Flags {
			sh.printf(" [%s]", f.Label())
		}
		sh.printf("\n")
	}
	return nil
}

func (c *ingestCommand) store(ctx context.Context, sh shell, bodies [][]byte) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	at := sh.clock.Now()
	if err := errors.Join(o.db.SeedRegions(ctx, at), o.db.SeedPolicy(ctx, at)); err != nil {
		return err
	}
	in := intake{o.db, sh.log}
	rejected := false
	for i, name := range c.Files {
		r, err := in.Receive(ctx, c.Source, "", bodies[i], sh.clock.Now())
		if err != nil {
			return err
		}
		rejected = rejected || r.Outcome == string(feed.Rejected)
		if err := c.tellStored(sh, name, r); err != nil {
			return err
		}
	}
	if rejected {
		return exitError(ExitFailed)
	}
	return nil
}

type storedView struct {
	File string `json:"file"`
	postgres.Receipt
}

func (c *ingestCommand) tellStored(sh shell, name string, r postgres.Receipt) error {
	if c.JSON {
		return json.NewEncoder(sh.stdout).Encode(storedView{name, r})
	}
	again := ""
	if r.Repeated {
		again = "（此前已收到）"
	}
	sh.printf("%s\t%s\t%s%s\n", name, r.Format, r.Outcome, again)
	for _, x := range r.Reasons {
		sh.printf("  %s（%s）\n", x.Text, x.Code)
	}
	for _, m := range r.Messages {
		if m.WarningID != nil {
			sh.printf("  草稿 %s 等待处理\n", m.WarningID)
		}
	}
	return nil
}
