package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// desk is a tab of the browser with one person in front of it.
type desk struct {
	t       *testing.T
	ctx     context.Context
	console func(yield func(chromedp.ConsoleMessage, error) bool)
}

// patience is how long a person waits for one thing on the page.
const patience = 20 * time.Second

// openBrowser starts Chromium with a first desk. The flags let it draw the map
// without a graphics card and keep it from calling anybody.
func openBrowser(t *testing.T) *desk {
	t.Helper()
	ctx, quit := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(
		chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true)))
	t.Cleanup(quit)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("no browser (Debian: apt-get install chromium fonts-noto-cjk): %v", err)
	}
	return newDesk(t, ctx)
}

// another is a second person's browser: cookies of its own.
func (d *desk) another() *desk {
	d.t.Helper()
	ctx, leave := chromedp.NewContext(d.ctx, chromedp.WithNewBrowserContext())
	d.t.Cleanup(leave)
	return newDesk(d.t, ctx)
}

func newDesk(t *testing.T, ctx context.Context) *desk {
	t.Helper()
	d := &desk{t: t, ctx: ctx, console: chromedp.Console(ctx)}
	d.do("open a tab", chromedp.EmulateViewport(1366, 768))
	return d
}

// do acts on the page.
func (d *desk) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		d.t.Fatalf("%s: %v\nthe page shows: %s", what, err, d.text())
	}
}

// until waits for an expression to be true and returns its value. The page's own
// changes are the signal: it is looked at after each of them, never by the clock.
func until[T any](d *desk, what, expression string) T {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](`new Promise((done, fail) => {
		const look = () => {
			try {
				const found = (`+expression+`);
				if (!found) return;
				seen.disconnect();
				done(found);
			} catch (e) { seen.disconnect(); fail(e); }
		};
		const seen = new MutationObserver(look);
		seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		look();
	})`, chromedp.EvalAwaitPromise))
	if err != nil {
		d.t.Fatalf("waited in vain until %s: %v\nthe page shows: %s", what, err, d.text())
	}
	return v
}

// sees waits until something is on the page.
func (d *desk) sees(what, selector string) {
	d.t.Helper()
	until[bool](d, what, "document.querySelector("+quoted(selector)+") !== null")
}

// reads waits until a text is on the page.
func (d *desk) reads(text string) {
	d.t.Helper()
	until[bool](d, "the page says "+text, "document.body.innerText.includes("+quoted(text)+")")
}

func (d *desk) click(selector string) {
	d.t.Helper()
	d.do("click "+selector, chromedp.Click(chromedp.CSS(selector+":not([disabled])")))
}

func (d *desk) types(selector, text string) {
	d.t.Helper()
	d.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

func (d *desk) text() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return v
}

// picture keeps what the page looks like, when MUSTER_SCREENSHOTS names a
// directory for it.
func (d *desk) picture(name string) {
	d.t.Helper()
	dir := os.Getenv("MUSTER_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
	must(d.t, err)
	must(d.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// silent fails the test for everything the page complained of so far: errors,
// exceptions, breaches of the content security policy, warnings.
func (d *desk) silent() {
	d.t.Helper()
	const end = "the story is over"
	_, err := chromedp.Run(d.ctx, chromedp.Evaluate[*int](fmt.Sprintf("console.log(%q), null", end)))
	must(d.t, err)
	for m, err := range d.console {
		must(d.t, err)
		if m.Text == end {
			return
		}
		if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() || strings.Contains(m.Text, "Content Security Policy") {
			d.t.Errorf("the console says: %s (%s:%d)", m, m.URL, m.Line)
		}
	}
}

// quoted writes a text as a JavaScript string.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// byTest selects an element by its data-testid.
func byTest(id string) string { return `[data-testid="` + id + `"]` }
