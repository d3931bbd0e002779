// Package web carries the built pages of the desk inside the binary and serves them.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

// dist is what `npm run build` wrote. In a clone where it has not run yet it
// holds a place keeper only, so that Go builds without Node.
//
//go:embed all:dist
var dist embed.FS

// Handler serves the built pages: files by their name, and the page itself for
// every other path, because the page routes its own addresses. It must stand
// behind the routes of the API.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only a malformed name, and ours is a constant
		panic(err)
	}
	return newHandler(files)
}
