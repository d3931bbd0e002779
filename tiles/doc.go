// Package tiles is what the map shows: live layers as vector tiles (sites,
// warnings, targets), outlines of regions, the operator's own files, and a
// raster base map fetched in the page's stead. docs/tiles.md names the sources
// and properties that the page uses.
//
// The layers are SQL, one file each in layers, answered by PostgreSQL from
// tables that refresh keeps: sites lie in them in Z-order, so that a tile is one
// range of keys, and are summed per county and H3 cell. Rights are half-open
// ranges of region codes, projects, sections and sites, written into each query.
package tiles
