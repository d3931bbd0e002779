package app

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"muster/internal/httpapi"
)

// client is found before anything runs: the embedded object store changes the
// working directory of the process.
var client, clientErr = filepath.Abs("../../web/src/api/schema.d.ts")

// The page is compiled against the committed client: a changed endpoint must
// break its build, so the client may not be older than the server, nor edited.
func TestTheTypedClientIsThatOfThisServer(t *testing.T) {
	doc, err := httpapi.Describe()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(client)
	if err != nil || clientErr != nil {
		t.Fatal(err, clientErr)
	}
	lines := bytes.SplitN(file, []byte("\n"), 4)
	if len(lines) < 4 {
		t.Fatal("the client has no head: run npm run gen in web")
	}
	if want := fmt.Sprintf("// document: %x", sha256.Sum256(doc)); string(lines[1]) != want {
		t.Error("the client was generated from another document: run npm run gen in web")
	}
	if want := fmt.Sprintf("// below: %x", sha256.Sum256(lines[3])); string(lines[2]) != want {
		t.Error("the client was edited by hand: run npm run gen in web")
	}
}

func TestTheDocumentIsTheSameEveryTime(t *testing.T) {
	var first []byte
	for range 5 {
		doc, err := httpapi.Describe()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = doc
		}
		if !bytes.Equal(doc, first) {
			t.Fatal("two servers of one build describe different APIs")
		}
	}
}
