package roster_test

import (
	"os"
	"path/filepath"
	"testing"
)

// shared reads a file of the reference material beside the repository. Where
// the material is not there the test says what was not checked; under CI it
// fails.
func shared(t *testing.T, name string) ([]byte, bool) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../shared", name))
	if err == nil {
		return b, true
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is needed: %v", name, err)
	}
	t.Logf("NOT CHECKED against %s: %v", name, err)
	return nil, false
}
