package conform

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"muster/internal/errs"
	"muster/internal/roster/gate/simulate"
)

// Nobody is the number under which the kit's people pass.
const Nobody = "CONFORMANCE"

// nobodysCard is the number of an identity card that is formed well and belongs to
// nobody: region 000000.
const nobodysCard = "000000198001010013"

// Options say what to ask, and how to be let in. URL is the address up to and with
// the token (https://host/gate/hikvision/TOKEN).
type Options struct {
	Protocol string
	simulate.Config
}

// Finding is one thing that was asked.
type Finding struct {
	Asked string // what a correct server does
	Wrong string // what this one did instead; "" when it is right
	Mend  string // what would be right
}

// Report is what was found.
type Report struct {
	Protocol string
	Findings []Finding
}

// OK says whether nothing is wrong.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Wrong != "" })
}

// String is the report in Chinese words, a line for each finding.
func (r Report) String() string {
	var b strings.Builder
	wrong := 0
	for _, f := range r.Findings {
		if f.Wrong == "" {
			fmt.Fprintf(&b, "✓ %s\n", f.Asked)
			continue
		}
		wrong++
		fmt.Fprintf(&b, "✗ %s\n    实际：%s\n    应当：%s\n", f.Asked, f.Wrong, f.Mend)
	}
	if wrong == 0 {
		fmt.Fprintf(&b, "%s：%d 项全部符合\n", r.Protocol, len(r.Findings))
	} else {
		fmt.Fprintf(&b, "%s：%d 项中有 %d 项不符合\n", r.Protocol, len(r.Findings), wrong)
	}
	return b.String()
}

// check is one question: do returns what was wrong, "" when nothing was.
type check struct {
	asked, mend string
	do          func(context.Context, *asker) string
}

var kits = map[string][]check{
	"push":      pushChecks,
	"realname":  realNameChecks,
	"hikvision": hikvisionChecks,
	"zkteco":    zktecoChecks,
	"dahua":     dahuaChecks,
	"uniview":   univiewChecks,
	"uface":     ufaceChecks,
}

// Run asks everything that there is to ask about a protocol; errs.Fix for one that
// is not known. A server that cannot be reached fails each question by itself.
func Run(ctx context.Context, o Options) (Report, error) {
	kit, ok := kits[o.Protocol]
	if !ok {
		return Report{}, errs.New(errs.Fix, "protocol_unknown", "不认识的协议，可用：%s", strings.Join(simulate.Protocols(), "、"))
	}
	if o.HTTP == nil {
		o.HTTP = http.DefaultClient
	}
	a := &asker{o}
	r := Report{Protocol: o.Protocol}
	for _, c := range append(slices.Clone(kit), common...) {
		wrong := c.do(ctx, a)
		r.Findings = append(r.Findings, Finding{Asked: c.asked, Wrong: wrong, Mend: c.mend})
	}
	return r, nil
}
