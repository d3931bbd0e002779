package app

import (
	"muster/internal/demo"
)

type stormCommand struct {
	What string `arg:"" enum:"rain,flood,update,lift,quiet" help:"rain、flood、update、lift，或 quiet（常设授权下自动转发）"`
}

// Run prints a document of the demonstration's stormy evening, to be pushed:
// muster storm update | muster ingest --source demo -
func (c *stormCommand) Run(sh shell) error {
	at := sh.clock.Now()
	for _, d := range append(demo.Storm(at), demo.StormUpdate(at), demo.StormLift(at), demo.StormQuiet(at)) {
		if d.Name == c.What {
			_, err := sh.stdout.Write(d.Body)
			return err
		}
	}
	return nil
}
