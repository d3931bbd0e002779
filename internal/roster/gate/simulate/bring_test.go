package simulate_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"muster/internal/roster/gate"
	"muster/internal/roster/gate/simulate"
)

// ctx is that of a test; a rapid check has one too.
func ctx(t any) context.Context {
	if c, ok := t.(interface{ Context() context.Context }); ok {
		return c.Context()
	}
	return context.Background()
}

// bring reconciles with a terminal that calls only once.
func (s *site) bring(ctx context.Context, u *simulate.Uface) error {
	terminal := httptest.NewServer(u)
	defer terminal.Close()
	client := gate.UfaceTerminal{URL: terminal.URL, Password: u.Password, HTTP: http.DefaultClient}
	_, err := client.Bring(ctx, evening.Add(-24*time.Hour), evening, s.config.URL)
	return err
}

// More records than one page holds.
func TestReconcilingPageByPage(t *testing.T) {
	s := build(t, "uface")
	u := simulate.NewUface(s.config)
	passes := make([]simulate.Pass, 450)
	for i := range passes {
		passes[i] = simulate.Pass{At: evening.Add(-time.Duration(i+1) * time.Second), Who: "10001"}
		u.See(passes[i])
	}
	if err := s.bring(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if got := s.seen(); len(got) != 450 {
		t.Error(len(got))
	}
}
