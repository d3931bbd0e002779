package app

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// axeSource is found before anything runs, as the typed client is.
var axeSource, _ = filepath.Abs("../../web/node_modules/axe-core/axe.min.js")

// usable fails the test for what keeps people with a keyboard, a screen reader or
// weak eyes out: axe-core's serious and critical findings (WCAG 2.1 A and AA).
func (d *desk) usable(page string) {
	d.t.Helper()
	source, err := os.ReadFile(axeSource)
	must(d.t, err)
	found, err := chromedp.Run(d.ctx, chromedp.Evaluate[[]string](string(source)+`;
		axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(r => r.violations
			.filter(v => v.impact === 'serious' || v.impact === 'critical')
			.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? ''))))`, chromedp.EvalAwaitPromise))
	must(d.t, err)
	if len(found) > 0 {
		d.t.Errorf("%s keeps people out:\n%s", page, strings.Join(found, "\n"))
	}
}
