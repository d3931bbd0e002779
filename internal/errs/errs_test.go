package errs_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"muster/internal/errs"
)

var all = []errs.Kind{errs.Fix, errs.SignIn, errs.Forbidden, errs.Outside, errs.NotFound, errs.Conflict, errs.Gone, errs.Limit,
	errs.Unsafe, errs.Held, errs.Again, errs.Down, errs.Internal}

func TestEveryKindHasAWordAndAStatus(t *testing.T) {
	words := map[string]errs.Kind{}
	for _, k := range all {
		if k.Label() == "" || k.Status() < 400 || http.StatusText(k.Status()) == "" {
			t.Errorf("%s: %q, %d", k, k.Label(), k.Status())
		}
		if other, taken := words[k.Label()]; taken {
			t.Errorf("%s and %s have the same word", k, other)
		}
		words[k.Label()] = k
		if k.Retryable() != (k == errs.Again || k == errs.Down || k == errs.Limit) {
			t.Errorf("%s: retryable %v", k, k.Retryable())
		}
	}
	if errs.Kind("new").Status() != http.StatusInternalServerError {
		t.Error("an unknown kind is somebody else's fault")
	}
}

func TestAnErrorSaysWhatWhereAndHowToMendIt(t *testing.T) {
	plain := errs.New(errs.Fix, "bad_row", "第 %d 行不对", 3)
	full := plain.With(errs.Detail{Where: "C3", Text: "没有名称", Mend: "请填写"}, errs.Detail{Where: "D3", Text: "不是数字"})
	if got := full.Error(); got != "bad_row: 第 3 行不对; C3: 没有名称（请填写）; D3: 不是数字" {
		t.Error(got)
	}
	if len(plain.Details) != 0 {
		t.Error("adding details changed the error that others hold")
	}
	caused := full.Because(io.ErrUnexpectedEOF)
	if !errors.Is(caused, io.ErrUnexpectedEOF) || errors.Is(full, io.ErrUnexpectedEOF) || !strings.Contains(caused.Error(), "unexpected EOF") {
		t.Errorf("the cause: %v", caused)
	}
}

func TestTheKindOfAnyError(t *testing.T) {
	wrapped := fmt.Errorf("while reading: %w", errs.New(errs.Gone, "closed", "已解除"))
	for name, c := range map[string]struct {
		err  error
		want errs.Kind
	}{"our own": {wrapped, errs.Gone}, "somebody else's": {io.EOF, errs.Internal}} {
		if errs.KindOf(c.err) != c.want || !errs.Is(c.err, c.want) || errs.Is(c.err, errs.Fix) {
			t.Errorf("%s: %s", name, errs.KindOf(c.err))
		}
	}
	if errs.Is(nil, errs.Internal) {
		t.Error("no error is of some kind")
	}
}
