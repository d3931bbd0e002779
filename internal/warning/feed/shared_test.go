package feed

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedDir finds a folder of the sample corpus, which stands beside the
// repository. Without it nothing is checked, which CI does not accept.
func sharedDir(t *testing.T, name string) (string, bool) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "corpus", name)
	if _, err := os.Stat(dir); err == nil {
		return dir, true
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("the corpus %s is missing", name)
	}
	t.Logf("not checked: the corpus %s is not on this machine", name)
	return "", false
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
