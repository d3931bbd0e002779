// Command muster turns warnings into "everybody is out" for the road and
// waterway construction sites of a province. See the README.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"muster/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
