// Package reftest lets tests read the reference material that stands beside the
// repository: samples of messages and devices, boundaries, code tables. Where the
// material is not there a test says what was not checked; under CI it fails.
package reftest

import (
	"os"
	"path/filepath"
	"testing"
)

// Find is the path of a file or folder of the material, by its name below shared/;
// false when it is not on this machine.
func Find(t testing.TB, name string) (string, bool) {
	t.Helper()
	path := filepath.Join(beside(t), "shared", filepath.FromSlash(name))
	_, err := os.Stat(path)
	if err == nil {
		return path, true
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is needed: %v", name, err)
	}
	t.Logf("NOT CHECKED against %s: %v", name, err)
	return "", false
}

// Read reads a file of the material.
func Read(t testing.TB, name string) ([]byte, bool) {
	t.Helper()
	path, there := Find(t, name)
	if !there {
		return nil, false
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body, true
}

// beside is the folder in which the repository stands. Tests run in the folder of
// their package.
func beside(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for here := dir; ; here = filepath.Dir(here) {
		if _, err := os.Stat(filepath.Join(here, "go.mod")); err == nil {
			return filepath.Dir(here)
		}
		if here == filepath.Dir(here) {
			t.Fatalf("%s is in no module", dir)
		}
	}
}
