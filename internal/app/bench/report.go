package bench

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
)

// Report is what one bench found.
type Report struct {
	Bench   string   `json:"bench"`
	Machine string   `json:"machine"`
	Figures []Figure `json:"figures"`
}

// Figure is one measured number beside that of the best peer.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Peer  string  `json:"peer"`  // the best peer, or "" where there is none
	Ratio float64 `json:"ratio"` // the peer's value / ours: above 1 we are better
	Goal  string  `json:"goal"`  // in words, "" for what is only information
	Holds bool    `json:"holds"`
}

// WriteTable writes the figures for people.
func (r Report) WriteTable(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "%s · %s\n", r.Bench, r.Machine); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "figure\tvalue\tunit\tbest peer\tratio\tgoal\tholds")
	for _, f := range r.Figures {
		fmt.Fprintf(t, "%s\t%.4g\t%s\t%s\t%s\t%s\t%s\n", f.Name, f.Value, f.Unit, f.Peer, ratio(f), f.Goal, holds(f))
	}
	return t.Flush()
}

func ratio(f Figure) string {
	if f.Ratio == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f ×", f.Ratio)
}

func holds(f Figure) string {
	switch {
	case f.Goal == "":
		return ""
	case f.Holds:
		return "yes"
	default:
		return "NO"
	}
}

// machine is what the figures depend on, as far as the system tells.
func machine() string {
	name := runtime.GOARCH
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(info)) {
			if model, ok := strings.CutPrefix(line, "model name"); ok {
				name = strings.Trim(model, "\t :\n")
				break
			}
		}
	}
	return fmt.Sprintf("%d × %s, %s", runtime.NumCPU(), name, runtime.Version())
}
