// Package arch holds the house together: imports run one way, the time is an
// argument, each library has one room (design: the house).
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "muster/"
)

// floors are the packages from the ground up. A package imports from the floors
// below its own, never from its own: the nouns do not know each other.
var floors = [][]string{
	{"internal/errs", "internal/clock", "internal/pdf", "internal/reftest", "migrations"},
	{"internal/geo"},
	{"internal/account", "internal/roster", "internal/media"},
	{"internal/warning"},
	{"internal/response"},
	{"internal/demo", "internal/roster/gate", "internal/warning/feed", "internal/response/channel", "internal/media/s3gw", "internal/postgres/cluster", "web", "tiles"},
	{"internal/postgres", "internal/response/dispatch", "internal/response/channel/fake", "internal/roster/gate/gatetest",
		"internal/roster/gate/simulate"},
	{"internal/httpapi", "internal/postgres/pgtest", "internal/app/bench", "internal/app/door", "internal/app/upward", "internal/roster/gate/conform"},
	{"internal/postgres/pgtest/valley"},
	{"internal/response/dispatch/flowtest"},
	{"internal/app"},
	{"cmd/muster"},
}

func floorOf(pkg string) int {
	for i, floor := range floors {
		if slices.Contains(floor, pkg) {
			return i
		}
	}
	return -1
}

// source is one Go file that is no test.
type source struct {
	path, pkg string
	file      *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	for _, top := range []string{"cmd", "internal", "migrations", "tiles", "web"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			list = append(list, source{rel, filepath.ToSlash(filepath.Dir(rel)), f})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(list) < 100 {
		t.Fatalf("only %d files were found", len(list))
	}
	return list
}

func (s source) imports() []string {
	var list []string
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		list = append(list, path)
	}
	return list
}

func TestImportsRunOneWay(t *testing.T) {
	for _, s := range sources(t) {
		own := floorOf(s.pkg)
		if own < 0 {
			t.Errorf("%s: package %s has no floor in the house", s.path, s.pkg)
			continue
		}
		for _, path := range s.imports() {
			if !strings.HasPrefix(path, module) {
				continue
			}
			if other := strings.TrimPrefix(path, module); floorOf(other) >= own {
				t.Errorf("%s: %s must not import %s", s.path, s.pkg, other)
			}
		}
	}
}

func TestEachLibraryHasItsRoom(t *testing.T) {
	rooms := map[string][]string{
		"github.com/uber/h3-go":          {"internal/geo", "internal/app/bench"},
		"github.com/twpayne/go-geom":     {"internal/postgres"},
		"github.com/minio/minio-go":      {"internal/media"},
		"github.com/versity/versitygw":   {"internal/media/s3gw"},
		"github.com/go-chi/chi":          {"internal/httpapi"},
		"github.com/danielgtaylor/huma":  {"internal/httpapi"},
		"github.com/alexedwards/scs":     {"internal/httpapi"},
		"github.com/pressly/goose":       {"internal/postgres"},
		"github.com/alecthomas/kong":     {"internal/app"},
		"github.com/jackc/pgx":           {"internal/postgres", "internal/postgres/cluster", "internal/postgres/pgtest", "internal/app/bench", "internal/app", "internal/response/dispatch/flowtest", "tiles"},
		"github.com/wneessen/go-mail":    {"internal/response/channel"},
		"github.com/eclipse/paho.golang": {"internal/response/channel"},
		"github.com/mochi-mqtt/server":   {"internal/response/channel/fake"},
		"golang.org/x/crypto":            {"internal/account"},
		"rsc.io/qr":                      {"internal/httpapi"},
		module + "internal/media/s3gw":   {"internal/app"},
		module + "internal/demo":         {"internal/app", "internal/app/bench", "internal/postgres", "internal/postgres/pgtest/valley"},
	}
	seen := map[string]bool{}
	for _, s := range sources(t) {
		for _, path := range s.imports() {
			for library, allowed := range rooms {
				if path != library && !strings.HasPrefix(path, library+"/") {
					continue
				}
				seen[library] = true
				if !slices.Contains(allowed, s.pkg) {
					t.Errorf("%s imports %s, which belongs to %v", s.path, path, allowed)
				}
			}
		}
	}
	for library := range rooms {
		if !seen[library] {
			t.Errorf("nobody uses %s: is its room still right?", library)
		}
	}
}

// Below the shells the time is an argument.
func TestNobodyAsksTheMachineForTheTime(t *testing.T) {
	for _, s := range sources(t) {
		if s.pkg == "internal/clock" || s.pkg == "internal/app" || s.pkg == "internal/app/bench" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
					t.Errorf("%s asks for time.%s", s.path, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

var sqlTime = regexp.MustCompile(`(?i)\b(now|transaction_timestamp|statement_timestamp)\s*\(\s*\)|\bcurrent_(timestamp|date|time)\b|\blocaltime(stamp)?\b`)

// SQL gets the time as an argument as well. (clock_timestamp is asked for by the
// one query that compares the two clocks.)
func TestSQLDoesNotAskForTheTime(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.pkg, "internal/postgres") && s.pkg != "tiles" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && sqlTime.MatchString(lit.Value) {
				t.Errorf("%s: %s", s.path, sqlTime.FindString(lit.Value))
			}
			return true
		})
	}
	migrations, err := filepath.Glob(filepath.Join(root, "migrations", "*.sql"))
	if err != nil || len(migrations) == 0 {
		t.Fatal("no migrations", err)
	}
	layers, err := filepath.Glob(filepath.Join(root, "tiles", "*", "*.sql"))
	if err != nil || len(layers) == 0 {
		t.Fatal("no layers of the map", err)
	}
	comment := regexp.MustCompile(`--[^\n]*`)
	for _, path := range slices.Concat(migrations, layers) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if hit := sqlTime.FindString(comment.ReplaceAllString(string(b), "")); hit != "" {
			t.Errorf("%s: %s", path, hit)
		}
	}
}

// Small files with one purpose.
func TestFilesAreSmall(t *testing.T) {
	const most, middle = 400, 150
	var lengths []int
	for _, s := range sources(t) {
		b, err := os.ReadFile(filepath.Join(root, s.path))
		if err != nil {
			t.Fatal(err)
		}
		n := strings.Count(string(b), "\n")
		if lengths = append(lengths, n); n > most {
			t.Errorf("%s has %d lines", s.path, n)
		}
	}
	slices.Sort(lengths)
	if m := lengths[len(lengths)/2]; m > middle {
		t.Errorf("the median file has %d lines", m)
	}
}
