// Command muster turns warnings into "everybody is out" for the road and
// waterway construction sites of a province. See the README.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"muster/internal/app"
)

func main() {
	paceCollector()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// paceCollector lets garbage grow to four times of what lives, which is a few tens of
// megabytes, until all of it is a gigabyte: a gate's rush hour leaves nothing but
// garbage, and collecting it at each doubling costs a tenth of the passes. GOGC and
// GOMEMLIMIT say otherwise.
func paceCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}
