package httpapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/httpapi"
	"muster/internal/postgres/pgtest/valley"
)

// mapOf stands for the tiles: it tells who asks, or what was said to be wrong.
type mapOf struct{ err error }

func (m mapOf) ServeTiles(w http.ResponseWriter, _ *http.Request, who account.Principal) error {
	if m.err == nil {
		_, _ = w.Write([]byte(who.Login))
	}
	return m.err
}

// The map is for people who are signed in, and is told who they are.
func TestTheMapIsForPeopleWhoAreSignedIn(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name, login string
		says        error
		status      int
		body        string
	}{
		{"nobody", "", nil, http.StatusUnauthorized, `"code":"signed_out"`},
		{"an officer", "shimian", nil, http.StatusOK, "shimian"},
		{"an address that is no tile", "shimian", errs.New(errs.Fix, "bad_tile", "瓦片地址不对"), http.StatusBadRequest, "瓦片地址不对"},
		{"a layer that is not there", "shimian", errs.New(errs.NotFound, "no_layer", "没有"), http.StatusNotFound, `"code":"no_layer"`},
		{"a right that is missing", "shimian", errs.New(errs.Forbidden, "no_permission", "没有权限"), http.StatusForbidden, `"kind":"forbidden"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httpapi.New(httpapi.Options{DB: w.db, Sealer: valley.Sealer, Clock: w.clock, Intake: intake{w.db},
				Tiles: mapOf{c.says}, Log: slog.New(slog.DiscardHandler)})
			asks := w.nobody()
			if c.login != "" {
				asks = w.as(c.login)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/tiles/sites/3/1/1.mvt", nil)
			asks.dress(r, "")
			got := httptest.NewRecorder()
			server.ServeHTTP(got, r)
			if got.Code != c.status || !strings.Contains(got.Body.String(), c.body) {
				t.Errorf("%d %s", got.Code, got.Body)
			}
		})
	}
}
