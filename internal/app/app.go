// Package app wires Muster together: the command line, the configuration, and
// what runs on one machine. Everything that decides is elsewhere.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"muster/internal/clock"
	"muster/internal/errs"
)

// The exit codes of the program.
const (
	ExitOK     = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// commands is the command line.
type commands struct {
	Up      upCommand      `cmd:"" help:"在一台机器上启动全部：私有数据库、对象存储、服务"`
	Serve   serveCommand   `cmd:"" help:"启动服务，按 MUSTER_* 环境变量配置"`
	Migrate migrateCommand `cmd:"" help:"把数据库结构升级到本程序的版本"`
	Doctor  doctorCommand  `cmd:"" help:"检查配置、数据库、对象存储，说明怎样修复"`
	Demo    demoCommand    `cmd:"" help:"装入演示数据"`
	Storm   stormCommand   `cmd:"" help:"输出演示用的一份预警（风雨之夜）"`
	Ingest  ingestCommand  `cmd:"" help:"接收预警文件（CAP 1.0/1.1/1.2、12379）"`
	Regions regionsCommand `cmd:"" help:"行政区划"`
	Import  importCommand  `cmd:"" help:"导入单位、点位、人员（CSV、GeoJSON）"`
	User    userCommand    `cmd:"" help:"账号：第一批管理员由此建立"`
	Policy  policyCommand  `cmd:"" help:"措施规则：查看、换新版本"`
	Key     keyCommand     `cmd:"" help:"发放数据源和设备的密钥"`
	Channel channelCommand `cmd:"" help:"通道：登记账号，列出须报备的文字"`
	Carrier carrierCommand `cmd:"" help:"启动模拟运营商：看每部手机收到什么，替它们应答"`
	Gate    gateCommand    `cmd:"" help:"门禁：扮演一台设备，检查一个平台"`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"输出接口文档（OpenAPI 3.1），不需要数据库"`
	Audit   auditCommand   `cmd:"" help:"核对不可改的日志"`
	Bench   benchCommand   `cmd:"" help:"测量速度，与同类做法在同一次运行中比较"`
}

// shell is what every command gets from outside.
type shell struct {
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	clock  clock.Clock
	log    *slog.Logger
}

func (s shell) printf(format string, args ...any) { fmt.Fprintf(s.stdout, format, args...) }

// exitError is a failure that has been told already, with its exit code.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Run runs one command and returns the exit code. It reads nothing of the
// machine but what it is given, files apart.
func Run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	var cli commands
	parser, err := kong.New(&cli, kong.Name("muster"), kong.Description("把预警变成“人都出来了”。"),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(int) { panic(helpShown{}) }),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return ExitUsage
	}
	command, code := parse(parser, args, stderr)
	if command == nil {
		return code
	}
	level := slog.LevelInfo
	if getenv("MUSTER_LOG") == "debug" {
		level = slog.LevelDebug
	}
	sh := shell{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr, clock: clock.System{},
		log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))}
	return exitCode(command.Run(sh), stderr)
}

// helpShown unwinds kong after --help, which would otherwise end the process.
type helpShown struct{}

func parse(parser *kong.Kong, args []string, stderr io.Writer) (command *kong.Context, code int) {
	defer func() {
		if r := recover(); r != nil {
			if _, help := r.(helpShown); !help {
				panic(r)
			}
			command, code = nil, ExitOK
		}
	}()
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, "muster:", err)
		fmt.Fprintln(stderr, "用法见 muster --help")
		return nil, ExitUsage
	}
	return command, ExitOK
}

func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return ExitOK
	}
	if code, told := errors.AsType[exitError](err); told {
		return int(code)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		fmt.Fprintf(stderr, "muster: %s（%s）\n", e.Text, e.Code)
		for _, d := range e.Details {
			fmt.Fprintln(stderr, "  "+d.String())
		}
		if cause := errors.Unwrap(e); cause != nil {
			fmt.Fprintln(stderr, "  原因：", cause)
		}
		return ExitFailed
	}
	fmt.Fprintln(stderr, "muster:", err)
	return ExitFailed
}
